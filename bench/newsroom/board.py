"""How long the director's board, an indicator and a year's report take with 100,000 facts and as
many observations.

    python bench/newsroom/board.py                 # a house of its own in a temporary folder
    python bench/newsroom/board.py --facts 20000 --observations 20000 --runs 10

Prints a table in milliseconds of the server, median and 95th percentile, through Django's own test
client, middleware and rendering included: when the process has just begun and holds nothing, when
one fact was added since, and when nothing changed. The baselines count without memory: every fact
of the board read and told apart in Python, and the same grouping in SQL.
"""

from __future__ import annotations

import argparse
import gzip
import random
import sys
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "bench")]

from house_pages import house, timed  # noqa: E402

ECONOMIES = ("BN", "KH", "ID", "LA", "MY", "MM", "PH", "SG", "TH", "TL", "VN", "CN")
SECTORS = ("agriculture", "manufacturing", "logistics", "medical", "energy", "education", "finance")
# As in a path: most of what is sent is never signed, most of what is signed runs.
NAMES = {"listing.published": 10, "interest.sent": 30, "interest.accepted": 20,
         "interest.introduced": 15, "interest.signed": 10, "interest.started": 8,
         "interest.concluded": 7}
INDICATORS = 50


def fill_ledger(facts: int, luck: random.Random) -> None:
    """Facts about a fifth as many interests, over three years."""
    from saphan.ground import ledger
    from saphan.ground.models import Fact
    from saphan.people.models import Economy
    from saphan.rooms.market.models import Interest, Listing

    interests = max(1, facts // 5)
    economies = {code: Economy.objects.get(code=code) for code in ECONOMIES}
    Listing.objects.bulk_create([Listing(
        number=f"MKT-2026-{n:06d}", kind="technology_request", economy=luck.choice(
            list(economies.values())), example=n % 50 == 0) for n in range(interests)],
        batch_size=2000)
    Interest.objects.bulk_create([Interest(
        listing=listing, position=1, number=f"{listing.number}-01", economy=listing.economy,
        lang="en", sent=datetime(2026, 1, 1, tzinfo=UTC)) for listing in Listing.objects.all()],
        batch_size=2000)
    keys = list(Interest.objects.values_list("pk", "listing__number", "economy_id"))
    names, weights = list(NAMES), list(NAMES.values())
    at, step = datetime(2024, 1, 1, tzinfo=UTC), timedelta(days=1050) / facts
    seq, previous = ledger.head()
    rows = []
    for position in range(facts):
        key, number, economy = luck.choice(keys)
        name = luck.choices(names, weights)[0]
        entry = Fact(
            seq=seq + position + 1, at=at + step * position, name=name, subject_id=str(key),
            subject_type="market.listing" if name.startswith("listing") else "market.interest",
            data={"listing": number, "economy": economy, "owner_economy": "CN",
                  "sector": luck.choice(SECTORS)}, previous=previous)
        entry.hash = previous = ledger.digest(entry)
        rows.append(entry)
    Fact.objects.bulk_create(rows, batch_size=2000)


def fill_books(observations: int, luck: random.Random) -> None:
    """Numbers of many months, places and sources; every tenth has a second source beside it."""
    from saphan.ground.text import Text
    from saphan.rooms.observatory import periods
    from saphan.rooms.observatory.models import Indicator, Observation

    Indicator.objects.bulk_create([Indicator(
        slug=f"indicator-{n}", unit="companies", sector=SECTORS[n % len(SECTORS)],
        state="published", position=n, name=Text.of({"en": f"Indicator {n}"}),
        meaning=Text.of({"en": "What it counts."})) for n in range(INDICATORS)])
    rows, number = [], 0
    now = datetime(2026, 11, 1, tzinfo=UTC)
    for indicator in Indicator.objects.all():
        for position in range(observations // INDICATORS):
            place, back = ECONOMIES[position % 12], position // 24
            period = f"{2026 - back // 12}-{12 - back % 12:02d}"
            begins, ends = periods.bounds(period)
            second = position % 24 >= 12 and position % 10 == 0
            if position % 24 >= 12 and not second:
                period = f"{begins.year}-{begins.month:02d}-{1 + position % 27:02d}"
                begins, ends = periods.bounds(period)
            number += 1
            rows.append(Observation(
                number=f"OBS-2026-{number:06d}", indicator=indicator, unit="companies",
                value=luck.randrange(100, 1000), period=period, begins=begins, ends=ends,
                economy_id=place, source=f"Source {position % 9}", quote="The words of the source.",
                quote_lang="en", address="https://example.org/", read=date(2026, 10, 1),
                checked=True, created=now))
    Observation.objects.bulk_create(rows, batch_size=2000)


def plainly() -> dict[str, Counter[Any]]:
    """The first baseline: each fact of the board read and told apart, without memory."""
    from django.utils import timezone

    from saphan.ground.models import Fact
    from saphan.house import numbers

    counted: dict[str, Counter[Any]] = {}
    for stage in ("signed", "running", "outcome"):
        found: Counter[Any] = Counter()
        for _room, indicator in numbers.of_stage(stage):
            keys = {str(key) for key in indicator.subjects()} if indicator.subjects else None
            for at, subject, data in Fact.objects.filter(name__in=indicator.facts).values_list(
                    "at", "subject_id", "data").iterator(chunk_size=2000):
                if keys is None or subject in keys:
                    found[f"{timezone.localtime(at):%Y-%m}", data.get("economy"),
                          data.get("sector")] += 1
        counted[stage] = found
    return counted


def in_sql() -> list[tuple[Any, ...]]:
    """The second baseline: the database groups; examples are not even left out."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT name, substr(datetime(at, '+8 hours'), 1, 7), json_extract(data, '$.economy'),
                   json_extract(data, '$.sector'), count(*) FROM ground_fact
            WHERE name IN ('interest.signed', 'interest.started', 'interest.concluded')
            GROUP BY 1, 2, 3, 4""")
        return list(cursor.fetchall())


def check(stages: list[Any]) -> None:
    """The board says what the plain count says."""
    for stage in stages:
        plain = plainly()[stage.name]
        assert stage.total == sum(plain.values()), (stage.name, stage.total)
        economies: Counter[Any] = Counter()
        for (_month, economy, _sector), count in plain.items():
            economies[economy] += count
        assert stage.economies == dict(economies)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--facts", type=int, default=100_000)
    parser.add_argument("--observations", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    house("board-")
    from django.test import Client

    from saphan.ground import ledger
    from saphan.house import numbers, tally
    from saphan.people import actions as people
    from saphan.people.models import Person

    people.load_economies()
    luck = random.Random(chosen.seed)
    fill_ledger(chosen.facts, luck)
    fill_books(chosen.observations, luck)
    director = Person.objects.create_user("director@example.org")
    people.grant_role(director, "director", by=None)
    check(numbers.stages())
    client = Client()
    client.force_login(director)

    def forget() -> None:
        tally.mirror.__init__()  # type: ignore[misc]

    def one_more() -> None:
        ledger.record("interest.signed", None, economy="TH", sector="energy")

    pages = {"board": "/en/observatory/board/", "board of one economy":
             "/en/observatory/board/?economy=TH", "the facts behind a count":
             "/en/observatory/board/signed/?economy=TH", "all numbers of the house": "/en/numbers/",
             "list of indicators": "/en/observatory/", "indicator":
             "/en/observatory/indicators/indicator-7/", "report of the year":
             "/en/observatory/report/2025/", "observation":
             "/en/observatory/observations/OBS-2026-000100/"}
    held = [getattr(column, name) for column in tally.mirror.columns.values()
            for name in ("days", "economies", "sectors", "subjects")]
    size = sum(len(one) * one.itemsize for one in held) / 1024 ** 2
    print(f"{chosen.facts} facts, {chosen.observations} observations of {INDICATORS} indicators; "
          f"the columns in memory take {size:.1f} MB\n")
    print("| ms, median / 95 % | nothing in memory | one fact more | unchanged | page |\n"
          "| --- | --- | --- | --- | --- |")
    for name, path in pages.items():
        answer = client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        size = len(gzip.compress(answer.content)) / 1024
        cells = [timed(lambda path=path: client.get(path), runs, act) for runs, act in (
            (3, forget), (chosen.runs, one_more), (chosen.runs, lambda: None))]
        print(f"| {name} | " + " | ".join(f"{middle:.0f} / {late:.0f}" for middle, late in cells)
              + f" | {size:.0f} KB |")
    for name, act in {"baseline: every fact read in Python": plainly,
                      "baseline: grouped in SQL": in_sql}.items():
        middle, late = timed(act, 3, lambda: None)
        print(f"| {name} | {middle:.0f} / {late:.0f} | same | same | |")


if __name__ == "__main__":
    main()
