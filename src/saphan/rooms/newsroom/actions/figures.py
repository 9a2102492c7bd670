"""What officers do with figures: verify, reject, correct, withdraw, add by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from saphan.engines.figures import Found
from saphan.engines.figures.proposal import Checked, Claim, check
from saphan.ground import clock, ledger
from saphan.ground.access import Refused
from saphan.ground.accession import next_numbers
from saphan.people.models import Person
from saphan.rooms.newsroom import figuring
from saphan.rooms.newsroom.actions import reading_figures
from saphan.rooms.newsroom.models import Article, Figure, Version
from saphan.rooms.newsroom.rules import figures as rules

FREE = ("subject", "place", "place_code", "period", "as_of", "compared_with", "indicator")
"""What a person may say otherwise than the parser."""
READABLE = ("value", "high", "unit")
"""What must be readable from the quote."""
_NOT_READ = _(
    "The quote does not state this value with this unit. Only what stands there can be a figure.")


def verify(figure: Figure, *, by: Person, values: figuring.Values | None = None) -> Figure:
    """Somebody has compared the figure with its quote. `values`: what she corrected on the way."""
    rules.may_verify(by, figure).or_raise()
    changes = _changes(figure, values or {})
    with transaction.atomic():
        if changes:
            reading_figures.forget_flags(figure)
        with ledger.fact("figure.verified", figure, by=by) as fact:
            figure.take("verify", verified_by=by, verified_at=clock.now(), because="", **changes)
            fact.data |= figuring.told(figure)
        reading_figures.compare_anew(figure)
    return figure


def correct(figure: Figure, values: figuring.Values, *, by: Person) -> Figure:
    """Say better what was read. A verified figure is told anew to whoever uses it."""
    rules.may_correct(by, figure).or_raise()
    changes = _changes(figure, values)
    if not changes:
        return figure
    verified = figure.state == Figure.State.VERIFIED
    name = "figure.verified" if verified else "figure.changed"
    with ledger.fact(name, figure, by=by, figure=figure.key, fields=sorted(changes)) as fact:
        reading_figures.forget_flags(figure)
        for field, value in changes.items():
            setattr(figure, field, value)
        if verified:
            changes |= {"verified_by": by, "verified_at": clock.now()}
            figure.verified_by, figure.verified_at = by, changes["verified_at"]
            fact.data |= figuring.told(figure)
        figure.save(update_fields=list(changes))
        reading_figures.compare_anew(figure)
    return figure


def _changes(figure: Figure, values: figuring.Values) -> dict[str, Any]:
    """The values that differ, if the quote allows them."""
    if figure.example and values.get("indicator"):
        raise Refused(_("This figure is made up as an example. It counts for no indicator."))
    changed = {name: value for name, value in values.items()
               if name in (*FREE, *READABLE, "relation") and getattr(figure, name) != value}
    if changed.keys() & {*READABLE, "relation"}:
        one = _readable(figure, values)
        changed |= {name: value for name, value in figuring.meaning_of(one).items()
                    if name in (*READABLE, "relation", "kind", "shown_decimals")
                    and getattr(figure, name) != value}  # fmt: skip
        changed |= {name: value for name, value in figuring.place_of(figure.version, one).items()
                    if name != "version"}  # fmt: skip
    return changed


def _readable(figure: Figure, values: figuring.Values) -> Found:
    relation = values.get("relation", "")
    claim = Claim(figure.quote, values.get("value", figure.value), values.get("unit", figure.unit),
                  values.get("high", figure.high),
                  relation if relation != figure.relation else "")
    checked = _check(figure.article, figure.version, claim)
    if checked.accepted is None:
        raise Refused(_NOT_READ)
    return checked.accepted


def _check(article: Article, version: Version, claim: Claim) -> Checked:
    return check(claim, version.text, article.lang, article.published or article.day,
                 version.title)


def reject(figure: Figure, *, by: Person, because: str = "") -> Figure:
    """It was read wrongly, or is no figure. It is not shown again, nor read again from there."""
    rules.may_reject(by, figure).or_raise()
    with ledger.fact("figure.rejected", figure, by=by, figure=figure.key):
        figure.take("reject", because=because.strip()[:300])
        reading_figures.forget_flags(figure)
    return figure


def withdraw(figure: Figure, *, by: Person, because: str) -> Figure:
    """A verified figure turned out wrong: it stays, with the reason, and counts no longer."""
    rules.may_withdraw(by, figure).or_raise()
    if not because.strip():
        raise Refused(_("Say why."))
    reading_figures.withdraw(figure, because.strip()[:300], by=by)
    return figure


def stated_in(article: Article, quote: str) -> list[Found]:
    """The figures that a quote from an article states. Refused where it is not in the text."""
    version = Version.objects.get(article=article, current=True)
    checked = _check(article, version, Claim(quote, Decimal(0), "\u0000"))
    if "quote_missing" in checked.reasons or "quote_short" in checked.reasons:
        raise Refused(_("These words are not in the article. Copy them letter for letter."))
    if not checked.read:
        raise Refused(_("The house reads no figure in these words."))
    return list(checked.read)


def add(article: Article, quote: str, *, by: Person) -> list[Figure]:
    """Figures by hand: what the quote states is kept. One that was rejected there comes back."""
    rules.may_add(by, article).or_raise()
    found = stated_in(article, quote)
    version = Version.objects.get(article=article, current=True)
    return keep(article, version, found, by=by)


def keep(
    article: Article, version: Version, found: list[Found], *, by: Person | None,
    proposed: bool = False,
) -> list[Figure]:  # fmt: skip
    """Those of `found` that are not in the archive yet, kept; the others as they are there."""
    kept = []
    for one in found:
        there = Figure.objects.filter(version=version, start=one.start).exclude(
            state=Figure.State.WITHDRAWN).first()
        if there is not None and figuring.same_reading(there, one):
            kept.append(there)
            continue
        key = next_numbers(reading_figures.SERIES, 1)[0]
        row = figuring.row(article, version, one, key, proposed=proposed)
        with ledger.fact("figure.added", row, by=by, figure=key, article=article.number):
            row.save(force_insert=True)
        reading_figures.contradictions([row])
        kept.append(row)
    return kept
