"""Whether a figure is a state or a change, and whether it went up or down."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from saphan.engines.figures import subjects, tables
from saphan.engines.figures.reading import Measure

FROM: Final = re.compile(r"(?:from|dari|daripada|จาก|từ|de|mula sa|ຈາກ|ពី|从|由)[\s\u00a0]?$")


@dataclass(frozen=True, slots=True)
class Change:
    """`kind`: as in `Found`; `changed`: words of growth or fall go with the figure."""

    kind: str
    falls: bool = False
    changed: bool = False


def read(plain: str, one: Measure, floor: int, lang: str) -> Change:
    """The kind of a figure. `floor`: where the figure before it ends."""
    clause = subjects.clause_of(plain, one.start, lang)
    if lang in ("th", "lo"):
        clause = max(clause[0], one.start - 60), clause[1]
    start = max(floor, clause[0])
    moved, falls, place, rate = _last_move(plain, start, one.start, lang)
    behind = _move_behind(plain, one, lang)
    if one.kind in ("share", "ratio"):
        if behind is not None:
            return Change("change" if one.kind == "share" else "ratio", behind, True)
        between = plain[place : one.start]
        level = moved and not rate and (
            tables.pattern(lang, "level").search(between) or FROM.search(between))
        if moved and not level and not _cut_off(between, lang):
            return Change("change" if one.kind == "share" else "ratio", falls, True)
        return Change(one.kind, False, moved)
    if one.kind == "points":
        return Change("points", bool(behind) if behind is not None else moved and falls, True)
    adjacent = _by(lang).search(plain[max(0, one.start - 30) : one.start])
    if adjacent:
        return Change("change", bool(adjacent["fall"] or adjacent.groupdict().get("less")), True)
    return Change(one.kind, False, moved)


def _last_move(plain: str, start: int, end: int, lang: str) -> tuple[bool, bool, int, bool]:
    """The last word of growth or fall in a stretch: whether there is one, whether it falls, where
    it ends, and whether it is a rate ("growth") rather than a verb."""
    best: tuple[int, int, bool, bool] | None = None
    for name, falls in (("grow", False), ("fall", True)):
        for match in tables.pattern(lang, name).finditer(plain, start, end):
            if best is None or match.end() > best[0]:
                best = (match.end(), match.start(), falls, False)
    for match in tables.pattern(lang, "rate").finditer(plain, start, end):
        if best is None or match.end() >= best[0]:
            falls = bool(tables.pattern(lang, "fall").search(match.group())) or bool(
                re.search("降|跌|queda|redução|penurunan|pagbaba|ကျ|giảm", match.group()))
            best = (match.end(), match.start(), falls, True)
    if best is None:
        return False, False, start, False
    return True, best[2], best[0], best[3]


def _move_behind(plain: str, one: Measure, lang: str) -> bool | None:
    """Whether a word right behind says that it fell; None where there is none."""
    for name, falls in (("fall_after", True), ("grow_after", False)):
        if tables.pattern(lang, name, r"[\s\u00a0]?").match(plain, one.end):
            return falls
    return None


def _cut_off(between: str, lang: str) -> bool:
    """Whether something that tells of a share stands between the growth and the figure."""
    return bool(re.search(
        "占|比重|account|make up|made up|คิดเป็น|สัดส่วน|chiếm|menyumbang|mencakup|representa"
        "|ກວມ|bumubuo|ស្មើនឹង", between))  # fmt: skip


@cache
def _by(lang: str) -> re.Pattern[str]:
    by = tables.table("words", lang).get("by", "")
    relations = "|".join(tables.words(lang, name) for name in
                         ("over", "atleast", "about", "nearly", "under"))  # fmt: skip
    more = r"|(?:比|较)[^，。]{1,14}?(?:多|(?P<less>少))出?了?$" if lang == "zh" else ""
    return re.compile(
        rf"(?:{tables.words(lang, 'grow')}|(?P<fall>{tables.words(lang, 'fall')})){by}"
        rf"[\s\u00a0]?(?:{relations})?[\s\u00a0]?$" + more
    )
