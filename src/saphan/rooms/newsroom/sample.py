"""The newsroom's part of a sample centre.

`sources.toml`   [[source]] as the form of a source has it, with `key` and `trouble` (robots)
`articles.toml`  [[article]] of a `source` with `slug`, `days_ago`, `title`, `text`; `story` that it
                 belongs to; `verify`: values that an officer has checked; [[article.correction]]
`topics.toml`    [[topic]] as the form of a topic has it, with `key` and `officer` (an economy)
`briefs.toml`    [[brief]] of a `topic`, with its [[brief.block]]s: `heading`, or `article`
                 (source/slug) with `quote` or `figure` and the `text` in the brief's language

Everything goes the way that real news goes, on a stopped clock, and is marked as an example. What
is here already stays as it is.
"""

from __future__ import annotations

import logging
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils import timezone

from saphan.ground import clock
from saphan.house.engine import NotReady
from saphan.house.sampling import BadSample, actor, manager, valid
from saphan.people.models import Economy, Person, Role
from saphan.rooms.newsroom import drafting, example_news
from saphan.rooms.newsroom.actions import (
    articles,
    brief_life,
    briefs,
    looking,
    placing,
    reading_figures,
    sources,
    stories,
)
from saphan.rooms.newsroom.actions import figures as desk
from saphan.rooms.newsroom.actions import topics as following
from saphan.rooms.newsroom.forms.sources import SourceForm
from saphan.rooms.newsroom.forms.topics import TopicForm
from saphan.rooms.newsroom.intake import Incoming
from saphan.rooms.newsroom.models import Article, Brief, Figure, Source, Topic

log = logging.getLogger(__name__)
Row = dict[str, Any]


def load(folder: Path) -> int:
    """Load the four files. Returns how many articles there are."""
    sample = Sample({name: _rows(folder, name) for name in (
        "source", "article", "topic", "brief")})
    sample.add_sources()
    sample.take_articles()
    sample.sort_stories()
    sample.verify_figures()
    sample.begin_topics()
    sample.write_briefs()
    return Article.objects.count()


def _rows(folder: Path, name: str) -> list[Row]:
    path = folder / f"{name}s.toml"
    try:
        rows: list[Row] = tomllib.loads(path.read_text("utf-8")).get(name, [])
    except tomllib.TOMLDecodeError as error:
        raise BadSample(f"{path.name}: {error}") from None
    return rows


def officer(economy: str) -> Person:
    """The liaison officer of the sample for an economy."""
    person = actor(f"liaison-{economy.lower()}", Role.Name.LIAISON_OFFICER)
    Person.objects.filter(pk=person.pk).update(economy=Economy.objects.filter(code=economy).first())
    return person


class Sample:
    """One loading: what the files say, and the day from which their days are counted."""

    def __init__(self, rows: dict[str, list[Row]]) -> None:
        self.rows = rows
        self.now, self.today = clock.now(), clock.today()
        self.homes = {row["key"]: (row["home"], row["lang"]) for row in rows["source"]}

    def at(self, day: date, hour: int = 9) -> datetime:
        """Half past that hour at the centre."""
        return min(datetime.combine(day, time(hour, 30), timezone.localtime(self.now).tzinfo),
                   self.now)

    # Sources and what they brought

    def add_sources(self) -> None:
        for row in self.rows["source"]:
            if not Source.objects.filter(key=row["key"]).exists():
                form = valid(SourceForm(row), f"source {row['key']}")
                with clock.stopped_at(self.at(self.today - timedelta(days=20))):
                    sources.add(row["key"], form.values(), by=None, example=True)

    def take_articles(self) -> None:
        """Let the sources be read, day by day."""
        days: dict[date, list[tuple[str, example_news.Telling]]] = defaultdict(list)
        for row in self.rows["article"]:
            for telling in self.missing(row):
                days[telling.day].append((row["source"], telling))
        for day in sorted(days):
            for position, (key, telling) in enumerate(days[day]):
                with clock.stopped_at(self.at(day) + timedelta(minutes=position)):
                    self.look(Source.objects.get(key=key), telling)
        if days:
            self.last_looks()

    def missing(self, row: Row) -> Iterator[example_news.Telling]:
        home, lang = self.homes[row["source"]]
        if not Article.objects.filter(address=example_news.address_of(row, home)).exists():
            yield from example_news.tellings(row, home=home, lang=lang, today=self.today)

    def look(self, source: Source, telling: example_news.Telling) -> None:
        """One look at a source, as the crawler writes it down, with one article in it; its figures
        are read at once, so that a correction finds those that it takes back."""
        taken = articles.take(Incoming(
            body=telling.page, content_type="text/html; charset=utf-8", source=source.pk,
            address=telling.address, recipe=source.recipe, lang=telling.lang, at=clock.now(),
            published=telling.day, title=telling.title, example=True))
        if taken.outcome == "refused":
            raise BadSample(f"{telling.address}: {taken.problem}")
        tally = looking.Tally(source, listed=1, octets=len(telling.page))
        tally.new, tally.corrected = int(taken.outcome != "corrected"), int(
            taken.outcome == "corrected")
        looking.finish(tally)
        reading_figures.take_up()

    def last_looks(self) -> None:
        """An hour ago: nothing new, and what is wrong with some."""
        troubles = {row["key"]: row.get("trouble", "") for row in self.rows["source"]}
        hour_ago = self.now - timedelta(hours=1)
        for source in Source.objects.filter(key__in=troubles):
            if not source.looks.filter(at__gte=hour_ago).exists():
                with clock.stopped_at(hour_ago):
                    tally = looking.Tally(source)
                    if troubles[source.key] == "robots":
                        tally.trouble("robots")
                    looking.finish(tally)

    # Stories and figures

    def sort_stories(self) -> None:
        """Let the house place what is new, and an officer put right what it got wrong."""
        try:
            while placing.take_up():
                pass
        except NotReady as error:
            log.warning("the articles of the sample wait for their stories: %s", error)
            return
        told: dict[str, list[Article]] = defaultdict(list)
        for row in self.rows["article"]:
            told[row["story"]].append(self.article(row["source"], row["slug"]))
        used: set[int] = set()
        for members in sorted(told.values(), key=len, reverse=True):
            used.add(self._together(members, used))

    def _together(self, members: list[Article], used: set[int]) -> int:
        """Bring these articles into one story. Returns its key."""
        counted = Counter(each.story for each in members
                          if each.story is not None and each.story.pk not in used)
        if counted:
            home = counted.most_common(1)[0][0]
        else:
            assert members[0].story is not None
            home = stories.split(members[0].story, [members[0]], by=officer("CN"))
            members[0].refresh_from_db()
        for each in members:
            if each.story_id != home.pk:
                stories.move(each, home, by=officer("CN"))
        return home.pk

    def article(self, source: str, slug: str) -> Article:
        address = example_news.address_of({"slug": slug}, self.homes[source][0])
        return Article.objects.select_related("story", "economy").get(address=address)

    def verify_figures(self) -> None:
        for row in self.rows["article"]:
            article = self.article(row["source"], row["slug"])
            for value in row.get("verify", []):
                found = self.figure(article, value)
                if found.state == Figure.State.READ:
                    with clock.stopped_at(self.at(article.day, hour=15)):
                        desk.verify(found, by=officer(article.economy_id or "CN"))

    def figure(self, article: Article, value: str) -> Figure:
        """The figure with this value in the current version."""
        found = Figure.objects.filter(
            article=article, value=Decimal(value), state__in=[
                Figure.State.READ, Figure.State.VERIFIED]).order_by("pk").first()
        if found is None:
            raise BadSample(f"{article.address}: no figure {value}")
        return found

    # Topics and briefs

    def begin_topics(self) -> None:
        for row in self.rows["topic"]:
            if Topic.objects.filter(name=row["name"], example=True).exists():
                continue
            form = valid(TopicForm(row), f"topic {row['key']}")
            topic = following.begin(form.cleaned_data, by=officer(row["officer"]))
            Topic.objects.filter(pk=topic.pk).update(example=True)

    def write_briefs(self) -> None:
        topics = {row["key"]: row for row in self.rows["topic"]}
        for row in self.rows["brief"]:
            if Brief.objects.filter(title=row["title"], example=True).exists():
                continue
            topic = topics[row["topic"]]
            written = self.today - timedelta(days=row["written_days_ago"])
            with clock.stopped_at(self.at(written, hour=10)):
                self._write(row, Topic.objects.get(name=topic["name"], example=True),
                            by=officer(topic["officer"]))

    def _write(self, row: Row, topic: Topic, *, by: Person) -> None:
        since = self.today - timedelta(days=row["since_days_ago"])
        brief = briefs.draft(drafting.Wish(
            lang=row["lang"], topic=topic, since=since, until=clock.today()), by=by,
            title=row["title"], example=True)
        briefs.change(brief, [], by=by)
        for block in row["block"]:
            self._block(brief, block, by)
        texts = {made["id"]: block["text"] for made, block in zip(
            brief.content, row["block"], strict=True) if "text" in block}
        briefs.write(brief, by=by, version=brief.version, title=row["title"],
                     standfirst=row["standfirst"], public=row["public"], texts=texts)
        brief_life.hand_in(brief, by=by)
        if row["state"] == "approved":
            brief_life.approve(brief, by=manager())

    def _block(self, brief: Brief, block: Row, by: Person) -> None:
        if "heading" in block:
            briefs.add_heading(brief, block["heading"], by=by)
            return
        source, _slash, slug = block["article"].partition("/")
        article = self.article(source, slug)
        if "figure" in block:
            briefs.add_figure(brief, self.figure(article, block["figure"]), by=by)
        else:
            words = example_news.dated(block["quote"], article.lang, self.today)
            briefs.add_quote(brief, article, words, by=by)
