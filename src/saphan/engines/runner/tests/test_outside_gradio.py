"""A Gradio app answers in the hall: a double that answers as running apps of Gradio 4, 5 and 6 were
seen to answer, and a real app where one can be started."""

from __future__ import annotations

import importlib.util
import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import numpy as np
import pytest

from saphan.engines.runner import inputs, media, outside
from saphan.engines.runner.outside import (
    Guard,
    OutsideAnsweredBadly,
    OutsideRefused,
    OutsideUnreachable,
)
from saphan.engines.runner.outside.shown import plain, shown
from saphan.engines.runner.tests.outside_doubles import folder, reply, server

PNG = media.png(np.full((4, 6, 3), 90, dtype=np.uint8))


def component(number: int, kind: str, **props: Any) -> dict:
    return {"id": number, "type": kind, "props": props}


def parameter(name: str, kind: str, *default: Any, of: str = "string") -> dict:
    return {"label": name.title(), "parameter_name": name, "component": kind,
            "parameter_has_default": bool(default),
            "parameter_default": default[0] if default else None, "type": {"type": of}}


CONFIG = {
    "components": [
        component(1, "textbox", lines=1, max_length=50), component(2, "state"),
        component(3, "slider", minimum=0, maximum=10, step=1),
        component(4, "dropdown", choices=[["One", 1], ["Two", 2]]),
        component(5, "number", minimum=0, precision=None), component(6, "image"),
        component(7, "checkboxgroup", choices=[["a", "a"]]), component(8, "textbox")],
    "dependencies": [{"id": 0, "api_name": "see", "inputs": [2, 1, 3, 4, 5, 6, 7],
                      "outputs": [2, 8, 6]}]}
INFO = {"named_endpoints": {"/see": {
    "parameters": [parameter("name", "Textbox"), parameter("level", "Slider", 3, of="number"),
                   parameter("which", "Dropdown", 1), parameter("weight", "Number", of="number"),
                   parameter("photo", "Image"), parameter("kinds", "Checkboxgroup", ["a"])],
    "returns": [{"label": "value_8", "component": "Textbox"},
                {"label": "Negative", "component": "Image"}]}}}


class Double:
    """The app. `prefix` and `state` differ between Gradio's versions."""

    def __init__(self, prefix: str = "/gradio_api", *, says_state: bool = True,
                 events: str = "") -> None:
        self.prefix, self.says_state, self.events = prefix, says_state, events
        self.data: list[Any] = []
        self.uploaded = b""

    def __call__(self, handler, body: bytes) -> None:
        path = unquote(handler.path)
        if path == "/config":
            return reply(handler, CONFIG | ({"api_prefix": self.prefix} if self.prefix else {}))
        if not path.startswith(self.prefix):
            return reply(handler, {"detail": "Not Found"}, 404)
        path = path.removeprefix(self.prefix)
        if path == "/info":
            return reply(handler, INFO)
        if path == "/upload":
            assert 'boundary=' in handler.headers["Content-Type"]
            self.uploaded = body
            return reply(handler, ["/tmp/gradio/ab c/picture.png"])
        if path == "/call/see":
            self.data = json.loads(body)["data"]
            return reply(handler, {"event_id": "e1f2"})
        if path == "/file=/tmp/gradio/out 1.png":
            return reply(handler, PNG)
        if path == "/call/see/e1f2":
            made = [f"Hello {self.data[1]}", {"path": "/tmp/gradio/out 1.png", "url":
                    "http://169.254.169.254/secret", "orig_name": "out 1.png"}]
            answer = json.dumps([None, *made] if self.says_state else made)
            return reply(handler, (self.events or (
                "event: generating\ndata: [\"not yet\"]\n\nevent: heartbeat\ndata: null\n\n"
                f"event: complete\ndata: {answer}\n\n")).encode())
        return reply(handler, {"detail": f"Not Found {path}"}, 404)


GIVEN = {"name": "Mai", "weight": 2.0, "which": "2", "photo": PNG}


def called(double: Double, given: dict, name: str = "see") -> dict:
    with server(double) as port:
        url = f"http://127.0.0.1:{port}"
        where, guard = folder("gradio", url, name), Guard([url])
        made = inputs.read(outside.describe(where, guard)["inputs"])
        return outside.run(where, inputs.check(made, given), guard, 5)


def test_the_form_is_read_from_the_app() -> None:
    with server(Double()) as port:
        url = f"http://127.0.0.1:{port}"
        made = outside.describe(folder("gradio", url, "/see"), Guard([url]))
    found = {each.name: each for each in inputs.read(made["inputs"])}
    assert {name: each.kind for name, each in found.items()} == {
        "name": "line", "level": "integer", "which": "choice", "weight": "number",
        "photo": "image"}
    assert found["name"].most == 50 and found["name"].required
    assert (found["level"].default, found["level"].at_most) == (3, 10)
    assert (found["which"].choices, found["which"].default) == (("1", "2"), "1")
    assert found["weight"].at_least == 0
    assert made["labels"]["name"] == "Name"


@pytest.mark.parametrize(("prefix", "says_state"), [("", True), ("/gradio_api", False)])
def test_a_run_goes_through_with_old_and_new_versions(prefix: str, says_state: bool) -> None:
    double = Double(prefix, says_state=says_state)
    hello, picture = called(double, GIVEN)["parts"]
    assert (hello["text"], hello["title"]) == ("Hello Mai", "")
    assert (picture["data"], picture["alt"]) == (PNG, "Negative")
    assert PNG in double.uploaded


def test_values_are_sent_as_the_components_take_them() -> None:
    double = Double()
    called(double, GIVEN)
    kept, name, level, which, weight, photo, kinds = double.data
    assert (kept, name, level, which, weight, kinds) == (None, "Mai", 3, 2, 2, ["a"])
    assert all(type(number) is int for number in (level, which, weight))
    assert photo["path"] == "/tmp/gradio/ab c/picture.png"
    assert photo["meta"] == {"_type": "gradio.FileData"}


def test_a_fraction_stays_a_fraction() -> None:
    double = Double()
    called(double, GIVEN | {"weight": "2.5"})
    assert double.data[4] == 2.5


@pytest.mark.parametrize(("events", "error", "said"), [
    ("event: error\ndata: null\n\n", OutsideRefused, "did not say why"),
    ('event: error\ndata: {"error": "no door"}\n\n', OutsideRefused, "no door"),
    ("event: heartbeat\ndata: null\n\n", OutsideAnsweredBadly, "ended before"),
    ("event: complete\ndata: 7\n\n", OutsideAnsweredBadly, "no list"),
    ("event: complete\ndata: [\n\n", OutsideAnsweredBadly, "no JSON"),
    ('event: complete\ndata: [null, "x", {"path": 5}]\n\n', OutsideAnsweredBadly, "another"),
    ('event: complete\ndata: [null, "x", {"path": "https://evil.example/a"}]\n\n',
     OutsideAnsweredBadly, "another address"),
])
def test_a_run_that_fails_is_told_by_its_kind(events: str, error, said: str) -> None:
    with pytest.raises(error, match=said):
        called(Double(events=events), GIVEN)


def test_an_endpoint_that_is_not_there_is_told_with_those_that_are() -> None:
    with pytest.raises(OutsideRefused, match="/see"):
        called(Double(), {}, "other")


def test_a_prefix_that_leads_elsewhere_is_not_followed() -> None:
    config = CONFIG | {"api_prefix": "@evil.example:80/x"}
    with server(lambda handler, body: reply(handler, config)) as port:
        url = f"http://127.0.0.1:{port}"
        with pytest.raises(OutsideAnsweredBadly):
            outside.describe(folder("gradio", url, "see"), Guard([url]))


def test_what_components_return_is_shown_as_parts_of_an_answer() -> None:
    def one(component: str, value: Any) -> Any:
        return shown(component, "Label", value, lambda path: b"%PDF")[0]

    assert one("label", {"label": "cat", "confidences": [
        {"label": "cat", "confidence": 0.9}]}).rows == [("cat", 0.9)]
    assert one("number", 3).lines == [("Label", 3)]
    assert one("dataframe", {"headers": ["a"], "data": [[1], [None]]}).rows == [[1], [None]]
    assert one("html", "<p>a</p><script>x()</script><b>b</b>").text == "ab"
    marks = one("highlightedtext", [{"token": "An ", "class_or_confidence": None},
                                    {"token": "ox", "class_or_confidence": "animal"}])
    assert (marks.text, marks.spans[0].start, marks.spans[0].end) == ("An ox", 3, 5)
    assert one("json", {"a": 1}).lines == [("a", 1)]
    assert "3" in one("json", {"a": [1, 2, 3]}).text
    assert one("file", {"path": "/tmp/a.pdf"}).lines == [("Label", "a.pdf (4 B)")]
    assert shown("textbox", "", None, lambda path: b"") == []


def test_a_long_table_is_cut_and_says_so() -> None:
    rows = shown("dataframe", "", {"headers": ["a", "b"], "data": [[1, 2]] * 900},
                 lambda path: b"")[0].rows
    assert len(rows) == 201 and rows[-1] == ["… 900", ""]


def test_tags_never_reach_the_hall() -> None:
    assert plain("<img src=x onerror=alert(1)>hi<br>there &lt;b&gt;") == "hi\nthere <b>"


APP = """
import sys, time
import gradio as gr

def greet(name, times, loud, manner):
    text = " ".join([f"{manner}, {name}!"] * times)
    return (text.upper() if loud else text), times * 2

def negative(photo):
    return 255 - photo, {"dark": 0.25, "light": 0.75}

def refuse(name):
    raise gr.Error("no door in the picture")

def sleep(name):
    time.sleep(20)
    return name

with gr.Blocks() as app:
    name = gr.Textbox(label="Your name")
    asked = [name, gr.Number(label="Times", value=2, minimum=1, maximum=5), gr.Checkbox(),
             gr.Dropdown(["Hello", "สวัสดี"], value="Hello")]
    said = gr.Textbox(label="Greeting")
    gr.Button().click(greet, asked, [said, gr.Number(label="Double")], api_name="greet")
    gr.Button().click(negative, gr.Image(), [gr.Image(format="png"), gr.Label(label="Tones")],
                      api_name="negative")
    gr.Button().click(refuse, name, said, api_name="refuse")
    gr.Button().click(sleep, name, said, api_name="sleep")
    gr.Button().click(lambda n, x: (n + 1, x), [gr.State(3), name], [gr.State(), said],
                      api_name="kept")
app.launch(server_name="127.0.0.1", server_port=int(sys.argv[1]), quiet=True, show_error=True)
"""
PYTHON = os.environ.get("GRADIO_PYTHON") or (
    sys.executable if importlib.util.find_spec("gradio") else "")


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    path: Path = tmp_path_factory.mktemp("gradio") / "app.py"
    path.write_text(APP, "utf-8")
    process = subprocess.Popen(
        [PYTHON, str(path), str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env={**os.environ, "GRADIO_ANALYTICS_ENABLED": "False", "HOME": str(path.parent)})
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                outside.describe(folder("gradio", url, "greet"), Guard([url]))
                break
            except OutsideUnreachable:
                time.sleep(0.2)
        yield url
    finally:
        process.terminate()
        process.wait(20)


@pytest.mark.skipif(not PYTHON, reason="gradio is not installed and GRADIO_PYTHON names no Python "
                                       "that has it")
class TestARealApp:
    def called(self, url: str, name: str, given: dict, seconds: float = 20) -> list:
        where, guard = folder("gradio", url, name), Guard([url])
        made = inputs.read(outside.describe(where, guard)["inputs"])
        return outside.run(where, inputs.check(made, given), guard, seconds)["parts"]

    def test_text_number_and_choice_come_back(self, app) -> None:
        text, double = self.called(app, "greet", {"name": "Mai", "manner": "สวัสดี",
                                                  "times": "3"})
        assert text["text"] == "สวัสดี, Mai! สวัสดี, Mai! สวัสดี, Mai!"
        assert double["lines"] == [["Double", 6]]

    def test_a_picture_goes_up_and_another_comes_back(self, app) -> None:
        picture, tones = self.called(app, "negative", {"photo": PNG})
        assert (media.picture(picture["data"]) == 255 - 90).all()
        assert tones["rows"] == [["light", 0.75], ["dark", 0.25]]

    def test_what_the_app_keeps_for_itself_is_left_out(self, app) -> None:
        assert [part["text"] for part in self.called(app, "kept", {"x": "hi"})] == ["hi"]

    def test_its_own_refusal_is_told(self, app) -> None:
        with pytest.raises(OutsideRefused):
            self.called(app, "refuse", {"name": "Mai"})

    def test_it_is_cut_off_when_it_takes_too_long(self, app) -> None:
        with pytest.raises(OutsideUnreachable) as caught:
            self.called(app, "sleep", {"name": "Mai"}, seconds=1)
        assert caught.value.key == "too_slow"
