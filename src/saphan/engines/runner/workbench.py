"""The exhibitor's workbench: try an exhibit, check its folder, record its run.

    python -m saphan.engines.runner check FOLDER
    python -m saphan.engines.runner try FOLDER [EXAMPLE]
    python -m saphan.engines.runner record FOLDER

Code runs here as it is, without a seal: use it on what you wrote yourself.
"""

from __future__ import annotations

import hashlib
import json
import resource
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from importlib import metadata, util
from pathlib import Path
from typing import Any

from saphan.engines.runner import inputs
from saphan.engines.runner.contract import load
from saphan.engines.runner.folder import Component, Example, Folder, open_folder
from saphan.engines.runner.refusal import COMMON, Refusal

READERS = ("zh-Hans", "zh-Hant", "en", "th", "vi", "lo", "km", "my", "id", "ms", "fil", "pt")


@dataclass(frozen=True)
class Tried:
    """An example's outcome: the answer as JSON with bytes, or the key of a refusal; CPU-seconds,
    seconds, and the process's largest resident memory in MB."""

    answer: dict[str, Any] | None
    refused: str
    cpu_s: float
    wall_s: float
    peak_mb: float

    @property
    def said(self) -> set[str]:
        """Keys of the sentences it answered with."""
        parts = self.answer["parts"] if self.answer else []
        return {part["key"] for part in parts if part["kind"] == "say"}


def try_out(folder: Folder, example: Example) -> Tried:
    """Run an example here and now, unsealed."""
    made = load(folder.path)
    given = inputs.check(made.inputs, folder.given(example))
    began, cpu = time.perf_counter(), time.process_time()
    answer, refused = None, ""
    try:
        answer = made.run(given)
    except Refusal as no:
        refused = no.key
    return Tried(answer, refused, time.process_time() - cpu, time.perf_counter() - began,
                 resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def missing_words(folder: Folder, langs: Sequence[str] = ("en",)) -> Iterator[str]:
    """A sentence for every word that a reader of one of `langs` would miss, found by looking at
    the signature, the measures and the answers of all examples."""
    made = load(folder.path)
    wanted = {("inputs", each.name) for each in made.inputs}
    wanted |= {("choices", choice) for each in made.inputs for choice in each.choices}
    wanted |= {("examples", each.key) for each in folder.examples}
    wanted |= {("labels", each.key) for each in folder.measures}
    for example in folder.examples:
        tried = try_out(folder, example)
        if tried.refused and tried.refused not in COMMON:
            wanted.add(("refusals", tried.refused))
        wanted |= set(words_of(tried.answer))
    for lang in langs:
        words = folder.words.get(lang, {})
        for head in ("title", "does", "fails"):
            if not words.get(head):
                yield f"plate/{lang}.toml: {head} is missing"
        for group, key in sorted(wanted):
            if not words.get(group, {}).get(key):
                yield f"plate/{lang}.toml: {group}.{key} is missing"


def words_of(answer: Any) -> Iterator[tuple[str, str]]:
    """The (group, key) of every word that an answer uses."""
    if isinstance(answer, dict):
        if answer.get("kind") == "say":
            yield "says", answer["key"]
        if set(answer) == {"word", "values"}:
            yield "labels", answer["word"]
        for value in answer.values():
            yield from words_of(value)
    elif isinstance(answer, list):
        for value in answer:
            yield from words_of(value)


def unlike(folder: Folder, example: Example) -> str:
    """Why an example did not come out as it should; empty when it did."""
    tried = try_out(folder, example)
    if example.expect and example.expect not in tried.said | {tried.refused}:
        return (f"{example.key}: expected {example.expect}, "
                f"got {', '.join(sorted(tried.said)) or tried.refused or 'no sentence'}")
    return ""


def component_file(folder: Folder, part: Component) -> Path | None:
    """Where a pinned file lies; None if its package is not installed."""
    if not part.package:
        return folder.path / part.file
    spec = util.find_spec(part.package)
    places = list(spec.submodule_search_locations or []) if spec else []
    return Path(places[0]) / part.file if places else None


def changed_components(folder: Folder) -> Iterator[str]:
    """A sentence for each pinned file that is missing or not what was pinned."""
    for part in folder.components:
        if not part.sha256:
            continue
        path = component_file(folder, part)
        if path is None or not path.is_file():
            yield f"{part.name}: {part.file} is not installed"
        elif hashlib.sha256(path.read_bytes()).hexdigest() != part.sha256:
            yield f"{part.name}: {part.file} is not the file that was pinned"


def record(folder: Folder) -> Path:
    """Run the first example and keep its answer as the recorded run. Returns the file written."""
    example = folder.examples[0]
    tried = try_out(folder, example)
    if tried.answer is None:
        raise SystemExit(f"the first example was refused: {tried.refused}")
    home = folder.path / "recorded"
    home.mkdir(exist_ok=True)
    for old in home.iterdir():
        old.unlink()
    kept = {"example": example.key, "on": date.today().isoformat(),
            "usage": {"cpu_s": round(tried.cpu_s, 4), "wall_s": round(tried.wall_s, 4),
                      "peak_mb": round(tried.peak_mb)},
            "answer": _without_bytes(tried.answer, home)}
    path = home / "run.json"
    path.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return path


def _without_bytes(value: Any, home: Path) -> Any:
    if isinstance(value, bytes):
        if not value:
            return ""
        name = f"{len(list(home.iterdir()))}{_suffix(value)}"
        (home / name).write_bytes(value)
        return {"file": name}
    if isinstance(value, dict):
        return {key: _without_bytes(each, home) for key, each in value.items()}
    if isinstance(value, list):
        return [_without_bytes(each, home) for each in value]
    return value


def _suffix(data: bytes) -> str:
    for start, suffix in ((b"\x89PNG", ".png"), (b"\xff\xd8", ".jpg"), (b"RIFF", ".wav")):
        if data.startswith(start):
            return ".webp" if data[8:12] == b"WEBP" else suffix
    return ".bin"


def main(words: Sequence[str]) -> int:
    """The command line. Returns the exit status."""
    if len(words) < 2 or words[0] not in ("check", "try", "record"):
        print(__doc__, file=sys.stderr)
        return 2
    folder = open_folder(Path(words[1]).resolve())
    if words[0] == "record":
        print(record(folder))
        return 0
    if words[0] == "check":
        problems = [*changed_components(folder), *missing_words(folder, words[2:] or ("en",)),
                    *filter(None, (unlike(folder, each) for each in folder.examples))]
        print("\n".join(problems) or f"{folder.slug}: all is well")
        return bool(problems)
    for example in folder.examples:
        if len(words) < 3 or example.key == words[2]:
            tried = try_out(folder, example)
            print(f"== {example.key}: {tried.cpu_s * 1000:.1f} ms CPU, "
                  f"{tried.peak_mb:.0f} MB {tried.refused}")
            print(json.dumps(tried.answer, ensure_ascii=False, indent=1,
                             default=lambda data: f"<{len(data)} bytes>"))
    return 0


def installed(modules: Sequence[str]) -> list[str]:
    """Those of `modules` that are not there, with what to install where that is known."""
    known = metadata.packages_distributions() if modules else {}
    return [", ".join(known.get(name, [name])) for name in modules if not util.find_spec(name)]


def missing_programs(names: Sequence[str]) -> list[str]:
    """Those programs that are not on this machine."""
    return [name for name in names if not shutil.which(name)]
