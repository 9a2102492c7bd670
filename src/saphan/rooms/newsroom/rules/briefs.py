"""Briefs, their editions and who gets them: who may do what, and why not."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from saphan.ground.access import Rule, Verdict, allowed_if, every
from saphan.people.models import Person
from saphan.rooms.newsroom import findings
from saphan.rooms.newsroom.models import Brief
from saphan.rooms.newsroom.rules import desk

State = Brief.State


def may_see(person: Person | None, brief: Brief) -> bool:
    """The desk sees all; the public what was approved for everybody, also after it was withdrawn,
    so that a link says so."""
    return desk.works_here(person) or (brief.public and brief.edition > 0)


def may_write(person: Person | None, brief: Brief) -> Verdict:
    return desk.at_the_desk(person) & allowed_if(brief.state == State.DRAFT, _(
        "Only a draft can be changed. Return it to the author, or write a corrected edition."))


def is_sound(_person: Person | None, brief: Brief) -> Verdict:
    """Nothing in it contradicts its own sources."""
    found = findings.blocking(brief)
    if not found:
        return Verdict(True)
    first = f"{found[0].message} {found[0].words}".strip()
    if len(found) == 1:
        return Verdict(False, first)
    return Verdict(False, gettext(
        "%(count)d places do not agree with their sources. The first: %(first)s") % {
            "count": len(found), "first": first})


def four_eyes(person: Person | None, brief: Brief) -> Verdict:
    """Somebody else reads it before it goes out, if there is somebody else."""
    if person is None or brief.author_id != person.pk:
        return Verdict(True)
    others = Person.objects.filter(is_active=True, roles__name__in=desk.ROLES).exclude(
        pk=person.pk).exists()
    return allowed_if(not others, _(
        "You wrote it yourself. Ask somebody else at the desk to read and approve it."))


def is_at_work(_person: Person | None, brief: Brief) -> Verdict:
    return allowed_if(any(block["kind"] != "heading" for block in brief.content), _(
        "There is no sentence and no figure in it yet."))


def author_or_manager(person: Person | None, brief: Brief) -> Verdict:
    mine = person is not None and brief.author_id == person.pk
    return desk.at_the_desk(person) & allowed_if(
        mine or desk.runs_it(person), _(
            "Only its author and those who run the centre may do that."))


BY_TRANSITION: dict[str, Rule] = {
    "hand_in": every(desk.at_the_desk, is_at_work),
    "return_to_author": desk.at_the_desk,
    "approve": every(desk.at_the_desk, four_eyes, is_sound),
    "send": every(desk.at_the_desk, is_sound),
    "reopen": desk.at_the_desk,
    "withdraw": author_or_manager,
}
