"""Work goes out to translators as a file, and comes back as drafts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from saphan.ground.access import Refused
from saphan.house import callers
from saphan.house.rendering import actions, queries, rules, xliff
from saphan.house.rendering.models import Rendering
from saphan.house.rendering.work import Work, open_work
from saphan.people.models import Person

FORMATS = {"xlf": "application/xliff+xml", "xlf2": "application/xliff+xml", "csv": "text/csv"}
RECORDS_AT_MOST = 500
UNREADABLE = {
    "ending": gettext_lazy("Send a file that ends in .xlf, .xliff or .csv."),
    "encoding": gettext_lazy("This file is not UTF-8 text. Save it as UTF-8 and send it again."),
    "csv": gettext_lazy("This file is not CSV: %(detail)s"),
    "column": gettext_lazy("The first row needs columns named id, source and translation."),
    "xml": gettext_lazy("This file is not well-formed XML: %(detail)s"),
    "doctype": gettext_lazy("A document type declaration is not accepted."),
    "not_xliff": gettext_lazy("This is not an XLIFF file of version 1.2 or 2.0."),
}


def sheet_of(work: Work) -> xliff.Sheet:
    """A rendering as a file holds it."""
    key = work.rendering.pk
    return xliff.Sheet(work.number, work.source_lang, work.lang, work.url, [
        (passage.name, passage.label, [
            xliff.Unit(f"{key}.{passage.name}.{place}", one.source,
                       xliff.JOINED if one.joined else one.target or None,
                       "; ".join(_remark(finding) for finding in one.findings))
            for place, one in enumerate(passage.sentences)])
        for passage in work.passages])


def _remark(finding: Any) -> str:
    return f"{finding.message} {finding.detail}".strip()


def works(lang: str, *, state: str = "") -> Iterable[Work]:
    """What is to be done for a language, as far as one file goes."""
    for rendering in queries.queue(lang, state=state)[:RECORDS_AT_MOST]:
        record = queries.kinds.record_of(rendering)
        if record is not None:
            yield open_work(rendering, record).check()


def written(found: Iterable[Work], format: str) -> str:
    """The file. XLIFF 2.0 takes one record. Raises KeyError for an unknown format."""
    sheets = [sheet_of(work) for work in found]
    if format == "xlf2":
        return xliff.write_20(sheets[0])
    return {"xlf": xliff.write_12, "csv": xliff.write_csv}[format](sheets)


@dataclass(frozen=True)
class Line:
    """Something that was not taken, and why, in the reader's language."""

    place: str
    text: str
    why: str


@dataclass
class Report:
    """What became of a file."""

    file_name: str
    sentences: int = 0
    unchanged: int = 0
    taken: list[Rendering] = field(default_factory=list)
    refused: list[Line] = field(default_factory=list)


def take_in(data: bytes, *, file_name: str, by: Person) -> Report:
    """Put the translations of a file into drafts, as words of the person who sends it. Nothing is
    handed in by it. Raises `Refused` for a file that cannot be read at all."""
    rules.may_see_the_desk(by).or_raise()
    try:
        units = xliff.read(data, file_name)
    except xliff.UnreadableFile as error:
        why, detail = error.args
        raise Refused(str(UNREADABLE[why]) % {"detail": detail}) from error
    report, by_rendering = Report(file_name), dict[int, list[xliff.Unit]]()
    for unit in units:
        if unit.target is None:
            continue
        report.sentences += 1
        key, _dot, rest = unit.id.partition(".")
        if key.isdecimal() and len(key) < 15 and rest:
            by_rendering.setdefault(int(key), []).append(unit)
        else:
            report.refused.append(Line(unit.id, unit.target[:200], _(
                "This identifier is not one of ours.")))
    for number, wanted in by_rendering.items():
        _take(number, wanted, report, by)
    return report


def _take(key: int, units: list[xliff.Unit], report: Report, by: Person) -> None:
    def refuse(unit: xliff.Unit, why: str) -> None:
        report.refused.append(Line(unit.id, (unit.target or "")[:200], why))

    try:
        rendering, record = queries.rendering(key)
        rules.may_write(by, rendering).or_raise()
    except (Rendering.DoesNotExist, Refused) as error:
        why = str(error) if isinstance(error, Refused) else _(
            "There is no such record, or it is not public.")
        for unit in units:
            refuse(unit, why)
        return
    work = open_work(rendering, record)
    given, fine = _given(work, units, refuse)
    before = rendering.version
    try:
        actions.save(work, given, by=by)
    except (Refused, callers.Invalid) as error:
        why = str(error) if isinstance(error, Refused) else " ".join(
            one["message"] for one in error.errors)
        for unit in fine:
            refuse(unit, why)
        return
    if rendering.version == before:
        report.unchanged += 1
    else:
        report.taken.append(rendering)


def _given(work: Work, units: list[xliff.Unit], refuse: Any) -> tuple[Any, list[xliff.Unit]]:
    """What the file says, laid over what is there; and the units that are taken."""
    given: dict[str, list[str | None]] = {
        passage.name: [None if one.joined else one.target for one in passage.sentences]
        for passage in work.passages}
    sources = {passage.name: [one.source for one in passage.sentences]
               for passage in work.passages}
    fine, named = [], set()
    for unit in units:
        _key, field_name, place = (*unit.id.split("."), "", "")[:3]
        if not place.isdecimal() or len(place) > 5 or int(place) >= len(
                sources.get(field_name, ())):
            refuse(unit, _("There is no such sentence any more."))
        elif " ".join(sources[field_name][int(place)].split()) != " ".join(unit.source.split()):
            refuse(unit, _("The original has changed since the file was made."))
        elif unit.target == xliff.JOINED and not int(place):
            refuse(unit, _("The first sentence has none before it."))
        else:
            given[field_name][int(place)] = None if unit.target == xliff.JOINED else unit.target
            fine.append(unit)
            named.add(field_name)
    return {name: given[name] for name in named}, fine
