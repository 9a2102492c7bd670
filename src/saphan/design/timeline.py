"""Published values over time, drawn on the server: each as long as its period and as high as its
range, with an open end where the source says “more than”, and marked where sources disagree.

Plain functions from numbers to markup, like `charts`. The table beside the picture holds every
value in words, with its link.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from unicodedata import category, east_asian_width

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from saphan.design import formats
from saphan.design.charts import ticks

SERIES_AT_MOST = 6
_RIGHT, _TOP, _BOTTOM = 16, 14, 28
_LETTER, _LEFT_AT_LEAST, _LEFT_AT_MOST = 9, 56, 220
"""Width of a letter beside the axis, as wide as on a phone, and the room that labels get."""


@dataclass(frozen=True)
class Point:
    """A value for a period. `series` is what tells lines apart (a place); `high` the other end of a
    range; `open` is "up" for “more than”, "down" for “less than”; `said` the value in words, `when`
    the period, `by` the source."""

    begins: date
    ends: date
    value: float
    said: str
    when: str
    series: str = ""
    by: str = ""
    url: str = ""
    high: float | None = None
    open: str = ""
    differs: bool = False


def timeline(points: Sequence[Point], *, title: str, show: Callable[[float], str] | None = None,
             zero: bool = True, width: int = 640, height: int = 280) -> SafeString:
    """A chart of at most six series with its table; empty without points. `show` writes the numbers
    beside the axis; `zero`: whether the axis begins at zero."""
    if not points:
        return SafeString("")
    names = list(dict.fromkeys(point.series for point in points))[:SERIES_AT_MOST]
    drawn = sorted((point for point in points if point.series in names),
                   key=lambda point: (point.begins, point.ends))
    values = [value for point in drawn for value in (point.value, point.high) if value is not None]
    low, high = min(values), max(values)
    scale = ticks(min(0.0, low) if zero else low, max(high, 0.0) if zero else high)
    first, last = min(point.begins for point in drawn), max(point.ends for point in drawn)
    days = max(1, (last - first).days)

    labels = [(show or formats.number)(tick) for tick in scale]
    edge = min(_LEFT_AT_MOST, max(_LEFT_AT_LEAST, 14 + _LETTER * max(map(_letters, labels))))

    def x(day: date) -> float:
        return round(edge + (width - edge - _RIGHT) * (day - first).days / days, 1)

    def y(value: float) -> float:
        share = (value - scale[0]) / (scale[-1] - scale[0])
        return round(_TOP + (height - _TOP - _BOTTOM) * (1 - share), 1)

    grid = format_html_join("", '<line x1="{}" x2="{}" y1="{}" y2="{}"></line>'
                                '<text x="{}" y="{}" text-anchor="end">{}</text>', (
        (edge, width - _RIGHT, y(tick), y(tick), edge - 8, y(tick) + 4, label)
        for tick, label in zip(scale, labels, strict=True)))
    ends = format_html('<text x="{}" y="{}">{}</text><text x="{}" y="{}" text-anchor="end">{}'
                       "</text>", edge, height - 8, formats.day(f"{first:%Y}"), width - _RIGHT,
                       height - 8, formats.day(f"{last:%Y}") if last.year != first.year else "")
    marks = format_html_join("", "{}", ((_mark(point, names.index(point.series), x, y),)
                                        for point in drawn))
    return format_html(
        '<figure class="chart chart-line chart-lines chart-time"><figcaption>{}</figcaption>'
        '<svg viewBox="0 0 {} {}" aria-hidden="true"><g class="grid">{}{}</g>{}{}</svg>{}{}'
        "</figure>", title, width, height, grid, ends, _paths(drawn, names, x, y), marks,
        _legend(names, any(point.differs for point in drawn)), _table(points, title, len(names)))


def _letters(label: str) -> int:
    """How wide a label is, in Latin letters: Chinese, Burmese and Khmer are wider, marks above take
    no room."""
    return sum(0 if category(each) == "Mn" else 2 if east_asian_width(each) in "WF"
               or "\u1000" <= each < "\u10a0" or "\u1780" <= each < "\u1800" else 1
               for each in label)


def _middle(point: Point, x: Callable[[date], float]) -> float:
    return round((x(point.begins) + x(point.ends)) / 2, 1)


def _mark(point: Point, number: int, x: Callable[[date], float],
          y: Callable[[float], float]) -> SafeString:
    """The period as a bar, the range as a pole, the value as a dot; a square where sources
    disagree, an arrow where the source leaves an end open."""
    left, right, middle, level = x(point.begins), x(point.ends), _middle(point, x), y(point.value)
    parts = [format_html('<line class="line-{} span" x1="{}" x2="{}" y1="{}" y2="{}"></line>',
                         number, left, right, level, level)] if right - left > 10 else []
    if point.high is not None:
        parts.append(format_html('<line class="line-{} pole" x1="{}" x2="{}" y1="{}" y2="{}">'
                                 "</line>", number, middle, middle, level, y(point.high)))
    if point.open:
        tip = level - 16 if point.open == "up" else level + 16
        foot = tip + (5 if point.open == "up" else -5)
        parts.append(format_html('<polyline class="line-{} arrow" points="{},{} {},{} {},{} {},{} '
                                 '{},{}"></polyline>', number, middle, level, middle, tip,
                                 middle - 4, foot, middle, tip, middle + 4, foot))
    if point.differs:
        parts.append(format_html('<rect class="line-{} differs" x="{}" y="{}" width="9" height="9">'
                                 "</rect>", number, middle - 4.5, level - 4.5))
    else:
        parts.append(format_html('<circle class="line-{}" cx="{}" cy="{}" r="4"></circle>', number,
                                 middle, level))
    return SafeString("".join(parts))


def _paths(drawn: Sequence[Point], names: Sequence[str], x: Callable[[date], float],
           y: Callable[[float], float]) -> SafeString:
    """From period to period; where sources disagree the line goes on from the first of them."""
    found = []
    for number, name in enumerate(names):
        steps = {(point.begins, point.ends): point for point in reversed(drawn)
                 if point.series == name}
        if len(steps) > 1:
            found.append((number, " ".join(f"{_middle(point, x)},{y(point.value)}"
                                           for _period, point in sorted(steps.items()))))
    return format_html_join("", '<polyline class="line-{}" points="{}"></polyline>', found)


def _legend(names: Sequence[str], disputed: bool) -> SafeString:
    entries = [format_html('<li><svg viewBox="0 0 32 8" aria-hidden="true"><line class="line-{}" '
                           'x1="0" x2="32" y1="4" y2="4"></line></svg>{}</li>', number, name)
               for number, name in enumerate(names) if name and len(names) > 1]
    if disputed:
        entries.append(format_html('<li><svg viewBox="0 0 32 10" aria-hidden="true"><rect class='
                                   '"line-0 differs" x="12" y="0.5" width="9" height="9"></rect>'
                                   "</svg>{}</li>", _("Sources disagree")))
    return format_html('<ul class="legend">{}</ul>', SafeString("".join(entries))) \
        if entries else SafeString("")


def _table(points: Sequence[Point], title: str, many: int) -> SafeString:
    columns = [(_("Period"), lambda point: point.when), *([(_("Place"), lambda point: point.series)]
               if many > 1 else []), (_("Source"), lambda point: point.by)]
    head = format_html_join("", '<th scope="col">{}</th>', (
        (name,) for name in (*(label for label, _get in columns), _("Value"))))
    rows = format_html_join("", "<tr>{}{}</tr>", (
        (format_html_join("", "<td>{}</td>", ((get(point),) for _label, get in columns)),
         format_html('<td class="value">{}</td>', format_html(
             '<a href="{}">{}</a>', point.url, point.said) if point.url else point.said))
        for point in points))
    return format_html('<details><summary>{}</summary><div class="scroll" tabindex="0"><table>'
                       "<caption>{}</caption><thead><tr>{}</tr></thead><tbody>{}</tbody></table>"
                       "</div></details>", _("The numbers"), title, head, rows)
