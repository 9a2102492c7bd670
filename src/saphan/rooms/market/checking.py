"""Is this import sound? Every row is looked at before anything is written, every bad one named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _

from saphan.engines.language import codes
from saphan.house import gate
from saphan.house.fields import WordsField, is_web_address, language_of
from saphan.people import queries as people
from saphan.people.models import Organisation
from saphan.rooms.market import gating, keeping
from saphan.rooms.market.forms import COMMON, NEED_ONLY, OFFER_ONLY, ListingForm
from saphan.rooms.market.models import Listing
from saphan.rooms.market.vocabulary import NEEDS, State

WORDS = tuple(name for name, item in ListingForm.base_fields.items()
              if isinstance(item, WordsField))
FIELDS = ("key", "number", "lang", *COMMON, "economy", *OFFER_ONLY, *NEED_ONLY, "source", "example",
          "state", "published")
BESIDE = frozenset({"budget", "note", "kept"})
ROWS_AT_MOST = 20_000
GATED_ROWS_AT_MOST = 2_000


@dataclass(frozen=True)
class Problem:
    """One thing wrong with one row. `row` counts from 1 (the header of a CSV is not a row)."""

    row: int
    field: str
    message: str

    def to_json(self) -> dict[str, Any]:
        return {"row": self.row, "field": self.field, "message": self.message}


class Left(Problem):
    """Something in a file that a record has no place for. It stops no row."""


@dataclass
class Report:
    """What a check found: rows that can be loaded, and what is wrong with the others."""

    good: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    """What was left out, and what the quality gate would ask an author about. Stops no row."""
    bad_rows: set[int] = field(default_factory=set)

    @property
    def rows(self) -> int:
        return len(self.good) + len(self.bad_rows - {0})


Rows = Iterator[tuple[int, dict[str, Any] | Problem]]


def check(rows: Rows, *, warn: bool = False) -> Report:
    """Validate every row; nothing is written. With `warn` the quality gate says what it thinks of
    the first good ones: of a long file they are a sample."""
    report, seen = Report(), dict[str, int]()
    known = people.economy_names()
    for number, row in rows:
        if isinstance(row, Left):
            report.warnings.append(row)
            continue
        if report.rows >= ROWS_AT_MOST:
            report.problems.append(Problem(number, "", _(
                "This file has more than %(limit)d rows. Send it in parts.") % {
                    "limit": ROWS_AT_MOST}))
            report.bad_rows.add(number)
            break
        if isinstance(row, Problem):
            report.problems.append(row)
            report.bad_rows.add(row.row)
            continue
        problems = list(_problems_of(number, row, known))
        key = str(row.get("key", "")).lower()
        if key and key in seen:
            problems.append(Problem(number, "key", _("Row %(row)d has the same key.") % {
                "row": seen[key]}))
        seen.setdefault(key, number)
        if problems:
            report.problems += problems
            report.bad_rows.add(number)
        else:
            report.good.append((number, row))
            if warn and len(report.good) <= GATED_ROWS_AT_MOST:
                report.warnings += _warnings_of(number, row)
    return report


def _warnings_of(number: int, row: dict[str, Any]) -> Iterator[Problem]:
    for finding in gating.findings_of_row(row, lang_of(row), need=row["kind"] in NEEDS):
        told = gate.tell(finding)
        yield Problem(number, finding.field, f"{told.message} “{finding.sentence}”")


def _problems_of(number: int, row: dict[str, Any],
                 economies: Mapping[str, str]) -> Iterator[Problem]:
    if not _is_storable(row):
        yield Problem(number, "", _("This row holds characters that cannot be stored."))
        return
    for name in row:
        if name not in FIELDS and name not in BESIDE:
            yield Problem(number, name, _("This field is not known."))
    wrong = {name: Problem(number, name, str(message)) for name, message in wrong_types(row)}
    yield from wrong.values()
    key = row.get("key")
    if not key or not isinstance(key, str) or slugify(key) != key.lower() or len(key) > 80:
        yield Problem(number, "key", _("A key of letters, digits and hyphens is needed."))
    for name, allowed in (("lang", codes.LANGUAGES), ("state", State.values)):
        if name not in wrong and row.get(name) and row[name] not in allowed:
            yield Problem(number, name, _("“%(value)s” is not one of: %(allowed)s.") % {
                "value": row[name], "allowed": ", ".join(allowed)})
    if "published" not in wrong and row.get("published") and not moment_of(row["published"]):
        yield Problem(number, "published", _("Enter a date as YYYY-MM-DD."))
    if "source" not in wrong:
        yield from _problems_of_source(number, row)
    if "organisation" not in wrong and "economy" not in wrong:
        yield from _problems_of_organisation(number, row, economies)
    yield from _problems_of_form(number, row, wrong, economies)


def _problems_of_form(number: int, row: dict[str, Any], wrong: dict[str, Problem],
                      economies: Mapping[str, str]) -> Iterator[Problem]:
    """What the form says. Where a word has the wrong type it is left out: that is said already."""
    form = form_of({name: value for name, value in row.items() if name not in wrong},
                   economies=economies)
    form.is_valid()
    for name, errors in form.errors.as_data().items():
        name = "budget" if name.startswith("budget") and "budget" in row else name
        if name not in wrong:
            for error in errors:
                yield Problem(number, name, " ".join(error.messages))
    title = form.cleaned_data.get("title")
    if title is None or wrong:
        return
    if not title:
        yield Problem(number, "title", _("This field is required."))
    elif not {"", form.source_lang} & set(title):
        yield Problem(number, "title", _("The title has no words in the source language, %(lang)s.")
                      % {"lang": form.source_lang})


def _problems_of_source(number: int, row: dict[str, Any]) -> Iterator[Problem]:
    source = row.get("source") or {}
    if not row.get("example") and not source.get("url"):
        yield Problem(number, "source", _(
            "Say where this comes from (source), or mark it as an example."))
    if source.get("url") and not _is_address(source["url"]):
        yield Problem(number, "source", _("Enter a web address that begins with https://."))
    if source.get("read") and not day_of(source["read"]):
        yield Problem(number, "source", _("Enter a date as YYYY-MM-DD."))


def _problems_of_organisation(number: int, row: dict[str, Any],
                              economies: Mapping[str, str]) -> Iterator[Problem]:
    organisation = row.get("organisation")
    codes_given = {"economy": row.get("economy")}
    if organisation:
        codes_given["organisation"] = organisation.get("economy")
    if not any(codes_given.values()):
        yield Problem(number, "organisation" if organisation else "economy", _(
            "A country or region is needed, as a code of two letters."))
    for name, code in codes_given.items():
        if code and code not in economies:
            yield Problem(number, name, _(
                "“%(code)s” is not a country or region this house knows.") % {"code": code})
    if not organisation:
        return
    names = organisation.get("name")
    if not isinstance(names, dict) or not names or not all(
            isinstance(name, str) and 0 < len(name.strip()) <= 200
            and (lang in codes.LANGUAGES or not lang) for lang, name in names.items()):
        yield Problem(number, "organisation", _(
            "An organisation needs a name, of 200 characters at most, in a language of the house."))
    if organisation.get("kind", "company") not in Organisation.Kind.values:
        yield Problem(number, "organisation", _("“%(kind)s” is not a kind of organisation.") % {
            "kind": organisation.get("kind")})
    if organisation.get("url") and not _is_address(organisation["url"]):
        yield Problem(number, "organisation", _("Enter a web address that begins with https://."))


TEXTS = ("key", "number", "lang", "kind", "title_en", "sector", "stage", "ip_status", "spdx",
         "result_owner", "deadline", "valid_until", "state", "published", "economy", "note")


def wrong_types(row: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Fields whose JSON type is not one that the form or the import could read, with a message."""
    for name, value in row.items():
        if value is None:
            continue
        if name in TEXTS and not isinstance(value, str):
            yield name, _("This must be text.")
        elif name in WORDS and not isinstance(value, str | dict):
            yield name, _("Words must be text, or an object from language code to text.")
        elif name in ("trl", "budget_amount") and (
                isinstance(value, bool) or not isinstance(value, int | float | str)):
            yield name, _("This must be a number.")
        elif name == "kept" and not keeping.is_sound(value):
            yield name, _("This is not what an export of the whole house writes.")
        elif name in ("example", "discreet") and not isinstance(value, bool):
            yield name, _("This must be true or false.")
        elif name == "source" and not (isinstance(value, dict) and all(
                isinstance(part, str | None) for part in value.values())):
            yield name, _("A source needs an address (url).")
        elif name == "organisation" and not isinstance(value, dict | str):
            yield name, _("An organisation needs a name.")
        elif name == "organisation" and isinstance(value, dict) and not all(
                isinstance(value.get(part), str | None) for part in ("economy", "kind", "url")):
            yield name, _("Each part of an organisation must be text.")
        elif name == "budget" and not (isinstance(value, dict) and isinstance(
                value.get("currency"), str) and isinstance(value.get("amount"), int | float)
                and not isinstance(value.get("amount"), bool)):
            yield name, _("A budget needs both an amount and a currency.")


def _is_storable(value: Any) -> bool:
    """Whether a database takes it: no null characters, no halves of characters."""
    if isinstance(value, str):
        return "\x00" not in value and not any("\ud800" <= char <= "\udfff" for char in value)
    if isinstance(value, dict):
        return all(_is_storable(part) for pair in value.items() for part in pair)
    return not isinstance(value, list) or all(map(_is_storable, value))


def _is_address(value: str) -> bool:
    try:
        is_web_address(value)
    except ValidationError:
        return False
    return len(value) <= 500


def day_of(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def moment_of(value: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value)
        zone = moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(settings.TIME_ZONE))
        return zone.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def form_of(row: dict[str, Any], *, listing: Listing | None = None,
            economies: Mapping[str, str] | None = None) -> ListingForm:
    """The row as the one form sees it. `economies`: names by code, where they are known already."""
    data = {name: row[name] for name in (*COMMON, *OFFER_ONLY, *NEED_ONLY)
            if name in row and name != "organisation"}
    if budget := row.get("budget"):
        data["budget_amount"], data["budget_currency"] = budget["amount"], budget["currency"]
    return ListingForm(data, lang=lang_of(row), listing=listing, economies=economies)


def lang_of(row: dict[str, Any]) -> str:
    """The language of the row's plain words."""
    return row.get("lang") or language_of(row.get("title")) or "en"
