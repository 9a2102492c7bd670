"""Passkeys and accessibility, in a real browser with a virtual authenticator."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browsing import CHROMIUM
from django.conf import settings

from saphan.doors.tests.account import PASSWORD, somebody
from saphan.people import actions
from saphan.people.models import Person

pytestmark = [pytest.mark.browser,
              pytest.mark.skipif(not CHROMIUM, reason="no Chromium here")]


@pytest.fixture
def page(browser: Any, live_server: Any) -> Iterator[Any]:
    """A page of a browser that keeps passkeys and fails on errors of scripts or of the CSP."""
    actions.load_economies()
    context = browser.new_context(base_url=live_server.url.replace("127.0.0.1", "localhost"))
    opened = context.new_page()
    problems: list[str] = []
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.on("console", lambda said: problems.append(said.text)
              if said.type == "error" and "status of 4" not in said.text else None)
    devtools = context.new_cdp_session(opened)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
        "hasUserVerification": True, "isUserVerified": True,
        "automaticPresenceSimulation": True}})
    yield opened
    context.close()
    assert problems == []


def sign_in(page: Any, email: str) -> None:
    page.goto("/en/account/sign-in/")
    page.fill("[name=login]", email)
    page.fill("[name=password]", PASSWORD)
    page.click("main form:not([data-passkey]) button")
    page.wait_for_url("**/en/account/")


def sign_out(page: Any) -> None:
    page.click(".account-nav button")
    page.wait_for_url("**/en/")


def test_a_passkey_is_added_signs_in_alone_and_can_be_removed(page: Any) -> None:
    somebody()
    sign_in(page, "mali@example.org")
    page.goto("/en/account/security/passkeys/add/")
    page.fill("[name=name]", "My phone")
    page.click("form[data-passkey] button")
    page.wait_for_url("**/security/codes/")
    page.goto("/en/account/security/")
    assert "My phone" in page.inner_text("main")
    sign_out(page)
    page.goto("/en/account/sign-in/?next=/en/account/profile/")
    page.click("form[data-passkey] button")
    page.wait_for_url(re.compile(r"\d/en/account/profile/$"))
    page.goto("/en/account/security/")
    page.click("text=Remove >> nth=0")
    page.click(".account-main button")
    page.wait_for_url("**/security/passkeys/")
    assert "My phone" not in page.inner_text("main")


def test_with_a_passkey_the_password_alone_is_not_enough_and_the_passkey_helps(page: Any) -> None:
    somebody()
    sign_in(page, "mali@example.org")
    page.goto("/en/account/security/passkeys/add/")
    page.click("form[data-passkey] button")
    page.wait_for_url("**/security/codes/")
    sign_out(page)
    page.goto("/en/account/sign-in/")
    page.fill("[name=login]", "mali@example.org")
    page.fill("[name=password]", PASSWORD)
    page.click("main form:not([data-passkey]) button")
    page.wait_for_url("**/second-step/")
    page.click("form[data-passkey] button")
    page.wait_for_url("**/en/account/")


def test_an_account_can_be_made_with_nothing_but_a_passkey(
        page: Any, settings: Any, tmp_path: Path) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    page.goto("/th/account/sign-up/")
    page.click("[data-needs-passkeys] a")
    page.fill("[name=email]", "new@example.org")
    page.click("main button[type=submit]")
    page.wait_for_url("**/sign-up/passkey/make/")
    page.click("form[data-passkey] button")
    page.wait_for_url("**/th/account/")
    person = Person.objects.get(email="new@example.org")
    assert not person.has_usable_password()


def test_a_refused_passkey_is_said_and_nothing_is_sent(page: Any) -> None:
    page.goto("/en/account/sign-in/")
    page.evaluate("() => { navigator.credentials.get = () => "
                  "Promise.reject(new DOMException('no', 'NotAllowedError')) }")
    page.click("form[data-passkey] button")
    page.wait_for_selector("[data-problem]:not([hidden])")
    assert "No passkey was given" in page.inner_text("[data-problem]")
    assert page.url.endswith("/sign-in/")


@pytest.mark.parametrize("code", ["en", "th", "km"])
def test_the_pages_have_no_accessibility_violations(page: Any, code: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    boss = somebody("boss@example.org", "administrator", name="Boss")
    person = somebody("mali@example.org", "clerk")
    organisation, _speaks = actions.add_own_organisation(
        boss, {"en": "Rice Robots"}, economy="TH", kind="company", by=boss)
    actions.ask_to_join(person, organisation, by=person)
    actions.issue_token(boss, name="site", scope="read", by=boss)
    assert code in dict(settings.LANGUAGES)
    for address in ("sign-in/", "sign-up/", "sign-in/code/"):
        check(axe, page, f"/{code}/account/{address}")
    sign_in(page, "boss@example.org")
    for address in ("", "profile/", "organisations/", f"organisations/{organisation.pk}/",
                    "security/", "security/app/", "agreements/", "tokens/", "data/", "leave/",
                    "people/", f"people/{person.pk}/", "people/organisations/",
                    f"people/organisations/{organisation.pk}/?q=rice", "people/economies/TH/",
                    "people/outbox/"):
        check(axe, page, f"/{code}/account/{address}")


def check(axe: Any, page: Any, address: str) -> None:
    page.goto(address)
    found = axe.run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa",
                                               "wcag22aa"]})
    assert found.violations_count == 0, f"{address}\n{found.generate_report()}"
