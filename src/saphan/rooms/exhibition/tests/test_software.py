"""The exhibition for software: API, Open Inference Protocol, MCP tools, feed, open data."""

from __future__ import annotations

import base64
import csv
import io
import json
from xml.etree import ElementTree

import jsonschema
import pytest

from saphan.engines.runner import inputs, oip
from saphan.house import callers
from saphan.people import actions as people_actions
from saphan.rooms.exhibition import api, queries, running, tools
from saphan.rooms.exhibition.models import Run
from saphan.rooms.exhibition.tests.conftest import (
    PLAIN_FACTS,
    PNG,
    exhibit,
    page,
    put,
    signed_in,
    step,
    tried,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("guests")]
BASE = "/api/v1/exhibition"


def get(client, path, status=200):
    answer = client.get(f"{BASE}/{path}", headers={"Accept-Language": "en"})
    assert answer.status_code == status, answer.content[:500]
    return answer.json()


def post(client, path, body, status=200, **headers):
    answer = client.post(f"{BASE}/{path}", json.dumps(body), content_type="application/json",
                         headers={"Accept-Language": "en", **headers})
    assert answer.status_code == status, answer.content[:500]
    if status >= 400 and "oip" not in path:
        assert answer["Content-Type"] == "application/problem+json"
    return answer.json()


def test_the_list_and_one_exhibit_say_what_the_plate_says(client):
    found = {each["slug"]: each for each in get(client, "")["exhibits"]}
    assert set(found) == {"echo", "look", "slow"}
    assert {each["slug"] for each in get(client, "?sector=education")["exhibits"]} == {"echo"}
    one = get(client, exhibit("echo").number)
    assert one["slug"] == "echo" and one["licence"] == "MIT"
    assert one["does"].startswith("Says again what it hears, right 91")
    assert one["measured"][0] | {"value": 0.91, "low": 0.88, "high": 0.93, "n": 200} == (
        one["measured"][0])
    assert [each["key"] for each in one["examples"]] == ["greeting"]
    assert one["inputs"]["properties"]["text"]["description"] == "Your words"
    assert get(client, "nothing", 404)["status"] == 404


@pytest.mark.parametrize("given", [
    {"text": "a"}, {"text": "a", "times": 5}, {"text": "a", "times": 6}, {"text": "a", "times": 0},
    {"text": "a", "times": 1.5}, {"text": "a", "times": "x"}, {"text": "x" * 2_001}, {},
    {"text": 3},
    {"text": "a", "mood": "merry"}, {"text": "a", "mood": "sad"}, {"text": "a", "loud": True},
    {"text": "a", "loud": "perhaps"}, {"text": "a", "colour": "red"}])
def test_the_schema_takes_what_the_run_takes(client, given):
    schema = get(client, "echo/schema")
    jsonschema.Draft202012Validator.check_schema(schema)
    fits = jsonschema.Draft202012Validator(schema).is_valid(given)
    post(client, "echo/run", {"inputs": given}, 200 if fits else 422)


def test_a_run_answers_with_sentences_label_and_seal(client):
    told = post(client, "echo/run", {"inputs": {"text": "สวัสดี"}, "lang": "th"})
    said = told["answer"][0]
    assert (said["key"], said["text"]) == ("said", "ได้ยิน สวัสดี")
    assert told["outcome"] == "done" and told["state"] == "over"
    label = told["label"]
    assert 0 < label["joules"]["low"] < label["joules"]["central"] < label["joules"]["high"]
    assert label["grid"]["year"] >= 2020 and told["sealed"] in ("bubblewrap", "kernel", "none")
    example = post(client, "echo/run", {"example": "greeting"})
    assert "sawasdee" in example["answer"][0]["text"]
    picture = post(client, "look/run", {"inputs": {"photo": base64.b64encode(PNG).decode()}})
    assert picture["answer"][0]["values"]["size"] == len(PNG)


def test_what_is_wrong_is_a_problem_that_names_the_field(client):
    wrong = post(client, "echo/run", {"inputs": {"times": "9"}}, 422)
    assert {error["field"]: error["message"] for error in wrong["errors"]} == {
        "text": "Please fill this in.", "times": "This must be at most 5."}
    post(client, "look/run", {"inputs": {"photo": "§§"}}, 422)
    post(client, "echo/run", {"inputs": {"text": "x"}, "lang": "klingon"}, 422)
    post(client, "echo/run", {"example": "none"}, 404)
    post(client, "nothing/run", {"inputs": {}}, 404)
    post(client, "echo/run", {"inputs": [1]}, 422)
    post(client, "echo/run", {"surprise": 1}, 422)
    assert not Run.objects.exists()
    refused = post(client, "echo/run", {"inputs": {"text": "own refusal"}})
    assert refused["refused"] == {"key": "no_cats", "text": "No cats, 3 times no."}
    assert post(client, "echo/run", {"inputs": {"text": "sleep"}})["outcome"] == "timeout"


def test_a_long_run_is_asked_for_again_and_can_be_cancelled(client, monkeypatch):
    post(client, "slow/run", {"inputs": {"seconds": 0.01}})
    monkeypatch.setattr(api, "PATIENCE_SECONDS", 0.05)
    told = post(client, "slow/run", {"inputs": {"seconds": 1.5}}, 202)
    assert told["state"] in ("running", "waiting") and "answer" not in told
    gone = post(client, "slow/run", {"inputs": {"seconds": 9}}, 202)
    assert client.delete(f"{BASE}/runs/{gone['run']}").json() == {"cancelled": True}
    get(client, f"runs/{gone['run']}", 404)
    monkeypatch.setattr(api, "PATIENCE_SECONDS", 15.0)
    done = get(client, f"runs/{told['run']}")
    assert done["outcome"] == "done" and done["usage"]["wall_s"] >= 1.5
    assert get(client, f"runs/{told['run']}")["answer"] == done["answer"], "it can be read twice"
    get(client, "runs/unknown", 404)


def test_open_inference_metadata_and_infer_go_round(client):
    assert get(client, "oip/v2/health/live") == {"live": True}
    assert get(client, "oip/v2/health/ready") == {"ready": True}
    assert get(client, "oip/v2")["name"] == "saphan"
    described = get(client, "oip/v2/models/echo")
    tensors = {each["name"]: each for each in described["inputs"]}
    assert {name: each["datatype"] for name, each in tensors.items()} == {
        "text": "BYTES", "times": "INT64", "mood": "BYTES", "loud": "BOOL"}
    assert get(client, "oip/v2/models/echo/ready") == {"name": "echo", "ready": True}
    body = {"id": "42", "inputs": [oip.tensor("text", "hello"), oip.tensor("times", 2)]}
    answer = post(client, "oip/v2/models/echo/infer", body)
    assert (answer["id"], answer["model_name"]) == ("42", "echo")
    outputs = {each["name"]: each["data"] for each in answer["outputs"]}
    assert outputs["said"] == ["said"] and outputs["text"] == ["hellohello"]
    assert json.loads(outputs["result"][0])["parts"][0]["values"]["text"] == "hello"
    assert outputs["times"] == [2] and answer["parameters"]["cpu_s"] >= 0


@pytest.mark.parametrize("body", [
    {}, {"inputs": []}, {"inputs": [oip.tensor("colour", "red")]},
    {"inputs": [{"name": "text", "datatype": "BYTES", "shape": [2], "data": ["a"]}]},
    {"inputs": [oip.tensor("text", "a"), oip.tensor("times", 9)]}])
def test_open_inference_says_what_is_wrong(client, body):
    assert post(client, "oip/v2/models/echo/infer", body, 400)["error"]
    assert not Run.objects.exists()


def test_open_inference_tells_a_refusal_from_a_fault(client):
    text = {"inputs": [oip.tensor("text", "own refusal")]}
    assert post(client, "oip/v2/models/echo/infer", text, 400) == {"error": "no_cats"}
    crash = {"inputs": [oip.tensor("text", "crash")]}
    assert "ValueError" in post(client, "oip/v2/models/echo/infer", crash, 503)["error"]


def test_each_described_exhibit_is_a_tool_with_its_own_parameters(client):
    assert {tool.name for tool in tools.tools()} == {"list_exhibits", "read_exhibit"}
    page(client.get("/en/exhibition/at/echo/"))
    page(client.get("/en/exhibition/at/look/"))
    found = {tool.name: tool for tool in tools.tools()}
    assert set(found) == {"list_exhibits", "read_exhibit", "try_echo", "try_look"}
    assert "Says again what it hears, right 91" in found["try_echo"].description
    told = found["try_echo"].run(text="hello", times=2, mood="merry", lang="th", person=None)
    assert told["answer"][0]["text"] == "ได้ยิน hello"
    with pytest.raises(callers.Invalid):
        found["try_echo"].run(text="hello", times=9)
    with pytest.raises(callers.Invalid):
        found["try_echo"].run(text="hello", lang="klingon")
    assert {each["slug"] for each in tools.list_exhibits()["exhibits"]} == {"echo", "look", "slow"}
    assert tools.read_exhibit("echo")["slug"] == "echo"


def test_an_input_called_lang_does_not_break_the_tools(guests, client):
    put(guests, "speaker", "@exhibit\ndef one(lang: Line) -> Say:\n"
        "    return Say('said', lang=lang)\n", PLAIN_FACTS)
    step()
    running.signature(exhibit("speaker"))
    tool = next(tool for tool in tools.tools() if tool.name == "try_speaker")
    assert tool.run(lang="Klingon", answer_lang="th")["answer"][0]["values"]["lang"] == "Klingon"


def test_a_yes_or_no_that_is_not_said_is_no(client, guests):
    put(guests, "strict", "@exhibit\ndef one(strict: bool) -> Say:\n"
        "    return Say('said', strict=repr(strict))\n", PLAIN_FACTS)
    step()
    assert post(client, "strict/run", {"inputs": {}})["answer"][0]["values"]["strict"] == "False"


def test_callers_without_a_token_are_held_to_sixty_runs_a_minute_and_others_are_not(
        client, person):
    her = person("her")
    token = people_actions.issue_token(her, name="test", scope="read", by=her)
    running.signature(exhibit("echo"))
    bad = {"inputs": {"times": 9}}  # refused before it runs, and counted all the same
    for _ in range(api.ANONYMOUS_RUNS):
        post(client, "echo/run", bad, 422)
    told = post(client, "echo/run", {"inputs": {"text": "x"}}, 403)
    assert "too often in a short time" in told["title"]
    infer = {"inputs": [oip.tensor("text", "x")]}
    assert client.post(f"{BASE}/oip/v2/models/echo/infer", json.dumps(infer),
                       content_type="application/json").status_code == 403
    post(client, "echo/run", {"inputs": {"text": "x"}}, Authorization=f"Bearer {token}")
    get(client, "")  # reading goes on
    assert "It heard me." in page(tried(client, "echo", text="me")), "and so does the hall"


def test_the_open_data_sum_up(client):
    for text in ("one", "two", "refuse", "crash"):
        page(tried(client, "echo", text=text))
    page(tried(client, "look", photo=_upload()))
    rows = {row["exhibit"]: row for row in csv.DictReader(io.StringIO(
        client.get("/en/exhibition/energy.csv").content.decode()))}
    told = {each["slug"]: each for each in get(client, "energy")["exhibits"]}
    assert set(rows) == set(told) == {"echo", "look", "slow"}
    for slug, row in rows.items():
        runs = Run.objects.filter(exhibit=exhibit(slug))
        assert int(row["runs"]) == told[slug]["runs"] == runs.count()
        assert int(row["answered"]) == runs.filter(outcome="done").count()
        for column, field in (("cpu_s", "cpu_s"), ("joules", "joules"),
                              ("joules_low", "joules_low"), ("grams_co2e_high", "grams_high")):
            total = sum(getattr(run, field) or 0 for run in runs)
            if runs:
                assert float(row[column]) == pytest.approx(total, rel=1e-3)
                assert float(row["joules_low"]) < float(row["joules"]) < float(row["joules_high"])
        if runs:
            assert told[slug]["joules"]["central"] == pytest.approx(
                sum(run.joules for run in runs))
    assert (rows["echo"]["runs"], rows["echo"]["answered"]) == ("4", "2")
    assert rows["slow"]["joules"] == "" and told["slow"]["joules"] is None, "unknown is not zero"
    html = page(client.get("/en/exhibition/energy/"))
    assert "5 runs were recorded." in html


def _upload():
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile("x.png", PNG)


def test_new_exhibits_are_in_the_feed_and_withdrawn_ones_are_not(client, manager):
    atom = "{http://www.w3.org/2005/Atom}"

    def entries():
        feed = ElementTree.fromstring(client.get(
            "/feeds/en/exhibition/exhibits.atom").content)
        return {entry.findtext(f"{atom}title") for entry in feed.findall(f"{atom}entry")}

    assert entries() == {"Echo", "Look", "Slow"}
    signed_in(manager).post("/en/exhibition/at/look/move/withdraw/")
    assert entries() == {"Echo", "Slow"}
    thai = client.get("/feeds/th/exhibition/exhibits.json").json()
    assert "เสียงสะท้อน" in {item["title"] for item in thai["items"]}


def test_search_finds_what_stands_in_the_hall_and_no_more(manager):
    entries = queries.ExhibitEntries()
    assert {document.title for document in entries.documents()} == {"Echo", "Look", "Slow"}
    key = str(exhibit("look").pk)
    assert set(entries.plates([key], asker=None)) == {key}
    signed_in(manager).post("/en/exhibition/at/look/move/withdraw/")
    assert not list(entries.documents([key])) and not entries.plates([key], asker=None)


@pytest.mark.parametrize("answer", [
    "[1]", "['x']", "[{'kind': 'say'}]", "[{'kind': 'facts', 'lines': 3}]", "[{'kind': ['say']}]",
    "{'a': 1}", "[{'kind': '__class__'}]"])
def test_a_stranger_who_answers_wrongly_breaks_nothing(client, guests, answer):
    """The worker is his: he may bend whatever runs in it."""
    put(guests, "bent", "from saphan.engines.runner import contract\n"
        f"contract.Exhibit.run = lambda self, given: {{'parts': {answer}}}\n"
        "@exhibit\ndef one() -> Say:\n    return Say('x')\n", PLAIN_FACTS)
    step()
    page(tried(client, "bent"))
    assert post(client, "bent/run", {"inputs": {}})["outcome"] == "done"
    status = client.post(f"{BASE}/oip/v2/models/bent/infer", {"inputs": []},
                         content_type="application/json").status_code
    assert status in (200, 503)
    assert running.exercise(exhibit("bent")).outcome == "done"


@pytest.mark.parametrize("described", [
    {}, {"inputs": 3}, {"inputs": [{"name": "a b", "kind": "line"}]},
    {"inputs": [{"name": "class", "kind": "line"}]}, {"inputs": [{"name": "a", "kind": "odd"}]},
    {"inputs": [{"name": "a", "kind": "line"}, {"name": "a", "kind": "line"}]},
    {"inputs": [{"name": "person", "kind": "line"}]}, {"inputs": [{"kind": "line"}]}])
def test_a_stranger_who_describes_himself_wrongly_breaks_nothing(monkeypatch, client, described):
    monkeypatch.setattr(running, "_described", lambda *_: described)
    html = page(client.get("/en/exhibition/at/echo/"))
    assert "This exhibit cannot run on this machine at present." in html
    assert exhibit("echo").signature == {}
    assert {tool.name for tool in tools.tools()} == {"list_exhibits", "read_exhibit"}
    assert inputs.read([]) == ()
