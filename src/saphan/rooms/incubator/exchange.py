"""Calls as rows of JSONL, out and in.

A row that comes in is checked by the one form, and becomes a draft: to announce a call is a
decision of this house. Rows are keyed by `key`: sending a file again changes what changed in
drafts, and nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.text import slugify
from django.utils.translation import gettext as _

from saphan.engines.language import codes, normalise
from saphan.ground.text import Text
from saphan.house.fields import KeywordsField, ListField, WordsField, language_of
from saphan.people import actions as people_actions
from saphan.people.models import Economy, Organisation, Person
from saphan.rooms.incubator.actions import calls as actions
from saphan.rooms.incubator.forms.calls import CallForm
from saphan.rooms.incubator.forms.fields import IndicatorsField, RubricField
from saphan.rooms.incubator.models import Call

ROWS_AT_MOST = 2_000
ASKED = tuple(name for name in CallForm.base_fields if name not in (
    "lang", "title_en", "organisation", "organisation_kind", "budget_amount", "budget_currency"))
BESIDE = frozenset({"key", "number", "lang", "title_en", "organisation", "budget", "example",
                    "state", "posted"})


@dataclass(frozen=True)
class Problem:
    """One thing wrong with one row, counted from 1."""

    row: int
    field: str
    message: str


@dataclass
class Report:
    """What a check found: rows that can be loaded, and what is wrong with the others."""

    good: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def check(content: str) -> Report:
    """Read and validate every row; nothing is written."""
    report, seen = Report(), set[str]()
    known = set(Economy.objects.values_list("code", flat=True))
    # Not splitlines(): JSON strings may hold U+2028 and its like as they are.
    for number, line in enumerate(content.removeprefix("\ufeff").split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            row = None
        problems = list(_problems_of(number, row, known)) if isinstance(row, dict) else [
            Problem(number, "", _("Each line must be one JSON object."))]
        if not problems and row["key"].lower() in seen:
            problems = [Problem(number, "key", _("This key is there twice."))]
        if len(report.good) >= ROWS_AT_MOST:
            problems = [Problem(number, "", _(
                "This file has more than %(limit)d rows. Send it in parts.") % {
                    "limit": ROWS_AT_MOST})]
        report.problems += problems
        if not problems:
            seen.add(row["key"].lower())
            report.good.append((number, row))
    return report


def _problems_of(number: int, row: dict[str, Any], economies: set[str]) -> Iterator[Problem]:
    if any(char == "\x00" or "\ud800" <= char <= "\udfff"
           for text in _strings(row) for char in text):
        yield Problem(number, "", _("This row holds characters that cannot be stored."))
        return
    for name in row:
        if name not in ASKED and name not in BESIDE:
            yield Problem(number, name, _("This field is not known."))
    key = row.get("key")
    if not isinstance(key, str) or slugify(key) != key.lower() or len(key) > 80 or not key:
        yield Problem(number, "key", _("A key of letters, digits and hyphens is needed."))
    if row.get("lang") and row["lang"] not in codes.LANGUAGES:
        yield Problem(number, "lang", _("“%(lang)s” is not a language this house knows.") % {
            "lang": row["lang"]})
        return
    wrong = dict(wrong_types(row))
    for name, message in wrong.items():
        yield Problem(number, name, message)
    yield from _problems_of_owner(number, row, economies, wrong)
    form = form_of({name: value for name, value in row.items() if name not in wrong})
    form.is_valid()
    for name, errors in form.errors.as_data().items():
        if name not in wrong:
            for error in errors:
                yield Problem(number, name, " ".join(map(str, error.messages)))


def _problems_of_owner(number: int, row: dict[str, Any], economies: set[str],
                       wrong: Mapping[str, str]) -> Iterator[Problem]:
    owner = row.get("organisation")
    if not owner or "organisation" in wrong:
        return
    names = owner.get("name")
    if not isinstance(names, dict) or not names or not all(
            isinstance(name, str) and 0 < len(name.strip()) <= 200 and lang in codes.LANGUAGES
            for lang, name in names.items()):
        yield Problem(number, "organisation", _(
            "An organisation needs a name, of 200 characters at most, in a language of the house."))
    if owner.get("kind", "company") not in Organisation.Kind.values:
        yield Problem(number, "organisation", _("“%(kind)s” is not a kind of organisation.") % {
            "kind": owner.get("kind")})
    code = owner.get("economy") or row.get("economy")
    if code not in economies:
        yield Problem(number, "organisation", _(
            "“%(code)s” is not a country or region this house knows.") % {"code": code})


def wrong_types(row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Fields whose JSON type is not one that the form could read, with a message."""
    for name, value in row.items():
        if value is None:
            continue
        asked = CallForm.base_fields.get(name)
        if name == "budget":
            if not (isinstance(value, dict) and isinstance(value.get("currency"), str)
                    and _is_number(value.get("amount"))):
                yield name, _("A budget needs both an amount and a currency.")
        elif name == "organisation":
            if not isinstance(value, str) and not (isinstance(value, dict) and all(
                    isinstance(value.get(part), str | None) for part in ("economy", "kind"))):
                yield name, _("An organisation needs a name.")
        elif name == "example":
            if not isinstance(value, bool):
                yield name, _("This must be true or false.")
        elif isinstance(asked, WordsField):
            if not isinstance(value, str | dict):
                yield name, _("Words must be text, or an object from language code to text.")
        elif isinstance(asked, IndicatorsField | RubricField | ListField | KeywordsField):
            if not isinstance(value, str | list):
                yield name, _("This must be a list.")
        elif name in ("places", "months", "economies_at_least"):
            if not _is_number(value) and not isinstance(value, str):
                yield name, _("This must be a number.")
        elif not isinstance(value, str):
            yield name, _("This must be text.")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for pair in value.items():
            for part in pair:
                yield from _strings(part)
    elif isinstance(value, list):
        for part in value:
            yield from _strings(part)


def form_of(row: Mapping[str, Any], *, call: Call | None = None) -> CallForm:
    """The row as the one form sees it."""
    data = {name: row[name] for name in ASKED if name in row}
    if budget := row.get("budget"):
        data["budget_amount"], data["budget_currency"] = budget["amount"], budget["currency"]
    return CallForm(data, lang=lang_of(row), call=call)


def lang_of(row: Mapping[str, Any]) -> str:
    """The language of the row's plain words."""
    return row.get("lang") or language_of(row.get("title")) or "en"


def load_row(row: dict[str, Any], *, by: Person | None, origin: str = "person") -> Call | None:
    """Write one checked row: a new draft, or a draft that changed. None if it is here already and
    is as it was, or is no draft any more."""
    call = Call.objects.filter(key=row["key"].lower()).first()
    if call is not None and call.state != Call.State.DRAFT:
        return None
    form = form_of(row, call=call)
    if not form.is_valid():
        raise ValueError(form.errors.as_text())
    values = form.values(origin=origin) | _owner_of(row, by=by, origin=origin)
    if call is None:
        return actions.start(values, by=by, key=row["key"].lower())
    named = {*form.data, "lang", "time_zone", "economy_id", "organisation", "example"}
    before = call.version
    actions.save(call, {name: value for name, value in values.items() if name in named}, by=by)
    return call if call.version != before else None


def _owner_of(row: Mapping[str, Any], *, by: Person | None, origin: str) -> dict[str, Any]:
    found: dict[str, Any] = {"example": bool(row.get("example"))}
    owner = row.get("organisation")
    if isinstance(owner, str):
        return found | {"organisation_name": owner}
    if owner:
        home = str(owner.get("economy") or row.get("economy"))
        names = {lang: normalise.clean(name) for lang, name in owner["name"].items()}
        found |= {"economy_id": row.get("economy") or home, "organisation_name": "",
                  "organisation": people_actions.find_or_add_organisation(
                      names, economy=home, kind=owner.get("kind") or "company",
                      example=found["example"], origin=origin, by=by,
                      source=lang_of(row) if lang_of(row) in names else "")}
    return found


def row_of(call: Call) -> dict[str, Any]:
    """A call as one row; importing it into an empty house makes the same draft."""
    row: dict[str, Any] = {"key": call.key, "number": call.number, "form": call.form,
                           "lang": call.lang}
    for name in ASKED:
        if name not in ("form", "economy", "deadline"):
            value = getattr(call, name)
            if isinstance(value, Text):
                value = {lang: value[lang].text for lang in sorted(
                    value, key=lambda lang: (lang != call.lang, lang))}
            if value not in (None, "", [], {}):
                row[name] = value.isoformat() if isinstance(value, date) else value
    if call.budget_amount is not None:
        amount = call.budget_amount
        row["budget"] = {"amount": int(amount) if amount == int(amount) else float(amount),
                         "currency": call.budget_currency}
    if call.deadline:
        row["deadline"] = call.deadline.astimezone(ZoneInfo(call.time_zone)).isoformat()
    if call.economy_id:
        row["economy"] = call.economy_id
    if call.organisation:
        row["organisation"] = {"name": call.organisation.name.plain(),
                               "economy": call.organisation.economy_id,
                               "kind": call.organisation.kind}
    elif call.organisation_name and call.economy_id:
        row["organisation"] = {"name": {call.lang or "en": call.organisation_name},
                               "economy": call.economy_id,
                               "kind": call.organisation_kind or "company"}
    row |= {"example": call.example, "state": call.state}
    if call.posted:
        row["posted"] = call.posted.isoformat()
    return row


def write_jsonl(calls: Iterable[Call]) -> Iterator[str]:
    for call in calls:
        yield json.dumps(row_of(call), ensure_ascii=False) + "\n"
