"""The label in words: what a run cost, how well an exhibit works, what a page weighs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from saphan.design import formats
from saphan.engines.runner import energy
from saphan.engines.runner.folder import Folder, Measure
from saphan.rooms.exhibition.answers import Speaker, Worded
from saphan.rooms.exhibition.queries import Totals
from saphan.rooms.exhibition.running import Standing
from saphan.rooms.exhibition.vocabulary import Outcome

TIERS = {
    "measured": gettext_lazy("measured by the machine's own counter"),
    "modelled": gettext_lazy("modelled from computing time and memory"),
    "declared": gettext_lazy("declared by the exhibitor"),
}
FAULTS = {
    Outcome.TIMEOUT: gettext_lazy("The exhibit took too long and was stopped. Try something "
                                  "smaller."),
    Outcome.MEMORY: gettext_lazy("The exhibit needed more memory than it may have and was stopped. "
                                 "Try something smaller."),
    Outcome.CRASHED: gettext_lazy("The exhibit crashed on this. It has been started anew; try "
                                  "again or try something else."),
    Outcome.BROKEN: gettext_lazy("The exhibit failed on this. Try something else."),
    Outcome.FULL: gettext_lazy("Too many people are waiting here. Please try again in a minute."),
    Outcome.UNAVAILABLE: gettext_lazy("This exhibit cannot run on this machine at present."),
}
SEALS = {
    "bubblewrap": gettext_lazy("sealed: without network, in a closed room of its own"),
    "kernel": gettext_lazy("sealed: without network, with few system calls"),
    "none": gettext_lazy("not sealed: an exhibit of the house itself"),
    "outside": gettext_lazy("outside the hall: what you gave was sent to the exhibitor"),
}


@dataclass(frozen=True)
class Cost:
    """What stands under a run, in words."""

    energy: str
    co2e: str
    tier: Any
    grid: str
    lamp: str
    cpu: str
    wall: str
    memory: str
    waited: str
    seal: Any
    cold: bool


def fault(outcome: str) -> Any:
    return FAULTS[Outcome(outcome)]


def of_run(standing: Standing) -> Cost:
    """The label of a run that is over."""
    used, label = standing.usage, standing.label
    unknown = _("not known")
    return Cost(
        energy=_bounds(energy.shown_energy(label.energy.low, label.energy.high))
        if label and label.energy else unknown,
        co2e=_bounds(energy.shown_mass(label.co2e.low, label.co2e.high)) if label and label.co2e
        else unknown,
        tier=TIERS[label.tier] if label else "",
        grid=_("%(grams)s g CO2e per kWh (%(place)s, %(year)s)") % {
            "grams": formats.number(label.grid.g_per_kwh), "place": label.grid.code,
            "year": label.grid.year} if label and label.co2e else "",
        lamp=_lamp(label.energy.central) if label and label.energy else "",
        cpu=seconds(used.get("cpu_s", 0.0)), wall=seconds(used.get("wall_s", 0.0)),
        memory=formats.measure(used.get("peak_mb", 0.0), "MB", digits=0),
        waited=seconds(used["waited_s"]) if used.get("waited_s", 0.0) >= 0.1 else "",
        seal=SEALS.get(standing.sealed, ""), cold=bool(used.get("cold")))


def seconds(value: float) -> str:
    """A span: milliseconds below one second."""
    if value < 1:
        return formats.measure(value * 1000, "ms", digits=0 if value >= 0.01 else 1)
    return formats.measure(value, "s", digits=1)


def _bounds(shown: tuple[Decimal, Decimal, str]) -> str:
    low, high, unit = shown
    places = max(_places(low), _places(high))
    if low == high:
        return formats.measure(float(low), unit, digits=places)
    return f"{formats.measure(float(low), digits=_places(low))}–" \
           f"{formats.measure(float(high), unit, digits=_places(high))}"


def _places(value: Decimal) -> int:
    return max(0, -int(value.as_tuple().exponent))


def _lamp(joules: float) -> str:
    unit, count = energy.like(joules)
    number = formats.measure(float(count), digits=_places(count))
    if unit == "led_seconds":
        return _("as much as a 5-watt lamp in %(number)s seconds") % {"number": number}
    if unit == "led_minutes":
        return _("as much as a 5-watt lamp in %(number)s minutes") % {"number": number}
    return _("as much as a 5-watt lamp in %(number)s hours") % {"number": number}


@lru_cache(maxsize=1)
def assets_bytes() -> int:
    """What the first view of a page loads besides itself, compressed: style and scripts."""
    import brotli

    static = settings.PACKAGE / "design" / "static" / "saphan"
    own = settings.PACKAGE / "rooms" / "exhibition" / "static" / "exhibition"
    files = [static / "site.css", static / "site.js", *sorted(own.glob("*.js")),
             *sorted(own.glob("*.css"))]
    return sum(len(brotli.compress(path.read_bytes(), quality=11)) for path in files)


def page_words(size: int, taken: energy.Range) -> str:
    """One line about the page itself, apart from the run."""
    return _("This page: %(size)s kB on its way to you, %(energy)s.") % {
        "size": formats.number(round(size / 1000)),
        "energy": _bounds(energy.shown_energy(taken.low, taken.high))}


@dataclass(frozen=True)
class Measured:
    """A line of the table of measured numbers."""

    name: Worded
    value: str
    interval: str
    n: str
    set: str
    baseline: str
    main: bool


def measures(folder: Folder, speaker: Speaker) -> list[Measured]:
    """What was measured of an exhibit, with intervals and the plain way beside it."""
    return [Measured(speaker.word("labels", each.key), _number(each, each.value),
                     _interval(each), formats.number(each.n) if each.n else "", each.set,
                     _baseline(each, speaker), each.main) for each in folder.measures]


def _number(each: Measure, value: float) -> str:
    return formats.measure(value, each.unit)


def _interval(each: Measure) -> str:
    if each.low is None or each.high is None or each.low == each.high == each.value:
        return ""
    return f"{_number(each, each.low)} – {_number(each, each.high)}"


def _baseline(each: Measure, speaker: Speaker) -> str:
    if each.baseline is None:
        return ""
    name = speaker.word("labels", each.baseline_name).text if speaker.has(
        "labels", each.baseline_name) else each.baseline_name
    return f"{_number(each, each.baseline)} ({name})" if name else _number(each, each.baseline)


@dataclass(frozen=True)
class Sum:
    """The totals of an exhibit in words."""

    energy: str
    co2e: str
    typical: str
    cpu: str


def total(of: Totals) -> Sum:
    unknown = _("not known") if of.runs else "–"
    return Sum(_bounds(energy.shown_energy(of.joules[0], of.joules[2])) if of.joules else unknown,
               _bounds(energy.shown_mass(of.grams[0], of.grams[2])) if of.grams else unknown,
               seconds(of.typical_s) if of.runs else "–", seconds(of.cpu_s))


def waiting(place: int, span: float | None) -> str:
    """How long the turn will take, said as honestly as it is known."""
    if place <= 0:
        return _("It is your turn next.")
    said = ngettext("%(place)d run comes before yours.", "%(place)d runs come before yours.",
                    place) % {"place": place}
    if span is None:
        return said
    return said + " " + _("About %(span)s.") % {"span": seconds(max(1.0, round(span)))}


__all__: Sequence[str] = ["Cost", "Measured", "assets_bytes", "fault", "measures", "of_run",
                          "page_words", "seconds", "total", "waiting"]
