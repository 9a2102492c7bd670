# ruff: noqa: E402
"""Time the figures' pages on a large archive.

    SAPHAN_HOME=/tmp/large python bench/newsroom/figures_desk.py [--articles 100000] [--each 10]

Fills an empty database of that home with made-up articles and figures, then asks for the list as an
officer does, narrowed in each way, and for one figure.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import time
from datetime import date, timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "saphan.settings")
import django

django.setup()

from django.core.management import call_command
from django.db import transaction
from django.test import Client

from saphan.ground import clock
from saphan.people import actions as people_actions
from saphan.people.models import Person, Role
from saphan.rooms.newsroom.models import Article, Figure, Source, Version

UNITS = ["%", "CNY", "USD", "m2", "t", "firm", "project", "person", "item", "km"]
PLACES = ["CN", "CN-GX", "CNNNG", "TH", "VN", "LA", "ID", "KH", "SG", "MY", ""]
PERIODS = ["2023", "2024", "2025", "2025-Q1", "2025-Q2", "2025-03", ""]


def fill(articles: int, each: int) -> None:
    """Articles with figures, a hundredth of them verified and a hundredth or two in doubt."""
    chance = random.Random(3)
    source = [Source.objects.create(key=f"s{n}", name=f"Source {n}", lang="en", way="feed",
                                    address=f"https://s{n}.example.org/feed") for n in range(300)]
    first = date(2023, 1, 1)
    for start in range(0, articles, 2000):
        with transaction.atomic():
            made = Article.objects.bulk_create([Article(
                number=f"NWS-2025-{n:07d}", title=f"Article {n}", lang="en", read=True, placed=True,
                day=(day := first + timedelta(days=n * 1000 // articles)), published=day,
                taken=clock.now(), fingerprint=str(n), source=source[n % 300], length=900)
                for n in range(start, min(start + 2000, articles))])
            versions = Version.objects.bulk_create([Version(
                article=one, at=clock.now(), title=one.title, how="plain",
                text="In 2024 Guangxi had 303 smart factories. " * 20) for one in made])
            Figure.objects.bulk_create([Figure(
                key=f"FIG-2025-{(start + a) * each + n:07d}", article=one, version=version,
                state="verified" if chance.random() < 0.01 else "read",
                flagged=n == 0 and a % 20 == 0,
                flags=[{"code": "contradicts", "figure": "FIG-2025-0000000"}] * (
                    n == 0 and a % 20 == 0),
                value=chance.randint(1, 9999), unit=chance.choice(UNITS),
                place_code=chance.choice(PLACES), kind="amount",
                period=chance.choice(PERIODS), subject="smart factories", start=20, end=23,
                quote="In 2024 Guangxi had 303 smart factories.", extractor="figures-2",
                day=one.day, lang="en")
                for a, (one, version) in enumerate(zip(made, versions, strict=True))
                for n in range(each)], batch_size=2000)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--each", type=int, default=10)
    options = parser.parse_args()
    call_command("migrate", verbosity=0)
    if not Article.objects.exists():
        people_actions.load_economies()
        person = Person.objects.create_user("desk@example.org")
        people_actions.grant_role(person, Role.Name.PROGRAMME_MANAGER, by=None)
        start = time.perf_counter()
        fill(options.articles, options.each)
        print(f"filled in {time.perf_counter() - start:.0f} s")
    client = Client(SERVER_NAME="localhost")
    client.force_login(Person.objects.get(email="desk@example.org"))
    one = Figure.objects.order_by("pk")[100].key
    for name, address in {
        "to check": "", "verified": "?state=verified", "unit": "?unit=m2", "place": "?place=CN-GX",
        "period": "?period=2025-Q1", "unit, place, period": "?unit=m2&place=TH&period=2025-03",
        "nothing": "?unit=m2&place=BR", "source": "?source=s7", "with doubts": "?flagged=on",
        "far down": "?after=2023-03-01.5000", "one figure": f"{one}/",
    }.items():  # fmt: skip
        spent = []
        for _ in range(5):
            start = time.perf_counter()
            answer = client.get(f"/en/newsroom/figures/{address}")
            spent.append((time.perf_counter() - start) * 1000)
            assert answer.status_code == 200, answer.status_code
        print(f"{name:20} {statistics.median(spent):6.0f} ms  {len(answer.content) // 1000} KB")


if __name__ == "__main__":
    main()
