"""My account, as its owner uses it."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as configured
from django.test import Client

from saphan.doors.tests.account import PASSWORD, sign_in, somebody, text
from saphan.ground import clock
from saphan.ground.models import Fact
from saphan.people import actions, queries
from saphan.people.models import Consent, JoinRequest, Organisation, Person, Token

pytestmark = pytest.mark.django_db
PAGES = ["", "profile/", "organisations/", "security/", "security/app/",
         "security/passkeys/add/", "address/", "password/", "agreements/", "tokens/", "data/",
         "leave/", "sign-out/"]


@pytest.fixture(autouse=True)
def _economies(db: None) -> None:
    actions.load_economies()


@pytest.fixture
def mali(client: Client) -> Person:
    """She is signed in."""
    person = somebody(name="มะลิ", language="th")
    sign_in(client)
    return person


@pytest.mark.parametrize("page", PAGES)
def test_every_page_asks_a_stranger_to_sign_in_first(client: Client, page: str) -> None:
    answer = client.get(f"/en/account/{page}")
    assert answer.status_code == 302
    assert answer.url.startswith(("/en/account/sign-in/?next=", "/en/"))


@pytest.mark.parametrize("code", [code for code, _name in configured.LANGUAGES])
def test_every_page_opens_in_every_language(client: Client, mali: Person, code: str) -> None:
    for page in PAGES:
        answer = client.get(f"/{code}/account/{page}")
        assert answer.status_code == 200, page
        assert "style=" not in answer.content.decode(), page


def test_her_name_language_and_economy_are_kept(client: Client, mali: Person) -> None:
    answer = client.post("/th/account/profile/", {"name": " มะลิ แก้ว ", "language": "lo",
                                                  "economy": "LA"})
    assert answer.url == "/th/account/"
    mali.refresh_from_db()
    assert (mali.name, mali.language, mali.economy_id) == ("มะลิ แก้ว", "lo", "LA")
    assert "มะลิ แก้ว" in text(client.get("/th/account/"))


def test_a_wrong_choice_is_marked_and_nothing_typed_is_lost(client: Client, mali: Person) -> None:
    answer = client.post("/en/account/profile/", {"name": "New", "language": "xx",
                                                  "economy": "TH"})
    assert answer.status_code == 422
    assert 'value="New"' in answer.content.decode()
    assert "Select a valid choice" in text(answer)


def test_a_new_organisation_is_hers_and_a_known_one_must_say_yes(
        client: Client, mali: Person) -> None:
    form = {"name": "หุ่นยนต์ข้าว จำกัด", "lang": "th", "economy": "TH", "kind": "company"}
    client.post("/en/account/organisations/", form)
    organisation = Organisation.objects.get()
    assert organisation.name.source == "th"
    assert list(queries.organisations_of(mali)) == [organisation]
    other = Client()
    somebody("other@example.org")
    sign_in(other, "other@example.org")
    answer = other.post("/en/account/organisations/", {**form, "name": "บริษัท หุ่นยนต์ ข้าว"},
                        follow=True)
    assert "will confirm" in text(answer)
    asked = JoinRequest.objects.get()
    assert "other@example.org" in text(client.get("/en/account/"))
    assert other.post(f"/en/account/requests/{asked.pk}/", {"answer": "yes"}).status_code == 403
    client.post(f"/en/account/requests/{asked.pk}/", {"answer": "yes"})
    assert queries.organisations_of(asked.person).get() == organisation


def test_a_request_can_be_declined_and_taken_back(client: Client, mali: Person) -> None:
    mine = actions.find_or_add_organisation({"en": "Mine"}, economy="TH", kind="company")
    theirs = actions.find_or_add_organisation({"en": "Theirs"}, economy="TH", kind="company")
    actions.join_organisation(mali, mine, by=None)
    other = somebody("other@example.org")
    actions.ask_to_join(other, mine, by=other)
    actions.ask_to_join(mali, theirs, by=mali)
    client.post(f"/en/account/requests/{other.join_requests.get().pk}/", {"answer": "no"})
    client.post(f"/en/account/organisations/{theirs.pk}/leave/")
    assert not JoinRequest.objects.exists()
    assert not queries.organisations_of(other).exists()


def test_an_organisation_s_names_are_hers_to_add_and_the_shown_one_stays(
        client: Client, mali: Person) -> None:
    mine = actions.find_or_add_organisation({"en": "Rice Robots"}, economy="TH", kind="company")
    address = f"/en/account/organisations/{mine.pk}/"
    assert client.get(address).status_code == 404
    actions.join_organisation(mali, mine, by=None)
    client.post(address, {"name": "หุ่นยนต์ข้าว", "lang": "th"})
    answer = client.post(address, {"name": "RICE ROBOTS", "lang": "en"})
    assert answer.status_code == 422
    assert "already known" in text(answer)
    added, shown = mine.aliases.get(lang="th"), mine.aliases.get(lang="en")
    client.post(f"/en/account/organisations/names/{added.pk}/remove/")
    answer = client.post(f"/en/account/organisations/names/{shown.pk}/remove/", follow=True)
    assert "It stays" in text(answer)
    assert list(mine.aliases.all()) == [shown]


def test_an_agreement_is_given_in_her_words_and_taken_back(client: Client, mali: Person) -> None:
    client.post("/en/account/agreements/newsletter/", {"answer": "yes"})
    assert queries.agreed(mali, "newsletter")
    assert "at most once a week" in Consent.objects.get().wording
    client.post("/en/account/agreements/newsletter/", {"answer": "no"})
    assert not queries.agreed(mali, "newsletter")
    assert "Agreements you withdrew" in text(client.get("/en/account/agreements/"))
    assert client.post("/en/account/agreements/nonsense/", {"answer": "yes"}).status_code == 404


def test_a_token_s_secret_is_shown_once_and_works_until_revoked(
        client: Client, mali: Person) -> None:
    answer = client.post("/en/account/tokens/", {"name": "our site", "scope": "write",
                                                 "days": "30"})
    found = re.search(r"sph_[\w-]{43}", answer.content.decode())
    assert found
    assert "no-store" in answer["Cache-Control"]
    token = Token.objects.get()
    assert token.scope == "write"
    assert abs(token.expires - clock.now() - timedelta(days=30)) < timedelta(minutes=1)
    assert found[0] not in client.get("/en/account/tokens/").content.decode()
    software = {"HTTP_AUTHORIZATION": f"Bearer {found[0]}"}
    assert Client().get("/api/v1/rooms", **software).status_code == 200
    client.post(f"/en/account/tokens/{token.pk}/revoke/")
    assert Client().get("/api/v1/rooms", **software).status_code == 401


def test_nobody_revokes_somebody_else_s_token(client: Client, mali: Person) -> None:
    other = somebody("other@example.org")
    actions.issue_token(other, name="x", scope="read", by=other)
    token = Token.objects.get()
    assert client.post(f"/en/account/tokens/{token.pk}/revoke/").status_code == 404
    assert Token.objects.exists()


def test_too_many_tokens_are_refused_with_the_reason(client: Client, mali: Person) -> None:
    for _number in range(actions.TOKENS_AT_MOST):
        actions.issue_token(mali, name="x", scope="read", by=mali)
    answer = client.post("/en/account/tokens/", {"name": "one more", "scope": "read",
                                                 "days": "30"})
    assert answer.status_code == 422
    assert "You have 20 tokens" in text(answer)
    assert 'value="one more"' in answer.content.decode()


def test_signing_out_everywhere_else_keeps_only_this_session(client: Client, mali: Person) -> None:
    elsewhere = Client()
    sign_in(elsewhere)
    assert elsewhere.get("/en/account/").status_code == 200
    client.post("/en/account/security/elsewhere/")
    assert client.get("/en/account/").status_code == 200
    assert elsewhere.get("/en/account/").status_code == 302


def test_her_data_comes_as_a_file(client: Client, mali: Person) -> None:
    answer = client.post("/en/account/data/file/")
    assert answer["Content-Disposition"].startswith("attachment")
    assert json.loads(answer.content)["person"]["name"] == "มะลิ"
    assert client.get("/en/account/data/file/").status_code == 405


def test_leaving_needs_the_typed_address_and_ends_everything(client: Client, mali: Person) -> None:
    answer = client.post("/en/account/leave/", {"address": "someone@example.org"})
    assert answer.status_code == 422
    assert "not the address of your account" in text(answer)
    answer = client.post("/en/account/leave/", {"address": "Mali@example.org"})
    assert answer.url == "/en/"
    assert "Goodbye" in text(client.get("/en/"))
    assert client.get("/en/account/").status_code == 302
    again = sign_in(Client())
    assert again.status_code == 200
    assert "not right" in text(again)
    assert Fact.objects.filter(name="person.forgotten").exists()


def test_the_last_administrator_is_told_why_she_cannot_leave(client: Client, mali: Person) -> None:
    actions.grant_role(mali, "administrator", by=None)
    answer = client.post("/en/account/leave/", {"address": "mali@example.org"})
    assert answer.status_code == 422
    assert "You are the only administrator" in text(answer)
    assert Person.objects.get(pk=mali.pk).check_password(PASSWORD)


def test_the_desk_needs_as_many_queries_for_many_as_for_one(
        client: Client, mali: Person, django_assert_max_num_queries: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries_made:
            assert client.get("/en/account/organisations/").status_code == 200
        return len(queries_made)

    def join(number: int) -> None:
        organisation = actions.find_or_add_organisation(
            {"en": f"Robots {number}"}, economy="TH", kind="company")
        actions.join_organisation(mali, organisation, by=None)
        asker = somebody(f"a{number}@example.org")
        actions.ask_to_join(asker, organisation, by=asker)

    join(0)
    few = cost()
    for number in range(1, 6):
        join(number)
    assert cost() == few
