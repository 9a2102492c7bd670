"""An exhibit's folder: what it says of itself, without running any of its code.

    door_reader/
      exhibit.toml     facts: sector, maker, licence, parts, limits, examples, measures
      exhibit.py       one function with @exhibit (and what it imports from beside it)
      plate/en.toml    words; one file a language
      examples/        files of the examples
      recorded/        the recorded run: run.json and its pictures and sounds

`docs/your-exhibit.md` explains every line to an exhibitor.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

SLUG = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
SECTORS = ("agriculture", "manufacturing", "supply_chain", "logistics", "medical", "ecommerce",
           "public_service", "energy", "education", "finance", "tourism", "other")
MODES = ("fresh", "warm")
KINDS = ("seal", "gradio", "oip")
TYPES: dict[str, Any] = {
    **dict.fromkeys(("sector", "maker", "licence", "maker_url", "maker_economy", "made", "caution",
                     "mode", "kind", "url", "api_name"), str),
    **dict.fromkeys(("languages", "needs", "programs"), list), "models": bool, "minutes": int,
    "memory": int, "seconds": (int, float), "declared_joules": (int, float)}
GROUPS = ("inputs", "helps", "choices", "says", "labels", "refusals", "examples")


class BadFolder(Exception):
    """What is wrong in an exhibit's folder, and where: a sentence for the exhibitor."""


@dataclass(frozen=True)
class Example:
    """Inputs to try with one touch. `files` are paths in the folder; `expect` is the key of a
    sentence that must be among the answer's, or of the refusal: the health check asks for it.
    `fails`: an example of what the exhibit gets wrong, shown as such."""

    key: str
    inputs: dict[str, Any]
    files: dict[str, str]
    expect: str = ""
    fails: bool = False


@dataclass(frozen=True)
class Measure:
    """A number that was measured: `key` names it in the words (`{key}`), `value` with its 95 %
    interval `low` to `high` on `n` items of `set`, beside a plain baseline. `unit`: "share" (shown
    as per cent) or a unit of the house."""

    key: str
    value: float
    low: float | None = None
    high: float | None = None
    n: int | None = None
    unit: str = "share"
    set: str = ""
    baseline: float | None = None
    baseline_name: str = ""
    main: bool = False


@dataclass(frozen=True)
class Component:
    """Something of others that is inside: a package, a model. `sha256` pins a weights file at
    `file` (relative to the environment's site-packages or, with `package` empty, to the folder)."""

    name: str
    licence: str
    version: str = ""
    url: str = ""
    package: str = ""
    file: str = ""
    sha256: str = ""


@dataclass(frozen=True)
class Folder:
    """The facts of an exhibit, as its `exhibit.toml` and its words give them."""

    path: Path
    slug: str
    sector: str
    maker: str
    licence: str
    maker_url: str = ""
    maker_economy: str = ""
    made: str = ""
    languages: tuple[str, ...] = ()
    """Languages it understands; empty where language does not matter; ("any",) for all."""
    caution: str = ""
    """`medical`: the house adds that it is no diagnosis."""
    minutes: int = 5
    mode: str = "fresh"
    seconds: float = 20
    memory: int = 1_024
    """Megabytes of address space beyond what Python itself needs."""
    models: bool = False
    """Whether it reads the house's own models; `models_folder()` says where they lie."""
    needs: tuple[str, ...] = ()
    """Modules it cannot do without; where one is missing the exhibit is resting and says why."""
    programs: tuple[str, ...] = ()
    """Programs of the machine it cannot do without (tesseract)."""
    kind: str = "seal"
    """`seal`: runs here, sealed. `gradio`, `oip`: runs outside the hall, at `url`."""
    url: str = ""
    api_name: str = ""
    declared_joules: float | None = None
    examples: tuple[Example, ...] = ()
    measures: tuple[Measure, ...] = ()
    components: tuple[Component, ...] = ()
    words: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @cached_property
    def digest(self) -> str:
        """SHA-256 over names and contents of all files: changes when anything changes."""
        told = hashlib.sha256()
        for path in sorted(self.path.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                told.update(str(path.relative_to(self.path)).encode() + b"\0")
                told.update(hashlib.sha256(path.read_bytes()).digest())
        return told.hexdigest()

    def example(self, key: str) -> Example:
        """KeyError if there is none."""
        return {each.key: each for each in self.examples}[key]

    def given(self, example: Example) -> dict[str, Any]:
        """The inputs of an example, its files read."""
        return {**example.inputs, **{name: self.file(path).read_bytes()
                                     for name, path in example.files.items()}}

    def file(self, name: str) -> Path:
        """A file of the folder; BadFolder if it lies outside or is missing."""
        try:
            path = (self.path / name).resolve()
            if path.is_relative_to(self.path.resolve()) and path.is_file():
                return path
        except (OSError, ValueError):  # no name that a file could have
            pass
        raise BadFolder(f"{self.slug}: there is no file {name} in the folder")

    def word(self, group: str, key: str, langs: Sequence[str]) -> tuple[str, str]:
        """The words for a key in the first of `langs` that has them, then English, then any:
        (text, language). ("", "") where no language has them."""
        for lang in (*langs, "en", *self.words):
            text = self.words.get(lang, {}).get(group, {}).get(key, "")
            if text:
                return str(text), lang
        return "", ""

    def head(self, key: str) -> dict[str, str]:
        """A word outside the groups (title, does, fails, …) in every language it is there."""
        return {lang: str(words[key]) for lang, words in self.words.items() if words.get(key)}

    def recorded(self) -> dict[str, Any] | None:
        """The recorded run (`recorded/run.json`), its files read into it; None if there is none,
        or none that can be shown."""
        try:
            kept = self._with_files(json.loads(self.file("recorded/run.json").read_text("utf-8")))
            date.fromisoformat(kept["on"])
            fine = isinstance(kept["example"], str) and isinstance(kept["answer"]["parts"], list)
        except (BadFolder, KeyError, TypeError, ValueError, RecursionError):
            return None
        return dict(kept) if fine else None

    def _with_files(self, value: Any) -> Any:
        if isinstance(value, dict):
            if set(value) == {"file"}:  # a link may lead out of the folder: `file` sees that
                return self.file(f"recorded/{Path(value['file']).name}").read_bytes()
            return {key: self._with_files(each) for key, each in value.items()}
        if isinstance(value, list):
            return [self._with_files(each) for each in value]
        return value


def open_folder(path: Path) -> Folder:
    """Read an exhibit's folder. Raises BadFolder, which says what to mend in which file."""
    slug = path.name
    if not SLUG.fullmatch(slug):
        raise BadFolder(f"{slug}: name the folder with small letters, digits and _")
    if not (path / "exhibit.toml").is_file():
        raise BadFolder(f"{slug}: exhibit.toml is missing")
    facts = _toml(path / "exhibit.toml", slug)
    words = {each.stem: _toml(each, slug) for each in sorted((path / "plate").glob("*.toml"))}
    _well_worded(f"{slug}/exhibit.toml", facts)
    for lang, told in words.items():
        _well_worded(f"{slug}/plate/{lang}.toml", told)
    inline = {key: facts.pop(key) for key in ("title", "does", "fails", *GROUPS) if key in facts}
    if inline:  # a first exhibit may keep its English words in exhibit.toml
        words = {"en": {**inline, **words.get("en", {})},
                 **{lang: each for lang, each in words.items() if lang != "en"}}
    if not any(each.get("title") for each in words.values()):
        raise BadFolder(f"{slug}: give it a title in plate/en.toml")
    try:
        return Folder(
            path=path, slug=slug, words=words,
            examples=tuple(_example(each) for each in facts.pop("example", [])),
            measures=tuple(Measure(**each) for each in facts.pop("measure", [])),
            components=tuple(Component(**each) for each in facts.pop("component", [])),
            **_checked(slug, facts))
    except KeyError as missing:
        raise BadFolder(f"{slug}/exhibit.toml: {missing.args[0]} is missing") from None
    except (TypeError, ValueError, AttributeError) as wrong:
        raise BadFolder(f"{slug}/exhibit.toml: {_plainly(wrong)}") from None


def _toml(path: Path, slug: str) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        raise BadFolder(f"{slug}/{path.name}: {wrong}") from None


def _checked(slug: str, facts: dict[str, Any]) -> dict[str, Any]:
    facts.setdefault("sector", "other")
    for key, allowed in (("sector", SECTORS), ("mode", MODES), ("kind", KINDS)):
        if facts.get(key, allowed[0]) not in allowed:
            raise BadFolder(f"{slug}/exhibit.toml: {key} is one of {', '.join(allowed)}")
    for key in ("maker", "licence"):
        if not facts.get(key):
            raise BadFolder(f"{slug}/exhibit.toml: say {key} = \"…\"")
    if facts.get("kind", "seal") != "seal" and not facts.get("url"):
        raise BadFolder(f"{slug}/exhibit.toml: an exhibit that runs elsewhere needs its url")
    for key, value in facts.items():
        if key in TYPES and (not isinstance(value, TYPES[key]) or (
                isinstance(value, bool) and TYPES[key] is not bool)):
            raise BadFolder(f"{slug}/exhibit.toml: {key} = {value!r} is of the wrong kind")
        if isinstance(value, list) and not all(isinstance(each, str) for each in value):
            raise BadFolder(f"{slug}/exhibit.toml: {key} is a list of texts")
    return {key: tuple(value) if isinstance(value, list) else value
            for key, value in facts.items()}


def _example(raw: dict[str, Any]) -> Example:
    return Example(key=raw["key"], inputs=dict(raw.get("inputs", {})),
                   files=dict(raw.get("files", {})), expect=raw.get("expect", ""),
                   fails=bool(raw.get("fails", False)))


def _well_worded(where: str, told: Mapping[str, Any]) -> None:
    """Heads are texts, groups are tables of texts. Raises BadFolder."""
    for key in ("title", "does", "fails"):
        if not isinstance(told.get(key, ""), str):
            raise BadFolder(f"{where}: {key} is a text")
    for group in GROUPS:
        held = told.get(group, {})
        if not isinstance(held, dict) or not all(isinstance(text, str) for text in held.values()):
            raise BadFolder(f"{where}: [{group}] holds texts")


def _plainly(wrong: Exception) -> str:
    text = str(wrong)
    if found := re.search(r"unexpected keyword argument '(\w+)'", text):
        return f"{found[1]} is no line that an exhibit has"
    if found := re.search(r"missing .*: (.*)", text):
        return f"{found[1]} is missing"
    return text


def models_folder() -> Path:
    """Where the house's own models lie, for an exhibit whose facts say `models = true`."""
    return Path(os.environ.get("SAPHAN_MODELS", "var/models"))


def folders(root: Path) -> tuple[list[Folder], list[str]]:
    """All exhibits under `root`, and a sentence for each folder that could not be read."""
    found, problems = [], []
    for path in sorted(root.iterdir()) if root.is_dir() else []:
        if path.is_dir() and (path / "exhibit.toml").exists():
            try:
                found.append(open_folder(path))
            except BadFolder as bad:
                problems.append(str(bad))
            except OSError as closed:
                problems.append(f"{path.name}: {closed.strerror}: {closed.filename}")
    return found, problems
