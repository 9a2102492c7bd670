"""What happens to people: roles, consent, tokens, leaving; and the names of economies.

What happens to organisations stands in `people.organisations` and is offered here too.
"""

from __future__ import annotations

import hashlib
import secrets
import tomllib
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from saphan.design.formats import bcp47
from saphan.ground import clock, ledger
from saphan.ground.access import Refused
from saphan.ground.text import Text, Words
from saphan.people import consents, queries, rules
from saphan.people.models import (
    Consent,
    Decision,
    Economy,
    Person,
    Role,
    Token,
    new_seal,
)
from saphan.people.organisations import (
    add_alias,
    add_own_organisation,
    ask_to_join,
    decline_joining,
    drop_alias,
    find_or_add_organisation,
    join_organisation,
    leave_organisation,
    merge_organisations,
    rename_organisation,
    set_operator,
)

__all__ = [
    "HOLDERS", "add_alias", "add_own_organisation", "add_person", "ask_to_join", "decline_joining",
    "drop_alias", "end_sessions", "export_data", "find_or_add_organisation", "forget",
    "give_consent", "grant_role", "issue_token", "join_organisation", "leave_organisation",
    "let_in", "load_economies", "merge_organisations", "rename_economy", "rename_organisation",
    "revoke_token", "set_operator", "shut_out", "take_role", "update_profile",
    "withdraw_consent",
]

TOKENS_AT_MOST = 20

# Rooms that keep something about persons say how to export and how to forget it:
# name -> (export(person) -> JSON-serialisable, forget(person) -> None).
HOLDERS: dict[str, tuple[Callable[[Person], Any], Callable[[Person], None]]] = {}


def load_economies(path: Path | None = None) -> int:
    """Load the economies from `economies.toml`, or bring them up to date with it: what the file
    says is taken over, but names that the centre changed stay. Returns how many there are."""
    data = tomllib.loads((path or Path(__file__).parent / "economies.toml").read_text("utf-8"))
    with transaction.atomic():
        known = Economy.objects.in_bulk()
        for position, (code, entry) in enumerate(data.items()):
            zones = entry.get("time_zones") or [entry.get("time_zone", "UTC")]
            economy = known.get(code) or Economy(code=code)
            economy.name = _refreshed(economy.name, entry["name"])
            economy.short = _refreshed(economy.short, entry.get("short", {}))
            economy.also = entry.get("also", [])
            economy.asean = entry.get("asean", False)
            economy.currency = entry.get("currency", "")
            economy.time_zone = entry.get("time_zone") or zones[0]
            economy.time_zones = zones
            economy.working_week = entry.get("working_week", [1, 2, 3, 4, 5])
            economy.languages = entry.get("languages", [])
            economy.position = position
            economy.save()
    return Economy.objects.count()


def _refreshed(words: Text, from_file: dict[str, str]) -> Text:
    """The file's words, except where a person at the centre wrote others."""
    own = {lang: kept for lang, kept in words.items() if kept.origin != "house"}
    house = {lang: Words(text, "house") for lang, text in from_file.items()}
    return Text("en" if house else words.source, {**house, **own})


def rename_economy(economy: Economy, *, lang: str, name: str, by: Person | None,
                   short: str | None = None) -> Economy:
    """The centre's own name for a country or region, in one language, and its short form."""
    rules.may_edit_economies(by).or_raise()
    if not name.strip():
        raise Refused(_("A country or region needs a name in every language."))
    writer = by.ref if by else ""
    with ledger.fact("economy.renamed", economy, by=by, lang=lang):
        if economy.name.plain().get(lang) != name.strip():
            economy.name = economy.name.with_words(lang, name.strip(), by=writer)
        if short is not None and economy.short.plain().get(lang, "") != short.strip():
            economy.short = economy.short.with_words(lang, short.strip(), by=writer)
        economy.save(update_fields=["name", "short"])
    return economy


def add_person(email: str, *, password: str | None, name: str = "", language: str = "",
               by: Person | None) -> Person:
    """The house or an administrator adds somebody and vouches for the address. Without a password
    she signs in with a code sent by e-mail."""
    rules.may_administer(by).or_raise()
    if Person.objects.filter(email=email.strip().lower()).exists():
        raise Refused(_("There is already an account with this address."))
    with transaction.atomic():
        person = Person.objects.create_user(email.strip(), password, name=name.strip()[:200],
                                            language=language.lower())
        ledger.record("person.added", person, by=by, language=person.language)
    return person


def update_profile(person: Person, *, name: str, language: str, economy: Economy | None,
                   by: Person) -> None:
    """Her name, her language and where she is."""
    rules.may_act_for(by, person).or_raise()
    with ledger.fact("person.updated", person, by=by):
        person.name, person.language, person.economy = name.strip()[:200], language, economy
        person.save(update_fields=["name", "language", "economy"])


def grant_role(person: Person, name: str, *, by: Person | None, economy: Economy | None = None,
               lang: str = "", reason: str = "") -> Role:
    """Give a role. `by=None` is the house itself: set-up and the command line. `lang`: that of a
    translator."""
    rules.may_grant(by, person, name, desk=economy is not None, lang=lang).or_raise()
    held = person.roles.filter(name=name, economy=economy, lang=lang).first()
    if held:
        return held
    of = {"lang": lang} if lang else {}
    with ledger.fact("role.granted", person, by=by, role=str(name),
                     economy=economy.code if economy else None, **of):
        role = Role.objects.create(person=person, name=name, economy=economy, lang=lang)
        _decide(person, Decision.Act.ROLE_GRANTED, reason, by=by, role=str(name))
    person.__dict__.pop("_roles", None)
    return role


def take_role(person: Person, name: str, *, by: Person | None, economy: Economy | None = None,
              lang: str = "", reason: str = "") -> None:
    """Take a role back; of a liaison officer the one desk, or without `economy` all; the same for
    a translator and `lang`."""
    rules.may_take(by, person, name).or_raise()
    held = person.roles.filter(name=name)
    if economy is not None:
        held = held.filter(economy=economy)
    if lang:
        held = held.filter(lang=lang)
    if not held.exists():
        raise Refused(_("This person does not have this role."))
    with ledger.fact("role.taken", person, by=by, role=str(name),
                     economy=economy.code if economy else None):
        held.delete()
        _decide(person, Decision.Act.ROLE_TAKEN, reason, by=by, role=str(name))
    _refetch_roles(person)


def shut_out(person: Person, *, reason: str, by: Person | None) -> None:
    """She can no longer sign in, and her tokens and sessions end. Everything else stays."""
    rules.may_shut_out(by, person).or_raise()
    with ledger.fact("person.shut_out", person, by=by):
        person.is_active, person.seal = False, new_seal()
        person.save(update_fields=["is_active", "seal"])
        _decide(person, Decision.Act.SHUT_OUT, reason, by=by)


def let_in(person: Person, *, reason: str, by: Person | None) -> None:
    """She may sign in again."""
    rules.may_administer(by).or_raise()
    if person.email.endswith("@forgotten.invalid"):
        raise Refused(_("This person has left and cannot come back under this record."))
    with ledger.fact("person.let_in", person, by=by):
        person.is_active = True
        person.save(update_fields=["is_active"])
        _decide(person, Decision.Act.LET_IN, reason, by=by)


def _decide(person: Person, act: str, reason: str, *, by: Person | None, role: str = "") -> None:
    Decision.objects.create(person=person, act=act, role=role, reason=reason.strip()[:500],
                            by=by.ref if by else "", at=clock.now())


def _refetch_roles(person: Person) -> None:
    person.__dict__.pop("_roles", None)
    getattr(person, "_prefetched_objects_cache", {}).pop("roles", None)


def give_consent(person: Person, purpose: str, *, by: Person, lang: str | None = None) -> Consent:
    """She agrees to a purpose of the catalogue in exactly the words of her language."""
    rules.may_act_for(by, person).or_raise()
    asked = consents.purpose(purpose)
    with translation.override((lang or translation.get_language() or "en").lower()):
        wording, spoken = str(asked.wording), bcp47(translation.get_language() or "en")
    with ledger.fact("consent.given", person, by=by, purpose=asked.name):
        person.consents.filter(purpose=asked.name, withdrawn__isnull=True).update(
            withdrawn=clock.now())
        return Consent.objects.create(person=person, purpose=asked.name, wording=wording,
                                      wording_lang=spoken, given=clock.now())


def withdraw_consent(person: Person, purpose: str, *, by: Person) -> None:
    """She takes it back; that she had given it, and in which words, stays on record."""
    rules.may_act_for(by, person).or_raise()
    name = consents.purpose(purpose).name
    standing = person.consents.filter(purpose=name, withdrawn__isnull=True)
    if not standing.exists():
        return
    with ledger.fact("consent.withdrawn", person, by=by, purpose=name):
        standing.update(withdrawn=clock.now())


def issue_token(person: Person, *, name: str, scope: str, by: Person | None,
                expires: datetime | None = None) -> str:
    """A new token; the secret is returned this once and never again."""
    if by is not None:
        rules.may_act_for(by, person).or_raise()
    if scope not in Token.Scope.values:
        raise Refused(_("A token may read, or read and write."))
    if expires is not None and expires <= clock.now():
        raise Refused(_("The last day must lie in the future."))
    if person.tokens.count() >= TOKENS_AT_MOST:
        raise Refused(_("You have %(number)d tokens. Revoke one that you no longer use.")
                      % {"number": TOKENS_AT_MOST})
    secret = "sph_" + secrets.token_urlsafe(32)
    with ledger.fact("token.issued", person, by=by, scope=scope):
        Token.objects.create(person=person, name=name.strip()[:100], scope=scope, expires=expires,
                             digest=hashlib.sha256(secret.encode()).hexdigest())
    return secret


def revoke_token(token: Token, *, by: Person) -> None:
    """The token stops working at once."""
    rules.may_act_for(by, token.person).or_raise()
    with ledger.fact("token.revoked", token.person, by=by):
        token.delete()


def end_sessions(person: Person, *, by: Person) -> None:
    """Sign her out wherever she is signed in; the caller may renew the session of the moment."""
    rules.may_act_for(by, person).or_raise()
    with ledger.fact("person.signed_out_everywhere", person, by=by):
        person.seal = new_seal()
        person.save(update_fields=["seal"])


def export_data(person: Person, *, by: Person) -> dict[str, Any]:
    """All that the house knows about her, from every room, ready for JSON."""
    rules.may_act_for(by, person).or_raise()
    ledger.record("person.exported", person, by=by)
    data = queries.export(person)
    for room, (export, _forget) in sorted(HOLDERS.items()):
        data[room] = export(person)
    return data


def forget(person: Person, *, by: Person) -> None:
    """She leaves. Name, address, sign-in, consents, tokens and sessions go; what she published
    under an organisation stays the organisation's, and facts keep only her opaque reference."""
    rules.may_leave(by, person).or_raise()
    from allauth.account.models import EmailAddress
    from allauth.mfa.models import Authenticator

    with ledger.fact("person.forgotten", person, by=by):
        for _export, forget_in_room in HOLDERS.values():
            forget_in_room(person)
        for rows in (person.roles, person.memberships, person.join_requests, person.consents,
                     person.tokens, person.decisions, EmailAddress.objects.filter(user=person),
                     Authenticator.objects.filter(user=person)):
            rows.all().delete()
        _delete_sessions(person)
        person.email = f"{person.ref}@forgotten.invalid"
        person.name, person.language, person.economy = "", "", None
        person.is_active, person.last_login, person.seal = False, None, new_seal()
        person.set_unusable_password()
        person.save()
    _refetch_roles(person)


def _delete_sessions(person: Person) -> None:
    # A session holds the address with which its owner signed in, so it is not enough to end it.
    hers = [session.pk for session in
            Session.objects.filter(expire_date__gt=clock.now()).iterator(chunk_size=500)
            if session.get_decoded().get(SESSION_KEY) == str(person.pk)]
    Session.objects.filter(pk__in=hers).delete()


@clock.every(days=1)
def drop_old_sessions() -> None:
    """Sessions that are over, and what they hold, do not lie about."""
    Session.objects.filter(expire_date__lt=clock.now() - timedelta(hours=1)).delete()
