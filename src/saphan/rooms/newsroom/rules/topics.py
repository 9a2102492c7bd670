"""Topics: standing questions: who may do what, and why not."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from saphan.ground.access import Rule, Verdict, allowed_if
from saphan.people.models import Person
from saphan.rooms.newsroom.models import Topic
from saphan.rooms.newsroom.rules.desk import at_the_desk, runs_it, works_here
from saphan.rooms.newsroom.vocabulary import Sharing

BY_TRANSITION: dict[str, Rule] = {}
AT_MOST = 500
"""Topics of the whole desk: each new article is compared with all of them."""


def owns(person: Person | None, topic: Topic) -> bool:
    return person is not None and person.is_authenticated and topic.owner_id == person.pk


def sees(person: Person | None, topic: Topic) -> bool:
    """Its owner; the desk, where it is shared with it; everybody, where it is public."""
    return topic.sharing == Sharing.PUBLIC or owns(person, topic) or (
        topic.sharing == Sharing.DESK and works_here(person))


def may_begin(by: Person | None) -> Verdict:
    return at_the_desk(by) & allowed_if(Topic.objects.filter(active=True).count() < AT_MOST, _(
        "There are too many topics. Delete one that nobody needs any more."))


def may_change(by: Person | None, topic: Topic) -> Verdict:
    """Whoever began it; for what others see too, also those who run the newsroom."""
    ours = owns(by, topic) or (runs_it(by) and topic.sharing != Sharing.OWN)
    return at_the_desk(by) & allowed_if(ours, _(
        "Only whoever began this topic, or those who run the newsroom, may do that."))


def may_sort(by: Person | None, topic: Topic) -> Verdict:
    """Say that an article does not belong to it, or does after all."""
    return at_the_desk(by) & allowed_if(sees(by, topic), _("There is no such topic."))


def may_follow(by: Person | None, topic: Topic) -> Verdict:
    """Anybody who has signed in and sees it."""
    return allowed_if(by is not None and by.is_active, _("Sign in to follow a topic.")) & (
        allowed_if(sees(by, topic), _("There is no such topic.")))
