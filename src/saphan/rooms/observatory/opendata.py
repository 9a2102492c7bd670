"""The numbers for other people's machines: CSV with its CSVW description, and JSON.

Nothing here depends on a reader's language: places, units and indicators are codes, words stand in
the languages they were written in. Addresses are those of the API and stay.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from django.conf import settings

from saphan.ground import clock, ledger
from saphan.ground.models import Fact
from saphan.house import numbers
from saphan.house.centre import centre
from saphan.rooms.observatory import periods, queries
from saphan.rooms.observatory.models import Indicator, Observation, Place
from saphan.rooms.observatory.vocabulary import Relation

WHOLE = "all"
"""The name of everything together, where an indicator's slug would stand."""
COLUMNS = (
    ("observation", "string", "Accession number of the observation"),
    ("indicator", "string", "Indicator"), ("value", "decimal", "Value"),
    ("high", "decimal", "Upper value of a range"),
    ("relation", "string", "How the source's words stand to the value: = ~ > >= < <= range"),
    ("unit", "string", "Unit"), ("period", "string", "Period, ISO 8601"),
    ("begins", "date", "First day of the period"), ("ends", "date", "Last day of the period"),
    ("as_of", "date", "Day on which it stood so"),
    ("place", "string", "Place: ISO 3166-1, ISO 3166-2, or a part of one"),
    ("place_name", "string", "Place in English, or as the source names it"),
    ("subject", "string", "What exactly is counted"),
    ("quote", "string", "Words of the source"), ("quote_lang", "string", "Their language"),
    ("source", "string", "Who says it"), ("address", "anyURI", "Web address of the source"),
    ("read", "date", "Day on which it was read there"),
    ("checked", "boolean", "Whether somebody read the words at the address"),
    ("evidence", "string", "SHA-256 of the kept copy"), ("note", "string", "Note"),
    ("record", "anyURI", "Page of the observation"),
)
NAMES = tuple(name for name, _kind, _label in COLUMNS)
_FORMULA = re.compile(r"^'*[=+\-@\t\r]")
_WORDS = frozenset({"place_name", "subject", "quote", "source", "note"})
API = "/api/v1/observatory/data"


def address(name: str, ending: str = "") -> str:
    """Where the data of an indicator (or `all`) are: `ending` csv, json, csv-metadata.json."""
    return f"{settings.BASE_URL}{API}/{name}{f'.{ending}' if ending else ''}"


def rows(of: Indicator | None = None) -> Iterator[dict[str, Any]]:
    """Every current observation, and what the house itself counts month by month; in a fixed
    order."""
    wanted = [of] if of is not None else list(queries.visible_to(None).order_by("slug"))
    seen = [one for one in wanted if not one.counts_facts]
    found = queries.current().filter(indicator__in=seen).order_by("indicator__slug", "begins",
                                                                  "ends", "pk")
    for one in found.iterator(chunk_size=2000):
        yield row(one)
    count = numbers.Count() if len(seen) < len(wanted) else None
    for each in wanted:
        if each.counts_facts:
            yield from _counted(each, count)


def row(one: Observation) -> dict[str, Any]:
    """The columns, in English where words have several languages, and under `words` all of them for
    those who can take more than a table."""
    words = {name: text.plain() for name, text in (("subject", one.subject), ("note", one.note))}
    return {
        "observation": one.number, "indicator": one.indicator.slug, "value": f"{one.exact:f}",
        "high": None if one.high is None else f"{one.high.normalize() + 0:f}",
        "relation": one.relation, "unit": one.unit, "period": one.period,
        "begins": one.begins.isoformat(), "ends": one.ends.isoformat(),
        "as_of": one.as_of.isoformat() if one.as_of else None, "place": one.place_code,
        "place_name": one.place_words.best("en").text or one.place_said,
        "subject": one.subject.best("en").text, "quote": one.quote, "quote_lang": one.quote_lang,
        "source": one.source, "address": one.address,
        "read": one.read.isoformat() if one.read else None, "checked": one.checked,
        "evidence": one.evidence, "note": one.note.best("en").text,
        "record": f"{settings.BASE_URL}{_record(one)}",
        "words": {name: said for name, said in words.items() if set(said) - {"en"}} or None}


def _record(one: Observation) -> str:
    return f"/en/observatory/observations/{one.number}/"


def _counted(of: Indicator, count: numbers.Count | None) -> Iterator[dict[str, Any]]:
    counted = queries.counted(of, count=count)
    for month, total in counted.months if counted else ():
        period = f"{month:%Y-%m}"
        first, last = periods.bounds(period)
        yield dict.fromkeys(NAMES) | {
            "indicator": of.slug, "value": str(total), "relation": str(Relation.EXACT),
            "unit": of.unit, "period": period, "begins": first.isoformat(),
            "ends": last.isoformat(), "source": centre().names.best("en").text, "checked": True,
            "record": f"{settings.BASE_URL}/en/numbers/{of.counts}/?period={period}"}


def write_csv(found: Iterable[dict[str, Any]]) -> Iterator[str]:
    """CSV as RFC 4180 has it. Words that a spreadsheet would run as a formula get an apostrophe."""
    kept = io.StringIO()
    writer = csv.writer(kept, lineterminator="\r\n")
    writer.writerow(NAMES)
    for position, each in enumerate(found):
        writer.writerow([_cell(name, each[name]) for name in NAMES])
        if position % 500 == 499:
            yield kept.getvalue()
            kept.seek(0)
            kept.truncate()
    yield kept.getvalue()


def _cell(name: str, value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "'" + value if name in _WORDS and _FORMULA.match(value) else value


def about(of: Indicator) -> dict[str, Any]:
    """An indicator with all its words, as JSON has it."""
    return {"slug": of.slug, "name": of.name.plain(), "meaning": of.meaning.plain(),
            "unit": of.unit, "kind": of.kind, "sector": of.sector, "counts": of.counts or None,
            "state": of.state, "example": of.example,
            "record": f"{settings.BASE_URL}/en/observatory/indicators/{of.slug}/",
            "csv": address(of.slug, "csv"), "json": address(of.slug, "json")}


def write_json(of: Indicator | None = None) -> Iterator[str]:
    chosen = [of] if of is not None else list(queries.visible_to(None).order_by("slug"))
    head = json.dumps({"licence": centre().data_licence,
                       "indicators": [about(one) for one in chosen]}, ensure_ascii=False)
    yield head[:-1] + ', "observations": ['
    for position, each in enumerate(rows(of)):
        yield (",\n" if position else "\n") + json.dumps(
            {name: value for name, value in each.items() if value not in (None, "")},
            ensure_ascii=False)
    yield "\n]}\n"


def write(ending: str, of: Indicator | None) -> Iterator[str]:
    return write_csv(rows(of)) if ending == "csv" else write_json(of)


def csvw(name: str) -> dict[str, Any]:
    """The description of a CSV file, as the W3C's CSV on the Web has it."""
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": address(name, "csv"), "dc:license": {"@id": centre().data_licence},
        "dialect": {"encoding": "utf-8", "header": True, "lineTerminators": ["\r\n"]},
        "tableSchema": {"columns": [
            {"name": column, "titles": column, "dc:description": label,
             "datatype": kind, **({"null": ""} if kind != "string" else {})}
            for column, kind, label in COLUMNS], "aboutUrl": "{+record}"}}


def version(of: Indicator | None) -> str:
    """Changes whenever these data may have changed: the newest fact about the observatory, and for
    what counts facts the head of the ledger."""
    facts = Fact.objects.filter(subject_type__in=[
        model._meta.label_lower for model in (Observation, Indicator, Place)])
    seq = facts.order_by("-seq").values_list("seq", "hash").first() or (0, "")
    counts = [of] if of else queries.visible_to(None)
    head = ledger.head() if any(one.counts_facts for one in counts) else ("", "")
    said = f"{seq} {head} {clock.today()} {settings.BASE_URL} {of.pk if of else WHOLE}"
    return hashlib.sha256(said.encode()).hexdigest()[:32]


@lru_cache(maxsize=512)
def _measured(name: str, ending: str, known_as: str) -> tuple[str, int]:
    """SHA-256 and length of a file; `known_as` is the version of its data."""
    of = None if name == WHOLE else Indicator.objects.get(slug=name)
    total, length = hashlib.sha256(), 0
    for piece in write(ending, of):
        content = piece.encode()
        total.update(content)
        length += len(content)
    return total.hexdigest(), length


def measured(of: Indicator | None, ending: str) -> tuple[str, int]:
    """Checksum (SHA-256, hex) and length in bytes of a file as it is now."""
    return _measured(of.slug if of else WHOLE, ending, version(of))
