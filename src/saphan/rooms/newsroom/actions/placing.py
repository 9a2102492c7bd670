"""What came in since the last round: each article gets its story and its topics."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from django.db import OperationalError, transaction

from saphan.engines.matching.index import IndexDamaged
from saphan.house.engine import NotReady
from saphan.rooms.newsroom import doubts, meaning
from saphan.rooms.newsroom.actions import stories, topics
from saphan.rooms.newsroom.models import Article

log = logging.getLogger(__name__)
AT_ONCE = 100
"""Articles that are looked at together."""


def take_up(most: int = AT_ONCE) -> int:
    """Look at articles that nobody has looked at yet, the oldest first, `most` at once. An article
    that was corrected stays in its story, and its topics are looked at again. Whatever happens to
    the process, each is looked at whole or not at all. Gives how many there were. Raises
    `NotReady` without a model."""
    waiting = list(Article.objects.filter(placed__in=[False], state=Article.State.TAKEN).order_by(
        "pk").select_related("copy_of")[:most])
    if not waiting:
        return 0
    try:
        _place(waiting)
    except (NotReady, IndexDamaged, OperationalError):
        raise
    except Exception:  # one odd text must not keep all others waiting
        log.exception("%s articles could not be placed together", len(waiting))
        for each in waiting:
            _alone(each.pk)
    return len(waiting)


def _alone(key: int) -> None:
    article = Article.objects.select_related("copy_of").get(pk=key)
    try:
        _place([article])
    except (NotReady, IndexDamaged, OperationalError):
        raise
    except Exception:
        log.exception("article %s could not be placed", article.number)
        Article.objects.filter(pk=key).update(placed=True)
        doubts.add(key, doubts.FAILED)


def _place(waiting: Sequence[Article]) -> None:
    meaning.with_vectors(waiting)
    rows = meaning.without_language(meaning.vectors_of(waiting))
    documents = meaning.take_in(waiting)
    with transaction.atomic():
        stories.put(waiting, rows)
        made = topics.match(waiting, documents)
    topics.tell(made)


def brought_up_to_date(at_once: int = 500) -> int:
    """Put into the index of the archive what it lacks, and take out what is withdrawn: after the
    file was lost, after a restore, on a second machine. Gives how many entries changed."""
    held = {int(key) for key in meaning.index().ids()}
    wanted = set(Article.objects.filter(state=Article.State.TAKEN, placed=True).values_list(
        "pk", flat=True))
    meaning.take_out(sorted(held - wanted))
    missing = sorted(wanted - held)
    for start in range(0, len(missing), at_once):
        _again(missing[start:start + at_once])
    return len(missing) + len(held - wanted)


def _again(keys: Sequence[int]) -> None:
    articles = list(Article.objects.filter(pk__in=keys))
    before = {each.pk: each.vector_model for each in articles}
    meaning.with_vectors(articles)
    Article.objects.bulk_update(
        [each for each in articles if each.vector_model != before[each.pk]],
        ["vector", "vector_model"])
    meaning.take_in(articles)
