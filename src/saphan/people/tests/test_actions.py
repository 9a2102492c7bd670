"""Roles, agreements, tokens, economies, and leaving without a trace."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import translation

from saphan.ground import clock
from saphan.ground.access import Refused
from saphan.ground.models import Fact
from saphan.people import actions, consents, queries
from saphan.people.models import Consent, Decision, Economy, Person, Role, Token

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _economies(db: None) -> None:
    actions.load_economies()


def somebody(email: str = "a@example.org", *roles: str, **fields: object) -> Person:
    person = Person.objects.create_user(email, "Mango-rice-77", **fields)
    for role in roles:
        actions.grant_role(person, role, by=None)
    return person


def test_a_role_is_given_once_with_its_reason_and_a_fact_without_it() -> None:
    boss, clerk = somebody("b@example.org", "administrator"), somebody()
    actions.grant_role(clerk, "clerk", by=boss, reason="She knows everybody")
    actions.grant_role(clerk, "clerk", by=boss, reason="Again")
    assert clerk.has_role("clerk")
    assert clerk.is_staff
    assert [decision.reason for decision in clerk.decisions.all()] == ["She knows everybody"]
    fact = Fact.objects.get(name="role.granted", subject_id=str(clerk.pk))
    assert fact.actor == boss.ref
    assert "everybody" not in json.dumps(fact.data)


def test_only_an_administrator_gives_roles() -> None:
    with pytest.raises(Refused, match="administrator"):
        actions.grant_role(somebody(), "clerk", by=somebody("d@example.org", "director"))


def test_a_liaison_officer_has_a_desk_and_nobody_else_does() -> None:
    person, thailand = somebody(), Economy.objects.get(code="TH")
    with pytest.raises(Refused, match="country"):
        actions.grant_role(person, "liaison_officer", by=None)
    with pytest.raises(Refused, match="liaison"):
        actions.grant_role(person, "clerk", economy=thailand, by=None)
    for code in ("TH", "LA"):
        actions.grant_role(person, "liaison_officer", economy=Economy.objects.get(code=code),
                           by=None)
    actions.take_role(person, "liaison_officer", economy=thailand, by=None)
    assert [role.economy_id for role in person.roles.all()] == ["LA"]


def test_the_last_administrator_keeps_the_role_the_door_and_the_account() -> None:
    boss = somebody("b@example.org", "administrator")
    shut = somebody("s@example.org", "administrator")
    actions.shut_out(shut, reason="left the centre", by=boss)
    with pytest.raises(Refused, match="only administrator"):
        actions.take_role(boss, "administrator", by=boss)
    with pytest.raises(Refused, match="only administrator"):
        actions.shut_out(boss, reason="", by=boss)
    with pytest.raises(Refused, match="only administrator"):
        actions.forget(boss, by=boss)
    assert Person.objects.get(pk=boss.pk).email == "b@example.org"
    actions.let_in(shut, reason="came back", by=boss)
    actions.take_role(boss, "administrator", by=boss)
    assert not boss.has_role("administrator")


def test_somebody_shut_out_has_no_valid_token_and_no_role_to_use() -> None:
    boss, person = somebody("b@example.org", "administrator"), somebody("p@example.org")
    helper = somebody("h@example.org", "administrator")
    secret = actions.issue_token(person, name="x", scope="read", by=person)
    actions.shut_out(person, reason="spam", by=boss)
    actions.shut_out(helper, reason="gone", by=boss)
    assert queries.person_of_token(secret) is None
    with pytest.raises(Refused):
        actions.grant_role(person, "clerk", by=helper)


def test_a_consent_keeps_the_words_that_were_read() -> None:
    person = somebody()
    with translation.override("en"):
        given = actions.give_consent(person, "newsletter", by=person)
    assert given.wording == str(consents.NEWSLETTER.wording)
    assert given.wording_lang == "en"
    assert queries.agreed(person, "newsletter")
    actions.withdraw_consent(person, "newsletter", by=person)
    assert not queries.agreed(person, "newsletter")
    assert Consent.objects.get().withdrawn is not None
    with pytest.raises(Refused):
        actions.give_consent(person, "newsletter", by=somebody("o@example.org"))


def test_a_new_edition_of_the_wording_asks_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    person = somebody()
    actions.give_consent(person, "newsletter", by=person)
    monkeypatch.setitem(consents._catalogue, "newsletter", consents.Purpose(
        "newsletter", "News", "Twice a week", edition=2))
    assert not queries.agreed(person, "newsletter")


def test_a_token_is_known_only_by_its_digest_and_ends_when_it_should() -> None:
    person = somebody()
    now = datetime(2026, 11, 1, tzinfo=UTC)
    with clock.stopped_at(now):
        secret = actions.issue_token(person, name="site", scope="write", by=person,
                                     expires=now + timedelta(days=1))
        found = queries.person_of_token(secret)
        assert found is not None
        assert found[0] == person
        assert found[1].scope == "write"
    assert secret not in json.dumps(list(Token.objects.values()), default=str)
    with clock.stopped_at(now + timedelta(days=2)):
        assert queries.person_of_token(secret) is None
    assert queries.person_of_token(secret[:-1]) is None


def test_a_token_cannot_be_for_nothing_in_the_past_or_without_end_in_number() -> None:
    person = somebody()
    with pytest.raises(Refused):
        actions.issue_token(person, name="x", scope="root", by=person)
    with pytest.raises(Refused, match="future"):
        actions.issue_token(person, name="x", scope="read", by=person,
                            expires=clock.now() - timedelta(seconds=1))
    for _number in range(actions.TOKENS_AT_MOST):
        actions.issue_token(person, name="x", scope="read", by=person)
    with pytest.raises(Refused, match="20"):
        actions.issue_token(person, name="x", scope="read", by=person)


def test_leaving_takes_everything_that_says_who_she_was() -> None:
    person = somebody("mali@example.org", "clerk", name="มะลิ", language="th", economy_id="TH")
    organisation, _speaks = actions.add_own_organisation(
        person, {"en": "Rice Robots"}, economy="TH", kind="company", by=person)
    actions.give_consent(person, "newsletter", by=person)
    actions.issue_token(person, name="site", scope="read", by=person)
    session = SessionStore()
    session["_auth_user_id"] = str(person.pk)
    session["account_authentication_methods"] = [{"email": "mali@example.org"}]
    session.save()
    actions.forget(person, by=person)
    row = Person.objects.get(pk=person.pk)
    assert (row.name, row.language, row.economy, row.is_active, row.last_login) == (
        "", "", None, False, None)
    assert row.email == f"{row.ref}@forgotten.invalid"
    assert not row.has_usable_password()
    for model in (Role, Consent, Token, Decision, Session):
        assert not model.objects.exists(), model
    assert not row.emailaddress_set.exists()
    assert not organisation.memberships.exists()
    facts = list(Fact.objects.all())
    assert facts[-1].actor == row.ref
    assert "mali" not in json.dumps([fact.data for fact in facts])
    with pytest.raises(Refused, match="left"):
        actions.let_in(row, reason="", by=None)
    assert row not in queries.persons()


def test_the_export_holds_what_every_storey_and_room_knows() -> None:
    person = somebody("mali@example.org", name="มะลิ")
    actions.add_own_organisation(person, {"th": "หุ่นยนต์ข้าว"}, economy="TH", kind="company",
                                 by=person)
    actions.give_consent(person, "newsletter", by=person)
    actions.issue_token(person, name="site", scope="read", by=person)
    data = json.loads(json.dumps(actions.export_data(person, by=person)))
    assert data["person"]["name"] == "มะลิ"
    assert data["organisations"][0]["name"] == {"th": "หุ่นยนต์ข้าว"}
    assert data["tokens"][0]["name"] == "site"
    assert data["consents"][0]["wording"]
    assert "consent.given" in [act["name"] for act in data["acts"]]
    assert "digest" not in json.dumps(data)
    assert set(actions.HOLDERS) <= set(data)
    with pytest.raises(Refused):
        actions.export_data(person, by=somebody("o@example.org", "administrator"))


def test_a_name_that_the_centre_chose_survives_loading_the_file_again() -> None:
    director = somebody("d@example.org", "director")
    economy = Economy.objects.get(code="LA")
    actions.rename_economy(economy, lang="th", name="สปป.ลาว", by=director)
    Economy.objects.filter(code="LA").update(currency="", time_zone="UTC")
    actions.load_economies()
    again = Economy.objects.get(code="LA")
    assert str(again.name.best("th")) == "สปป.ลาว"
    assert str(again.name.best("en")) == "Lao PDR"
    assert (again.currency, again.time_zone) == ("LAK", "Asia/Vientiane")
    assert queries.economy_names("th")["LA"] == "สปป.ลาว"
    with pytest.raises(Refused):
        actions.rename_economy(economy, lang="th", name="x", by=somebody("c@example.org", "clerk"))
    with pytest.raises(Refused, match="name"):
        actions.rename_economy(economy, lang="th", name="  ", by=director)


def test_a_short_name_is_given_only_where_there_is_one() -> None:
    hong_kong, thailand = Economy.objects.get(code="HK"), Economy.objects.get(code="TH")
    assert str(hong_kong.short_name("en")) == "Hong Kong"
    assert str(hong_kong.name.best("en")) == "Hong Kong, China"
    assert str(thailand.short_name("km")) == str(thailand.name.best("km"))


def test_offices_in_brunei_work_on_saturday_and_not_on_friday() -> None:
    brunei, saturday = Economy.objects.get(code="BN"), date(2026, 11, 21)
    assert brunei.works_on(saturday)
    assert not brunei.works_on(saturday - timedelta(days=1))
    assert not Economy.objects.get(code="TH").works_on(saturday)
