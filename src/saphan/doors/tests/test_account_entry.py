"""Coming in: by password, by code, with a second step; limits; letters; the way out."""

from __future__ import annotations

import smtplib
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings as configured
from django.core import mail
from django.test import Client

from saphan.doors.tests.account import PASSWORD, code_from_letter, sign_in, somebody, text
from saphan.ground.models import Fact
from saphan.people.models import Person

pytestmark = pytest.mark.django_db
FILE_BACKEND = "django.core.mail.backends.filebased.EmailBackend"


@pytest.fixture
def closed_mouth(settings: Any) -> None:
    """A house that does not say who has an account, as one with a mail server."""
    settings.ACCOUNT_PREVENT_ENUMERATION = True


def test_the_password_leads_in_and_the_ledger_says_so_without_her_name(client: Client) -> None:
    person = somebody(name="Mali")
    assert sign_in(client, next="").url == "/en/account/"
    fact = Fact.objects.get(name="person.signed_in")
    assert (fact.actor, fact.data) == (person.ref, {"means": ["password"]})


def test_a_wrong_password_is_said_clearly_and_the_address_stays(client: Client) -> None:
    somebody()
    answer = sign_in(client, password="wrong")
    assert "The e-mail address or the password is not right." in text(answer)
    assert 'value="mali@example.org"' in answer.content.decode()
    assert not Fact.objects.filter(name="person.signed_in").exists()


def test_after_five_wrong_passwords_even_the_right_one_waits(client: Client) -> None:
    somebody()
    for _attempt in range(5):
        sign_in(client, password="wrong")
    answer = sign_in(client)
    assert answer.status_code == 429
    assert answer["Retry-After"] == "300"
    assert "Wait five minutes" in text(answer)
    assert 'value="mali@example.org"' in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_the_count_of_wrong_passwords_is_shared_by_all_processes() -> None:
    from django.core.cache import caches

    assert caches["default"].__class__.__name__ == "DatabaseCache"


def test_too_many_attempts_from_one_place_get_a_page_that_keeps_the_address(
        client: Client, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    somebody()
    sign_in(client, password="wrong")
    answer = client.post("/th/account/sign-in/", {"login": "mali@example.org", "password": "x"})
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    page = answer.content.decode()
    assert 'lang="th"' in page
    assert 'value="mali@example.org"' in page
    assert 'value="x"' not in page


def test_a_code_by_e_mail_leads_in_whatever_digits_it_is_typed_in(client: Client) -> None:
    somebody(language="th")
    client.post("/en/account/sign-in/code/", {"email": "MALI@example.org"})
    code = code_from_letter()
    thai = code.translate({ord(str(digit)): chr(0x0E50 + digit) for digit in range(10)})
    answer = client.post("/en/account/sign-in/code/confirm/", {"code": thai, "action": "verify"})
    assert answer.url == "/en/account/"
    assert Fact.objects.get(name="person.signed_in").data == {"means": ["code"]}


def test_a_wrong_code_is_said_and_after_three_the_code_is_worth_nothing(client: Client) -> None:
    somebody()
    client.post("/en/account/sign-in/code/", {"email": "mali@example.org"})
    code = code_from_letter()
    address = "/en/account/sign-in/code/confirm/"
    assert "This code is not right" in text(client.post(address, {"code": "1111-1111"}))
    client.post(address, {"code": "1111-1111"})
    client.post(address, {"code": "1111-1111"})
    assert client.post(address, {"code": code}).url == "/en/account/sign-in/code/"
    assert "_auth_user_id" not in client.session


def test_a_new_account_confirms_its_address_before_it_is_let_in(client: Client) -> None:
    answer = client.post("/lo/account/sign-up/", {"email": "New@Example.org",
                                                  "password1": PASSWORD})
    assert answer.url == "/lo/account/confirm-address/"
    assert "_auth_user_id" not in client.session
    answer = client.post(answer.url, {"code": code_from_letter(), "action": "verify"})
    assert answer.url == "/lo/account/"
    person = Person.objects.get()
    assert (person.email, person.language) == ("new@example.org", "lo")
    assert EmailAddress.objects.get(user=person).verified
    names = list(Fact.objects.values_list("name", flat=True))
    assert names == ["person.joined", "person.signed_in"]


def test_without_a_mail_server_a_new_account_is_open_at_once(
        client: Client, settings: Any, tmp_path: Any) -> None:
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = FILE_BACKEND, tmp_path
    answer = client.post("/en/account/sign-up/", {"email": "new@example.org",
                                                  "password1": PASSWORD})
    assert answer.url == "/en/account/"
    assert client.get("/en/account/").status_code == 200
    assert "no mail server" in text(Client().get("/en/account/sign-in/code/"))


def test_signing_up_again_does_not_say_that_the_address_is_known(
        client: Client, closed_mouth: None) -> None:
    somebody()
    answer = client.post("/en/account/sign-up/", {"email": "mali@example.org",
                                                  "password1": "Another-77-word"})
    assert answer.url == "/en/account/confirm-address/"
    assert mail.outbox[-1].subject == "You already have an account"
    assert Person.objects.count() == 1


@pytest.mark.parametrize(("password", "said"), [
    ("short", "too short"), ("password123", "too common"), ("mali@example.org", "too similar")])
def test_a_weak_password_is_refused_with_the_reason(client: Client, password: str,
                                                    said: str) -> None:
    answer = client.post("/en/account/sign-up/", {"email": "mali@example.org",
                                                  "password1": password})
    assert said in text(answer)
    assert 'value="mali@example.org"' in answer.content.decode()
    assert not Person.objects.exists()


def test_a_house_may_be_closed_to_new_accounts(client: Client, settings: Any) -> None:
    settings.SIGNUP_OPEN = False
    for page in ("sign-up/", "sign-up/passkey/"):
        assert "the staff make the accounts" in text(client.get(f"/en/account/{page}"))
        client.post(f"/en/account/{page}", {"email": "a@example.org", "password1": PASSWORD})
    assert not Person.objects.exists()


def test_somebody_shut_out_is_told_so_and_stays_outside(client: Client) -> None:
    person = somebody()
    Person.objects.filter(pk=person.pk).update(is_active=False)
    assert sign_in(client).url == "/en/account/closed/"
    assert "service desk" in text(client.get("/en/account/closed/"))
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("evil", ["https://evil.example/", "//evil.example", "javascript:alert(1)",
                                  "https://localhost/x"])
def test_after_signing_in_nobody_is_led_out_of_the_house(client: Client, evil: str) -> None:
    somebody()
    answer = client.post(f"/en/account/sign-in/?next={evil}", {
        "login": "mali@example.org", "password": PASSWORD, "next": evil})
    assert answer.url == "/en/account/"


def test_after_signing_in_one_goes_on_where_one_was(client: Client) -> None:
    somebody()
    answer = client.get("/vi/account/profile/")
    assert answer.url == "/vi/account/sign-in/?next=/vi/account/profile/"
    answer = client.post(answer.url, {"login": "mali@example.org", "password": PASSWORD,
                                      "next": "/vi/account/profile/"})
    assert answer.url == "/vi/account/profile/"


def test_a_forgotten_password_is_replaced_with_a_code_and_other_sessions_end(
        client: Client) -> None:
    somebody()
    elsewhere = Client()
    sign_in(elsewhere)
    client.post("/en/account/password/forgotten/", {"email": "mali@example.org"})
    client.post("/en/account/password/forgotten/code/", {"code": code_from_letter()})
    answer = client.post("/en/account/password/forgotten/new/", {"password1": "Pomelo-salt-42"})
    assert answer.url == "/en/account/password/forgotten/done/"
    assert elsewhere.get("/en/account/").status_code == 302
    assert sign_in(Client(), password="Pomelo-salt-42").url == "/en/account/"
    assert mail.outbox[-1].subject == "Your password was changed"


def test_an_unknown_address_gets_a_letter_but_no_code(client: Client, closed_mouth: None) -> None:
    answer = client.post("/en/account/password/forgotten/", {"email": "nobody@example.org"})
    assert answer.url == "/en/account/password/forgotten/code/"
    assert mail.outbox[-1].subject == "There is no account with this address"
    answer = client.post("/en/account/password/forgotten/code/", {"code": ""})
    assert "This field is required." in text(answer)


def test_letters_are_written_in_the_language_that_she_chose(client: Client) -> None:
    somebody(language="zh-hans")
    client.post("/en/account/sign-in/code/", {"email": "mali@example.org"})
    from django.utils import translation

    with translation.override("zh-hans"):
        wanted = translation.gettext("Your code for signing in")
    assert mail.outbox[-1].subject == wanted


def test_a_mail_server_that_does_not_answer_breaks_nothing(
        client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    somebody()

    def broken(_self: Any, fail_silently: bool = False) -> int:
        raise smtplib.SMTPServerDisconnected("gone")

    monkeypatch.setattr("django.core.mail.EmailMessage.send", broken)
    answer = client.post("/en/account/sign-in/code/", {"email": "mali@example.org"}, follow=True)
    assert answer.status_code == 200
    assert "could not be sent" in text(answer)


def totp_now(secret: str) -> str:
    import time

    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def set_up_app(client: Client) -> str:
    """Returns the secret that the app and the house share."""
    page = client.get("/en/account/security/app/")
    assert b'src="data:image/svg+xml;base64,' in page.content
    secret: str = client.session["mfa.totp.secret"]
    assert secret in text(page)
    answer = client.post("/en/account/security/app/", {"code": totp_now(secret)})
    assert answer.url == "/en/account/security/codes/"
    return secret


def test_with_an_app_the_password_alone_is_not_enough(
        client: Client, django_capture_on_commit_callbacks: Any) -> None:
    somebody()
    sign_in(client)
    with django_capture_on_commit_callbacks(execute=True):
        secret = set_up_app(client)
    assert mail.outbox[-1].subject == "An authenticator app was set up"
    codes = [code for code in text(client.get("/en/account/security/codes/")).split()
             if code.isdigit() and len(code) == 8]
    assert len(codes) == 10
    client.post("/en/account/sign-out/")
    assert sign_in(client).url == "/en/account/sign-in/second-step/"
    assert client.get("/en/account/").status_code == 302
    wrong = client.post("/en/account/sign-in/second-step/", {"code": "000000"})
    assert "This code is not right" in text(wrong)
    # The code of the set-up is spent only when it was used to sign in.
    assert client.post("/en/account/sign-in/second-step/",
                       {"code": totp_now(secret)}).url == "/en/account/"
    again = Client()
    sign_in(again)
    used = again.post("/en/account/sign-in/second-step/", {"code": totp_now(secret)})
    assert used.status_code == 200, "a code works once"
    assert again.post("/en/account/sign-in/second-step/", {"code": codes[0]}).url == "/en/account/"


def test_the_second_step_cannot_be_guessed_at_will(client: Client) -> None:
    somebody()
    sign_in(client)
    secret = set_up_app(client)
    client.post("/en/account/sign-out/")
    sign_in(client)
    for _attempt in range(5):
        client.post("/en/account/sign-in/second-step/", {"code": "000000"})
    answer = client.post("/en/account/sign-in/second-step/", {"code": totp_now(secret)})
    assert answer.status_code == 200
    assert "Too many attempts" in text(answer)


def test_a_session_that_is_not_fresh_must_prove_who_it_is_before_a_key_is_made(
        client: Client) -> None:
    somebody()
    sign_in(client)
    session = client.session
    session["account_authentication_methods"] = [
        {**record, "at": record["at"] - 3600}
        for record in session["account_authentication_methods"]]
    session.save()
    form = {"name": "site", "scope": "read", "days": "30"}
    answer = client.post("/en/account/tokens/", form)
    assert answer.url.startswith("/en/account/confirm/")
    assert "The password is not right" in text(client.post(answer.url, {"password": "wrong"}))
    done = client.post(answer.url, {"password": PASSWORD})
    assert "sph_" in text(done), "what was asked before is done, nothing is typed twice"


def test_a_new_password_needs_the_old_one(client: Client) -> None:
    somebody()
    sign_in(client)
    wrong = client.post("/en/account/password/", {"oldpassword": "x",
                                                  "password1": "Pomelo-salt-42"})
    assert "not your present password" in text(wrong)
    right = client.post("/en/account/password/", {"oldpassword": PASSWORD,
                                                  "password1": "Pomelo-salt-42"})
    assert right.url == "/en/account/"
    assert client.get("/en/account/").status_code == 200
    assert Person.objects.get().check_password("Pomelo-salt-42")


def test_a_new_address_counts_only_once_its_code_is_entered(client: Client) -> None:
    person = somebody()
    sign_in(client)
    answer = client.post("/en/account/address/", {"email": "new@example.org", "action_add": "1"})
    person.refresh_from_db()
    assert person.email == "mali@example.org"
    client.post(answer.url, {"code": code_from_letter(), "action": "verify"})
    person.refresh_from_db()
    assert person.email == "new@example.org"
    assert [row.email for row in EmailAddress.objects.filter(user=person)] == ["new@example.org"]
    assert mail.outbox[-1].to == ["mali@example.org"], "the old address hears of it"


def test_the_address_of_somebody_else_cannot_be_taken(client: Client, closed_mouth: None) -> None:
    person, _other = somebody(), somebody("other@example.org")
    sign_in(client)
    answer = client.post("/en/account/address/", {"email": "other@example.org",
                                                  "action_add": "1"}, follow=True)
    code = client.session.get("account_email_verification_code", {}).get("code", "")
    if code:
        answer = client.post("/en/account/confirm-address/", {"code": code, "action": "verify"})
        assert "already an account" in text(answer)
    person.refresh_from_db()
    assert person.email == "mali@example.org"


def test_one_signs_out_only_by_pressing_the_button(client: Client) -> None:
    somebody()
    sign_in(client)
    client.get("/en/account/sign-out/")
    assert "_auth_user_id" in client.session
    assert client.post("/en/account/sign-out/").url == "/en/"
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("code", [code for code, _name in configured.LANGUAGES])
@pytest.mark.parametrize("page", ["sign-in/", "sign-up/", "sign-up/passkey/", "sign-in/code/",
                                  "password/forgotten/", "closed/"])
def test_every_page_at_the_door_opens_in_every_language(client: Client, code: str,
                                                        page: str) -> None:
    answer = client.get(f"/{code}/account/{page}")
    assert answer.status_code == 200
    assert f'lang="{code}"' in answer.content.decode().lower()
    assert "style=" not in answer.content.decode()


def test_a_passkey_answer_that_is_nonsense_is_refused_politely(client: Client) -> None:
    for nonsense in ("", "{}", "[]", '{"response": {}}', "x"):
        answer = client.post("/en/account/sign-in/passkey/", {"credential": nonsense})
        assert answer.status_code == 302
        assert answer.url == "/en/account/sign-in/"
    assert not Authenticator.objects.exists()
