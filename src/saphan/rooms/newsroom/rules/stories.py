"""Stories, and what officers decide about them: who may do what, and why not."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from saphan.ground.access import Rule, Verdict, allowed_if
from saphan.people.models import Person
from saphan.rooms.newsroom.models import Article, Decision, Story
from saphan.rooms.newsroom.rules.desk import at_the_desk

BY_TRANSITION: dict[str, Rule] = {}


def is_open(story: Story) -> Verdict:
    return allowed_if(story.merged_into_id is None, _(
        "This story was put together with another. Open that one."))


def may_merge(by: Person | None, story: Story, other: Story) -> Verdict:
    """Two stories that tell of the same event."""
    return at_the_desk(by) & allowed_if(story.pk != other.pk, _(
        "Choose another story: this one cannot be put together with itself.")) & is_open(
        story) & is_open(other)


def may_split(by: Person | None, story: Story, articles: Collection[Article]) -> Verdict:
    """Some articles, not all, tell of something else."""
    ours = all(each.story_id == story.pk for each in articles)
    return at_the_desk(by) & is_open(story) & allowed_if(bool(articles) and ours, _(
        "Choose the articles that tell of something else.")) & allowed_if(
        len(articles) < story.size, _("Leave at least one article in the story."))


def may_move(by: Person | None, article: Article, to: Story) -> Verdict:
    return at_the_desk(by) & is_open(to) & allowed_if(
        article.story_id is not None and article.story_id != to.pk,
        _("Choose another story: the article is in this one already."))


def may_undo(by: Person | None, decision: Decision) -> Verdict:
    """The last word about two stories is taken back before those that came earlier."""
    touched = [key for key in (decision.story_id, decision.other_id) if key is not None]
    later = Decision.objects.filter(Q(story__in=touched) | Q(other__in=touched), undone=None,
                                    pk__gt=decision.pk)
    return at_the_desk(by) & allowed_if(decision.undone is None, _(
        "This was undone already.")) & allowed_if(not later.exists(), _(
            "Something was decided about this story later. Undo that first."))
