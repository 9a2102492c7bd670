"""What the staff do about persons, organisations and names; and the outbox."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.core.mail import EmailMessage, get_connection
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from saphan.design import formats
from saphan.doors.tests.account import sign_in, somebody, text
from saphan.ground.models import Fact
from saphan.people import actions
from saphan.people.models import Economy, Organisation, Person

pytestmark = pytest.mark.django_db
FILE_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
PAGES = {"people/": {"administrator"},
         "people/organisations/": {"administrator", "programme_manager"},
         "people/economies/": {"administrator", "director"},
         "people/economies/TH/": {"administrator", "director"},
         "people/outbox/": {"administrator"}}


@pytest.fixture(autouse=True)
def _economies(db: None) -> None:
    actions.load_economies()


@pytest.fixture
def boss(client: Client) -> Person:
    """An administrator who is signed in."""
    person = somebody("boss@example.org", "administrator", name="Boss")
    sign_in(client, "boss@example.org")
    return person


@pytest.mark.parametrize("role", ["", "vendor", "clerk", "programme_manager", "director",
                                  "administrator"])
def test_each_page_opens_for_whom_it_is_and_says_no_to_the_others(
        client: Client, role: str) -> None:
    somebody("x@example.org", *filter(None, [role]))
    sign_in(client, "x@example.org")
    desk = client.get("/en/account/").content.decode()
    for page, allowed in PAGES.items():
        answer = client.get(f"/en/account/{page}")
        assert answer.status_code == (200 if role in allowed else 403), (role, page)
        if page != "people/economies/TH/":
            assert (f'href="/en/account/{page}"' in desk) == (role in allowed)
        if role not in allowed:
            assert "Only an administrator" in text(answer)


@pytest.mark.parametrize("code", [code for code, _name in configured.LANGUAGES])
def test_the_staff_s_pages_open_in_every_language(client: Client, boss: Person, code: str) -> None:
    organisation = actions.find_or_add_organisation({"en": "X1"}, economy="TH", kind="company")
    other = actions.find_or_add_organisation({"en": "X2"}, economy="TH", kind="company")
    for page in (*PAGES, f"people/{boss.pk}/", f"people/organisations/{organisation.pk}/?q=X",
                 f"people/organisations/{organisation.pk}/merge/{other.pk}/"):
        assert client.get(f"/{code}/account/{page}").status_code == 200, page


def test_persons_are_found_by_name_role_and_door(client: Client, boss: Person) -> None:
    somebody("mali@example.org", "clerk", name="มะลิ แก้ว", economy_id="TH")
    shut = somebody("tom@example.org", name="Tom")
    actions.shut_out(shut, reason="spam", by=boss)

    def found(query: str) -> set[str]:
        page = text(client.get(f"/en/account/people/?{query}"))
        return {name for name in ("มะลิ", "Tom", "boss@example.org") if name in page}

    assert found("q=มะลิ") == {"มะลิ"}
    assert found("q=แก้ว+MALI") == {"มะลิ"}
    assert found("role=clerk") == {"มะลิ"}
    assert found("economy=TH") == {"มะลิ"}
    assert found("active=no") == {"Tom"}
    assert "Nobody was found" in text(client.get("/en/account/people/?q=nobody"))


def test_the_list_of_persons_is_cut_into_pages_and_needs_a_fixed_number_of_queries(
        client: Client, boss: Person) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as made:
            assert client.get("/en/account/people/").status_code == 200
        return len(made)

    officer = somebody("p@example.org", "clerk", economy_id="TH")
    officer.roles.create(name="liaison_officer", economy_id="LA")
    few = cost()
    for number in range(60):
        person = Person.objects.create(email=f"p{number}@example.org", name=f"P{number:02}",
                                       economy_id="TH")
        person.roles.create(name="vendor")
        person.roles.create(name="liaison_officer", economy_id="LA")
    assert cost() == few
    first, second = (text(client.get(f"/en/account/people/?page={page}")) for page in (1, 3))
    assert "Page 1 of 3" in first
    assert "P59" in second
    assert "P59" not in first
    assert client.get("/en/account/people/?page=nonsense").status_code == 200


def test_a_role_is_given_and_taken_with_a_reason(client: Client, boss: Person) -> None:
    person = somebody("mali@example.org")
    address = f"/en/account/people/{person.pk}/"
    answer = client.post(f"{address}roles/", {"role": "clerk", "economy": "", "reason": ""})
    assert answer.status_code == 422
    client.post(f"{address}roles/", {"role": "clerk", "economy": "", "reason": "Knows Lao"})
    role = person.roles.get()
    assert "Knows Lao" in text(client.get(address))
    client.post(f"{address}roles/{role.pk}/", {"take-reason": "Moved on"})
    assert not person.roles.exists()
    assert [fact.actor for fact in Fact.objects.filter(name__startswith="role.").exclude(actor="")
            ] == [boss.ref, boss.ref]
    assert "Moved on" in text(client.get(address))


def test_a_liaison_officer_without_a_desk_is_refused_and_the_reason_kept(
        client: Client, boss: Person) -> None:
    person = somebody("mali@example.org")
    answer = client.post(f"/en/account/people/{person.pk}/roles/", {
        "role": "liaison_officer", "economy": "", "reason": "For the desk"})
    assert answer.status_code == 422
    assert "Choose the country or region" in text(answer)
    assert 'value="For the desk"' in answer.content.decode()


def test_nobody_takes_the_last_administrator_s_role(client: Client, boss: Person) -> None:
    role = boss.roles.get()
    answer = client.post(f"/en/account/people/{boss.pk}/roles/{role.pk}/",
                         {"take-reason": "x"}, follow=True)
    assert "only administrator" in text(answer)
    assert boss.roles.exists()


def test_somebody_shut_out_is_out_at_once(client: Client, boss: Person) -> None:
    person = somebody("mali@example.org")
    inside = Client()
    sign_in(inside)
    address = f"/en/account/people/{person.pk}/sign-in/"
    client.post(address, {"sign-reason": "Spam"})
    assert inside.get("/en/account/").status_code == 302
    assert sign_in(inside).url == "/en/account/closed/"
    client.post(address, {"sign-reason": "A mistake"})
    assert sign_in(inside).url == "/en/account/"


def test_a_merge_shows_both_first_and_keeps_every_name(client: Client, boss: Person) -> None:
    kept = actions.find_or_add_organisation({"en": "Rice Robots"}, economy="TH", kind="company")
    gone = actions.find_or_add_organisation({"th": "หุ่นยนต์ข้าว"}, economy="TH", kind="company")
    page = client.get(f"/en/account/people/organisations/{kept.pk}/?q=หุ่นยนต์")
    address = f"/en/account/people/organisations/{kept.pk}/merge/{gone.pk}/"
    assert address in page.content.decode()
    assert "cannot be undone" in text(client.get(address))
    assert Organisation.objects.count() == 2
    pk = gone.pk
    client.post(address)
    assert Organisation.objects.get() == kept
    assert "หุ่นยนต์ข้าว" in text(client.get(f"/en/account/people/organisations/{kept.pk}/"))
    assert client.get(f"/en/account/people/organisations/{pk}/").url.endswith(f"/{kept.pk}/")


def test_who_operates_an_organisation_is_said_and_unsaid(client: Client, boss: Person) -> None:
    centre = actions.find_or_add_organisation({"en": "Centre"}, economy="CN", kind="institute")
    company = actions.find_or_add_organisation({"en": "Company"}, economy="CN", kind="company")
    address = f"/en/account/people/organisations/{centre.pk}/operator/"
    client.post(address, {"operator": company.pk})
    centre.refresh_from_db()
    assert centre.operated_by == company
    answer = client.post(f"/en/account/people/organisations/{company.pk}/operator/",
                         {"operator": centre.pk}, follow=True)
    assert "operate each other" in text(answer)
    client.post(address)
    centre.refresh_from_db()
    assert centre.operated_by is None


def test_a_name_shown_in_one_language_is_changed_and_the_old_one_stays_known(
        client: Client, boss: Person) -> None:
    found = actions.find_or_add_organisation({"en": "Old Name"}, economy="TH", kind="company")
    client.post(f"/en/account/people/organisations/{found.pk}/name/", {
        "shown-lang": "zh-hans", "shown-name": "新名字"})
    client.post(f"/en/account/people/organisations/{found.pk}/name/", {
        "shown-lang": "en", "shown-name": "New Name"})
    found.refresh_from_db()
    assert found.name.plain() == {"en": "New Name", "zh-Hans": "新名字"}
    assert {alias.name for alias in found.aliases.all()} == {"Old Name", "New Name", "新名字"}


def test_a_country_s_new_name_is_used_everywhere_at_once(client: Client, boss: Person) -> None:
    page = client.get("/th/account/people/economies/LA/")
    form = {field.html_name: field.value() for field in page.context["form"]}
    client.post("/th/account/people/economies/LA/", {**form, "name-th": "สปป.ลาว"})
    assert str(Economy.objects.get(code="LA").name.best("th")) == "สปป.ลาว"
    assert "สปป.ลาว" in text(client.get("/th/account/profile/"))
    told = {entry["code"]: entry["name"]
            for entry in client.get("/api/v1/economies", HTTP_ACCEPT_LANGUAGE="th").json()}
    assert told["LA"] == "สปป.ลาว"
    assert Fact.objects.filter(name="economy.renamed").count() == 1, "only what was changed"
    answer = client.post("/th/account/people/economies/LA/", {**form, "name-th": ""})
    assert answer.status_code == 422


# The outbox


@pytest.fixture
def outbox(settings: Any, tmp_path: Path) -> Callable[..., None]:
    """A house without a mail server; call it to write a letter."""
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = FILE_BACKEND, tmp_path / "outbox"

    def write(subject: str, body: str, to: str = "mali@example.org") -> None:
        EmailMessage(subject, body, "house@example.org", [to],
                     connection=get_connection(FILE_BACKEND)).send()

    return write


@pytest.mark.parametrize("zone", ["-0000", "+0000", "+0700"])
def test_a_letter_is_dated_on_the_centres_clock_whatever_zone_wrote_it(
        client: Client, boss: Person, outbox: Callable[..., None], zone: str) -> None:
    hour = 23 if zone == "+0700" else 16
    folder = Path(configured.EMAIL_FILE_PATH)
    folder.mkdir()
    (folder / "20261122-1.log").write_text(
        f"Subject: Late\nTo: mali@example.org\nDate: Sun, 22 Nov 2026 {hour}:30:00 {zone}\n\nx\n")
    shown = formats.moment(datetime(2026, 11, 22, 16, 30, tzinfo=UTC), lang="vi")
    assert "23 tháng 11, 2026" in shown
    assert shown in text(client.get("/vi/account/people/outbox/"))


def test_letters_that_stayed_are_listed_and_read_as_text(
        client: Client, boss: Person, outbox: Callable[..., None]) -> None:
    outbox("รหัสของคุณ", "1234-5678\n<script>alert(1)</script>\nລາວ")
    page = client.get("/en/account/people/outbox/")
    assert "รหัสของคุณ" in text(page)
    key = page.context["letters"][0].key
    letter = client.get(f"/en/account/people/outbox/{key}/")
    content = letter.content.decode()
    assert "1234-5678" in content
    assert "ລາວ" in content
    assert "<script>alert" not in content
    fact = Fact.objects.get(name="outbox.read")
    assert fact.actor == boss.ref


@pytest.mark.parametrize("key", ["..%2Fsaphan.sqlite3:0", "secret_key:0", "x.log:0", "x.log", ":",
                                 "%2Fetc%2Fpasswd:0"])
def test_nothing_but_letters_can_be_read(client: Client, boss: Person, key: str,
                                         outbox: Callable[..., None], tmp_path: Path) -> None:
    outbox("x", "y")
    (tmp_path / "secret_key").write_text("secret")
    (tmp_path / "outbox" / "secret_key").write_text("secret")
    assert client.get(f"/en/account/people/outbox/{key}/").status_code == 404


def test_with_a_mail_server_there_is_no_outbox(client: Client, boss: Person) -> None:
    assert "has a mail server" in text(client.get("/en/account/people/outbox/"))
