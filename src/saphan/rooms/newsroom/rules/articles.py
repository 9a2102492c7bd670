"""Articles, their versions and evidence: who may do what, and why not."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from saphan.ground.access import Rule, Verdict, allowed_if
from saphan.people.models import Person
from saphan.rooms.newsroom.models import Article
from saphan.rooms.newsroom.rules.desk import at_the_desk, works_here


def may_bring_in(by: Person | None) -> Verdict:
    """Upload files, paste texts."""
    return at_the_desk(by)


def may_read_whole(by: Person | None, _article: Article | None = None) -> bool:
    """The whole text is somebody else's: officers work with it, others follow the link."""
    return works_here(by)


def may_correct(by: Person | None, article: Article) -> Verdict:
    return at_the_desk(by) & _is_there(article)


def may_withdraw(by: Person | None, article: Article) -> Verdict:
    return at_the_desk(by) & _is_there(article)


def may_restore(by: Person | None, article: Article) -> Verdict:
    return at_the_desk(by) & allowed_if(article.may_take("restore"), _(
        "This article was not withdrawn."))


def _is_there(article: Article) -> Verdict:
    return allowed_if(article.may_take("withdraw"), _(
        "This article was withdrawn. Take it back in first."))


BY_TRANSITION: dict[str, Rule] = {"withdraw": may_withdraw, "restore": may_restore}
