"""Changes of terms, for readers of feeds."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from saphan.ground.text import reader_language
from saphan.house.room import Feed, FeedItem
from saphan.house.wording import queries

AT_MOST = 50


def items() -> Iterable[FeedItem]:
    """What counts now, the latest first."""
    lang = reader_language()
    for change in queries.history().filter(applied__isnull=False)[:AT_MOST]:
        there = change.concept in queries.known()
        words = change.labels("en") or change.labels_before("en") or [change.concept]
        title = queries.label(change.concept) if there else words[0]
        said = " | ".join(change.labels()) if change.lang else ""
        summary = " · ".join(part for part in (
            str(change.get_act_display()), change.lang, said, change.reason) if part)
        yield FeedItem(key=f"term-{change.pk}", title=title, summary=summary,
                       url=queries.address(change.concept), updated=change.decided, lang=lang)


FEED = Feed("terms", _("Changes of terms"), items)
