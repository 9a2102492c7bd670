"""Questions about people and organisations."""

from __future__ import annotations

import hashlib
from typing import Any

from django.db.models import Q, QuerySet

from saphan.ground import clock
from saphan.ground.models import Fact
from saphan.people import consents, names
from saphan.people.models import (
    Alias,
    Consent,
    Economy,
    JoinRequest,
    Organisation,
    Person,
    Role,
    Token,
)


def economies() -> QuerySet[Economy]:
    """All economies, those the centre serves first."""
    return Economy.objects.all()


def economy_names(lang: str | None = None) -> dict[str, str]:
    """Code to name, in `lang` (default: the active language), those the centre serves first."""
    return {economy.code: str(economy.name.best(lang)) for economy in Economy.objects.all()}


def organisation_named(name: str, *, economy: str | None = None,
                       example: bool | None = None) -> Organisation | None:
    """The organisation that goes by this name, in whatever spelling it is known.

    A name typed without Latin marks finds the marked one (and the other way round) if all
    organisations that could be meant are one.
    """
    folded, loose = names.fold(name)[:300], names.loose(name)[:300]
    if not folded:
        return None
    here = Alias.objects.all()
    if economy:
        here = here.filter(organisation__economy_id=economy)
    if example is not None:
        here = here.filter(organisation__example=example)
    same = here.filter(folded=folded).order_by("organisation_id").first()
    if same is None:
        like = list(here.filter(loose=loose).order_by("organisation_id"))
        one = len({alias.organisation_id for alias in like}) == 1
        unmarked = folded == loose or any(alias.folded == alias.loose for alias in like)
        same = like[0] if one and unmarked else None
    return same.organisation if same else None


def organisations_like(text: str, *, economy: str | None = None) -> QuerySet[Organisation]:
    """Organisations one of whose names contains the text, without regard to marks and forms."""
    found = Organisation.objects.all()
    if loose := names.loose(text):
        found = found.filter(Q(aliases__loose__contains=loose)
                             | Q(aliases__folded__contains=names.fold(text))).distinct()
    elif text.strip():
        found = found.none()
    if economy:
        found = found.filter(economy_id=economy)
    return found


def organisations_of(person: Person) -> QuerySet[Organisation]:
    """The organisations that she speaks for."""
    return Organisation.objects.filter(memberships__person=person,
                                       memberships__may_publish=True)


def merged_into(pk: int) -> Organisation | None:
    """What became of an organisation that was merged into another, through any number of merges."""
    seen: set[int] = set()
    while pk not in seen:
        seen.add(pk)
        fact = Fact.objects.filter(name="organisation.merged", data__other=pk).first()
        if fact is None:
            break
        pk = int(fact.subject_id)
    return Organisation.objects.filter(pk=pk).first() if len(seen) > 1 else None


def join_requests_for(person: Person) -> QuerySet[JoinRequest]:
    """Who waits for her word: others who ask to speak for her organisations."""
    return (JoinRequest.objects.filter(organisation__in=organisations_of(person))
            .select_related("person", "organisation"))


def persons(*, text: str = "", role: str = "", economy: str = "",
            active: bool | None = None) -> QuerySet[Person]:
    """Persons whose name or address contains the text, by name; those who left are never listed."""
    found = Person.objects.exclude(email__endswith="@forgotten.invalid")
    for word in text.split():
        found = found.filter(Q(name__icontains=word) | Q(email__icontains=word))
    if role:
        found = found.filter(roles__name=role).distinct()
    if economy:
        found = found.filter(economy_id=economy)
    if active is not None:
        found = found.filter(is_active=active)
    return (found.select_related("economy").prefetch_related("roles__economy")
            .order_by("name", "email", "pk"))


def agreed(person: Person, key: str) -> bool:
    """Whether she agrees to this purpose, in its present wording, now."""
    return person.consents.filter(purpose=consents.purpose(key).name,
                                  withdrawn__isnull=True).exists()


def consents_of(person: Person) -> list[tuple[consents.Purpose, Consent | None]]:
    """Every purpose of the catalogue, with her standing consent to it, if any."""
    standing = {consent.purpose: consent
                for consent in person.consents.filter(withdrawn__isnull=True)}
    return [(purpose, standing.get(purpose.name)) for purpose in consents.purposes()]


def person_of_token(secret: str) -> tuple[Person, Token] | None:
    """Who holds this token, if it is valid now."""
    digest = hashlib.sha256(secret.encode()).hexdigest()
    token = Token.objects.select_related("person").filter(
        Q(expires__isnull=True) | Q(expires__gt=clock.now()),
        digest=digest, person__is_active=True).first()
    return (token.person, token) if token else None


def desk() -> QuerySet[Person]:
    """The staff who look after what people submit."""
    return Person.objects.filter(is_active=True, roles__name__in=[
        Role.Name.CLERK, Role.Name.PROGRAMME_MANAGER]).distinct()


def export(person: Person) -> dict[str, Any]:
    """All that this storey knows about her, ready for JSON; rooms add theirs (see
    `people.actions.HOLDERS`)."""
    from allauth.account.models import EmailAddress
    from allauth.mfa.models import Authenticator

    return {
        "person": {"ref": person.ref, "email": person.email, "name": person.name,
                   "language": person.language, "economy": person.economy_id,
                   "joined": person.joined.isoformat(), "last_sign_in": _iso(person.last_login)},
        "email_addresses": list(EmailAddress.objects.filter(user=person).values(
            "email", "verified", "primary")),
        "sign_in_means": [{"type": means.type, "created": means.created_at.isoformat(),
                           "last_used": _iso(means.last_used_at)}
                          for means in Authenticator.objects.filter(user=person)],
        "roles": [{"name": role.name, "economy": role.economy_id, "lang": role.lang,
                   "granted": role.granted.isoformat()} for role in person.roles.all()],
        "decisions": [{"act": decision.act, "role": decision.role, "reason": decision.reason,
                       "at": decision.at.isoformat()} for decision in person.decisions.all()],
        "organisations": [{"id": membership.organisation_id,
                           "name": membership.organisation.name.plain(),
                           "may_publish": membership.may_publish}
                          for membership in person.memberships.select_related("organisation")],
        "asked_to_join": [{"id": request.organisation_id,
                           "name": request.organisation.name.plain(),
                           "asked": request.asked.isoformat()}
                          for request in person.join_requests.select_related("organisation")],
        "consents": [{"purpose": consent.purpose, "wording": consent.wording,
                      "language": consent.wording_lang, "given": consent.given.isoformat(),
                      "withdrawn": _iso(consent.withdrawn)}
                     for consent in person.consents.all()],
        "tokens": [{"name": token.name, "scope": token.scope,
                    "created": token.created.isoformat(), "used": _iso(token.used),
                    "expires": _iso(token.expires)} for token in person.tokens.all()],
        "acts": [{"at": fact.at.isoformat(), "name": fact.name, "about": fact.subject_type,
                  "id": fact.subject_id}
                 for fact in Fact.objects.filter(actor=person.ref).order_by("seq")],
    }


def _iso(moment: Any) -> str | None:
    return moment.isoformat() if moment else None
