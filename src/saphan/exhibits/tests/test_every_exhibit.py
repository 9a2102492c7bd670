"""What the house promises of each of its exhibits, whoever made it.

The words in all languages are one test, to be run alone: `pytest -k all_twelve`.
"""

from __future__ import annotations

import ast
import re
import runpy
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from saphan.engines.runner import folder as folders
from saphan.engines.runner import workbench
from saphan.engines.runner.contract import Exhibit, load
from saphan.engines.runner.folder import GROUPS, Folder, Measure, open_folder
from saphan.engines.runner.parts import KINDS
from saphan.engines.runner.refusal import COMMON
from saphan.engines.runner.workbench import Tried
from saphan.rooms.exhibition.answers import Speaker

ROOT = Path(folders.__file__).parents[2] / "exhibits"
SLUGS = sorted(path.parent.name for path in ROOT.glob("*/exhibit.toml"))
BRACES = re.compile(r"\{(\w+)\}")
HEADS = ("title", "does", "fails")
SECTORS = ("agriculture", "manufacturing", "logistics", "medical", "ecommerce", "supply_chain")
"""The six that the hall must cover."""


@cache
def the(slug: str) -> Folder:
    return open_folder(ROOT / slug)


@cache
def made(slug: str) -> Exhibit:
    """Its function. Skips where the machine lacks what it needs."""
    lacks = [*workbench.installed(the(slug).needs),
             *workbench.missing_programs(the(slug).programs)]
    if lacks:
        pytest.skip(f"not installed: {', '.join(lacks)}")
    return load(the(slug).path)


@cache
def tried(slug: str, key: str) -> Tried:
    """An example's outcome; each runs once however often it is asked for."""
    made(slug)
    return workbench.try_out(the(slug), the(slug).example(key))


every = pytest.mark.parametrize("slug", SLUGS)


def test_the_table_of_the_readme_is_made_from_the_folders(monkeypatch: pytest.MonkeyPatch) -> None:
    """Red? Run `PYTHONPATH=src python bench/exhibits/table.py`."""
    bench = ROOT.parents[2] / "bench" / "exhibits"
    monkeypatch.syspath_prepend(str(bench))
    table = runpy.run_path(str(bench / "table.py"))
    sys.modules.pop("plates", None)
    now = table["README"].read_text("utf-8")
    assert table["written"](now, table["table"]([the(slug) for slug in SLUGS],
                                                table["load"](table["RESULTS"]))) == now


def test_there_are_exhibits_for_the_six_sectors() -> None:
    assert {the(slug).sector for slug in SLUGS} >= set(SECTORS)


@every
def test_its_facts_are_complete(slug: str) -> None:
    folder = the(slug)
    assert folder.kind == "seal", "the house's own run offline"
    assert (folder.maker, folder.licence, folder.made[:4]) == ("Saphan", "Apache-2.0", "2026")
    assert folder.sector != "other"
    assert (folder.path / "README.md").is_file()
    assert 1 <= folder.minutes <= 15
    assert 0 < folder.seconds <= 60
    assert 64 <= folder.memory <= 4_096
    assert set(folder.languages) <= {"any", "ta", "tet", *workbench.READERS}
    assert len({each.key for each in folder.examples}) == len(folder.examples) >= 3


@every
def test_its_numbers_have_intervals_a_set_and_a_plain_way_beside_them(slug: str) -> None:
    measures = the(slug).measures
    assert [each.main for each in measures].count(True) == 1
    assert len({each.key for each in measures}) == len(measures)
    for each in measures:
        assert each.set, each.key
        if each.low is not None and each.high is not None:
            assert each.low <= each.value <= each.high, each.key
    main = next(each for each in measures if each.main)
    assert has_interval(main)
    assert main.baseline is not None, "the main number needs a baseline"
    assert main.baseline_name


def has_interval(each: Measure) -> bool:
    return None not in (each.low, each.high, each.n)


@every
def test_it_says_with_a_number_where_it_fails(slug: str) -> None:
    fails = the(slug).head("fails")["en"]
    keys = set(BRACES.findall(fails))
    assert keys, "no measured number in `fails`"
    assert keys <= {each.key for each in the(slug).measures}


@every
def test_every_example_comes_out_as_it_says(slug: str) -> None:
    wrong = []
    for each in the(slug).examples:
        came = tried(slug, each.key)
        got = came.said | ({came.refused} - {""})
        if each.expect and each.expect not in got:
            wrong.append(f"{each.key}: expected {each.expect}, got {', '.join(sorted(got))}")
    assert not wrong
    assert the(slug).examples[0].expect, "the house must know what to ask of the first"


@every
def test_one_example_at_least_shows_how_it_fails(slug: str) -> None:
    assert any(each.fails for each in the(slug).examples)
    assert not the(slug).examples[0].fails, "the house exercises it on the first"


@every
def test_its_examples_run_in_the_time_that_it_asks_for(slug: str) -> None:
    for each in the(slug).examples:
        assert tried(slug, each.key).cpu_s < the(slug).seconds, each.key


@every
def test_its_answers_are_parts_that_the_page_can_draw(slug: str) -> None:
    speaker = Speaker(the(slug), "en")
    for each in the(slug).examples:
        answer = tried(slug, each.key).answer
        if answer is None:
            continue
        assert {part["kind"] for part in answer["parts"]} <= set(KINDS)
        views = speaker.parts(answer, the(slug).given(each))
        assert len(views) == len(answer["parts"]), f"{each.key}: a part was left out"
        for part in answer["parts"]:
            if part["kind"] == "picture":
                assert part["alt"]


def wanted(slug: str) -> set[tuple[str, str]]:
    """(group, key) of every word that a reader meets on its page and in its examples' answers."""
    folder = the(slug)
    found = {("inputs", each.name) for each in made(slug).inputs}
    found |= {("choices", choice) for each in made(slug).inputs for choice in each.choices}
    found |= {("examples", each.key) for each in folder.examples}
    found |= {("labels", each.key) for each in folder.measures}
    for each in folder.examples:
        came = tried(slug, each.key)
        found |= set(workbench.words_of(came.answer))
        if came.refused and came.refused not in COMMON:
            found.add(("refusals", came.refused))
    return found


def missing(slug: str, lang: str) -> list[str]:
    words = the(slug).words.get(lang, {})
    lacks = [head for head in HEADS if not words.get(head)]
    keys = wanted(slug) | {(group, key) for group in GROUPS
                           for key in the(slug).words["en"].get(group, {})}
    return lacks + sorted(f"{group}.{key}" for group, key in keys
                          if not words.get(group, {}).get(key))


@every
def test_no_word_is_missing_in_english(slug: str) -> None:
    assert missing(slug, "en") == []


@every
def test_refusals_in_its_code_have_words(slug: str) -> None:
    """Also those that no example meets: `Refusal("key")` in its modules."""
    keys = {node.args[0].value for tree in trees(slug) for node in ast.walk(tree)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            and node.func.id in ("Refusal", "Say") and node.args
            and isinstance(node.args[0], ast.Constant)}
    words = the(slug).words["en"]
    known = {*COMMON, *words.get("refusals", {}), *words.get("says", {})}
    assert keys <= known


@every
def test_words_in_all_twelve_languages_are_complete(slug: str) -> None:
    lacks = {lang: found for lang in workbench.READERS if (found := missing(slug, lang))}
    assert lacks == {}


@every
def test_translations_keep_the_braces_of_the_english_words(slug: str) -> None:
    english, wrong = the(slug).words["en"], []
    for lang, words in the(slug).words.items():
        for group, key, text in flat(words):
            original = english.get(key) if not group else english.get(group, {}).get(key)
            if original is None:
                wrong.append(f"{lang}: {group}.{key} is no word of this exhibit")
            elif set(BRACES.findall(text)) != set(BRACES.findall(original)):
                wrong.append(f"{lang}: {group}.{key}: {text!r}")
    assert not wrong


def flat(words: Any) -> list[tuple[str, str, str]]:
    """(group, key, text); the group of a head is empty."""
    return [("", key, text) for key, text in words.items() if isinstance(text, str)] + [
        (group, key, text) for group, told in words.items() if isinstance(told, dict)
        for key, text in told.items()]


@every
def test_braces_are_filled_by_what_is_said(slug: str) -> None:
    numbers = {each.key for each in the(slug).measures}
    for each in the(slug).examples:
        for key, values in said(tried(slug, each.key).answer):
            text = the(slug).word("says", key, ("en",))[0]
            assert set(BRACES.findall(text)) <= set(values) | numbers, key


def said(answer: Any) -> list[tuple[str, dict[str, Any]]]:
    return [(part["key"], part["values"]) for part in (answer or {"parts": []})["parts"]
            if part["kind"] == "say"]


@every
def test_what_others_made_is_named_with_its_licence(slug: str) -> None:
    for part in the(slug).components:
        assert part.name
        assert part.licence, part.name
        assert bool(part.file) == bool(part.sha256), f"{part.name}: pin the file"


@every
def test_pinned_files_are_those_that_were_pinned(slug: str) -> None:
    made(slug)
    assert list(workbench.changed_components(the(slug))) == []


@every
def test_its_recorded_run_is_there_and_its_words_are_too(slug: str) -> None:
    recorded = the(slug).recorded()
    assert recorded, "python -m saphan.engines.runner record"
    assert recorded["example"] in {each.key for each in the(slug).examples}
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", recorded["on"])
    words = the(slug).words["en"]
    assert [f"{group}.{key}" for group, key in workbench.words_of(recorded["answer"])
            if not words.get(group, {}).get(key)] == []
    assert len(Speaker(the(slug), "en").parts(
        recorded["answer"], the(slug).given(the(slug).example(recorded["example"])))) == len(
        recorded["answer"]["parts"])


def trees(slug: str) -> list[ast.Module]:
    return [ast.parse(path.read_text("utf-8"), str(path))
            for path in (ROOT / slug).rglob("*.py") if "tests" not in path.parts]


def imported(slug: str) -> set[str]:
    """Full names of the modules that its code imports, wherever in a file."""
    return {name for tree in trees(slug) for node in ast.walk(tree)
            for name in ([alias.name for alias in node.names] if isinstance(node, ast.Import)
                         else [node.module or ""] if isinstance(node, ast.ImportFrom)
                         and not node.level else [])}


@every
def test_its_code_imports_no_django_and_nothing_of_the_house_but_engines(slug: str) -> None:
    for name in imported(slug):
        assert name.partition(".")[0] not in ("django", "ninja", "mcp"), name
        assert not name.startswith("saphan.") or name.split(".")[1] in ("engines", "exhibits"), name


@every
def test_the_modules_it_imports_are_among_its_needs(slug: str) -> None:
    always = {*sys.stdlib_module_names, "saphan", "numpy", "PIL"}
    names = {name.partition(".")[0] for name in modules(slug, "exhibit", set())}
    assert names - always <= set(the(slug).needs)


def modules(slug: str, name: str, seen: set[str]) -> set[str]:
    """What a module and those of its folder that it imports ask for: what fits a model beforehand
    does not count."""
    path = ROOT / slug / f"{name}.py"
    if name in seen or not path.is_file():
        return set()
    seen.add(name)
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add(node.module or "")
        elif isinstance(node, ast.ImportFrom):
            for beside in [node.module] if node.module else [each.name for each in node.names]:
                found |= modules(slug, beside, seen)
    return found
