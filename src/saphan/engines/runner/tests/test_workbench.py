"""The exhibitor's workbench: try, check, record, and what it finds wrong."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

from saphan.engines.runner import media, workbench
from saphan.engines.runner.folder import Folder, open_folder

FACTS = """
maker = "A maker"
licence = "MIT"

[[example]]
key = "door"
inputs = { text = "a door" }
expect = "found"

[[example]]
key = "nothing"
inputs = { text = "nothing" }
expect = "no_door"

[[measure]]
key = "right"
value = 0.9
"""
CODE = """
from typing import Literal

import numpy

from saphan.engines.runner import Facts, Line, Picture, Refusal, Result, Say, Word, exhibit
from saphan.engines.runner import media


@exhibit
def find(text: Line, way: Literal["near", "far"] = "near") -> Result:
    if "door" not in text:
        raise Refusal("no_door")
    picture = media.png(numpy.zeros((2, 2, 3), numpy.uint8))
    return Result(Say("found", "good"), Facts([(Word("width"), 3), ("data", 4)]),
                  Picture(Word("shown"), picture))
"""
WORDS = """
title = "Doors"
does = "Finds doors."
fails = "It misses some."
[inputs]
text = "A text"
way = "How far"
[choices]
near = "near"
far = "far"
[says]
found = "A door."
[labels]
width = "Width"
shown = "The door"
right = "Found"
[refusals]
no_door = "There is no door."
[examples]
door = "A door"
nothing = "None"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A good exhibit."""
    home = tmp_path / "doors"
    (home / "plate").mkdir(parents=True)
    (home / "exhibit.toml").write_text(FACTS)
    (home / "exhibit.py").write_text(CODE)
    (home / "plate" / "en.toml").write_text(WORDS)
    return open_folder(home)


def changed(folder: Folder, name: str, old: str, new: str) -> Folder:
    """The folder with one text in one of its files replaced."""
    path = folder.path / name
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new, 1))
    return open_folder(folder.path)


def run(*words: str) -> int:
    return workbench.main(words)


def test_an_example_is_tried_with_its_cost(folder: Folder) -> None:
    tried = workbench.try_out(folder, folder.example("door"))
    assert tried.said == {"found"}
    assert tried.refused == ""
    assert tried.wall_s >= 0
    assert tried.peak_mb > 10
    refused = workbench.try_out(folder, folder.example("nothing"))
    assert (refused.answer, refused.refused, refused.said) == (None, "no_door", set())


def test_all_is_well_with_a_good_exhibit(
        folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("check", str(folder.path)) == 0
    assert capsys.readouterr().out == "doors: all is well\n"


@pytest.mark.parametrize("line", [
    'title = "Doors"', 'fails = "It misses some."', 'text = "A text"', 'far = "far"',
    'found = "A door."', 'shown = "The door"', 'right = "Found"', 'no_door = "There is no door."',
    'nothing = "None"'])
def test_every_word_that_a_reader_would_miss_is_named(folder: Folder, line: str) -> None:
    if line.startswith("title"):
        (folder.path / "plate" / "th.toml").write_text('title = "ประตู"')
    key = line.partition(" ")[0]
    found = list(workbench.missing_words(changed(folder, "plate/en.toml", line, "")))
    assert len(found) == 1
    assert found[0].startswith("plate/en.toml: ")
    assert found[0].endswith(f"{key} is missing")


def test_a_language_without_a_plate_misses_all(folder: Folder) -> None:
    lacks = list(workbench.missing_words(folder, ("en", "th")))
    assert {line.partition(":")[0] for line in lacks} == {"plate/th.toml"}
    assert len(lacks) == 14


def test_refusals_of_the_house_need_no_words(folder: Folder) -> None:
    found = changed(folder, "exhibit.py", '"no_door"', '"empty"')
    assert list(workbench.missing_words(found)) == []


def test_an_example_that_comes_out_otherwise_is_told(
        folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    found = changed(folder, "exhibit.toml", 'expect = "found"', 'expect = "lost"')
    assert workbench.unlike(found, found.example("door")) == "door: expected lost, got found"
    assert workbench.unlike(found, found.example("nothing")) == ""
    assert run("check", str(found.path)) == 1
    assert "door: expected lost" in capsys.readouterr().out


def test_a_recorded_run_keeps_words_numbers_and_pictures(folder: Folder) -> None:
    workbench.record(folder)
    path = workbench.record(folder)  # a second time replaces the first
    assert sorted(each.name for each in path.parent.iterdir()) == ["0.png", "run.json"]
    kept = open_folder(folder.path).recorded()
    assert kept
    assert kept["example"] == "door"
    assert set(kept["usage"]) == {"cpu_s", "wall_s", "peak_mb"}
    assert kept["answer"]["parts"][2]["data"] == media.png(np.zeros((2, 2, 3), np.uint8))
    assert json.loads(path.read_text())["answer"]["parts"][2]["data"] == {"file": "0.png"}


def test_a_refused_example_is_not_recorded(folder: Folder) -> None:
    found = changed(folder, "exhibit.toml", '"a door"', '"a wall"')
    with pytest.raises(SystemExit, match="no_door"):
        workbench.record(found)


def pinned(folder: Folder, sha256: str, package: str = "", file: str = "weights.bin") -> list[str]:
    with (folder.path / "exhibit.toml").open("a") as facts:
        facts.write(f'[[component]]\nname = "Weights"\nlicence = "MIT"\nfile = "{file}"\n'
                    f'sha256 = "{sha256}"\npackage = "{package}"\n')
    return list(workbench.changed_components(open_folder(folder.path)))


def test_a_pinned_file_that_changed_or_is_gone_is_told(folder: Folder) -> None:
    weights = folder.path / "weights.bin"
    weights.write_bytes(b"weights")
    digest = hashlib.sha256(b"weights").hexdigest()
    assert pinned(folder, digest) == []
    weights.write_bytes(b"others")
    assert list(workbench.changed_components(open_folder(folder.path))) == [
        "Weights: weights.bin is not the file that was pinned"]
    weights.unlink()
    assert list(workbench.changed_components(open_folder(folder.path))) == [
        "Weights: weights.bin is not installed"]


def test_a_pinned_file_may_lie_in_a_package(folder: Folder) -> None:
    digest = hashlib.sha256(Path(np.__file__).read_bytes()).hexdigest()
    assert pinned(folder, digest, "numpy", "__init__.py") == []
    assert pinned(folder, digest, "no_such_package_here", "__init__.py") == [
        "Weights: __init__.py is not installed"]


def test_the_command_line_tries_one_or_all_and_explains_itself(
        folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("try", str(folder.path), "door") == 0
    said = capsys.readouterr().out
    assert "== door:" in said
    assert "== nothing:" not in said
    assert "bytes>" in said
    assert run("try", str(folder.path)) == 0
    assert "no_door" in capsys.readouterr().out
    assert run("record", str(folder.path)) == 0
    assert run() == run("try") == run("paint", str(folder.path)) == 2
    assert "python -m saphan.engines.runner check FOLDER" in capsys.readouterr().err


def test_what_the_machine_lacks_is_named() -> None:
    assert workbench.installed(["numpy", "json"]) == []
    assert workbench.installed(["no_such_module_here"]) == ["no_such_module_here"]
    assert workbench.missing_programs(["sh", "no-such-program"]) == ["no-such-program"]
