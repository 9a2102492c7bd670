"""The exhibit of docs/your-exhibit.md, brought into a running house and tried at every door."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, override_settings

import saphan
from saphan.engines.runner import workbench
from saphan.engines.runner.folder import open_folder
from saphan.rooms.exhibition import actions, catalogue, queries, running, tools

GUIDE = Path(saphan.__file__).parents[2] / "docs" / "your-exhibit.md"
SLUG = "field_size"
SAID = "This field has 1.6 ha."


def blocks(language: str) -> list[str]:
    """The code blocks of the guide in one language, in their order."""
    return re.findall(rf"```{language}\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)


@pytest.fixture(scope="module")
def exhibits(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of exhibits that holds the guide's, to the letter."""
    root = tmp_path_factory.mktemp("exhibits")
    root.chmod(0o755)  # the user who runs exhibits must be able to read them
    (root / SLUG).mkdir()
    (root / SLUG / "exhibit.toml").write_text(blocks("toml")[0], "utf-8")
    (root / SLUG / "exhibit.py").write_text(blocks("python")[0], "utf-8")
    return root


@pytest.fixture(scope="module")
def _mounted(exhibits: Path) -> Iterator[None]:
    with override_settings(EXHIBITS=[exhibits]):
        running.hall.cache_clear()
        catalogue.forget()
        yield
        running.hall().close()
        running.hall.cache_clear()
    catalogue.forget()


@pytest.fixture
def placed(house: None, _mounted: None) -> None:
    """The hall with the exhibit in it."""
    actions.place_all()


@dataclass
class Page:
    """A page as a visitor reads it."""

    status: int
    html: str

    @property
    def text(self) -> str:
        bare = re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", self.html, flags=re.DOTALL)
        return re.sub(r"\s+", " ", unescape(bare))


def read(visitor: Client, path: str) -> Page:
    answer = visitor.get(path)
    return Page(answer.status_code, answer.content.decode())


def tried(visitor: Client, lang: str = "en", **given: Any) -> Page:
    """The page with the answer, once the run is over."""
    answer = visitor.post(f"/{lang}/exhibition/at/{SLUG}/run/", given, follow=True)
    for _ in range(30):
        page = Page(answer.status_code, answer.content.decode())
        if "data-poll" not in page.html:
            return page
        answer = visitor.get(answer.redirect_chain[-1][0] if answer.redirect_chain
                             else answer.request["PATH_INFO"])
    raise AssertionError("the run did not end")


def post(visitor: Client, path: str, body: Any) -> Any:
    return visitor.post(path, json.dumps(body), content_type="application/json")


def test_the_smallest_exhibit_is_two_files_and_less_than_thirty_lines(exhibits: Path) -> None:
    files = [path for path in (exhibits / SLUG).rglob("*") if path.is_file()]
    assert sorted(path.name for path in files) == ["exhibit.py", "exhibit.toml"]
    assert sum(len(path.read_text("utf-8").splitlines()) for path in files) < 30


def test_the_workbench_tries_it_and_says_which_words_it_lacks(
        exhibits: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert workbench.main(["try", str(exhibits / SLUG)]) == 0
    assert '"key": "size"' in capsys.readouterr().out
    assert workbench.main(["check", str(exhibits / SLUG)]) == 1
    said = capsys.readouterr().out.splitlines()
    assert {line.split(": ")[1] for line in said} == {
        f"{key} is missing" for key in (
            "inputs.amount", "inputs.measure", "choices.rai", "choices.mu", "choices.sao",
            "examples.ten_rai")}


def test_with_the_plate_of_the_guide_no_word_is_missing(exhibits: Path, tmp_path: Path) -> None:
    folder = tmp_path / SLUG
    folder.mkdir()
    for path in (exhibits / SLUG).iterdir():
        if path.is_file():
            (folder / path.name).write_bytes(path.read_bytes())
    (folder / "plate").mkdir()
    (folder / "plate" / "en.toml").write_text(blocks("toml")[1], "utf-8")
    assert list(workbench.missing_words(open_folder(folder))) == []


def test_what_the_guide_says_of_entry_points_and_of_outside_is_toml_that_the_house_reads(
        tmp_path: Path) -> None:
    import tomllib

    point, _fields, gradio, oip = blocks("text")
    assert tomllib.loads(point)["project"]["entry-points"][catalogue.ENTRY_POINT_GROUP]
    for name, block in (("theirs", gradio), ("a_model", oip)):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "exhibit.toml").write_text(
            f'maker = "They"\nlicence = "MIT"\ntitle = "Theirs"\n{block}', "utf-8")
        assert open_folder(folder).url.startswith("https://")


def test_the_fields_of_the_guide_are_inputs_of_the_contract() -> None:
    from typing import Annotated

    from saphan.engines import runner

    lines = blocks("text")[1].strip()
    names = {**vars(runner), "Annotated": Annotated}
    hints = ", ".join(line for line in reversed(lines.splitlines()))
    scope: dict[str, Any] = {}
    exec(f"def made({hints}): ...", names, scope)
    made = {each.name: each for each in runner.exhibit(scope["made"]).inputs}
    assert (made["rate"].at_most, made["rate"].unit, made["rate"].required) == (100, "%", False)
    assert (made["name"].most, made["name"].kind, made["name"].lang) == (40, "line", "lo")
    assert (made["sketch"].over, made["sketch"].kind) == ("examples/sheet.png", "drawing")


def test_it_stands_in_the_hall_with_a_number_of_its_own(placed: None) -> None:
    found = queries.exhibit(SLUG)
    assert found.number.startswith("EXH-")
    assert not found.own
    assert "How large is this field?" in read(Client(), "/en/exhibition/").text


def test_its_page_has_a_form_from_the_signature(placed: None) -> None:
    page = read(Client(), f"/en/exhibition/at/{SLUG}/")
    assert page.status == 200
    assert "Our cooperative" in page.text
    assert "A sao of the south" in page.text
    assert re.search(r'<input[^>]+name="amount"', page.html), page.text
    assert re.findall(r'<option value="(\w+)"', page.html.split('name="measure"')[1])[:3] == [
        "rai", "mu", "sao"]
    assert f'value="{open_folder_example()}"' in page.html


def open_folder_example() -> str:
    found = catalogue.folder(SLUG)
    assert found
    return found.examples[0].key


def test_a_visitor_runs_it_by_its_form_and_sees_answer_and_label(placed: None) -> None:
    page = tried(Client(), amount="10", measure="rai")
    assert SAID in page.text.replace("\xa0", " ")
    assert "CO2e" in page.text
    assert "modelled from computing time" in page.text or "measured by" in page.text
    assert "sealed: without network" in page.text


def test_a_visitor_runs_its_example_with_one_touch(placed: None) -> None:
    assert SAID in tried(Client(), example="ten_rai").text.replace("\xa0", " ")


def test_a_reader_of_portuguese_gets_her_own_decimal_comma(placed: None) -> None:
    assert "1,6" in tried(Client(), "pt", amount="10", measure="rai").text


def test_what_does_not_fit_the_form_is_said_beside_the_field(placed: None) -> None:
    page = Client().post(f"/en/exhibition/at/{SLUG}/run/", {"amount": "ten", "measure": "acre"})
    text = Page(page.status_code, page.content.decode())
    assert text.status == 422
    assert "This must be a number." in text.text
    assert "rai, mu, sao" in text.text


def test_software_runs_it_through_the_api_as_the_guide_says(placed: None) -> None:
    schema = Client().get(f"/api/v1/exhibition/{SLUG}/schema").json()
    assert schema["properties"]["measure"]["enum"] == ["rai", "mu", "sao"]
    told = post(Client(), f"/api/v1/exhibition/{SLUG}/run", json.loads(blocks("json")[0])).json()
    assert told["outcome"] == "done"
    part = told["answer"][0]
    assert part["values"]["size"]["value"] == pytest.approx(1.6)
    assert part["text"].replace("\xa0", " ") == "This field has 1.6 เฮกตาร์."  # lang = "th"
    assert 0 < told["label"]["joules"]["low"] < told["label"]["joules"]["high"]


def test_the_api_names_every_field_that_is_wrong(placed: None) -> None:
    answer = post(Client(), f"/api/v1/exhibition/{SLUG}/run", {"inputs": {"size": 3}})
    assert answer.status_code == 422
    assert "amount" in answer.content.decode()
    assert "size" in answer.content.decode()


def test_it_is_an_mcp_tool_once_its_signature_is_known(placed: None) -> None:
    from saphan.doors.mcp import server

    running.signature(queries.exhibit(SLUG))
    tool = {each.name: each for each in tools.tools()}[f"try_{SLUG}"]
    told = tool.run(amount=10, measure="rai", lang="en")
    assert told["answer"][0]["text"].replace("\xa0", " ") == SAID
    listed = {each.name: each for each in asyncio.run(server.build().list_tools())}
    schema = listed[f"try_{SLUG}"].input_schema
    assert schema["required"] == ["amount"]
    assert "rai" in json.dumps(schema["properties"]["measure"])


def test_it_is_a_model_of_the_open_inference_protocol(placed: None) -> None:
    base = f"/api/v1/exhibition/oip/v2/models/{SLUG}"
    metadata = Client().get(base).json()
    assert [each["name"] for each in metadata["inputs"]] == ["amount", "measure"]
    answer = post(Client(), f"{base}/infer", json.loads(blocks("json")[1]))
    assert answer.status_code == 200
    outputs = {each["name"]: each["data"] for each in answer.json()["outputs"]}
    assert json.loads(outputs["result"][0])["parts"][0]["key"] == "size"
    assert outputs["said"] == ["size"]


def test_the_open_inference_protocol_says_what_is_wrong_with_a_call(placed: None) -> None:
    path = f"/api/v1/exhibition/oip/v2/models/{SLUG}/infer"
    for body in ({"inputs": []}, {"inputs": [{"name": "acre"}]}, {"no": "inputs"}):
        answer = post(Client(), path, body)
        assert answer.status_code == 400
        assert answer.json()["error"]


def test_its_code_to_print_and_its_health_are_there(placed: None) -> None:
    assert "<svg" in read(Client(), f"/en/exhibition/at/{SLUG}/code/").html
    assert running.exercise(queries.exhibit(SLUG)).outcome == "done"
    assert queries.exhibit(SLUG).last_success
