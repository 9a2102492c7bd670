"""Observations as pages, feeds and reports show them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from saphan.design import charts, formats
from saphan.design.timeline import Point, timeline
from saphan.ground.text import Reading
from saphan.rooms.observatory import units
from saphan.rooms.observatory.comparing import Difference
from saphan.rooms.observatory.models import Indicator, Observation
from saphan.rooms.observatory.vocabulary import Kind, Relation


@dataclass(frozen=True)
class Row:
    """One observation in the reader's words. `place` is empty where the source names none."""

    observation: Observation
    said: str
    place: str
    place_lang: str
    differs: bool = False

    @property
    def when(self) -> str:
        return formats.period(self.observation.period)

    @property
    def url(self) -> str:
        return self.observation.get_absolute_url()

    @property
    def asides(self) -> list[Reading]:
        """What exactly is counted, and what a reader should know of it. Read only where they are
        shown: a chart does without."""
        return [words.best() for words in (self.observation.subject, self.observation.note)
                if words]


def said(one: Observation) -> str:
    return units.said(one.value, one.unit, one.relation, one.high)


def exactly(one: Observation) -> str:
    """The value in all its digits; of a range both ends."""
    digits = [formats.number(value.normalize() + 0) for value in (one.value, one.high)
              if value is not None]
    return " – ".join(digits)


def rows(found: Iterable[Observation], disagreeing: Iterable[Difference] = ()) -> list[Row]:
    disputed = {one.pk for difference in disagreeing for one in difference.observations}
    shown = []
    for one in found:
        words = one.place_words.best() if one.place_words else None
        shown.append(Row(one, said(one), words.text if words else one.place_said,
                         words.lang if words else one.quote_lang, one.pk in disputed))
    return shown


@dataclass(frozen=True)
class Told:
    """A disagreement in words: what differs by how much, and who says what."""

    rows: tuple[Row, ...]
    gap: str
    share: str

    @property
    def head(self) -> Row:
        return self.rows[0]


def told(difference: Difference) -> Told:
    share = difference.share
    kind = difference.observations[0].indicator.kind
    # Between two per cents the gap is one of points, and a share of a share would confuse.
    points = difference.unit == "%"
    return Told(tuple(rows(difference.observations, [difference])),
                units.number(difference.gap, "pp" if points else difference.unit),
                "" if share is None or points or kind in (Kind.SHARE, Kind.CHANGE)
                else formats.number(round(share * 100, 1), unit="%"))


def picture(of: Indicator, found: Sequence[Observation],
            disagreeing: Iterable[Difference] = ()) -> SafeString:
    """Over time where there are several periods; else by place; nothing for a single number."""
    shown = rows(found, disagreeing)
    shown = [row for row in shown if units.base(row.observation.value, row.observation.unit)[1]
             == units.base(Decimal(1), of.unit)[1]]
    title = str(of.name)
    if len({(row.observation.begins, row.observation.ends) for row in shown}) > 1:
        return timeline([_point(row, of.unit) for row in shown], title=title,
                        show=lambda value: _beside_the_axis(Decimal(str(value)), of.unit),
                        zero=of.kind in (Kind.COUNT, Kind.AMOUNT, Kind.CHANGE))
    if len({row.place for row in shown}) > 1:
        unit = of.unit if of.unit in units.MEASURES else ""
        return charts.bars([charts.Bar(row.place or str(_("Without a place")),
                                       float(_in(row.observation.value, row.observation, of.unit)),
                                       row.url) for row in shown], title=title, unit=unit)
    return SafeString("")


def _beside_the_axis(value: Decimal, unit: str) -> str:
    """A number as short as it can be; units that are words stand above the picture."""
    return formats.large(value) if unit in units.WORDED else units.number(value, unit)


def _in(value: Decimal, one: Observation, unit: str) -> Decimal:
    """The value in the unit of its indicator."""
    return units.base(value, one.unit)[0] / units.base(Decimal(1), unit)[0]


def _point(row: Row, unit: str) -> Point:
    one = row.observation
    ways: dict[Any, str] = {Relation.MORE: "up", Relation.AT_LEAST: "up", Relation.LESS: "down",
                            Relation.AT_MOST: "down"}
    return Point(one.begins, one.ends, float(_in(one.value, one, unit)), row.said, row.when,
                 row.place, one.source, row.url,
                 None if one.high is None else float(_in(one.high, one, unit)),
                 ways.get(one.relation, ""), row.differs)


def said_of(values: dict[str, Any]) -> str:
    """The same of values that are not kept yet."""
    return units.said(values["value"], values["unit"], values["relation"], values["high"])
