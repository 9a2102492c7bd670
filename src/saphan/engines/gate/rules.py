"""Rules as data: one TOML file each, in `data/`.

    name, severity, method, fields     see README.md
    [words]    language = list of regular expressions for folded text (`reading.Reading.folded`)
    [unless]   language = the same; a match inside one of these is none
    [shapes]   like words, for every language and on the plain text (`reading.Reading.plain`)
    [settings] what else the method needs
    [bad], [better]  language = an example; the tests hold every rule to them
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Final, get_args

from saphan.engines.gate.records import Severity
from saphan.engines.language.normalise import fold

DATA: Final = Path(__file__).parent / "data"
SHARED: Final = "any"
"""The key of patterns that hold for every language."""
UNSPACED: Final = frozenset({"zh-Hans", "zh-Hant", "th", "lo", "km", "my", "ta"})
_JOINED: Final = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3400-\u9fff"
_GAP: Final = re.compile(f"(?<=[{_JOINED}]) +(?=[{_JOINED}])")


class BadRule(ValueError):
    """A file in `data/` that is no rule; says which and why."""


@dataclass(frozen=True)
class Rule:
    """One rule. `fields`: where it looks; empty means everywhere."""

    name: str
    severity: Severity
    method: str
    fields: tuple[str, ...] = ()
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unless: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    shapes: tuple[str, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    bad: Mapping[str, str] = field(default_factory=dict)
    better: Mapping[str, str] = field(default_factory=dict)

    def looks_at(self, field: str) -> bool:
        return not self.fields or field in self.fields

    @cached_property
    def _patterns(self) -> dict[str, re.Pattern[str]]:
        return {lang: _compiled(lang, found) for lang, found in self.words.items() if found}

    @cached_property
    def _exceptions(self) -> dict[str, re.Pattern[str]]:
        return {lang: _compiled(lang, found) for lang, found in self.unless.items() if found}

    @cached_property
    def shape(self) -> re.Pattern[str] | None:
        """The shapes in one pattern, without regard to case and line by line."""
        return re.compile("|".join(self.shapes), re.MULTILINE) if self.shapes else None

    def patterns(self, langs: frozenset[str]) -> list[re.Pattern[str]]:
        """The words of these languages and those of every language."""
        return [found for lang, found in self._patterns.items() if lang in langs or lang == SHARED]

    def exceptions(self, langs: frozenset[str]) -> list[re.Pattern[str]]:
        return [found for lang, found in self._exceptions.items()
                if lang in langs or lang == SHARED]


def _compiled(lang: str, patterns: tuple[str, ...]) -> re.Pattern[str]:
    joined = "|".join(_GAP.sub("", fold(pattern)) for pattern in patterns)
    if lang in UNSPACED:
        return re.compile(joined)
    return re.compile(rf"(?<![^\W_])(?:{joined})(?![^\W_])")


@lru_cache(maxsize=1)
def rules() -> dict[str, Rule]:
    """All rules by name, the gravest first. Raises BadRule."""
    found = [read(path) for path in sorted(DATA.glob("*.toml"))]
    order = get_args(Severity)
    found.sort(key=lambda rule: (order.index(rule.severity), rule.name))
    return {rule.name: rule for rule in found}


def read(path: Path) -> Rule:
    """The rule of a file; its name is the file's. Raises BadRule."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        severity = raw["severity"]
        if severity not in get_args(Severity):
            raise ValueError(f"no severity: {severity}")
        rule = Rule(path.stem, severity, raw["method"], tuple(raw.get("fields", ())),
                    _lists(raw.get("words", {})), _lists(raw.get("unless", {})),
                    tuple(raw.get("shapes", ())), raw.get("settings", {}),
                    raw.get("bad", {}), raw.get("better", {}))
        # Compiled here, so that a broken pattern is named at once and not in the middle of a page.
        _ = rule._patterns, rule._exceptions, rule.shape
    except (KeyError, ValueError, re.error) as error:
        raise BadRule(f"{path.name}: {error}") from error
    return rule


def _lists(table: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {lang: tuple(found) for lang, found in table.items()}
