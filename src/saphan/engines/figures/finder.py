"""Read the figures of a text: number, unit, meaning, subject, place and period of each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Final

from saphan.engines.figures import changes, masks, periods, places, subjects, tables, units
from saphan.engines.figures.found import Found
from saphan.engines.figures.periods import Period
from saphan.engines.figures.places import Place
from saphan.engines.figures.reading import Measure, measures

_LINE: Final = re.compile(r"[^\n]+")
_LONGEST: Final = 4000
"""Characters of a paragraph that are read at once."""
_QUOTE_MOST: Final = 240
_GROUPS: Final = frozenset({"ASEAN", "EU", "035", "001"})
"""Places that count only where no other is named."""
_FUTURE: Final = {
    "zh": r"将(?!军)|预计|计划(?=到|在|于|投|新|建)|力争",
    "en": r"\bwill\b|expected to|aims? to|hopes? to|plans? to",
    "th": "จะ|ตั้งเป้า|คาดว่า", "vi": r"\bsẽ\b|dự kiến|phấn đấu", "id": r"\bakan\b|ditargetkan",
    "pt": r"\bvai\b|\bvão\b|deverá|prevê-se", "lo": "ຈະ|ຄາດວ່າ", "km": "នឹង", "ms": r"\bakan\b",
}  # fmt: skip
_DATELINE: Final = re.compile(r"(?:\d+月\d+日)?[讯电]| ?\([^)]{2,30}\) ?[-–—]| ?[-–—] ")
_DOLLAR: Final = {"TW": "TWD", "HK": "HKD", "MO": "MOP"}


_NO_THINGS: Final = frozenset({"%", "pp", "x"}) | set(tables.whole("units")["money"]) | set(
    tables.whole("units")["measure"])  # fmt: skip
_NO_CHANGE: Final = changes.Change("share")
_WEAK: Final = "(?:from|on|over|dari|จาก|sobre|mula|ຈາກ|ពី)"
_WEAKLY: Final = re.compile(rf"{_WEAK} ?(?:the |in |ปี|năm)?$")
_WEAK_START: Final = re.compile(rf"{_WEAK}[ ปn]")
_OF_IT: Final = re.compile(r"(?:de|of|from|dari|than|do que em) (?=\d{4})")
_ADJOINS: Final = re.compile(r"\s?(?:ใน|เมื่อ|ณ|ภายใน|ໃນ|在|于|នៅ|ក្នុង)?\s?")
_JOINER: Final = re.compile(r"\s?(?:和|、|及|and|và|dan|e|และ|ແລະ|និង|at|,)\s?(?:ร้อยละ)?")


@dataclass(slots=True)
class _Context:
    """What earlier paragraphs and the title leave to a later one."""

    lang: str
    house: str
    published: date | None
    home: dict[str, tuple[str, str]] = field(default_factory=dict)
    title_place: tuple[str, str] = ("", "")
    several: bool = False
    """Whether the title names places of several economies."""
    title_period: Period | None = None
    opening: tuple[str, str] = ("", "")
    """The first place of the first paragraph that names one; the last resort."""


def find(text: str, lang: str, published: date | None = None, title: str = "") -> list[Found]:
    """The figures of a text in order.

    `lang`: a language of the house; another one is read as English. `published`: the day from
    which "last year" counts. `title`: where a place and a period are looked for last.
    """
    context = _Context(tables.base(lang), _house(lang), published)
    if title:
        _read_title(title, context)
    return [one for start, part in _paragraphs(text) for one in _paragraph(part, start, context)]


def _house(lang: str) -> str:
    return "zh-Hans" if lang in ("zh", "zh-Hans") else lang


def _paragraphs(text: str) -> Iterator[tuple[int, str]]:
    """Lines with their places; an overlong one in"
    " pieces, cut behind a sentence where possible."""
    for match in _LINE.finditer(text):
        start, line = match.start(), match.group()
        while len(line) > _LONGEST:
            ends = [m.end() for m in re.finditer(r"[。！？；။។]|[.!?]\s|\s", line[:_LONGEST])]
            cut = ends[-1] if ends else _LONGEST
            yield start, line[:cut]
            start, line = start + cut, line[cut:]
        yield start, line


def _read_title(title: str, context: _Context) -> None:
    plain = tables.folded(title, context.lang)
    named = places.find(title, plain, context.lang, context.home)
    sides = [one for one in named if not one.partner]
    if sides:
        context.title_place = sides[0].name, sides[0].code
    context.several = len({one.code[:2] for one in named}) > 1
    said = [one for one in periods.find(plain, context.lang, context.published)
            if not one.against]  # fmt: skip
    context.title_period = said[0] if said else None


def _paragraph(text: str, offset: int, context: _Context) -> Iterator[Found]:
    lang = context.lang
    if not re.search(r"\d|[一二三四五六七八九十百千]", text) and lang in ("zh",):
        plain = tables.folded(text, lang)
        _remember(places.find(text, plain, lang, context.home), plain, context)
        return
    plain = tables.folded(text, lang)
    named = places.find(text, plain, lang, context.home)
    mentioned = periods.mentions(plain, lang, context.published)
    earlier = [m.span() for name in ("yoy", "qoq")
               for m in tables.pattern(lang, name).finditer(plain)]  # fmt: skip
    said = [replace(one, against=True, sure=True)
            if masks.overlaps(one.start, one.end, earlier) else one
            for one, _ in mentioned if one.iso]  # fmt: skip
    spans = [(one.start, one.end) for one, _ in mentioned]
    blocked = sorted(masks.find(plain, lang) + spans)
    known = sorted(spans + [(one.start, one.end) for one in named])
    found = measures(text, plain, lang, context.house, blocked, known)
    named = [one for one in named
             if not any(m.start <= one.start < m.end for m in found)]  # fmt: skip
    reader = _Reader(text, plain, offset, context, named, said, spans, found)
    for place in range(len(found)):
        yield reader.read(place)
    _remember(named, plain, context)


def _remember(named: list[Place], plain: str, context: _Context) -> None:
    """Where a text opens, for paragraphs that name no place. Its dateline only tells where the
    reporter sat."""
    if context.opening[1]:
        return
    for one in named:
        if not (one.partner or one.adjective or one.code in _GROUPS
                or _DATELINE.match(plain, one.end)):  # fmt: skip
            context.opening = one.name, one.code
            return


@dataclass(slots=True)
class _Reader:
    """Gives the figures of one paragraph their meaning, in order."""

    text: str
    plain: str
    offset: int
    context: _Context
    named: list[Place]
    said: list[Period]
    spans: list[tuple[int, int]]
    found: list[Measure]
    claimed: set[int] = field(default_factory=set)
    """Places of periods that stood behind a figure and belong to it."""
    passed: set[int] = field(default_factory=set)
    """Places of periods that only tell where a change began: "from 4 % in 2023"."""
    last_subject: str = ""
    last_unit: str = ""
    last_change: changes.Change = _NO_CHANGE

    def read(self, place: int) -> Found:
        one, lang = self.found[place], self.context.lang
        floor = self.found[place - 1].end if place else 0
        ceiling = self.found[place + 1].start if place + 1 < len(self.found) else len(self.plain)
        change = changes.read(self.plain, one, floor, lang)
        if place and change.kind == "share" and _joined(self.plain, self.found[place - 1], one):
            change = self.last_change
        self.last_change = change
        period = self._period(one, floor, ceiling, change.changed or one.kind == "ratio")
        where = self._place(one, floor, ceiling)
        subject, own = self._subject(one, floor)
        self.last_subject = subject or self.last_subject
        self.last_unit = self._bettered(one, where, subject, own)
        against = self._against(one, floor, ceiling, change)
        sign = -1 if change.falls else 1
        quote = self._quote(one, floor)
        iso = period.iso if period else ""
        value, high = sign * one.number.value, sign * one.high if one.high is not None else None
        if high is not None and sign < 0:
            value, high = high, value
        return Found(
            value=_plain(value), high=_plain(high) if high is not None else None,
            unit=self.last_unit, kind=change.kind, relation=one.relation,
            scale=one.number.scale, decimals=one.number.decimals, subject=subject,
            place=where[0], place_code=where[1], period=iso,
            as_of=period.last if period and period.as_of else None,
            compared_with=_dated(against, iso),
            start=self.offset + one.start, end=self.offset + one.end,
            quote_start=self.offset + quote[0], quote_end=self.offset + quote[1],
        )  # fmt: skip

    def _unit(self, one: Measure, where: tuple[str, str]) -> str:
        """元 of traditional Chinese is the dollar or pataca of the place."""
        if one.unit == "CNY" and self.context.house == "zh-Hant":
            written = self.text[one.start : one.end]
            if re.search("人民幣|人民币|RMB", written) is None:
                return _DOLLAR.get(where[1][:2], "CNY")
        return one.unit

    def _period(self, one: Measure, floor: int, ceiling: int, changed: bool) -> Period | None:
        lang, plain = self.context.lang, self.plain
        sentence = subjects.sentence_of(plain, one.start, lang)
        clause = subjects.clause_of(plain, one.start, lang)
        usual = [p for p in self.said if not self._is_against(p, changed)]
        inside = [p for p in usual if floor <= p.start and p.end <= one.start
                  and p.start not in self.claimed]  # fmt: skip
        near = [p for p in inside if p.start >= clause[0]]
        behind = [p for p in usual if one.end <= p.start < min(ceiling, clause[1])]
        if near:
            return near[-1]
        if behind and one.kind == "ratio":
            behind = []
        if behind and (lang in tables.SPACED or _ADJOINS.fullmatch(
                plain, one.end, behind[0].start)):  # fmt: skip
            self.claimed.add(behind[0].start)
            if changes.FROM.search(plain, max(0, one.start - 12), one.start):
                self.passed.add(behind[0].start)
            return behind[0]
        earlier = [p for p in usual if sentence[0] <= p.start and p.end <= one.start]
        free = [p for p in earlier if p.start not in self.claimed] or earlier
        if free:
            return free[-1]
        later = [p for p in usual if one.end <= p.start < min(ceiling, sentence[1])
                 and not _OF_IT.match(plain, p.start)]  # fmt: skip
        if later and lang in tables.SPACED:
            return later[0]
        future = _FUTURE.get(lang)
        if future and re.search(future, plain[sentence[0] : sentence[1]]) and lang not in (
                "th", "lo"):  # fmt: skip
            return None
        before = [p for p in usual if p.end <= sentence[0]]
        before = [p for p in before if not p.against and not p.now and self._is_past(p)]
        before = [p for p in before
                  if p.start not in self.passed and not _OF_IT.match(plain, p.start)]  # fmt: skip
        if not before:
            return self.context.title_period
        last = subjects.sentence_of(plain, before[-1].start, lang)[0]
        return max((p for p in before if p.start >= last), key=lambda p: p.last or date.min)

    def _is_past(self, period: Period) -> bool:
        begins = next(periods.ends(period.iso), None)
        day = self.context.published
        return not (begins and day) or begins <= day

    def _is_against(self, period: Period, changed: bool) -> bool:
        if not period.against or period.sure:
            return period.against
        window = self.plain[max(0, period.start - 8) : period.start]
        return changed or not (
            _WEAKLY.search(window) or _WEAK_START.match(self.plain, period.start, period.end))

    def _against(
        self, one: Measure, floor: int, ceiling: int, change: changes.Change
    ) -> str:
        """What a change is measured against: a period, or -P1Y and -P1 until it is known."""
        if not (change.changed or change.kind in ("change", "points", "ratio")):
            return ""
        lang = self.context.lang
        sentence = subjects.sentence_of(self.plain, one.start, lang)
        start, end = max(floor, sentence[0]), min(ceiling, sentence[1])
        stretch = self.plain[start:end]
        if tables.pattern(lang, "yoy").search(stretch):
            return "-P1Y"
        if tables.pattern(lang, "qoq").search(stretch):
            return "-P1"
        said = [p for p in self.said if p.against and start <= p.start < end]
        return said[0].iso if said else ""

    def _place(self, one: Measure, floor: int, ceiling: int) -> tuple[str, str]:
        lang = self.context.lang
        sentence = subjects.sentence_of(self.plain, one.start, lang)
        clause = subjects.clause_of(self.plain, one.start, lang)
        usual = [p for p in self.named if not p.partner]
        usual = [p for p in usual if p.code not in _GROUPS] or usual
        firm = [p for p in usual if not p.adjective]
        if firm or self.context.title_place[1]:
            usual = firm
        near = [p for p in usual if max(floor, clause[0]) <= p.start < one.start]
        behind = [p for p in usual if one.end <= p.start < min(ceiling, clause[1])]
        earlier = [p for p in usual if sentence[0] <= p.start < one.start]
        later = [p for p in usual if one.end <= p.start < min(ceiling, sentence[1])]
        before = [p for p in usual if p.end <= sentence[0]]
        order = [(near, -1), (behind, 0), (earlier, -1), (later, 0), (before, -1)]
        if lang in ("th", "lo"):
            order[1], order[2] = order[2], order[1]
        for some, which in order:
            if some:
                one_place = self._at_home(some[which], some) if some is before else some[which]
                return one_place.name, one_place.code
        return self.context.title_place if self.context.title_place[1] else self.context.opening

    def _at_home(self, last: Place, some: list[Place]) -> Place:
        """Of places named earlier the last of the economy that the text is about."""
        about = self.context.title_place[1]
        if not about or self.context.several:
            return last
        same = [p for p in some if p.code[:2] == about[:2]]
        return same[-1] if same else last

    def _bettered(self, one: Measure, where: tuple[str, str], subject: str, own: bool) -> str:
        """The unit of a figure; a guess takes the thing that its subject names, or that of the
        figure before it whose subject it shares."""
        if not one.weak:
            return self._unit(one, where)
        lang = self.context.lang
        rate = one.unit.partition("/")[2]
        if own and lang in tables.HEAD_FIRST:
            found = units.nouns(tables.folded(subject, lang), lang)
            if found and (found[0][1] <= 2 or lang == "my"):
                return "/".join(filter(None, (found[0 if lang != "my" else -1][0], rate)))
        if not own and self.last_unit and self.last_unit not in _NO_THINGS:
            return self.last_unit
        return one.unit

    def _subject(self, one: Measure, floor: int) -> tuple[str, bool]:
        """The words, and whether they are the figure's"
        " own rather than those of the one before."""
        found = subjects.subject(
            self.plain, one, self.context.lang, floor, self.last_subject, self.spans,
            [(p.start, p.end) for p in self.named if not p.adjective],
        )
        if isinstance(found, str):
            return found, False
        noun = self._counted_noun(one)
        if noun and noun not in self.plain[found[0] : found[1]]:
            return noun, True
        return re.sub(r"\s+", " ", self.text[found[0] : found[1]]).strip(), True

    def _counted_noun(self, one: Measure) -> str:
        """The noun behind a number in languages that put classifiers there: 45 จังหวัด."""
        if self.context.lang not in tables.HEAD_FIRST or one.weak or one.kind != "amount":
            return ""
        behind = self.plain[one.number.end : one.end].strip()
        found = units.nouns(behind, self.context.lang)
        return behind if found and found[0][1:] == (0, len(behind)) and len(behind) > 4 else ""

    def _quote(self, one: Measure, floor: int) -> tuple[int, int]:
        """The sentence around a figure, cut to what a reader can take in."""
        start, end = subjects.sentence_of(self.plain, one.start, self.context.lang)
        if end - start > _QUOTE_MOST:
            start = max(start, one.start - _QUOTE_MOST // 2)
            end = min(end, max(one.end, start + _QUOTE_MOST))
            start = self._word_start(start, one.start)
        stretch = self.text[start:end]
        start += len(stretch) - len(stretch.lstrip())
        return start, start + len(stretch.strip())

    def _word_start(self, start: int, most: int) -> int:
        space = self.text.find(" ", start, most)
        return space + 1 if 0 <= space - start < 20 and start else start


def _joined(plain: str, first: Measure, second: Measure) -> bool:
    """Whether two shares stand in one list: 分别增长8.2%和11.5%."""
    return first.unit == second.unit == "%" and bool(
        _JOINER.fullmatch(plain, first.end, second.start))


def _dated(against: str, iso: str) -> str:
    """"A year earlier" and "the period before" as periods where the figure's own is known."""
    before = {"-P1Y": periods.year_before, "-P1": periods.one_before}.get(against)
    return before(iso) or against if before else against


def _plain(value: Decimal) -> Decimal:
    """Without an exponent and without zeros behind the decimal sign that scales left."""
    whole = value.to_integral_value()
    return Decimal(int(whole)) if value == whole else value.normalize()
