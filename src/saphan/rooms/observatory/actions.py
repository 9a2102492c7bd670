"""The verbs of the observatory. Each checks its rule, changes one thing and records one fact.

`by=None` is the house: a file of the sample centre, or a fact of the newsroom.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from saphan.ground import accession, clock, ledger
from saphan.ground.access import Refused
from saphan.ground.text import Text, reader_language
from saphan.people.models import Economy, Person
from saphan.rooms.observatory import rules
from saphan.rooms.observatory.models import Indicator, Observation, Place
from saphan.rooms.observatory.vocabulary import SERIES


def add_place(code: str, name: Text, economy: Economy) -> Place:
    """A place, known or new, under this name."""
    place = Place.objects.filter(code=code).first() or Place(code=code)
    if (place.name, place.economy_id) != (name, economy.pk):
        with ledger.fact("place.named", place, economy=economy.pk):
            place.name, place.economy = name, economy
            place.save()
    return place


def add_indicator(values: Mapping[str, Any], *, by: Person | None) -> Indicator:
    """A new indicator, as a draft."""
    if by is not None:
        rules.may_edit(by).or_raise()
    indicator = Indicator(**values)
    if Indicator.objects.filter(slug=indicator.slug).exists():
        raise Refused(_("There is an indicator with this address already."))
    with ledger.fact("indicator.added", indicator, by=by, slug=indicator.slug,
                     sector=indicator.sector):
        indicator.save(force_insert=True)
    return indicator


def change_indicator(indicator: Indicator, values: Mapping[str, Any], *,
                     by: Person | None) -> Indicator:
    """Other words or settings. Its address and, once it has observations, its unit stay."""
    if by is not None:
        rules.may_edit(by).or_raise()
    changed = [name for name, value in values.items() if getattr(indicator, name) != value]
    if not changed:
        return indicator
    if {"unit", "source_kind"} & set(changed) and indicator.observations.exists():
        raise Refused(_("It has observations: its unit and where its numbers come from stay. "
                        "Make a new indicator for another unit."))
    with ledger.fact("indicator.changed", indicator, by=by, fields=sorted(changed)):
        for name in changed:
            setattr(indicator, name, values[name])
        indicator.save(update_fields=[*changed, "changed"])
    return indicator


def publish(indicator: Indicator, *, by: Person | None) -> Indicator:
    """From now on the public reads it."""
    if by is not None:
        rules.may_publish(by, indicator).or_raise()
    with ledger.fact("indicator.published", indicator, by=by, slug=indicator.slug,
                     sector=indicator.sector):
        indicator.take("publish")
    return indicator


def archive(indicator: Indicator, *, by: Person | None) -> Indicator:
    """It stays readable under its address and leaves the lists."""
    if by is not None:
        rules.may_edit(by).or_raise()
    with ledger.fact("indicator.archived", indicator, by=by, slug=indicator.slug):
        indicator.take("archive")
    return indicator


def _told(observation: Observation) -> dict[str, Any]:
    """What a fact says of an observation; never the words, which stand in the record."""
    return {"observation": observation.number, "indicator": observation.indicator.slug,
            "period": observation.period, "economy": observation.economy_id
            or (observation.place.economy_id if observation.place else None),
            "place": observation.place_code, "sector": observation.indicator.sector}


def add(values: Mapping[str, Any], *, by: Person | None) -> Observation:
    """What a source says enters the books."""
    if by is not None:
        rules.may_edit(by).or_raise()
    rules.fits(values["indicator"], values).or_raise()
    made = Observation(**values, created=clock.now())
    if made.checked and by is not None:
        made.checked_by = by.ref
    with ledger.fact("observation.added", made, by=by) as draft:
        made.number = accession.next_number(SERIES)
        made.save(force_insert=True)
        draft.data |= _told(made)
    return made


def correct(observation: Observation, values: Mapping[str, Any], *, by: Person | None,
            because: str) -> Observation:
    """Somebody wrote it down wrongly: a new observation takes its place, and the old one stays
    readable under its number, with the reason."""
    if by is not None:
        rules.may_correct(by, observation).or_raise()
    rules.fits(values["indicator"], values).or_raise()
    if not because.strip():
        raise Refused(_("Say what was wrong. Everybody reads it."))
    made = Observation(**{"figure": observation.figure, "article": observation.article,
                          "example": observation.example, **values,
                          "key": values.get("key") or observation.key},
                       created=clock.now(), replaces=observation)
    if made.checked and by is not None:
        made.checked_by = by.ref
    with ledger.fact("observation.corrected", observation, by=by) as draft:
        observation.take("correct", because=_said(because, by))
        made.number = accession.next_number(SERIES)
        made.save(force_insert=True)
        draft.data |= {**_told(made), "was": observation.number}
    return made


def withdraw(observation: Observation, *, by: Person | None, because: str) -> Observation:
    """It no longer counts, and everybody reads why."""
    if by is not None:
        rules.may_withdraw(by, observation).or_raise()
    if not because.strip():
        raise Refused(_("Say why it is withdrawn. Everybody reads it."))
    with ledger.fact("observation.withdrawn", observation, by=by, **_told(observation)):
        observation.take("withdraw", because=_said(because, by))
    return observation


def restore(observation: Observation, *, by: Person | None) -> Observation:
    """It was withdrawn by mistake and counts again."""
    if by is not None:
        rules.may_restore(by, observation).or_raise()
    if observation.key and Observation.objects.filter(
            key=observation.key, state=Observation.State.CURRENT).exists():
        raise Refused(_("A newer observation has taken its place."))
    with ledger.fact("observation.restored", observation, by=by, **_told(observation)):
        observation.take("restore", because=Text())
    return observation


def check(observation: Observation, *, by: Person) -> Observation:
    """Somebody has read the quoted words at the address today."""
    rules.may_check(by, observation).or_raise()
    with ledger.fact("observation.checked", observation, by=by, **_told(observation)):
        Observation.objects.filter(pk=observation.pk).update(
            checked=True, checked_by=by.ref, read=clock.today())
    observation.refresh_from_db()
    return observation


def _said(words: str, by: Person | None) -> Text:
    """A reason in the language of whoever gives it; that of the house itself in all it knows."""
    words = words.strip()[:500]
    if by is not None:
        return Text.of({reader_language(): words}, by=by.ref)
    said = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            said[reader_language()] = _(words)
    return Text.of(said, source="en", origin="house")


INDICATOR_STEPS = {"publish": publish, "archive": archive}
