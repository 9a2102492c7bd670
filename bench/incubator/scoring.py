"""How long the scoring page of a large panel takes: 200 answers x 5 reviews x 6 criteria.

    python bench/incubator/scoring.py            # a house of its own in a temporary folder
    python bench/incubator/scoring.py --answers 500 --runs 30

Prints a table: what was asked, how long it takes when the marks have just changed (nothing in
memory), and when they have not; in milliseconds of the server, median and 95th percentile. The
baseline is the plain mean of the marks in SQL, which neither adjusts nor knows how sure it is.
Page and API are asked through Django's own test client, middleware and rendering included.
"""

from __future__ import annotations

import argparse
import gzip
import random
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "bench")]

from house_pages import house, timed  # noqa: E402

CRITERIA = 6
REVIEWERS = 25


def fill(answers: int, each: int, seed: int) -> tuple[Any, Any]:
    """A call whose panel has handed in everything; and its programme manager."""
    from saphan.engines.panel import assign
    from saphan.ground import clock
    from saphan.people import actions as people
    from saphan.people.models import Person
    from saphan.rooms.incubator import rubrics
    from saphan.rooms.incubator.models import Answer, Call, Review, Reviewer

    people.load_economies()
    manager = Person.objects.create_user("manager@example.org")
    people.grant_role(manager, "programme_manager", by=None)
    names = rubrics.in_every_language("A criterion")
    now = clock.now()
    call = Call.objects.create(
        number="INC-2027-0001", key="bench", form="challenge", lang="en", state="evaluation",
        round=2, places=answers // 10, posted=now, unsealed=now, deadline=now - timedelta(days=1),
        rubric=[{"id": f"c{n}", "name": names, "weight": 100 // CRITERIA, "guide": {}}
                for n in range(CRITERIA)])
    Answer.objects.bulk_create([Answer(
        call=call, position=n, number=f"{call.number}-{n:02d}", state="opened", lang="en",
        content={"title": f"Answer {n}", "solution": "words " * 300})
        for n in range(1, answers + 1)])
    by_number = {one.number: one for one in call.answers.all()}
    seats = {}
    for n in range(REVIEWERS):
        person = Person.objects.create_user(f"reviewer{n}@example.org")
        seats[person.ref] = Reviewer.objects.create(call=call, person=person, invited=now,
                                                    promised=now)
    luck = random.Random(seed)
    worth = {number: luck.gauss(3, 0.8) for number in by_number}
    harsh = {ref: luck.gauss(0, 0.6) for ref in seats}
    found = assign(list(by_number), list(seats), each, seed=seed)
    for round_ in (1, 2):
        Review.objects.bulk_create([Review(
            reviewer=seats[ref], answer=by_number[number], round=round_, state="handed_in",
            handed_in=now, lang="en", remarks={f"c{n}": "words " * 20 for n in range(CRITERIA)},
            marks={f"c{n}": max(0, min(5, round(worth[number] - harsh[ref] + luck.gauss(0, 0.7))))
                   for n in range(CRITERIA)}) for number, ref in found.pairs])
    return call, manager


def plain_mean(call: Any) -> list[tuple[Any, ...]]:
    """The baseline: one query, no adjustment."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT a.number, AVG(m.value * 20) FROM incubator_review r
            JOIN incubator_answer a ON a.id = r.answer_id, json_each(r.marks) m
            WHERE a.call_id = %s AND r.round = 2 AND r.state = 'handed_in'
            GROUP BY a.number ORDER BY 2 DESC""", [call.pk])
        return list(cursor.fetchall())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--answers", type=int, default=200)
    parser.add_argument("--each", type=int, default=5)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    house("scoring-")
    call, manager = fill(chosen.answers, chosen.each, chosen.seed)
    from django.test import Client

    from saphan.people import actions as people
    from saphan.rooms.incubator.queries import panel

    client = Client()
    client.force_login(manager)
    secret = people.issue_token(manager, name="bench", scope="read", by=None)
    page_at = f"/en/incubator/{call.number}/scores/"
    api_at = f"/api/v1/incubator/{call.number}/scores"
    header = {"authorization": f"Bearer {secret}"}
    page = client.get(page_at)
    assert page.status_code == 200, page.status_code
    assert client.get(api_at, headers=header).status_code == 200
    tasks: dict[str, Callable[[], Any]] = {
        "scoring page": lambda: client.get(page_at),
        "decision page": lambda: client.get(f"/en/incubator/{call.number}/decision/"),
        "API, scores": lambda: client.get(api_at, headers=header),
        "scores without page": lambda: panel.scoring(call, asker=manager),
        "aggregates": lambda: panel.aggregates(call),
        "baseline: plain mean in SQL": lambda: plain_mean(call),
    }
    size = len(gzip.compress(page.content))
    print(f"{chosen.answers} answers x {chosen.each} reviews x {CRITERIA} criteria, "
          f"{REVIEWERS} reviewers; page {len(page.content) / 1024:.0f} KB, {size / 1024:.0f} KB "
          "on the wire\n")
    print("| ms, median / 95 % | marks just changed | unchanged |\n| --- | --- | --- |")
    for name, act in tasks.items():
        cold = timed(act, chosen.runs, panel._judged.clear)
        warm = timed(act, chosen.runs, lambda: None)
        print(f"| {name} | {cold[0]:.0f} / {cold[1]:.0f} | {warm[0]:.0f} / {warm[1]:.0f} |")


if __name__ == "__main__":
    main()
