"""Read the figures of articles: new ones are kept, moved ones follow, lost ones are withdrawn."""

from __future__ import annotations

import logging
from typing import Any

from django.db import OperationalError, transaction
from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext_noop

from saphan.engines.figures import Found, selectors
from saphan.engines.figures.sameness import Tie, compare
from saphan.engines.language import codes
from saphan.ground import ledger
from saphan.ground.accession import next_numbers
from saphan.rooms.newsroom import doubts, figuring
from saphan.rooms.newsroom.models import Article, Figure, Version

log = logging.getLogger(__name__)
SERIES = "FIG"
STANDING = (Figure.State.READ, Figure.State.VERIFIED)
GONE = gettext_noop("The article was corrected and no longer says this.")
ARTICLE_GONE = gettext_noop("The article was withdrawn.")
_COMPARED = 40
"""Figures of other articles that a new one is compared with."""
_COMPARED_BY = frozenset({"lang", "kind", "relation", "subject", "place_code", "period"})
"""What decides, besides value and unit, whether two figures contradict each other."""
_FLAGS = 12


def take_up(most: int = 50) -> int:
    """Read the next articles that were not read yet. Returns how many."""
    waiting = Article.objects.filter(read__in=[False])  # SQLite finds its index by a comparison
    keys = list(waiting.order_by("pk").values_list("pk", flat=True)[:most])
    for key in keys:
        try:
            with transaction.atomic():
                read(Article.objects.select_for_update().defer("vector").get(pk=key))
        except OperationalError:  # the database, not the text: the next round tries again
            raise
        except Exception:  # one odd text must not keep all others waiting
            log.exception("the figures of article %s could not be read", key)
            Article.objects.filter(pk=key).update(read=True)
            doubts.add(key, doubts.FAILED)
    return len(keys)


def read(article: Article) -> None:
    """Read the current version of an article, and bring its figures up to date."""
    if article.state == Article.State.WITHDRAWN:
        withdraw_all(article, ARTICLE_GONE)
    else:
        version = Version.objects.get(article=article, current=True)
        found = figuring.read(article, version)
        left = _follow(article, version, found)
        _keep(article, version, left)
    Article.objects.filter(pk=article.pk).update(read=True)


def _follow(article: Article, version: Version, found: list[Found]) -> list[Found]:
    """Move the figures that are known already to where they stand now; those that the text does not
    state any longer are withdrawn. Returns what is new."""
    left = list(found)
    known = Figure.objects.filter(article=article).exclude(state=Figure.State.WITHDRAWN)
    for figure in known.select_related("version").order_by("start"):
        place = selectors.find(version.text, figure.selectors)
        here = [one for one in left if place and one.start < place[1] and place[0] < one.end
                and figuring.same_reading(figure, one)]  # fmt: skip
        if not here:
            same = [one for one in left if figuring.same_reading(figure, one)
                    and one.subject == figure.subject]  # fmt: skip
            here = same if len(same) == 1 else []
        if here:
            left.remove(here[0])
            _renew(figure, article, version, here[0])
        elif place and figure.version_id == version.pk and figure.verified_by_id:
            continue  # an officer has read it there; a newer parser does not undo that
        elif figure.state in STANDING:
            withdraw(figure, GONE)
    return left


def _renew(figure: Figure, article: Article, version: Version, one: Found) -> None:
    """Where it stands now, and what the article's new day or language makes of it; what a person
    has said of a figure stays."""
    now: dict[str, Any] = {"day": article.day, "lang": article.lang}
    if figure.version_id != version.pk:
        now |= figuring.place_of(version, one)
    meant = _differing(figure, figuring.meaning_of(one))
    if meant and figure.state == Figure.State.READ and not _was_corrected(figure):
        now |= meant | {"extractor": one.version}
    now = _differing(figure, now)
    if not now:
        return
    if now.keys() & _COMPARED_BY:
        forget_flags(figure)
    Figure.objects.filter(pk=figure.pk).update(**now)
    if now.keys() & _COMPARED_BY:
        contradictions([Figure.objects.get(pk=figure.pk)])


def _differing(figure: Figure, values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if getattr(figure, name) != value}


def _was_corrected(figure: Figure) -> bool:
    return ledger.about(figure).filter(name="figure.changed").exists()


def _keep(article: Article, version: Version, found: list[Found]) -> None:
    if not found:
        return
    numbers = next_numbers(SERIES, len(found))
    rows = [figuring.row(article, version, one, key)
            for one, key in zip(found, numbers, strict=True)]
    Figure.objects.bulk_create(rows)
    contradictions(rows)


def withdraw(figure: Figure, because: str, *, by: Any = None) -> None:
    """It no longer counts; the reason stays with it."""
    with ledger.fact("figure.withdrawn", figure, by=by, figure=figure.key,
                     indicator=figure.indicator, because=because):
        figure.take("withdraw", because=because)
        forget_flags(figure)


def withdraw_all(article: Article, because: str) -> None:
    for figure in Figure.objects.filter(article=article, state__in=STANDING):
        withdraw(figure, because)


def forget_flags(figure: Figure) -> None:
    """It and others no longer stand against each other: it is withdrawn, rejected, or about to say
    something else. Only figures of one unit and place are ever flagged with each other."""
    others = Figure.objects.filter(unit=figure.unit, place_code=figure.place_code, flagged=True)
    named = others.exclude(pk=figure.pk).annotate(said=Cast("flags", TextField())).filter(
        said__contains=f'"{figure.key}"')
    for other in named:
        _set_flags(other, [flag for flag in other.flags if flag["figure"] != figure.key])
    _set_flags(figure, [])


def _set_flags(figure: Figure, flags: list[dict[str, str]]) -> None:
    if flags != figure.flags:
        figure.flags, figure.flagged = flags, bool(flags)
        figure.save(update_fields=["flags", "flagged"])


def compare_anew(figure: Figure) -> None:
    """Flags for a figure that a person has verified or corrected."""
    contradictions([figure])
    if figure.state == Figure.State.VERIFIED:
        overtaken(figure)


def contradictions(rows: list[Figure]) -> None:
    """Flag figures of different articles that state the same thing with different values, and
    those that a later period has overtaken. Both stay."""
    wanted = [row for row in rows if row.subject and row.period and row.unit]
    if not wanted:
        return
    places = Q()
    for unit, place in {(row.unit, row.place_code) for row in wanted}:
        places |= Q(unit=unit, place_code=place)
    periods = {row.period for row in wanted}
    others = list(Figure.objects.filter(places, period__in=periods, state__in=STANDING).exclude(
        article=wanted[0].article_id).order_by("-pk")[:_COMPARED * 5])
    _ties(wanted, others)


def overtaken(figure: Figure) -> None:
    """Flag verified figures of an earlier period that this one brings up to date."""
    if not (figure.subject and figure.period):
        return
    others = Figure.objects.filter(
        unit=figure.unit, place_code=figure.place_code, state=Figure.State.VERIFIED).exclude(
        pk=figure.pk).exclude(period=figure.period).defer("selectors", "quote")
    _ties([figure], list(others.order_by("-pk")[:_COMPARED * 10]))


def _ties(rows: list[Figure], others: list[Figure]) -> None:
    touched: dict[int, Figure] = {}
    for row in rows:
        for other in others:
            agree = None
            if codes.family(row.lang) != codes.family(other.lang):
                if not row.indicator or row.indicator != other.indicator:
                    continue  # words of two languages are not compared letter by letter
                agree = True
            tie = compare(other, row, subjects_agree=agree)
            if tie is Tie.CONTRADICTS:
                _flag(row, "contradicts", other, touched)
                _flag(other, "contradicts", row, touched)
            elif tie is Tie.UPDATES:
                _flag(other, "stale", row, touched)
            elif compare(row, other, subjects_agree=agree) is Tie.UPDATES:
                _flag(row, "stale", other, touched)
    if touched:
        Figure.objects.bulk_update(touched.values(), ["flags", "flagged"])


def _flag(figure: Figure, code: str, other: Figure, touched: dict[int, Figure]) -> None:
    flag = {"code": code, "figure": other.key}
    if flag not in figure.flags and len(figure.flags) < _FLAGS:
        figure.flags, figure.flagged = [*figure.flags, flag], True
        touched[figure.pk] = figure
