"""A language model proposes figures; only those that the parser reads the same way come in."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from saphan.engines.figures.asking import propose as ask
from saphan.engines.figures.proposal import check
from saphan.engines.translation.errors import TranslationError
from saphan.ground import ledger
from saphan.ground.access import Refused
from saphan.people.models import Person
from saphan.rooms.newsroom import figuring
from saphan.rooms.newsroom.actions import figures as actions
from saphan.rooms.newsroom.models import Article, Figure, Version
from saphan.rooms.newsroom.rules import figures as rules


@dataclass
class Outcome:
    """What came of a proposal. `reasons`: codes of `proposal.REASONS` or `rejected`, with how
    often."""

    accepted: list[Figure] = field(default_factory=list)
    refused: int = 0
    reasons: Counter[str] = field(default_factory=Counter)


def is_set_up() -> bool:
    return bool(settings.TRANSLATION_URL and settings.TRANSLATION_KIND == "openai"
                and settings.TRANSLATION_MODEL)


def propose(article: Article, *, by: Person) -> Outcome:
    """Ask the model that also translates. Its claims are checked one by one, and counted."""
    rules.may_add(by, article).or_raise()
    if not is_set_up():
        raise Refused(_("No language model is set up."))
    version = Version.objects.get(article=article, current=True)
    try:
        claims = ask(settings.TRANSLATION_URL, settings.TRANSLATION_KEY,
                     settings.TRANSLATION_MODEL, version.text, article.lang)
    except (TranslationError, ValueError):
        raise Refused(_("The language model gave no answer that can be read.")) from None
    read, outcome = figuring.read(article, version), Outcome()
    good = []
    for claim in claims:
        checked = check(claim, version.text, article.lang, article.published or article.day,
                        version.title, read)
        if checked.accepted is None:
            outcome.refused += 1
            outcome.reasons.update(checked.reasons)
        elif checked.accepted not in good:
            good.append(checked.accepted)
    for each in actions.keep(article, version, good, by=by, proposed=True):
        if each.state == Figure.State.REJECTED:  # a person has said no to it
            outcome.refused += 1
            outcome.reasons["rejected"] += 1
        else:
            outcome.accepted.append(each)
    ledger.record("figures.proposed", article, by=by, article=article.number,
                  accepted=len(outcome.accepted), refused=outcome.refused,
                  reasons=dict(outcome.reasons))
    return outcome
