"""What happens to organisations: they are added, get names, join hands, and turn out to be one."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import models, transaction
from django.utils.translation import gettext as _

from saphan.ground import ledger
from saphan.ground.access import Refused
from saphan.ground.text import Text
from saphan.people import queries, rules
from saphan.people.models import Alias, JoinRequest, Membership, Organisation, Person
from saphan.people.names import fold, loose


def find_or_add_organisation(names: Mapping[str, str], *, economy: str, kind: str, url: str = "",
                             example: bool = False, origin: str = "person",
                             source: str = "", by: Person | None = None) -> Organisation:
    """The organisation that goes by any of these names in this economy, or a new one."""
    if not any(fold(name) for name in names.values()):
        raise Refused(_("A name needs letters or digits."))
    for name in names.values():
        known = queries.organisation_named(name, economy=economy, example=example)
        if known:
            for lang, other in names.items():
                remember_name(known, other, lang=lang)
            return known
    organisation = Organisation(name=Text.of(names, source=source, origin=origin), kind=kind,
                                economy_id=economy, url=url, example=example)
    with ledger.fact("organisation.added", organisation, by=by):
        organisation.save()
        for lang, name in names.items():
            remember_name(organisation, name, lang=lang)
    return organisation


def remember_name(organisation: Organisation, name: str, *, lang: str = "") -> bool:
    """Keep another name; one that folds to a known one, or to nothing, adds nothing."""
    folded = fold(name)[:300]
    if not folded:
        return False
    _alias, added = Alias.objects.get_or_create(
        organisation=organisation, folded=folded,
        defaults={"name": name.strip()[:300], "lang": lang, "loose": loose(name)[:300]})
    return added


def add_alias(organisation: Organisation, name: str, *, by: Person | None, lang: str = "") -> None:
    """It is also known by this name. Refused where the name is another organisation's."""
    rules.may_name(by, organisation).or_raise()
    if not fold(name):
        raise Refused(_("A name needs letters or digits."))
    known = queries.organisation_named(name, economy=organisation.economy_id,
                                       example=organisation.example)
    if known and known.pk != organisation.pk:
        raise Refused(_("Another organisation goes by this name: %(name)s. If both are one, "
                        "they should be merged.") % {"name": known})
    with ledger.fact("organisation.named", organisation, by=by, lang=lang):
        if not remember_name(organisation, name, lang=lang):
            raise Refused(_("This name is already known, in this or another spelling."))


def drop_alias(alias: Alias, *, by: Person | None) -> None:
    """It does not go by this name. The names under which it is shown stay known."""
    rules.may_name(by, alias.organisation).or_raise()
    shown = {fold(name)[:300] for name in alias.organisation.name.plain().values()}
    if alias.folded in shown:
        raise Refused(_("This is a name under which the organisation is shown. It stays."))
    with ledger.fact("organisation.unnamed", alias.organisation, by=by, lang=alias.lang):
        alias.delete()


def rename_organisation(organisation: Organisation, *, lang: str, name: str,
                        by: Person | None) -> Organisation:
    """The name under which it is shown in one language; the old one stays an alias."""
    rules.may_edit_organisations(by).or_raise()
    if not fold(name):
        raise Refused(_("A name needs letters or digits."))
    with ledger.fact("organisation.renamed", organisation, by=by, lang=lang):
        organisation.name = organisation.name.with_words(lang, name.strip(),
                                                         by=by.ref if by else "")
        organisation.save(update_fields=["name"])
        remember_name(organisation, name, lang=lang)
    return organisation


def set_operator(organisation: Organisation, operator: Organisation | None, *,
                 by: Person | None) -> None:
    """Who runs it: an operating company behind a centre, a ministry behind an institute."""
    rules.may_operate(by, organisation, operator).or_raise()
    with ledger.fact("organisation.operator_set", organisation, by=by,
                     operator=operator.pk if operator else None):
        organisation.operated_by = operator
        organisation.save(update_fields=["operated_by"])


def merge_organisations(kept: Organisation, other: Organisation, *, by: Person | None) -> None:
    """Two records were one organisation all along. `other`'s names become aliases of `kept`."""
    rules.may_merge(by, kept, other).or_raise()
    with ledger.fact("organisation.merged", kept, by=by, other=other.pk):
        for alias in other.aliases.all():
            remember_name(kept, alias.name, lang=alias.lang)
        for lang, words in other.name.items():
            if lang not in kept.name:
                kept.name = kept.name.with_words(lang, words.text, origin=words.origin, by=words.by)
        kept.url = kept.url or other.url
        kept.operated_by = _operator_after_merge(kept, other)
        kept.save()
        _move_people(kept, other)
        for relation in Organisation._meta.related_objects:
            if relation.related_model not in (Alias, Membership, JoinRequest):
                _move(relation, kept, other)
        # Whoever was operated by `other` is now operated by `kept`, but nobody by itself.
        Organisation.objects.filter(pk=kept.pk, operated_by=kept).update(operated_by=None)
        other.delete()


def _operator_after_merge(kept: Organisation, other: Organisation) -> Organisation | None:
    operator = kept.operated_by or other.operated_by
    return None if operator is not None and operator.pk in (kept.pk, other.pk) else operator


def _move_people(kept: Organisation, other: Organisation) -> None:
    for membership in other.memberships.all():
        moved, added = Membership.objects.get_or_create(
            person=membership.person, organisation=kept,
            defaults={"may_publish": membership.may_publish})
        if not added and membership.may_publish and not moved.may_publish:
            moved.may_publish = True
            moved.save(update_fields=["may_publish"])
    for request in other.join_requests.exclude(person__memberships__organisation=kept):
        JoinRequest.objects.get_or_create(person=request.person, organisation=kept)


def _move(relation: models.ForeignObjectRel, kept: Organisation, other: Organisation) -> None:
    """Point the rows of a room that point at `other` to `kept`."""
    manager = relation.related_model._default_manager  # type: ignore[union-attr]
    name = relation.field.name
    for row in manager.filter(**{name: other}):
        if relation.many_to_many:
            getattr(row, name).add(kept)
        else:
            manager.filter(pk=row.pk).update(**{name: kept})


def add_own_organisation(person: Person, names: Mapping[str, str], *, economy: str, kind: str,
                         url: str = "", by: Person) -> tuple[Organisation, bool]:
    """She names her organisation. A new one is hers to speak for; at a known one she asks to
    join. Returns the organisation and whether she speaks for it now."""
    rules.may_act_for(by, person).or_raise()
    known = next(filter(None, (queries.organisation_named(name, economy=economy, example=False)
                               for name in names.values())), None)
    if known:
        return known, ask_to_join(person, known, by=by)
    with transaction.atomic():
        organisation = find_or_add_organisation(names, economy=economy, kind=kind, url=url, by=by)
        join_organisation(person, organisation, by=None)
    return organisation, True


def ask_to_join(person: Person, organisation: Organisation, *, by: Person) -> bool:
    """She asks to speak for it. Returns whether she already does."""
    rules.may_act_for(by, person).or_raise()
    if rules.speaks_for(person, organisation):
        return True
    with ledger.fact("organisation.join_asked", organisation, by=by):
        JoinRequest.objects.get_or_create(person=person, organisation=organisation)
    return False


def join_organisation(person: Person, organisation: Organisation, *,
                      by: Person | None) -> Membership:
    """She speaks for it from now on."""
    rules.may_confirm_joining(by, organisation).or_raise()
    with ledger.fact("organisation.joined", organisation, by=by, person=person.ref):
        membership, _created = Membership.objects.get_or_create(
            person=person, organisation=organisation)
        JoinRequest.objects.filter(person=person, organisation=organisation).delete()
    return membership


def decline_joining(request: JoinRequest, *, by: Person | None) -> None:
    """She does not belong to it, or takes her own request back."""
    if by is None or by.pk != request.person_id:
        rules.may_confirm_joining(by, request.organisation).or_raise()
    with ledger.fact("organisation.join_declined", request.organisation, by=by,
                     person=request.person.ref):
        request.delete()


def leave_organisation(person: Person, organisation: Organisation, *, by: Person) -> None:
    """She no longer speaks for it. What she published for it stays its own."""
    rules.may_act_for(by, person).or_raise()
    with ledger.fact("organisation.left", organisation, by=by, person=person.ref):
        Membership.objects.filter(person=person, organisation=organisation).delete()
        JoinRequest.objects.filter(person=person, organisation=organisation).delete()
