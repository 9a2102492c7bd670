"""Sources, looks at them and alarms: who may do what, and why not."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from saphan.ground.access import Rule, Verdict, allowed_if, every
from saphan.people.models import Person
from saphan.rooms.newsroom.models import Source
from saphan.rooms.newsroom.rules import desk
from saphan.rooms.newsroom.vocabulary import Way

may_see_health = desk.at_the_desk
may_add = desk.at_the_desk
may_change = desk.at_the_desk
may_try = desk.at_the_desk


def may_retire(person: Person | None, _source: Source | None = None) -> Verdict:
    return allowed_if(desk.runs_it(person), _(
        "Only those who run the centre decide that a source is read no longer."))


def is_read(_person: Person | None, source: Source) -> Verdict:
    return allowed_if(source.state == Source.State.ACTIVE and source.way != Way.BY_HAND, _(
        "Only a source that is being read can be looked at."))


def is_no_example(_person: Person | None, source: Source) -> Verdict:
    return allowed_if(not source.example, _("This source is an example. It is never fetched."))


may_look_now = every(desk.at_the_desk, is_no_example, is_read)

BY_TRANSITION: dict[str, Rule] = {
    "pause": desk.at_the_desk, "resume": desk.at_the_desk, "retire": may_retire}
