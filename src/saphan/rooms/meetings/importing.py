"""Registrations from a spreadsheet: one row for each person, several rows for one organisation.

Columns: `organisation`, `economy` (code or name), `organisation_kind`, `about`, `seeks`, `lang`,
`sector`, `delegation` (its name), `most`; and of the person `name`, `email`, `function`, `speaks`
(`th:3 en:2`; 1 a little, 2 well enough to work, 3 fluently), `language`, `presence` (`onsite` or
`online`), `time_zone`, `guest_most`. Rows with the same organisation and economy are one
registration; what the first of them says of the organisation counts.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from saphan.ground.access import Refused
from saphan.people.models import Economy, Person
from saphan.people.names import fold
from saphan.rooms.meetings.actions import parties as actions
from saphan.rooms.meetings.forms.parties import RegistrationForm
from saphan.rooms.meetings.models import Event, Party

ROWS_AT_MOST = 4_000
OF_PARTY = ("organisation", "economy", "organisation_kind", "about", "seeks", "lang", "sector",
            "delegation", "most")
OF_GUEST = ("name", "email", "function", "speaks", "language", "presence", "time_zone",
            "guest_most")
COLUMNS = (*OF_PARTY, *OF_GUEST)
_GUARDED = re.compile(r"^'('*[=+\-@\t\r])")


@dataclass(frozen=True)
class Problem:
    """One thing wrong with one row; rows count from 1 below the header, 0 is the header."""

    row: int
    field: str
    message: str


@dataclass
class Report:
    """What a file holds: registrations that can be made, and what is wrong with the others."""

    good: list[tuple[int, RegistrationForm]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    rows: int = 0

    @property
    def people(self) -> int:
        return sum(len(form.sent) for _row, form in self.good)


def check(event: Event, content: str) -> Report:
    """Read and validate the file; nothing is written."""
    report = Report()
    groups: dict[tuple[str, str], list[tuple[int, dict[str, str]]]] = {}
    names = _economies()
    for number, row in _rows(content, report):
        economy = names.get(fold(row.get("economy", "")), "")
        if row.get("economy") and not economy:
            report.problems.append(Problem(number, "economy", _(
                "“%(name)s” is not a country or region that this house knows.") % {
                    "name": row["economy"][:60]}))
            continue
        row["economy"] = economy
        groups.setdefault((fold(row.get("organisation", "")), economy), []).append((number, row))
    here = {(fold(name), party.economy_id) for party in event.parties.select_related(
        "organisation") for name in party.organisation.name.plain().values()}
    delegations = {fold(str(each)): str(each.pk) for each in event.delegations.all()}
    for (name, economy), rows in groups.items():
        if (name, economy) in here:
            report.problems.append(Problem(rows[0][0], "organisation", _(
                "This organisation is registered for this event already.")))
            continue
        _check_party(event, rows, delegations, report)
    report.problems.sort(key=lambda problem: problem.row)
    return report


def _check_party(event: Event, rows: list[tuple[int, dict[str, str]]],
                 delegations: Mapping[str, str], report: Report) -> None:
    first, about = rows[0]
    data: dict[str, Any] = {name: about.get(name, "") for name in OF_PARTY}
    if data["delegation"]:
        key = delegations.get(fold(data["delegation"]))
        if key is None:
            report.problems.append(Problem(first, "delegation", _(
                "This event has no delegation “%(name)s”.") % {"name": data["delegation"][:60]}))
            return
        data["delegation"] = key
    data["guests"] = [_guest(row) for _number, row in rows]
    form = RegistrationForm(data, event=event, lang=data["lang"])
    if form.is_valid():
        report.good.append((first, form))
        return
    for problem in form.problems():
        _of, _dot, rest = problem["field"].partition("guests.")
        at, _dot, name = rest.partition(".")
        number = rows[int(at) - 1][0] if at else first
        report.problems.append(Problem(number, name or problem["field"], problem["message"]))


def _guest(row: Mapping[str, str]) -> dict[str, Any]:
    guest: dict[str, Any] = {name: row.get(name, "") for name in OF_GUEST if name != "guest_most"}
    return {**guest, "most": row.get("guest_most", "")}


def _rows(content: str, report: Report) -> Iterator[tuple[int, dict[str, str]]]:
    """Rows by number. The file may be separated by commas, semicolons or tabs."""
    content = content.removeprefix("\ufeff")
    header = content.partition("\n")[0]
    reader = csv.DictReader(io.StringIO(content, newline=""),
                            delimiter=max(",;\t", key=header.count))
    try:
        columns = [(column or "").strip().lower() for column in reader.fieldnames or []]
        reader.fieldnames = columns
        unknown = [column for column in columns if column not in COLUMNS]
        missing = [column for column in ("organisation", "economy", "name")
                   if column not in columns]
        for wrong, words in ((unknown, _("These columns are not known: %(names)s.")),
                             (missing, _("These columns are missing: %(names)s."))):
            if wrong:
                report.problems.append(Problem(0, "", words % {"names": ", ".join(wrong)[:300]}))
        if unknown or missing:
            return
        for number, cells in enumerate(reader, 1):
            report.rows = number
            if number > ROWS_AT_MOST:
                report.problems.append(Problem(number, "", _(
                    "This file has more than %(limit)d rows. Send it in parts.") % {
                        "limit": ROWS_AT_MOST}))
                return
            if None in cells:
                report.problems.append(Problem(number, "", _(
                    "This row has more cells than the header.")))
                continue
            yield number, {name: _GUARDED.sub(r"\1", cell or "").strip()
                           for name, cell in cells.items()}
    except csv.Error:
        report.problems.append(Problem(reader.line_num, "", _("This line is not valid CSV.")))


def _economies() -> dict[str, str]:
    """Codes and names in every language to codes."""
    found: dict[str, str] = {}
    for economy in Economy.objects.all():
        for name in (economy.code, *economy.name.plain().values(),
                     *economy.short.plain().values(), *economy.also):
            found.setdefault(fold(str(name)), economy.code)
    return found


@dataclass
class Loaded:
    """What became of a file."""

    parties: list[Party] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def load(event: Event, report: Report, *, by: Person, approve: bool = False) -> Loaded:
    """Register what can be registered, and admit it if there is room and one says so."""
    done = Loaded()
    for number, form in report.good:
        try:
            party = actions.register(event, form.registration(by=by.ref), by=by)
            done.parties.append(party)
            if approve and party.state == Party.State.APPLIED:
                actions.approve(party, by=by)
        except Refused as refusal:
            done.problems.append(Problem(number, "organisation", str(refusal)))
    return done
