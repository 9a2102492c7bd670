"""Figures and the desk that checks them: who may do what, and why not."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from saphan.ground.access import Rule, Verdict, allowed_if, every
from saphan.people.models import Person
from saphan.rooms.newsroom.models import Article, Figure
from saphan.rooms.newsroom.rules.desk import at_the_desk, works_here

State = Figure.State


def may_see(person: Person | None, figure: Figure) -> bool:
    """Everybody sees verified figures; the desk sees all."""
    return figure.state == State.VERIFIED or works_here(person)


def _can(step: str) -> Rule:
    def rule(_person: Person | None, figure: Figure) -> Verdict:
        return allowed_if(figure.may_take(step), _(
            "This step is not possible now. Reload the page to see where it stands."))

    return rule


def _article_stands(_person: Person | None, figure: Figure) -> Verdict:
    return allowed_if(figure.article.state == Article.State.TAKEN, _(
        "The article was withdrawn, and its figures with it."))


def _can_be_corrected(_person: Person | None, figure: Figure) -> Verdict:
    return allowed_if(figure.state in (State.READ, State.VERIFIED), _(
        "Only a figure that was neither rejected nor withdrawn can be corrected."))


may_check = at_the_desk
may_verify: Rule = every(at_the_desk, _can("verify"), _article_stands)
may_reject: Rule = every(at_the_desk, _can("reject"))
may_withdraw: Rule = every(at_the_desk, _can("withdraw"))
may_correct: Rule = every(at_the_desk, _can_be_corrected, _article_stands)


def may_add(person: Person | None, article: Article) -> Verdict:
    return at_the_desk(person) & allowed_if(article.state == Article.State.TAKEN, _(
        "The article was withdrawn, and its figures with it."))


BY_TRANSITION: dict[str, Rule] = {
    "verify": may_verify, "reject": may_reject, "withdraw": may_withdraw}
