"""The verbs of the term base. Each checks its rule, changes one thing and records one fact.

A change is proposed; somebody who may decide accepts or declines it. Who may decide and changes
something herself accepts it in the same step.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from saphan.engines.language import labels as engine_labels
from saphan.engines.language.terms import Concept
from saphan.ground import clock, ledger, limits
from saphan.ground.access import Refused
from saphan.house import engine
from saphan.house.wording import cleaning, effect, queries, reindex, rules
from saphan.house.wording.models import TermChange
from saphan.people.models import Person

Act, State = TermChange.Act, TermChange.State
PROPOSALS_A_DAY = 200
FACTS = {Act.ADD: "term.added", Act.LABELS: "term.corrected", Act.REVIEW: "term.reviewed",
         Act.PLACE: "term.placed", Act.WITHDRAW: "term.withdrawn"}


def add(labels: Mapping[str, Iterable[str]], *, by: Person | None, sector: str = "general",
        broader: Iterable[str] = (), reviewed: Iterable[str] = (), concept: str = "",
        **how: Any) -> TermChange:
    """A new concept, with an English label and its words in other languages. `reviewed`: languages
    that a native speaker stands behind. Raises `Refused`, `Faulty` for labels."""
    terms = engine.terms()
    clean = {cleaning.known_language(lang): cleaning.tidy(words) for lang, words in labels.items()}
    clean = {lang: words for lang, words in clean.items() if words}
    if "en" not in clean:
        raise Refused(_("Write the English word too: all languages meet there."))
    found = [fault for lang, words in clean.items()
             for fault in cleaning.faults(words, lang, terms)]
    if found:
        raise cleaning.Faulty(found)
    name = concept if concept and concept not in terms.concepts else engine_labels.identifier(
        clean["en"][0], queries.taken_identifiers())
    if not name:
        raise Refused(_("The English word needs at least one Latin letter."))
    after = {"labels": clean, **_place(name, sector, broader),
             "unsure": sorted(set(clean) - set(reviewed))}
    return _begin(TermChange(concept=name, act=Act.ADD, after=after), by, **how)


def put_labels(concept: str, lang: str, given: Iterable[str], *, by: Person | None,
               reviewed: bool = False, **how: Any) -> TermChange:
    """Other words for a concept in a language, the shown one first; none takes the language out.
    The same words with `reviewed` are a native speaker's yes. Raises `Refused`, `Faulty`."""
    now = _concept(concept)
    have = list(now.labels.get(cleaning.known_language(lang), ()))
    cleaned = cleaning.tidy(given, have)
    if len(cleaned) > cleaning.LABELS_AT_MOST:
        raise Refused(_("At most %(limit)d words for one concept and language.") % {
            "limit": cleaning.LABELS_AT_MOST})
    if found := cleaning.faults(cleaned, lang, engine.terms(), concept=concept, kept=have):
        raise cleaning.Faulty(found)
    if cleaned == have:
        if not (reviewed and lang in now.unsure):
            raise Refused(_("Nothing is different from what is there already."))
        act = Act.REVIEW
    elif not cleaned and (lang == "en" or len(now.labels) == 1):
        raise Refused(_("The last word of a concept and its English one cannot be taken out. "
                        "Take out the whole concept instead."))
    else:
        act = Act.LABELS
    return _begin(TermChange(
        concept=concept, act=act, lang=lang, reviewed=reviewed,
        after={"labels": {lang: cleaned}}), by, **how)


def place(concept: str, *, sector: str, broader: Iterable[str], by: Person | None,
          **how: Any) -> TermChange:
    """Another field, or other broader concepts."""
    now, after = _concept(concept), _place(concept, sector, broader)
    if (after["sector"], after["broader"]) == (now.sector, list(now.broader)):
        raise Refused(_("Nothing is different from what is there already."))
    return _begin(TermChange(concept=concept, act=Act.PLACE, after=after), by, **how)


def withdraw(concept: str, *, by: Person | None, **how: Any) -> TermChange:
    """Take a concept out. Refused while others are kinds of it."""
    _concept(concept)
    _nothing_hangs_on(concept)
    return _begin(TermChange(concept=concept, act=Act.WITHDRAW), by, **how)


def accept(change: TermChange, *, by: Person | None, decision: str = "") -> TermChange:
    """Take a proposal. What it says is looked at again: the term base may have changed since."""
    rules.may_decide(by).or_raise()
    _accept(change, by, decision)
    engine.look_again()
    return change


def accept_all(changes: Iterable[TermChange], *, by: Person | None) -> tuple[int, int]:
    """Take many proposals, those of a file: the term base is made anew once, at the end. Gives how
    many were taken and how many cannot be; those still wait."""
    rules.may_decide(by).or_raise()
    taken, left, given = 0, 0, dict[tuple[str, str], str]()
    for change in changes:
        words = {(lang, engine_labels.key(word)) for lang, labels in change.after.get(
            "labels", {}).items() for word in labels}
        # What this file gave to one concept before it cannot give to another.
        if any(given.get(word, change.concept) != change.concept for word in words):
            left += 1
            continue
        try:
            _accept(change, by, "")
        except Refused:
            left += 1
        else:
            given |= dict.fromkeys(words, change.concept)
            taken += 1
    engine.look_again()
    return taken, left


def _accept(change: TermChange, by: Person | None, decision: str) -> None:
    _still_possible(change)
    with ledger.fact(FACTS[Act(change.act)], change, by=by, concept=change.concept,
                     lang=change.lang) as fact:
        change.before = before(change)
        change.take("accept", before=change.before, decided=clock.now(),
                    decided_by=_ref(by), decision=decision.strip()[:500])
        fact.data["applied"] = _apply(change)


def decline(change: TermChange, *, by: Person | None, decision: str) -> TermChange:
    """Say no, with a reason that whoever proposed it reads."""
    rules.may_decide(by).or_raise()
    if not decision.strip():
        raise Refused(_("Say why, so that the next proposal can be better."))
    with ledger.fact("term.declined", change, by=by, concept=change.concept, lang=change.lang):
        change.take("decline", decided=clock.now(), decided_by=_ref(by),
                    decision=decision.strip()[:500])
    return change


def take_back(change: TermChange, *, by: Person | None) -> TermChange:
    rules.may_take_back(by, change).or_raise()
    with ledger.fact("term.taken_back", change, by=by, concept=change.concept, lang=change.lang):
        change.take("take_back", decided=clock.now())
    return change


def undo(change: TermChange, *, by: Person | None, reason: str = "") -> TermChange:
    """Make the concept what it was before its latest change: by another change."""
    rules.may_undo(by, change, queries.newest_of(change.concept)).or_raise()
    was = change.before
    undone = TermChange(concept=change.concept, lang=change.lang, undoes=change, after=was)
    if change.act == Act.ADD:
        _nothing_hangs_on(change.concept)
        undone.act, undone.after = Act.WITHDRAW, {}
    elif change.act == Act.WITHDRAW:
        undone.act = Act.ADD
    else:
        undone.act = Act.PLACE if change.act == Act.PLACE else Act.LABELS
        undone.reviewed = not was.get("unsure")
    return _begin(undone, by, reason=reason)


# How a change begins and takes effect


def _begin(change: TermChange, by: Person | None, *, reason: str = "", source: str = "",
           only_propose: bool = False) -> TermChange:
    """Write it down; whoever may decide has decided."""
    rules.may_propose(by).or_raise()
    decides = bool(rules.may_decide(by)) and not only_propose
    change.person, change.source = by, source[-200:]
    change.reason, change.proposed = reason.strip()[:500], clock.now()
    if not decides and by is not None and not rules.may_decide(by):
        limits.spend("term.proposed", by.ref, at_most=PROPOSALS_A_DAY,
                     per=timedelta(days=1)).or_raise()
    if not decides:
        if queries.same_proposal(change):
            raise Refused(_("The same is proposed already and waits for a decision."))
        with ledger.fact("term.proposed", change, by=by, concept=change.concept,
                         lang=change.lang, act=str(change.act)):
            change.save(force_insert=True)
        return change
    with ledger.fact(FACTS[Act(change.act)], change, by=by, concept=change.concept,
                     lang=change.lang) as fact:
        change.before, change.state = before(change), State.ACCEPTED
        change.decided, change.decided_by = change.proposed, _ref(by)
        change.save(force_insert=True)
        fact.data["applied"] = _apply(change)
    engine.look_again()
    return change


def _apply(change: TermChange) -> int:
    """Give it its place in the order of changes, and have the documents looked at."""
    try:
        with transaction.atomic():
            change.applied = queries.head() + 1
            change.save(update_fields=["applied"])
    except IntegrityError:
        raise Refused(_("Somebody else was quicker. Reload the page to see where it stands.")
                      ) from None
    reindex.bring_up_to_date.enqueue()
    return change.applied


def before(change: TermChange) -> dict[str, Any]:
    """What is there now of what a change is about."""
    now = engine.terms().concepts.get(change.concept)
    if now is None:
        return {}
    if change.act in (Act.WITHDRAW, Act.ADD):
        return effect.plain(now)
    if change.act == Act.PLACE:
        return {"sector": now.sector, "broader": list(now.broader)}
    return {"labels": {change.lang: list(now.labels.get(change.lang, ()))},
            "unsure": [change.lang] if change.lang in now.unsure else []}


def _still_possible(change: TermChange) -> None:
    """Look at a proposal as if it came now. Raises `Refused`."""
    terms = engine.terms()
    if change.act == Act.ADD:
        if change.concept in terms.concepts:
            raise Refused(_("This concept is there already."))
        given = change.after["labels"]
        _place(change.concept, change.after["sector"], change.after["broader"])
    else:
        _concept(change.concept)
        given = change.after.get("labels", {})
    if change.act == Act.WITHDRAW:
        _nothing_hangs_on(change.concept)
    if change.act == Act.PLACE:
        _place(change.concept, change.after["sector"], change.after["broader"])
    found = [fault for lang, words in given.items() for fault in cleaning.faults(
        words, lang, terms, concept=change.concept,
        kept=terms.concepts.get(change.concept, _NONE).labels.get(lang, ()))]
    if found:
        raise cleaning.Faulty(found)
    if change.act == Act.REVIEW:
        now = terms.concepts[change.concept]
        if list(now.labels.get(change.lang, ())) != change.labels():
            raise Refused(_("These words were changed since the proposal. Decline it."))


_NONE = Concept("")


def _concept(name: str) -> Concept:
    found = engine.terms().concepts.get(name)
    if found is None:
        raise Refused(_("There is no such concept any more."))
    return found


def _nothing_hangs_on(concept: str) -> None:
    if queries.narrower(concept):
        raise Refused(_("Other concepts are kinds of this one. Give them another place first."))


def _place(concept: str, sector: str, broader: Iterable[str]) -> dict[str, Any]:
    """Field and broader concepts, checked. Raises `Refused`."""
    terms = engine.terms()
    above = list(dict.fromkeys(name.strip() for name in broader if name.strip()))
    if sector not in cleaning.SECTORS and sector not in {
            known.sector for known in terms.concepts.values()}:
        raise Refused(_("Choose one of the sectors."))
    for name in above:
        if name not in terms.concepts:
            raise Refused(_("There is no concept “%(name)s”.") % {"name": name[:80]})
        if name == concept or concept in terms.ancestors(name):
            raise Refused(_("“%(name)s” is itself a kind of this concept.") % {
                "name": queries.label(name)})
    return {"sector": sector, "broader": above}


def _ref(by: Person | None) -> str:
    return by.ref if by is not None else ""


__all__ = ["accept", "accept_all", "add", "decline", "place", "put_labels", "take_back", "undo",
           "withdraw"]
