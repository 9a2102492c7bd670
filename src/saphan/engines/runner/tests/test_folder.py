"""What an exhibit says of itself is read without running it, and what is wrong is named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from saphan.engines.runner.folder import BadFolder, folders, open_folder

FACTS = 'maker = "A maker"\nlicence = "MIT"\n'
TITLE = 'title = "A title"\n'


def made(root: Path, facts: str = FACTS + TITLE, slug: str = "strange", **files: str) -> Path:
    """A folder; `plate__en` in `files` is plate/en.toml."""
    folder = root / slug
    folder.mkdir()
    (folder / "exhibit.toml").write_text(facts, "utf-8")
    for name, text in files.items():
        path = folder / (name.replace("__", "/") + ".toml")
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


def test_two_facts_and_a_title_are_enough(tmp_path: Path) -> None:
    found = open_folder(made(tmp_path))
    assert (found.slug, found.maker, found.licence, found.sector) == (
        "strange", "A maker", "MIT", "other")
    assert (found.mode, found.seconds, found.memory, found.kind) == ("fresh", 20, 1_024, "seal")
    assert found.head("title") == {"en": "A title"}


@pytest.mark.parametrize(("facts", "sentence"), [
    (TITLE, 'strange/exhibit.toml: say maker = "…"'),
    ('maker = "A"\n' + TITLE, 'say licence = "…"'),
    (FACTS, "give it a title in plate/en.toml"),
    (FACTS + TITLE + 'sector = "farms"', "sector is one of agriculture, manufacturing"),
    (FACTS + TITLE + 'mode = "hot"', "mode is one of fresh, warm"),
    (FACTS + TITLE + 'kind = "docker"', "kind is one of seal, gradio, oip"),
    (FACTS + TITLE + 'kind = "oip"', "an exhibit that runs elsewhere needs its url"),
    (FACTS + TITLE + 'colour = "red"', "colour is no line that an exhibit has"),
    (FACTS + TITLE + 'words = "x"', "exhibit.toml"),
    (FACTS + TITLE + 'path = "/etc"', "exhibit.toml"),
    (FACTS + TITLE + "maker", "strange/exhibit.toml"),
    (FACTS + TITLE + 'seconds = "many"', "seconds"),
    (FACTS + TITLE + "memory = true", "memory"),
    (FACTS + TITLE + 'needs = "numpy"', "needs"),
    (FACTS + TITLE + "needs = [1]", "needs is a list of texts"),
    (FACTS + "title = 3", "strange/exhibit.toml: title is a text"),
    (FACTS + TITLE + "[says]\nx = 3", "[says] holds texts"),
    (FACTS + TITLE + "[[example]]\ninputs = {}", "exhibit.toml: key is missing"),
    (FACTS + TITLE + "[[measure]]\nkey = 'x'", "exhibit.toml: 'value' is missing"),
    (FACTS + TITLE + "[[measure]]\nkey = 'x'\nvalue = 1\nhuge = 2", "huge is no line"),
    (FACTS + TITLE + "[[component]]\nname = 'x'", "'licence' is missing"),
    (FACTS + TITLE + "example = 3", "exhibit.toml"),
])
def test_what_is_wrong_is_named_with_its_file_and_its_cure(
        tmp_path: Path, facts: str, sentence: str) -> None:
    with pytest.raises(BadFolder) as caught:
        open_folder(made(tmp_path, facts))
    assert str(caught.value).startswith("strange")
    assert sentence in str(caught.value)


@pytest.mark.parametrize("slug", ["Upper", "with-dash", "1st", "a__b", "a b", "ລາວ", "_a", "a_"])
def test_a_name_that_is_no_address_is_refused(tmp_path: Path, slug: str) -> None:
    with pytest.raises(BadFolder, match="small letters, digits and _"):
        open_folder(made(tmp_path, slug=slug))


def test_a_folder_without_facts_and_a_plate_that_is_no_toml_are_named(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadFolder, match=r"empty: exhibit\.toml is missing"):
        open_folder(tmp_path / "empty")
    with pytest.raises(BadFolder, match=r"strange/th\.toml|plate/th\.toml"):
        open_folder(made(tmp_path, plate__th="title = "))


def test_one_broken_folder_does_not_hide_the_others(tmp_path: Path) -> None:
    made(tmp_path, slug="good")
    made(tmp_path, "x", slug="bad")
    made(tmp_path, slug="Not_a_name")
    (tmp_path / "no_exhibit").mkdir()
    (tmp_path / "a_file").write_text("x")
    found, problems = folders(tmp_path)
    assert [each.slug for each in found] == ["good"]
    assert len(problems) == 2
    assert folders(tmp_path / "nowhere") == ([], [])


def test_words_are_those_of_the_reader_then_english_then_any(tmp_path: Path) -> None:
    found = open_folder(made(
        tmp_path, FACTS, plate__en='title = "E"\n[says]\na = "e"\nb = "e"\n',
        plate__th='title = "T"\n[says]\na = "t"\nc = "t"\n'))
    assert found.word("says", "a", ("th", "lo")) == ("t", "th")
    assert found.word("says", "b", ("th",)) == ("e", "en")
    assert found.word("says", "c", ("pt",)) == ("t", "th")
    assert found.word("says", "d", ("pt",)) == ("", "")


def test_a_plate_says_more_than_the_words_in_the_facts(tmp_path: Path) -> None:
    found = open_folder(made(tmp_path, FACTS + TITLE + 'does = "first"\n',
                             plate__en='title = "Better"\n'))
    assert found.head("title") == {"en": "Better"}
    assert found.head("does") == {"en": "first"}


def test_inputs_of_an_example_come_with_the_bytes_of_its_files(tmp_path: Path) -> None:
    folder = made(tmp_path, FACTS + TITLE)
    (folder / "examples").mkdir()
    (folder / "examples" / "a.png").write_bytes(b"\x89PNG")
    with (folder / "exhibit.toml").open("a") as facts:
        facts.write("[[example]]\nkey = 'one'\ninputs = { n = 3 }\n"
                    "files = { photo = 'examples/a.png' }\n")
    found = open_folder(folder)
    assert found.given(found.example("one")) == {"n": 3, "photo": b"\x89PNG"}
    with pytest.raises(KeyError):
        found.example("two")
    (folder / "examples" / "a.png").unlink()
    with pytest.raises(BadFolder, match=r"strange: there is no file examples/a\.png in the folder"):
        found.given(found.example("one"))


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "link", "examples", "", "x" * 5_000,
                                  "nul\0l", "examples/../../secret"])
def test_no_file_outside_the_folder_is_ever_read(tmp_path: Path, name: str) -> None:
    folder = made(tmp_path)
    (tmp_path / "secret").write_text("secret")
    (folder / "link").symlink_to(tmp_path / "secret")
    (folder / "examples").mkdir()
    with pytest.raises(BadFolder):
        open_folder(folder).file(name)


def recorded(folder: Path, told: Any, **files: bytes) -> dict[str, Any] | None:
    home = folder / "recorded"
    home.mkdir(exist_ok=True)
    (home / "run.json").write_text(told if isinstance(told, str) else json.dumps(told))
    for name, data in files.items():
        (home / name).write_bytes(data)
    return open_folder(folder).recorded()


RUN = {"example": "one", "on": "2026-11-23", "answer": {"parts": [
    {"kind": "sound", "data": {"file": "0"}, "title": "x"}]}}


def test_a_recorded_run_comes_with_its_files(tmp_path: Path) -> None:
    folder = made(tmp_path)
    assert open_folder(folder).recorded() is None
    found = recorded(folder, RUN, **{"0": b"RIFF"})
    assert found
    assert found["answer"]["parts"][0]["data"] == b"RIFF"


@pytest.mark.parametrize("told", [
    "", "{", "[]", "3", {}, {**RUN, "on": "yesterday"}, {**RUN, "on": 3}, {**RUN, "answer": []},
    {**RUN, "answer": {"parts": 3}}, {**RUN, "example": None}, "[" * 3_000,
    {**RUN, "answer": {"parts": [{"file": "missing"}]}},
    {**RUN, "answer": {"parts": [{"file": 3}]}}], ids=range(13))
def test_a_recorded_run_that_cannot_be_shown_is_none(tmp_path: Path, told: Any) -> None:
    assert recorded(made(tmp_path), told) is None


def test_a_recorded_run_cannot_show_files_of_the_house(tmp_path: Path) -> None:
    folder = made(tmp_path)
    (tmp_path / "secret").write_text("the house's secret")
    (folder / "recorded").mkdir()
    (folder / "recorded" / "0").symlink_to(tmp_path / "secret")
    assert recorded(folder, RUN) is None
    assert recorded(folder, {**RUN, "answer": {"parts": [{"file": "../../secret"}]}}) is None


def test_the_digest_changes_with_every_file_and_with_nothing_else(tmp_path: Path) -> None:
    folder = made(tmp_path)
    first = open_folder(folder).digest
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__" / "x.pyc").write_bytes(b"1")
    assert open_folder(folder).digest == first
    (folder / "weights.bin").write_bytes(b"1")
    second = open_folder(folder).digest
    (folder / "weights.bin").rename(folder / "other.bin")
    third = open_folder(folder).digest
    assert len({first, second, third}) == 3


KEYS = st.sampled_from(["maker", "licence", "title", "sector", "seconds", "needs", "example",
                        "measure", "component", "says", "labels", "languages", "words", "slug"])
VALUES = st.sampled_from(['"x"', "3", "-1.5", "true", "[]", "[1]", '["x"]', "{}", '{ key = "x" }',
                          '[{ key = "x" }]', "[[]]", '{ x = "y" }', "1979-05-27", "nan"])


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(KEYS, VALUES, max_size=6) | st.text(max_size=80))
def test_whatever_stands_in_the_facts_there_is_a_folder_or_a_sentence(
        tmp_path: Path, told: dict[str, str] | str) -> None:
    folder = tmp_path / "any"
    folder.mkdir(exist_ok=True)
    lines = told if isinstance(told, str) else FACTS + TITLE + "\n".join(
        f"{key} = {value}" for key, value in told.items())
    (folder / "exhibit.toml").write_bytes(lines.encode("utf-8", "replace"))
    assert (complaint(folder) or "any").startswith("any")


def complaint(folder: Path) -> str:
    try:
        open_folder(folder)
    except BadFolder as bad:
        return str(bad)
    return ""
