"""Observations as rows: checked before anything is loaded, each problem told by its row."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from saphan.engines.language import codes
from saphan.ground import ledger
from saphan.ground.access import Refused
from saphan.people.models import Person
from saphan.rooms.observatory import actions, rules
from saphan.rooms.observatory.forms import Known, ObservationForm
from saphan.rooms.observatory.models import Observation

COLUMNS = ("key", "indicator", "relation", "value", "high", "unit", "period", "as_of", "place",
           "subject", "quote", "quote_lang", "source", "address", "read", "checked", "evidence",
           "note")
ROWS_AT_MOST = 5000
_COMPARED = ("value", "high", "relation", "unit", "period", "as_of", "economy_id", "place_id",
             "subject", "quote", "quote_lang", "source", "address", "read", "evidence", "note")
NEWER = gettext_noop("A newer file says it differently.")
_NO = frozenset({"", "0", "no", "false", "none", "n"})


def check_row(row: Mapping[str, Any], known: Known, *, lang: str = "", by: str = "",
              origin: str = "person") -> dict[str, Any] | list[str]:
    """The values of a row, or what is wrong with it."""
    given = {name: value for name, value in row.items() if value not in (None, "")}
    if str(given.get("checked", "")).strip().lower() in _NO:
        given.pop("checked", None)
    if strange := sorted(set(given) - set(COLUMNS)):
        return [_("Unknown columns: %(names)s.") % {"names": ", ".join(map(str, strange))[:200]}]
    form = ObservationForm(given, lang=lang if lang in codes.LANGUAGES else "", known=known)
    if form.is_valid():
        return form.values(by=by, origin=origin)
    return [f"{form.fields[name].label if name in form.fields else ''}: {problem}".lstrip(": ")
            for name, problems in form.errors.items() for problem in problems]


def load_row(values: Mapping[str, Any], *, by: Person | None) -> Observation | None:
    """Add the row, or correct the current observation with its key; None if nothing changed."""
    current = Observation.objects.filter(state=Observation.State.CURRENT)
    if values["key"]:
        if Observation.objects.filter(key=values["key"]).exclude(
                indicator=values["indicator"]).exists():
            raise Refused(_("The key “%(key)s” belongs to another indicator.") % {
                "key": values["key"]})
        there = current.filter(key=values["key"]).first()
    else:
        there = current.filter(**{name: values[name] for name in (
            "indicator", "value", "high", "relation", "unit", "period", "economy_id", "place_id",
            "source", "quote", "address")}).first()
    if there is None:
        last = Observation.objects.filter(key=values["key"]).order_by("-pk").first() \
            if values["key"] else None
        if last is not None and last.state == Observation.State.WITHDRAWN and same(last, values):
            return None  # somebody withdrew exactly this: a file does not bring it back
        return actions.add(values, by=by)
    if same(there, values):
        return None
    return actions.correct(there, values, by=by, because=NEWER if by is None else _(NEWER))


def same(observation: Observation, values: Mapping[str, Any]) -> bool:
    """Whether a row says what is written down already. What somebody has checked since stays."""
    checked = observation.checked or not values.get("checked")
    unread = {"read"} if observation.checked_by else set()
    return checked and all(getattr(observation, name) == values[name]
                           for name in _COMPARED if name not in unread)


@dataclass
class Row:
    """A row of a file by its number as spreadsheets count (the head is 1)."""

    number: int
    given: dict[str, str]
    values: dict[str, Any] | None = None
    problems: list[str] = field(default_factory=list)


@dataclass
class Checked:
    """A whole file before anything is loaded. `problem`: why it cannot be read at all."""

    rows: list[Row] = field(default_factory=list)
    problem: str = ""
    head: list[str] = field(default_factory=list)

    @property
    def good(self) -> list[Row]:
        return [row for row in self.rows if row.values is not None]

    @property
    def bad(self) -> list[Row]:
        return [row for row in self.rows if row.values is None]

    def bad_csv(self) -> str:
        """The rows that were not taken, as they came, to be mended and sent again."""
        if not self.bad:
            return ""
        kept = io.StringIO()
        writer = csv.DictWriter(kept, self.head, lineterminator="\n", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(row.given for row in self.bad)
        return kept.getvalue()


def check(text: str, *, lang: str = "", by: str = "") -> Checked:
    """Look at every row of a CSV file with commas, semicolons or tabs; loads nothing."""
    text = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n", 1)[0]
    mark = max(",;\t", key=lines.count)
    try:
        read = csv.reader(io.StringIO(text), delimiter=mark, strict=True)
        head = [name.strip().lower() for name in next(read, [])]
        wanted = {"indicator", "value", "period", "source"}
        if missing := sorted(wanted - set(head)):
            return Checked(problem=_("The first row must name the columns. Missing: %(names)s.") % {
                "names": ", ".join(missing)})
        found, known = Checked(head=head), Known()
        for cells in read:
            if not any(cell.strip() for cell in cells):
                continue
            if len(found.rows) == ROWS_AT_MOST:
                return Checked(problem=_("At most %(limit)d rows at once.") % {
                    "limit": ROWS_AT_MOST})
            found.rows.append(_looked_at(read.line_num, head, cells, known, lang, by))
    except csv.Error as error:
        return Checked(problem=_("This is not CSV: %(problem)s.") % {"problem": error})
    _say_what_is_twice(found)
    return found


def _looked_at(number: int, head: list[str], cells: list[str], known: Known, lang: str,
               by: str) -> Row:
    row = Row(number, dict(zip(head, cells, strict=False)))
    if len(cells) > len(head):
        row.problems = [_("It has more cells than the first row.")]
        return row
    checked = check_row(row.given, known, lang=lang, by=by)
    if isinstance(checked, dict):
        row.values = checked
    else:
        row.problems = checked
    return row


def _say_what_is_twice(found: Checked) -> None:
    seen: dict[str, int] = {}
    for row in found.good:
        key = (row.values or {}).get("key")
        if key in seen:
            row.problems, row.values = [_("Row %(row)d has the same key.") % {
                "row": seen[key]}], None
        elif key:
            seen[key] = row.number


@dataclass
class Loaded:
    added: int = 0
    corrected: int = 0
    unchanged: int = 0


def load(found: Checked, *, by: Person) -> Loaded:
    """Load the good rows. A row that cannot be kept after all becomes a bad one; others stay."""
    rules.may_import(by).or_raise()
    done = Loaded()
    for row in found.good:
        try:
            made = load_row(row.values or {}, by=by)
        except Refused as refusal:
            row.values, row.problems = None, [str(refusal)]
            continue
        if made is None:
            done.unchanged += 1
        elif made.replaces_id:
            done.corrected += 1
        else:
            done.added += 1
    ledger.record("observations.imported", None, by=by, added=done.added,
                  corrected=done.corrected, unchanged=done.unchanged, problems=len(found.bad))
    return done
