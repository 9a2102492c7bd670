"""Charts drawn on the server: SVG beside the table it shows. Nothing here needs a browser's script,
and a reader who hears the page gets every number.

Plain functions from numbers to markup; labels are escaped. Colour comes from the wing of the
surrounding page (`data-wing`), never alone: each bar carries its number.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from saphan.design import formats


@dataclass(frozen=True)
class Bar:
    """One row of a bar chart. `url` opens what the number counts."""

    label: str
    value: float
    url: str = ""


def _bars(rows: Sequence[Any]) -> list[Bar]:
    return [row if isinstance(row, Bar) else Bar(*row) for row in rows]


def bars(rows: Sequence[Any], *, title: str, unit: str = "",
         top: float | None = None) -> SafeString:
    """Horizontal bars in a table: label, bar, number. `rows`: `Bar` or (label, value[, url]).
    `top`: the value of a full bar (default: the largest). Negative values are drawn as nothing."""
    found = _bars(rows)
    if not found:
        return SafeString("")
    full = top if top is not None else max(row.value for row in found)
    body = format_html_join("", '<tr><th scope="row">{}</th><td class="bar">{}</td>'
                                '<td class="value">{}</td></tr>',
                            ((_linked(row), _bar(row.value, full),
                              formats.number(row.value, unit=unit)) for row in found))
    return format_html('<table class="chart chart-bars"><caption>{}</caption>'
                       "<tbody>{}</tbody></table>", title, body)


def _linked(row: Bar) -> Any:
    return format_html('<a href="{}">{}</a>', row.url, row.label) if row.url else row.label


def _bar(value: float, full: float) -> SafeString:
    width = round(100 * max(0.0, min(1.0, value / full)), 2) if full > 0 else 0
    return format_html('<svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
                       '<rect width="{}" height="10"></rect></svg>', f"{width:g}")


def ticks(low: float, high: float, *, wanted: int = 4) -> list[float]:
    """Round numbers from at most `low` to at least `high`, about `wanted` steps apart."""
    if high <= low:
        high = low + 1
    rough = (high - low) / max(1, wanted)
    magnitude = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * magnitude for factor in (1, 2, 2.5, 5, 10) if factor * magnitude >= rough)
    first = math.floor(low / step)
    last = math.ceil(high / step)
    return [round(index * step, 10) for index in range(first, last + 1)]


def line(points: Sequence[tuple[str, float | None]], *, title: str, unit: str = "",
         width: int = 640, height: int = 240) -> SafeString:
    """A line over an ordered axis of labels (ISO dates are put in the reader's words); None is a
    gap. The vertical axis starts at zero unless a value is below. The table is in a disclosure."""
    known = [value for _label, value in points if value is not None]
    if not known:
        return SafeString("")
    scale = ticks(min(0.0, *known), max(known))
    left, right, top, bottom = 64, 16, 12, 28
    span_x, span_y = width - left - right, height - top - bottom

    def x(index: int) -> float:
        share = index / (len(points) - 1) if len(points) > 1 else 0.5
        return round(left + span_x * share, 1)

    def y(value: float) -> float:
        return round(top + span_y * (1 - (value - scale[0]) / (scale[-1] - scale[0])), 1)

    grid = format_html_join("", '<line x1="{}" x2="{}" y1="{}" y2="{}"></line>'
                                '<text x="{}" y="{}" text-anchor="end">{}</text>',
                            ((left, width - right, y(tick), y(tick), left - 8, y(tick) + 4,
                              formats.number(tick, unit=unit)) for tick in scale))
    labels = [formats.day(label) if label[:4].isdigit() else label for label, _value in points]
    ends = format_html('<text x="{}" y="{}">{}</text>'
                       '<text x="{}" y="{}" text-anchor="end">{}</text>',
                       left, height - 8, labels[0], width - right, height - 8, labels[-1])
    paths = format_html_join("", '<polyline points="{}"></polyline>', (
        (" ".join(f"{x(index)},{y(value)}" for index, value in run),) for run in _runs(points)))
    dots = format_html_join("", '<circle cx="{}" cy="{}" r="4"></circle>', (
        (x(index), y(value)) for index, (_label, value) in enumerate(points) if value is not None))
    rows = format_html_join("", '<tr><th scope="row">{}</th><td class="value">{}</td></tr>', (
        (label, "–" if value is None else formats.number(value, unit=unit))
        for label, (_l, value) in zip(labels, points, strict=True)))
    return format_html(
        '<figure class="chart chart-line"><figcaption>{}</figcaption>'
        '<svg viewBox="0 0 {} {}" aria-hidden="true"><g class="grid">{}{}</g>{}{}</svg>'
        "<details><summary>{}</summary><table><caption>{}</caption><tbody>{}</tbody></table>"
        "</details></figure>",
        title, width, height, grid, ends, paths, dots, _("The numbers"), title, rows)


def lines(x: Sequence[str], series: Sequence[tuple[str, Sequence[float | None]]], *, title: str,
          unit: str = "", width: int = 640, height: int = 260) -> SafeString:
    """Several lines over one ordered axis, told apart by their dashes and named in a legend; the
    axis starts at zero unless values are far from it. The table is in a disclosure. At most 6."""
    series = [(name, list(values)[:len(x)]) for name, values in series[:6]]
    known = [value for _name, values in series for value in values if value is not None]
    if not known:
        return SafeString("")
    low, high = min(known), max(known)
    scale = ticks(low if low < 0 or low > 0.6 * high else 0.0, high)
    left, right, top, bottom = 64, 16, 12, 28
    span_x, span_y = width - left - right, height - top - bottom

    def place(index: int, value: float) -> str:
        across = index / (len(x) - 1) if len(x) > 1 else 0.5
        up = (value - scale[0]) / (scale[-1] - scale[0])
        return f"{left + span_x * across:.1f},{top + span_y * (1 - up):.1f}"

    grid = format_html_join("", '<line x1="{}" x2="{}" y1="{}" y2="{}"></line>'
                                '<text x="{}" y="{}" text-anchor="end">{}</text>',
                            ((left, width - right, at, at, left - 8, at + 4,
                              formats.number(tick, unit="%" if unit == "%" else ""))
                             for tick, at in ((tick, round(top + span_y * (
                                 1 - (tick - scale[0]) / (scale[-1] - scale[0])), 1))
                                 for tick in scale)))
    paths = format_html_join("", '<polyline class="line-{}" points="{}"></polyline>', (
        (number, " ".join(place(index, value) for index, value in run))
        for number, (_name, values) in enumerate(series)
        for run in _runs([("", value) for value in values])))
    dots = format_html_join("", '<circle class="line-{}" cx="{}" cy="{}" r="4"></circle>', (
        (number, *place(*run[0]).split(","))
        for number, (_name, values) in enumerate(series)
        for run in _runs([("", value) for value in values]) if len(run) == 1))
    names = [formats.day(label) if re.fullmatch(r"\d{4}-\d\d(-\d\d)?", label) else label
             for label in x]
    ends = format_html('<text x="{}" y="{}">{}</text><text x="{}" y="{}" text-anchor="end">{}'
                       "</text>", left, height - 8, names[0], width - right, height - 8, names[-1])
    legend = format_html_join("", '<li><svg viewBox="0 0 32 8" aria-hidden="true"><line class='
                                  '"line-{}" x1="0" x2="32" y1="4" y2="4"></line></svg>{}</li>',
                              ((number, name) for number, (name, _values) in enumerate(series)))
    head = format_html_join("", '<th scope="col">{}</th>', ((name,) for name, _values in series))
    cells = [[values[index] if index < len(values) else None for _name, values in series]
             for index in range(len(names))]
    rows = format_html_join("", '<tr><th scope="row">{}</th>{}</tr>', (
        (name, format_html_join("", '<td class="value">{}</td>', (
            ("–" if value is None else formats.measure(value),) for value in row)))
        for name, row in zip(names, cells, strict=True)))
    return format_html(
        '<figure class="chart chart-line chart-lines"><figcaption>{}{}</figcaption>'
        '<svg viewBox="0 0 {} {}" aria-hidden="true"><g class="grid">{}{}</g>{}{}</svg>'
        '<ul class="legend">{}</ul><details><summary>{}</summary><div class="scroll" tabindex="0">'
        "<table><caption>{}</caption><thead><tr><td></td>{}</tr></thead><tbody>{}</tbody></table>"
        "</div></details></figure>",
        title, f" ({unit})" if unit and unit != "%" else "", width, height, grid, ends, paths,
        dots, legend, _("The numbers"), title, head, rows)


def _runs(points: Sequence[tuple[str, float | None]]) -> list[list[tuple[int, float]]]:
    """The points, cut where a value is missing."""
    runs: list[list[tuple[int, float]]] = [[]]
    for index, (_label, value) in enumerate(points):
        if value is None:
            runs.append([])
        else:
            runs[-1].append((index, value))
    return [run for run in runs if run]
