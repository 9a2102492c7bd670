"""A model behind the Open Inference Protocol answers in the hall, and ours answers elsewhere."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
from pathlib import Path
from typing import Literal

import pytest

from saphan.engines.runner import Facts, Quote, Result, Say, Unit, Word, inputs, oip, outside
from saphan.engines.runner.contract import File, Line, exhibit
from saphan.engines.runner.outside import (
    Guard,
    OutsideAnsweredBadly,
    OutsideRefused,
    OutsideUnreachable,
)
from saphan.engines.runner.refusal import Refusal
from saphan.engines.runner.tests.outside_doubles import folder, reply, server

SUM = {"name": "sum", "platform": "double",
       "inputs": [{"name": "numbers", "datatype": "FP64", "shape": [-1, 3]},
                  {"name": "word", "datatype": "BYTES", "shape": [1]},
                  {"name": "small", "datatype": "UINT8", "shape": [1]},
                  {"name": "twice", "datatype": "BOOL", "shape": [1, 1]}],
       "outputs": [{"name": "sums", "datatype": "FP64", "shape": [-1, 1]},
                   {"name": "echo", "datatype": "BYTES", "shape": [1]}]}


def plain_server(handler, body: bytes) -> None:
    """A server written from the protocol's text: no code of ours in it."""
    if handler.path == "/v2/models/sum":
        return reply(handler, SUM)
    if handler.path != "/v2/models/sum/infer":
        return reply(handler, {"error": f"unknown {handler.path}"}, 404)
    sent = {each["name"]: each for each in json.loads(body)["inputs"]}
    rows, columns = sent["numbers"]["shape"]
    data = sent["numbers"]["data"]
    if len(data) != rows * columns or columns != 3 or sent["small"]["shape"] != [1] \
            or not isinstance(sent["small"]["data"][0], int) \
            or sent["twice"] != {"name": "twice", "datatype": "BOOL", "shape": [1, 1],
                                 "data": [True]}:
        return reply(handler, {"error": "wrong shape"}, 400)
    sums = [[sum(data[at * 3:at * 3 + 3])] for at in range(rows)]  # nested, as the text allows
    return reply(handler, {"model_name": "sum", "outputs": [
        {"name": "sums", "datatype": "FP64", "shape": [rows, 1], "data": sums},
        {"name": "echo", "datatype": "BYTES", "shape": [1], "data": sent["word"]["data"]}]})


def called(port: int, name: str, given: dict, seconds: float = 5) -> dict:
    where, guard = folder("oip", f"http://127.0.0.1:{port}", name), Guard(
        [f"http://127.0.0.1:{port}"])
    described = outside.describe(where, guard)
    return outside.run(where, inputs.check(inputs.read(described["inputs"]), given), guard, seconds)


GIVEN = {"numbers": "1,2,3\n4,5,6", "word": "ສະບາຍດີ", "small": 7, "twice": True}


def test_a_model_of_another_server_gets_a_form_and_answers() -> None:
    with server(plain_server) as port:
        guard = Guard([f"http://127.0.0.1:{port}"])
        made = outside.describe(folder("oip", f"http://127.0.0.1:{port}/", "sum"), guard)
        answer = called(port, "sum", GIVEN)
    assert [(each["name"], each["kind"]) for each in made["inputs"]] == [
        ("numbers", "table"), ("word", "words"), ("small", "integer"), ("twice", "yes_no")]
    assert (made["inputs"][2]["at_least"], made["inputs"][2]["at_most"]) == (0, 255)
    rows, echo = answer["parts"]
    assert rows["rows"] == [[6.0], [15.0]]
    assert echo["text"] == "ສະບາຍດີ"


def test_a_table_of_the_wrong_width_is_the_visitors_to_mend() -> None:
    with server(plain_server) as port, pytest.raises(Refusal) as caught:
        called(port, "sum", GIVEN | {"numbers": "1,2\n4,5"})
    assert caught.value.key == "too_few_rows"


def test_a_model_that_is_not_there_is_told() -> None:
    with server(plain_server) as port, pytest.raises(OutsideRefused) as caught:
        called(port, "other", {})
    assert caught.value.key == "unknown_exhibit"


@pytest.mark.parametrize("answer", [
    {}, {"outputs": []}, {"outputs": [{"name": "x", "datatype": "FP64", "shape": [2],
                                       "data": [1.0]}]},
    {"outputs": [{"name": "x", "datatype": "INT64", "shape": [1], "data": ["one"]}]},
    {"outputs": [{"name": "x", "datatype": "odd", "shape": [1], "data": [1]}]},
    {"outputs": "none"}, [1]])
def test_an_answer_that_breaks_the_protocol_is_told(answer) -> None:
    def bad(handler, body):
        reply(handler, answer if handler.path.endswith("infer") else SUM)

    with server(bad) as port, pytest.raises(OutsideAnsweredBadly) as caught:
        called(port, "sum", GIVEN)
    assert caught.value.key == "not_as_agreed"


def test_a_tensor_that_no_form_can_ask_for_is_named() -> None:
    pixels = {"inputs": [{"name": "pixels", "datatype": "FP32", "shape": [1, 3, 224, 224]}]}
    with server(lambda handler, body: reply(handler, pixels)) as port, pytest.raises(
            OutsideAnsweredBadly, match="pixels") as caught:
        called(port, "sum", {})
    assert caught.value.key == "unknown_input"


@exhibit
def weigh(name: Line, heavy: float, count: int = 3, wrapped: bool = False,
          colour: Literal["red", "green"] = "red", paper: File | None = None) -> Result:
    if name == "refuse":
        raise Refusal("empty")
    return Result(Say("weighed", "good", count=count), Quote(name, lang="th"),
                  Facts([(Word("weight"), Unit(heavy * count, "kg")), ("Colour", colour),
                         ("count", count), ("Wrapped?", wrapped), ("count", len(paper or b""))]))


OURS = inputs.read(weigh.describe()["inputs"])


def our_server(handler, body: bytes) -> None:
    if not handler.path.endswith("/infer"):
        return reply(handler, oip.metadata("weigh", OURS))
    try:
        given, request_id = oip.read_infer(OURS, json.loads(body))
    except oip.OipError as wrong:
        return reply(handler, wrong.to_json(), wrong.status)
    return reply(handler, oip.infer_response("weigh", weigh.run(given), {"cpu_s": 0.1}, request_id))


def test_our_exhibit_goes_round_by_the_protocol_with_all_it_says_of_its_inputs() -> None:
    with server(our_server) as port:
        url = f"http://127.0.0.1:{port}"
        made = outside.describe(folder("oip", url, "weigh"), Guard([url]))
        answer = called(port, "weigh", {"name": "ข้าว", "heavy": 2.5, "paper": b"\x00\xff"})
    assert inputs.read(made["inputs"]) == OURS
    facts = {line[0]: line[1] for part in answer["parts"] if part["kind"] == "facts"
             for line in part["lines"]}
    assert facts == {"weight": 7.5, "count": 3, "wrapped": False, "count_2": 2}
    texts = {part["title"]: part["text"] for part in answer["parts"] if part["kind"] == "quote"}
    assert texts == {"said": "weighed", "text": "ข้าว", "colour": "red"}


def body(**tensors) -> dict:
    return {"id": "42", "inputs": [{"name": name, **tensor} for name, tensor in tensors.items()]}


NAME = {"datatype": "BYTES", "shape": [1], "data": ["rice"]}
HEAVY = {"datatype": "FP32", "shape": [1, 1], "data": [[2]]}


def test_a_call_is_read_with_its_id_and_defaults() -> None:
    given, request_id = oip.read_infer(OURS, body(name=NAME, heavy=HEAVY))
    assert request_id == "42"
    assert given == {"name": "rice", "heavy": 2.0, "count": 3, "wrapped": False, "colour": "red",
                     "paper": None}


@pytest.mark.parametrize(("tensors", "said"), [
    ({"name": NAME}, "'heavy': required"),
    ({"name": NAME, "heavy": HEAVY | {"shape": [2]}}, "'heavy' has 1 elements and the shape [2]"),
    ({"name": NAME, "heavy": HEAVY | {"shape": [2], "data": [1, 2]}},
     "unexpected shape for input 'heavy', got [2], expecting [1]"),
    ({"name": NAME, "heavy": NAME},
     "unexpected datatype for input 'heavy', got BYTES, expecting FP64"),
    ({"name": NAME, "heavy": HEAVY | {"data": ["2"]}}, "'heavy' is FP32 and holds \"2\""),
    ({"name": NAME, "heavy": HEAVY | {"datatype": "FLOAT"}}, "unknown datatype 'FLOAT'"),
    ({"name": NAME, "heavy": HEAVY, "other": HEAVY}, "unexpected input 'other'"),
    ({"name": NAME, "heavy": HEAVY, "colour": NAME}, "'colour': not_a_choice (red, green)"),
    ({"name": NAME, "heavy": {"datatype": "FP32", "shape": [1],
                              "parameters": {"binary_data_size": 4}}}, "binary data"),
])
def test_a_call_that_does_not_fit_is_answered_with_the_input_that_is_wrong(tensors, said) -> None:
    with pytest.raises(oip.OipError) as caught:
        oip.read_infer(OURS, body(**tensors))
    assert said in caught.value.to_json()["error"]
    assert caught.value.status == 400


@pytest.mark.parametrize("raw", [None, [], {}, {"inputs": {}}, {"inputs": [1]},
                                 {"id": 4, "inputs": []}, {"inputs": [{"name": ["x"]}]}])
def test_a_body_that_is_no_request_is_refused(raw) -> None:
    with pytest.raises(oip.OipError):
        oip.read_infer(OURS, raw)


def test_the_answer_holds_everything_as_json_and_what_it_cost() -> None:
    answer = oip.infer_response("weigh", weigh.run({"name": "rice", "heavy": 1.0, "paper": b"ab"}),
                                {"cpu_s": 0.25, "parts": []}, "7")
    assert (answer["model_name"], answer["id"]) == ("weigh", "7")
    assert answer["parameters"] == {"cpu_s": 0.25}
    result = answer["outputs"][0]
    assert (result["name"], result["datatype"], result["shape"]) == ("result", "BYTES", [1])
    assert json.loads(result["data"][0])["parts"][0]["key"] == "weighed"
    kinds = {each["name"]: each["datatype"] for each in answer["outputs"]}
    assert kinds["weight"] == "FP64" and kinds["wrapped"] == "BOOL" and kinds["count"] == "INT64"


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


RUNTIME = """
from typing import List
import numpy as np
from mlserver import MLModel
from mlserver.codecs import decode_args

class Sum(MLModel):
    @decode_args
    async def predict(self, numbers: np.ndarray, words: List[str]) -> np.ndarray:
        return (numbers.sum(axis=1) + len(words[0])).reshape(-1, 1)
"""


@pytest.mark.skipif("MLSERVER_PYTHON" not in os.environ,
                    reason="MLSERVER_PYTHON names no Python that has mlserver installed")
def test_a_model_of_mlserver_answers(tmp_path: Path) -> None:
    port = free_port()
    (tmp_path / "sums.py").write_text(RUNTIME)
    (tmp_path / "model-settings.json").write_text(json.dumps({
        "name": "sum", "implementation": "sums.Sum",
        "inputs": [{"name": "numbers", "datatype": "FP64", "shape": [-1, 3]},
                   {"name": "words", "datatype": "BYTES", "shape": [1],
                    "parameters": {"content_type": "str"}}],
        "outputs": [{"name": "sums", "datatype": "FP64", "shape": [-1, 1]}]}))
    (tmp_path / "settings.json").write_text(json.dumps({
        "host": "127.0.0.1", "http_port": port, "grpc_port": free_port(),
        "metrics_port": free_port(), "parallel_workers": 0}))
    process = subprocess.Popen(
        [os.environ["MLSERVER_PYTHON"], "-c", "from mlserver.cli import main; main()",
         "start", "."], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(tmp_path)},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(300):
            try:
                answer = called(port, "sum", {"numbers": "1,2,3\n4,5,6", "words": "abc"})
                break
            except (OutsideUnreachable, OutsideRefused):
                time.sleep(0.2)
        assert answer["parts"][0]["rows"] == [[9.0], [18.0]]
        with pytest.raises(OutsideRefused, match="other"):
            called(port, "other", {})
    finally:
        process.terminate()
        process.wait(20)
