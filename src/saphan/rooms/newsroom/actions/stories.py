"""Stories: articles are placed as they come in; officers merge, split and move.

What officers decide is kept and obeyed: no article that somebody put somewhere is moved by the
house, and stories that somebody took apart are not put together again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta

import numpy as np

from saphan.engines.language.embed import Vectors
from saphan.engines.stories.clustering import DAYS, Shelf, place
from saphan.ground import clock, ledger
from saphan.ground.accession import next_number
from saphan.people.models import Person
from saphan.rooms.newsroom import meaning
from saphan.rooms.newsroom.models import Article, Decision, Story
from saphan.rooms.newsroom.rules import stories as rules

State = Article.State
Kind = Decision.Kind


# What the house does on its own


def put(articles: Sequence[Article], rows: Vectors) -> None:
    """Give each article its story. `rows` [n, dimension]: their vectors without their language."""
    days = [each.day for each in articles]
    shelf = shelf_of(min(days) - timedelta(days=DAYS), max(days) + timedelta(days=DAYS),
                     articles[0].vector_model, dimension=rows.shape[1])
    touched: set[int] = set()
    order = sorted(range(len(articles)), key=lambda at: (articles[at].day, articles[at].pk))
    for at in order:
        article, row = articles[at], rows[at]
        if article.story_id is None:
            _place(article, row, shelf)
        shelf.add(str(article.story_id), row, article.day)
        article.placed = True
        if article.story_id is not None:
            touched.add(article.story_id)
    Article.objects.bulk_update(articles, ["story", "placed", "vector", "vector_model"])
    recount(touched)


def _place(article: Article, row: Vectors, shelf: Shelf) -> None:
    """A copy stands with what it copies; anything else where it is most alike, or alone."""
    if article.copy_of is not None:
        article.copy_of.refresh_from_db(fields=["story"])
        if article.copy_of.story_id is not None:
            article.story_id = article.copy_of.story_id
            return
    near = place(row, article.day, shelf)
    article.story_id = int(near.key) if near else _begun(article).pk


def _begun(article: Article) -> Story:
    return Story.objects.create(number=next_number("STY"), title=article.title, lang=article.lang,
                                first_day=article.day, last_day=article.day,
                                example=article.example)


def shelf_of(first: date, last: date, model: str, *, dimension: int) -> Shelf:
    """The stories with articles from `first` to `last`, in parts where people merged them."""
    held = list(Article.objects.filter(
        day__gte=first, day__lte=last, vector_model=model, state=State.TAKEN,
    ).exclude(story=None).exclude(vector=None).order_by("story_id", "pk").values_list(
        "story_id", "pk", "day", "vector"))
    shelf = Shelf(dimension)
    if not held:
        return shelf
    rows = meaning.without_language(meaning.unpacked(
        [vector for *_rest, vector in held if vector is not None]))
    parts = _parts({story for story, *_rest in held if story is not None})
    members: dict[tuple[int, int], list[int]] = {}
    for at, (story, key, _day, _vector) in enumerate(held):
        members.setdefault((story or 0, parts.get(key, 0)), []).append(at)
    for (story, _part), places in members.items():
        days = [held[at][2] for at in places]
        shelf.put(str(story), np.asarray(rows[places].sum(axis=0), np.float32), len(places),
                  min(days), max(days))
    return shelf


def _parts(stories: Iterable[int]) -> dict[int, int]:
    """Articles that came with a merged story, by the decision that brought them."""
    decided = Decision.objects.filter(kind=Kind.MERGE, undone=None, story__in=list(stories))
    return {key: pk for pk, keys in decided.order_by("pk").values_list("pk", "articles")
            for key in keys}


def tidy() -> int:
    """Join stories that turned out to be one as they grew, except where an officer holds them
    apart. Gives how many were joined."""
    today = clock.today()
    newest = Article.objects.filter(placed=True, day__gte=today - timedelta(days=2 * DAYS)).exclude(
        vector=None).only("vector", "vector_model").first()
    if newest is None or newest.vector is None:
        return 0
    shelf = shelf_of(today - timedelta(days=2 * DAYS), today + timedelta(days=DAYS),
                     newest.vector_model, dimension=meaning.unpacked([newest.vector]).shape[1])
    pairs = shelf.close(apart={frozenset(map(str, pair)) for pair in held_apart()})
    for kept, gone in pairs:
        story, other = Story.objects.get(pk=kept), Story.objects.get(pk=gone)
        with ledger.fact("story.joined", story, other=other.number):
            _pour(other, story)
    return len(pairs)


def held_apart() -> set[frozenset[int]]:
    """Pairs of stories that people took apart, each as it stands today; and what they moved from
    the story that they took it out of, wherever it went since."""
    decided = [*Decision.objects.filter(kind__in=[Kind.SPLIT, Kind.MOVE], undone=None),
               *Decision.objects.filter(kind=Kind.MERGE, undone__isnull=False)]
    into = _into()
    pairs = {frozenset({standing(each.story_id, into), standing(each.other_id, into)})
             for each in decided if each.other_id is not None}
    now = dict(Article.objects.filter(pk__in={
        key for each in decided for key in each.articles}).values_list("pk", "story"))
    for each in decided:
        if each.kind != Kind.MERGE:
            pairs |= {frozenset({standing(story, into), now[int(key)] or 0})
                      for key, story in each.before.items() if now.get(int(key))}
    return {pair for pair in pairs if len(pair) == 2}


def _into() -> dict[int, int]:
    """Stories that are no more, and the one that each went into."""
    return {key: into for key, into in Story.objects.exclude(merged_into=None).values_list(
        "pk", "merged_into") if into is not None}


def standing(story: int, into: Mapping[int, int]) -> int:
    """The story in which one stands today."""
    seen: set[int] = set()
    while story in into and story not in seen:
        seen.add(story)
        story = into[story]
    return story


# What officers do


def merge(story: Story, other: Story, *, by: Person | None) -> Decision:
    """All articles of `other` come into `story`, and whatever is like them later does too."""
    rules.may_merge(by, story, other).or_raise()
    with ledger.fact("story.merged", story, by=by, other=other.number) as fact:
        before = {str(key): other.pk for key in _keys(other)}
        decision = _decided(Kind.MERGE, story, other, before, by)
        _pour(other, story)
        fact.data["articles"] = len(before)
    return decision


def split(story: Story, articles: Collection[Article], *, by: Person | None) -> Story:
    """A new story of these articles; the two are never put together again by the house."""
    rules.may_split(by, story, articles).or_raise()
    first = min(articles, key=lambda each: (each.day, each.pk))
    with ledger.fact("story.split", story, by=by, articles=len(articles)) as fact:
        made = _begun(first)
        _decided(Kind.SPLIT, story, made, {str(each.pk): story.pk for each in articles}, by)
        Article.objects.filter(pk__in=[each.pk for each in articles]).update(story=made)
        recount([story.pk, made.pk])
        fact.data["new"] = made.number
    made.refresh_from_db()
    story.refresh_from_db()
    return made


def move(article: Article, to: Story, *, by: Person | None) -> Decision:
    """One article belongs to another story."""
    rules.may_move(by, article, to).or_raise()
    source = Story.objects.get(pk=article.story_id or 0)
    with ledger.fact("story.moved", to, by=by, article=article.number, source=source.number):
        decision = _decided(Kind.MOVE, to, source, {str(article.pk): source.pk}, by)
        Article.objects.filter(pk=article.pk).update(story=to)
        recount([source.pk, to.pk])
        _lead_on(source, to)
    article.refresh_from_db(fields=["story"])
    return decision


def undo(decision: Decision, *, by: Person | None) -> None:
    """What was decided is taken back: each article that it moved is where it was before."""
    rules.may_undo(by, decision).or_raise()
    with ledger.fact("story.undone", decision.story, by=by, kind=decision.kind):
        decision.undone = clock.now()
        decision.save(update_fields=["undone"])
        other = decision.other
        if other is not None and (decision.kind == Kind.MERGE or not other.size):
            Story.objects.filter(pk=other.pk).update(merged_into=None)
        into = _into()
        back = {int(key): standing(story, into) for key, story in decision.before.items()}
        if decision.kind == Kind.SPLIT:  # what came in since goes along
            home = standing(decision.story_id, into)
            back |= dict.fromkeys(Article.objects.filter(story=decision.other_id).values_list(
                "pk", flat=True), home)
        left = set(Article.objects.filter(pk__in=back).values_list("story", flat=True))
        for key, story in back.items():
            Article.objects.filter(pk=key).update(story=story)
        recount({each for each in (decision.story_id, decision.other_id, *back.values(), *left)
                 if each is not None})
        if decision.kind == Kind.SPLIT and other is not None:
            _lead_on(other, Story.objects.get(pk=home))


def _decided(kind: Decision.Kind, story: Story, other: Story, before: dict[str, int],
             by: Person | None) -> Decision:
    return Decision.objects.create(kind=kind, at=clock.now(), by=by, story=story, other=other,
                                   articles=[int(key) for key in before], before=before)


def _keys(story: Story) -> list[int]:
    return list(Article.objects.filter(story=story).order_by("pk").values_list("pk", flat=True))


def _pour(other: Story, story: Story) -> None:
    Article.objects.filter(story=other).update(story=story)
    Story.objects.filter(pk=other.pk).update(merged_into=story)
    recount([story.pk, other.pk])
    story.refresh_from_db()
    other.refresh_from_db()


def _lead_on(emptied: Story, to: Story) -> None:
    """The address of a story without articles leads to where they are."""
    Story.objects.filter(pk=emptied.pk, size=0).update(merged_into=to)


def recount(stories: Iterable[int]) -> None:
    """Bring size, days, languages and title of these stories up to date with their articles."""
    told: dict[int, list[tuple[date, int, str, str]]] = {key: [] for key in stories}
    # by story alone: with the state in the question, SQLite reads all articles of that state
    for key, state, day, pk, title, lang in Article.objects.filter(
            story__in=list(told)).order_by().values_list(
                "story_id", "state", "day", "pk", "title", "lang"):
        if state == State.TAKEN and key is not None:
            told[key].append((day, pk, title, lang))
    changed = list(Story.objects.filter(pk__in=list(told)))
    for story in changed:
        rows = sorted(told[story.pk])
        story.size = len(rows)
        story.languages = sorted({lang for *_rest, lang in rows})
        if rows:
            story.first_day, story.last_day = rows[0][0], rows[-1][0]
            _day, _key, story.title, story.lang = rows[0]
        else:
            story.title = ""  # of an article that was withdrawn
    Story.objects.bulk_update(changed, ["size", "languages", "first_day", "last_day", "title",
                                        "lang"])
