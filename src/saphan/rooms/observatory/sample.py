"""The observatory's part of a sample centre, and examples for tests. The format of the files is in
the room's README."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from saphan.ground import accession, clock, ledger
from saphan.ground.text import Text
from saphan.house.sampling import BadSample, valid
from saphan.people import actions as people_actions
from saphan.people.models import Economy
from saphan.rooms.observatory import actions, exchange
from saphan.rooms.observatory.forms import IndicatorForm, Known
from saphan.rooms.observatory.models import Indicator, Observation
from saphan.rooms.observatory.vocabulary import SERIES, Kind, Sector, SourceKind


def load(folder: Path) -> int:
    """Load every `*.toml` of the folder as one. Loading again changes only what the files changed.
    Returns how many observations there are."""
    whole: dict[str, list[dict[str, Any]]] = {"place": [], "indicator": [], "observation": []}
    for path in sorted(folder.glob("*.toml")):
        try:
            data = tomllib.loads(path.read_text("utf-8"))
        except tomllib.TOMLDecodeError as error:
            raise BadSample(f"{path.name}: {error}") from None
        if strange := set(data) - set(whole):
            raise BadSample(f"{path.name}: unknown tables {sorted(strange)}")
        for name, rows in whole.items():
            rows += data.get(name, [])
    for row in whole["place"]:
        _place(row)
    for row in whole["indicator"]:
        _indicator(row)
    known = Known()
    for row in whole["observation"]:
        _observation(row, known)
    return Observation.objects.count()


def _place(row: Mapping[str, Any]) -> None:
    economy = Economy.objects.filter(code=row.get("economy", "")).first()
    if economy is None:
        raise BadSample(f"place {row.get('code')}: unknown economy {row.get('economy')!r}")
    actions.add_place(row["code"], _words(row["name"]), economy)


def _words(words: Mapping[str, str]) -> Text:
    return Text.of(words, source="en" if "en" in words else "", origin="house")


def _indicator(row: Mapping[str, Any]) -> None:
    known = Indicator.objects.filter(slug=row.get("slug", "")).first()
    form = valid(IndicatorForm(dict(row), lang="en", indicator=known), f"indicator {row['slug']}")
    values = form.values(origin="house")
    values |= {name: _words(row.get(name, {})) for name in ("name", "meaning")}
    if known:
        actions.change_indicator(known, values, by=None)
    else:
        actions.publish(actions.add_indicator(values, by=None), by=None)


def _observation(row: Mapping[str, Any], known: Known) -> None:
    if not row.get("key"):
        raise BadSample(f"an observation of {row.get('indicator')} has no key")
    plain = {name: value.isoformat() if isinstance(value, date) else value
             for name, value in row.items()}
    checked = exchange.check_row(plain, known, lang=row.get("quote_lang", "en"), origin="house")
    if isinstance(checked, dict):
        exchange.load_row(checked, by=None)
    else:
        raise BadSample(f"observation {row['key']}: {'; '.join(checked)}")


def make_examples(count: int) -> None:
    """`count` published indicators with two observations each that disagree, for tests."""
    if not Economy.objects.exists():
        people_actions.load_economies()
    economy = Economy.objects.get(code="TH")
    for position in range(count):
        number = accession.next_number(SERIES)
        indicator = Indicator(
            slug=f"example-{number.lower()}", kind=Kind.COUNT, unit="companies",
            sector=Sector.values[position % len(Sector.values)], state=Indicator.State.PUBLISHED,
            example=True, source_kind=SourceKind.OBSERVATIONS,
            name=Text.of({"th": f"บริษัทปัญญาประดิษฐ์ {position}",
                          "en": f"AI companies {position}"}),
            meaning=Text.of({"th": "ตัวอย่างสำหรับการทดสอบ"}))
        with ledger.fact("indicator.published", indicator, sector=indicator.sector):
            indicator.save()
        for share, year in ((0, 2024), (1, 2024), (0, 2025)):
            made = Observation(
                number=accession.next_number(SERIES), indicator=indicator, economy=economy,
                value=100 + position + share, unit="companies", period=str(year),
                begins=date(year, 1, 1), ends=date(year, 12, 31), source="ตัวอย่าง",
                quote=f"มีบริษัท {100 + position + share} แห่ง", quote_lang="th",
                created=clock.now(), example=True)
            with ledger.fact("observation.added", made, economy=economy.code,
                             sector=indicator.sector):
                made.save()
