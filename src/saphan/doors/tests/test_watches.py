"""Saved searches through their pages, letters, feeds, the API and the ledger."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client

from saphan.doors.tests.account import PASSWORD, sign_in, somebody, text
from saphan.ground import clock, jobs
from saphan.ground.models import Fact
from saphan.house.engine import engine
from saphan.house.watching import telling
from saphan.house.watching.models import Found, Watch
from saphan.people import actions as people
from saphan.people.models import Organisation, Person
from saphan.rooms.market import actions as market
from saphan.rooms.market.forms import ListingForm
from saphan.rooms.market.models import Listing

pytestmark = pytest.mark.usefixtures("house")
THAI = "กล้องคัดแยกทุเรียนสุก"
OFFER = {"kind": "technology_offer", "lang": "zh-Hans", "title": "榴莲成熟度视觉分拣相机",
         "summary": "用相机识别榴莲是否成熟，每小时分拣两吨。",
         "description": "高光谱相机配合人工智能，自动判断榴莲成熟度并分级。", "economy": "CN",
         "sector": "agriculture"}
OTHER = {"kind": "technology_offer", "lang": "en", "title": "Chest X-ray reading for hospitals",
         "summary": "Finds shadows on lungs.", "description": "A model that reads X-ray pictures.",
         "economy": "VN", "sector": "medical"}
NOON = datetime(2026, 3, 3, 4, 0, tzinfo=UTC)  # Tuesday noon in Nanning, 11 in Bangkok


@pytest.fixture
def mali() -> Person:
    return somebody(language="th", economy_id="TH", name="Mali")


@pytest.fixture
def as_mali(mali: Person) -> Client:
    client = Client()
    client.force_login(mali)
    return client


@pytest.fixture
def publish(mali: Person) -> Callable[..., Listing]:
    """Publishes a record, and lets the worker do what follows."""
    clerk = somebody("clerk@example.org", "clerk")
    somebody("author@example.org")

    def put(said: dict[str, str], **more: str) -> Listing:
        form = ListingForm({**said, **more})
        assert form.is_valid(), form.errors
        listing = market.start(form.values(by=author().ref), by=author())
        # Whether a record is good enough is the gate's matter, and tested there.
        Listing.objects.filter(pk=listing.pk).update(
            organisation=own_organisation(), state="submitted")
        listing.refresh_from_db()
        market.publish(listing, by=clerk)
        settle()
        return listing

    def own_organisation() -> Organisation:
        made = people.find_or_add_organisation({"en": "Example Vision"}, economy="CN",
                                               kind="company")
        people.join_organisation(author(), made, by=None)
        return made

    return put


def author() -> Person:
    return Person.objects.get(email="author@example.org")


def settle() -> None:
    """What the worker does after facts; letters to authors are not what these tests are about."""
    jobs.drain()
    mail.outbox[:] = [letter for letter in mail.outbox if "List-Unsubscribe" in
                      letter.extra_headers]


def save(client: Client, question: str = THAI, **more: str) -> Watch:
    answer = client.post("/th/account/searches/new/", {
        "question": question, "often": "at_once", "language": "th", **more})
    assert answer.status_code == 302, text(answer)
    return Watch.objects.latest("pk")


def letter_to(address: str = "mali@example.org") -> Any:
    [letter] = [letter for letter in mail.outbox if letter.to == [address]]
    return letter


def stop_path(letter: Any) -> str:
    return re.sub(r"^<https?://[^/]+|>$", "", letter.extra_headers["List-Unsubscribe"])


def facts(name: str = "watch.") -> list[str]:
    return list(Fact.objects.filter(name__startswith=name).order_by("seq").values_list(
        "name", flat=True))


# What is found and told


def test_a_thai_question_hears_of_a_chinese_offer_in_thai(
        as_mali: Client, publish: Callable[..., Listing]) -> None:
    save(as_mali)
    listing = publish(OFFER)
    letter = letter_to()
    assert THAI in letter.subject
    assert f"http://testserver/th/market/{listing.number}/" in letter.body or (
        f"/th/market/{listing.number}/" in letter.body)
    assert "ทุเรียน" in letter.body.replace(THAI, "")  # the reason, in her language
    html, kind = letter.alternatives[0]
    assert kind == "text/html" and OFFER["title"] in html and 'lang="zh-Hans"' in html


def test_what_does_not_fit_is_not_told(
        as_mali: Client, publish: Callable[..., Listing]) -> None:
    save(as_mali)
    publish(OTHER)
    assert mail.outbox == []
    assert not Found.objects.exists()


def test_a_record_is_told_once_to_one_search_whatever_happens_to_it(
        as_mali: Client, publish: Callable[..., Listing]) -> None:
    save(as_mali)
    listing = publish(OFFER)
    with clock.stopped_at(clock.now() + timedelta(days=2)):
        market.pause(listing, by=author())
        settle()
        market.resume(listing, by=author())
        settle()
        telling.tell()
    assert len(mail.outbox) == 1
    assert facts("watch.told") == ["watch.told"]


def test_two_searches_each_hear_of_it(
        as_mali: Client, publish: Callable[..., Listing]) -> None:
    save(as_mali)
    save(as_mali, "durian ripeness camera", name="In English", language="en")
    publish(OFFER)
    assert len(mail.outbox) == 2
    assert any("In English" in letter.subject and "1 new record" in letter.subject
               for letter in mail.outbox)


def test_what_was_there_before_is_no_news(
        as_mali: Client, publish: Callable[..., Listing]) -> None:
    listing = publish(OFFER)
    watch = save(as_mali)
    Listing.objects.filter(pk=listing.pk).update(keywords=["camera"])
    market.pause(listing, by=author())
    market.resume(listing, by=author())
    settle()
    assert mail.outbox == []
    assert watch.found.get().state == Found.State.KNOWN


def test_a_change_that_makes_a_record_fit_is_told(
        as_mali: Client, publish: Callable[..., Listing]) -> None:
    listing = publish(OTHER)
    save(as_mali)
    assert mail.outbox == []
    from saphan.ground import ledger

    changed = ListingForm(OFFER)
    assert changed.is_valid()
    for name in ("title", "summary", "description", "sector", "lang"):
        setattr(listing, name, changed.values(by="")[name])
    with ledger.fact("listing.edited", listing):
        listing.save()
    settle()
    assert listing.number in letter_to().body


def test_a_record_that_is_taken_back_before_the_letter_is_not_told(
        as_mali: Client, publish: Callable[..., Listing]) -> None:
    with clock.stopped_at(NOON):
        save(as_mali, often="daily")
        listing = publish(OFFER)
        assert Found.objects.get().state == Found.State.WAITING
        market.pause(listing, by=author())
        settle()
    with clock.stopped_at(NOON + timedelta(days=1)):
        telling.tell()
    assert mail.outbox == []
    assert not Found.objects.exists()


FILTERS = [
    ({"economy": "CN"}, True), ({"economy": "VN"}, False),
    ({"room": "market"}, True), ({"room": "exhibition"}, False),
    ({"kind": "technology_offer"}, True), ({"kind": "business_offer"}, False),
    ({"sector": "agriculture"}, True), ({"sector": "medical"}, False),
    ({"lang": "zh-Hans"}, True), ({"lang": "th"}, False),
    ({"room": "market", "side": "offers"}, True), ({"room": "market", "side": "needs"}, False),
    ({"room": "market", "side": "all"}, True)]


@pytest.mark.parametrize("question", [THAI, ""])
def test_filters_come_first_with_words_and_without(
        as_mali: Client, publish: Callable[..., Listing], question: str) -> None:
    expected = {save(as_mali, question, **filters).pk: told for filters, told in FILTERS}
    publish(OFFER)
    assert {pk: Found.objects.filter(watch=pk).exists() for pk in expected} == expected
    assert len(mail.outbox) == sum(expected.values())


def test_who_looks_for_something_hears_of_offers_and_not_of_others_who_look(
        as_mali: Client, publish: Callable[..., Listing]) -> None:
    save(as_mali)
    publish(OFFER, kind="technology_request")
    assert mail.outbox == []


def test_a_search_like_a_record_hears_of_another_one_but_not_of_itself(
        as_mali: Client, publish: Callable[..., Listing]) -> None:
    listing = publish(OFFER)
    page = as_mali.get(f"/th/account/searches/new/?like=market.listing.{listing.pk}")
    assert OFFER["title"] in text(page)
    save(as_mali, f"{OFFER['title']}\n{OFFER['summary']}", like=f"market.listing.{listing.pk}",
         side="offers")
    market.pause(listing, by=author())
    market.resume(listing, by=author())
    settle()
    assert mail.outbox == []
    other = publish(OFFER, title="Durian ripeness camera and sorter", lang="en",
                    summary="A camera tells ripe durian from unripe.", description="It sorts.",
                    economy="MY")
    assert other.number in letter_to().body


def test_what_a_record_does_not_meet_is_said(
        as_mali: Client, publish: Callable[..., Listing]) -> None:
    save(as_mali, "durian sorting camera made by a company from Thailand", language="en")
    publish(OFFER)
    assert re.search(r"Not met: .*Thailand", letter_to().body)


def test_who_hides_behind_a_discreet_record_is_neither_found_nor_told(
        as_mali: Client, publish: Callable[..., Listing]) -> None:
    """Not even to its own people: a letter and a feed may come into other hands."""
    watch = save(as_mali)
    save(as_mali, "Example Vision", language="en", side="all")
    publish(OFFER, discreet="on")
    assert [letter for letter in mail.outbox if "Example Vision" in letter.subject] == []
    assert "Example Vision" not in letter_to().body + letter_to().alternatives[0][0]
    for form in ("atom", "json"):
        feed = Client().get(f"/feeds/en/watches/{watch.feed_key}.{form}").content.decode()
        assert OFFER["title"] in feed and "Example Vision" not in feed


def test_an_example_is_called_one(
        as_mali: Client, publish: Callable[..., Listing]) -> None:
    listing = publish(OTHER)
    Listing.objects.filter(pk=listing.pk).update(example=True)
    save(as_mali, "chest X-ray", language="en", often="daily")
    Found.objects.update(state=Found.State.WAITING)
    with clock.stopped_at(clock.now() + timedelta(days=2)):
        telling.tell()
    assert " · Example" in letter_to().body


# When


def test_a_daily_digest_leaves_in_the_morning_where_she_lives_and_is_quiet_otherwise(
        as_mali: Client, publish: Callable[..., Listing]) -> None:
    with clock.stopped_at(NOON):
        save(as_mali, often="daily")
        publish(OFFER)
        publish(OFFER, title="榴莲分级机器人")
        telling.tell()
        assert mail.outbox == []
    with clock.stopped_at(datetime(2026, 3, 4, 0, 59, tzinfo=UTC)):  # 7:59 in Bangkok
        telling.tell()
        assert mail.outbox == []
    with clock.stopped_at(datetime(2026, 3, 4, 1, 1, tzinfo=UTC)):
        telling.tell()
        assert "榴莲分级机器人" in letter_to().body and OFFER["title"] in letter_to().body
        telling.tell()
    with clock.stopped_at(datetime(2026, 3, 5, 1, 1, tzinfo=UTC)):
        telling.tell()
    assert len(mail.outbox) == 1


def test_a_weekly_digest_leaves_on_monday(
        as_mali: Client, publish: Callable[..., Listing]) -> None:
    with clock.stopped_at(NOON):
        watch = save(as_mali, often="weekly")
        publish(OFFER)
    assert watch.next_letter == datetime(2026, 3, 9, 1, 0, tzinfo=UTC)
    for day, letters in ((8, 0), (9, 1)):
        with clock.stopped_at(datetime(2026, 3, day, 1, 1, tzinfo=UTC)):
            telling.tell()
            assert len(mail.outbox) == letters


def test_after_a_restart_nothing_is_sent_again(
        as_mali: Client, publish: Callable[..., Listing], monkeypatch: Any) -> None:
    """The process is killed the moment the mail server has taken the letter."""
    from saphan.people import letters

    save(as_mali)
    write = letters.write

    def killed(person: Person, compose: Any) -> bool:
        sent = write(person, compose)
        if "List-Unsubscribe" in compose().headers:
            raise KeyboardInterrupt
        return sent

    monkeypatch.setattr(letters, "write", killed)
    with pytest.raises(KeyboardInterrupt):
        publish(OFFER)
    monkeypatch.setattr(letters, "write", write)
    assert letter_to()
    settle()
    with clock.stopped_at(clock.now() + timedelta(days=1)):
        telling.tell()
    assert letter_to()  # still that one


def test_a_letter_that_the_mail_server_refuses_is_tried_again(
        as_mali: Client, publish: Callable[..., Listing], monkeypatch: Any) -> None:
    from saphan.people import letters

    save(as_mali)
    write = letters.write

    def refused(*_: Any) -> bool:
        raise ConnectionRefusedError

    monkeypatch.setattr(letters, "write", refused)
    publish(OFFER)
    assert facts("watch.") == ["watch.saved", "watch.told", "watch.not_told"]
    monkeypatch.setattr(letters, "write", write)
    telling.tell()
    assert mail.outbox == []  # it waits a while
    with clock.stopped_at(clock.now() + timedelta(hours=1)):
        telling.tell()
    assert len(mail.outbox) == 1


# Stopping


def test_one_click_in_the_mail_program_stops_the_letters_of_one_search(
        as_mali: Client, publish: Callable[..., Listing]) -> None:
    watch = save(as_mali)
    other = save(as_mali, "durian ripeness camera", language="en")
    publish(OFFER)
    letter = next(letter for letter in mail.outbox if THAI in letter.subject)
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    program = Client(enforce_csrf_checks=True)
    answer = program.post(stop_path(letter), {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    watch.refresh_from_db()
    other.refresh_from_db()
    assert (watch.state, other.state) == ("paused", "on")
    assert program.post(stop_path(letter)).status_code == 200  # once more does no harm
    assert facts("watch.paused") == ["watch.paused"]
    mail.outbox.clear()
    with clock.stopped_at(clock.now() + timedelta(hours=1)):
        publish(OFFER, title="榴莲分级机器人")
    assert [letter.subject for letter in mail.outbox if THAI in letter.subject] == []
    assert len(mail.outbox) == 1


def test_following_the_link_shows_a_button_and_stops_nothing(
        as_mali: Client, publish: Callable[..., Listing]) -> None:
    watch = save(as_mali)
    publish(OFFER)
    page = Client().get(stop_path(letter_to()))
    assert page.status_code == 200 and "<button" in page.content.decode()
    watch.refresh_from_db()
    assert watch.is_on


def test_a_key_that_leads_nowhere_stops_nothing_and_tells_nothing(as_mali: Client) -> None:
    watch = save(as_mali)
    for key in ("x" * 32, watch.feed_key, str(watch.pk)):
        answer = Client().post(f"/en/searches/stop/{key}/")
        assert answer.status_code == 200
        assert THAI not in text(answer)
    watch.refresh_from_db()
    assert watch.is_on


def test_a_paused_search_is_silent_and_what_happened_meanwhile_is_no_news(
        as_mali: Client, publish: Callable[..., Listing]) -> None:
    watch = save(as_mali)
    as_mali.post(f"/th/account/searches/{watch.pk}/pause/")
    publish(OFFER)
    as_mali.post(f"/th/account/searches/{watch.pk}/resume/")
    settle()
    assert mail.outbox == []
    publish(OFFER, title="榴莲分级机器人")
    assert "榴莲分级机器人" in letter_to().body and OFFER["title"] not in letter_to().body
    assert facts() == ["watch.saved", "watch.paused", "watch.resumed", "watch.told"]


def test_somebody_who_was_shut_out_hears_nothing_and_her_feed_is_gone(
        as_mali: Client, mali: Person, publish: Callable[..., Listing]) -> None:
    watch = save(as_mali)
    address = f"/feeds/th/watches/{watch.feed_key}.atom"
    assert Client().get(address).status_code == 200
    people.shut_out(mali, reason="x", by=None)
    publish(OFFER)
    assert mail.outbox == []
    assert Client().get(address).status_code == 404


def test_searches_go_with_whoever_leaves(
        as_mali: Client, mali: Person, publish: Callable[..., Listing]) -> None:
    save(as_mali)
    publish(OFFER)
    export = people.export_data(mali, by=mali)["watching"]["watches"]
    assert export[0]["question"] == THAI and export[0]["found"]
    people.forget(mali, by=mali)
    assert not Watch.objects.exists() and not Found.objects.exists()


# The feed


def entries(client: Client, address: str) -> list[Any]:
    feed = ElementTree.fromstring(client.get(address).content)
    return feed.findall("{http://www.w3.org/2005/Atom}entry")


def test_the_feed_holds_what_was_found_and_no_letter_leaves_if_she_wants_none(
        as_mali: Client, publish: Callable[..., Listing]) -> None:
    watch = save(as_mali, often="feed")
    publish(OFFER)
    reader, address = Client(), f"/feeds/th/watches/{watch.feed_key}"
    [entry] = entries(reader, f"{address}.atom")
    assert OFFER["title"] in ElementTree.tostring(entry, encoding="unicode")
    feed = reader.get(f"{address}.json")
    assert [item["title"] for item in feed.json()["items"]] == [OFFER["title"]]
    assert mail.outbox == []
    again = reader.get(f"{address}.json", HTTP_IF_NONE_MATCH=feed["ETag"])
    assert again.status_code == 304
    assert "private" in feed["Cache-Control"] and feed["X-Robots-Tag"] == "noindex"


def test_a_record_that_is_no_longer_public_leaves_the_feed(
        as_mali: Client, publish: Callable[..., Listing]) -> None:
    watch = save(as_mali)
    listing = publish(OFFER)
    address = f"/feeds/th/watches/{watch.feed_key}.atom"
    tag = Client().get(address)["ETag"]
    market.pause(listing, by=author())
    answer = Client().get(address, HTTP_IF_NONE_MATCH=tag)
    assert answer.status_code == 200 and OFFER["title"] not in answer.content.decode()


def test_a_feed_with_a_new_address_is_not_at_the_old_one(as_mali: Client) -> None:
    watch = save(as_mali)
    old = f"/feeds/th/watches/{watch.feed_key}.atom"
    as_mali.post(f"/th/account/searches/{watch.pk}/feed/")
    watch.refresh_from_db()
    assert Client().get(old).status_code == 404
    assert Client().get(f"/feeds/th/watches/{watch.feed_key}.atom").status_code == 200
    assert len(watch.feed_key) >= 32


# The pages


def test_a_visitor_is_led_to_sign_in_and_finds_what_she_wrote(mali: Person) -> None:
    client = Client()
    answer = client.post("/en/account/searches/new/", {
        "question": THAI, "often": "weekly", "economy": "CN", "language": "vi"})
    assert answer.status_code == 302 and "sign-in" in answer["Location"]
    sign_in(client)
    page = client.get("/en/account/searches/new/").content.decode()
    assert THAI in page
    assert re.search(r'value="CN"\s+selected', page) and re.search(r'value="vi"\s+selected', page)
    assert re.search(r'value="weekly"[^>]*checked', page)


def test_from_an_answer_of_the_house_her_question_comes_along(as_mali: Client) -> None:
    answer = as_mali.get("/en/ask/", {"q": "durian & camera?"}).content.decode()
    link = re.search(r'href="(/en/account/searches/new/\?q=[^"]+)"', answer)
    assert link
    assert "durian &amp; camera?" in as_mali.get(link[1]).content.decode()


def test_a_shelf_with_its_filters_becomes_a_search(
        as_mali: Client, publish: Callable[..., Listing]) -> None:
    publish(OFFER)
    shelf = as_mali.get("/en/market/offers/?economy=CN").content.decode()
    link = re.search(r'href="(/en/account/searches/new/\?[^"]+)"', shelf)
    assert link
    page = as_mali.get(link[1].replace("&amp;", "&")).content.decode()
    assert re.search(r'value="CN"\s+selected', page)
    assert re.search(r'value="offers"\s+selected', page)


@pytest.mark.parametrize("wrong", [
    {}, {"question": "?!"}, {"question": "a" * 2001}, {"question": "ok", "room": "cellar"},
    {"question": "ok", "often": "always"}, {"room": "exhibition", "kind": "business_offer"}])
def test_what_cannot_be_looked_for_is_told(as_mali: Client, wrong: dict[str, str]) -> None:
    answer = as_mali.post("/en/account/searches/new/", wrong)
    assert (answer.status_code == 422 and "form-errors" in answer.content.decode()) or (
        'class="wrong"' in answer.content.decode())
    assert not Watch.objects.exists()


def test_nobody_keeps_more_searches_than_the_house_can_look_after(
        as_mali: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr("saphan.house.watching.rules.AT_MOST", 1)
    save(as_mali)
    answer = as_mali.post("/en/account/searches/new/", {"question": "another"})
    assert answer.status_code == 422 and "1 saved searches" in text(answer)


def test_trying_shows_what_the_last_days_would_have_brought(
        as_mali: Client, publish: Callable[..., Listing]) -> None:
    with clock.stopped_at(clock.now() - timedelta(days=60)):
        publish(OFFER, title="榴莲旧相机")
    publish(OFFER)
    watch = save(as_mali)
    page = text(as_mali.get(f"/en/account/searches/{watch.pk}/?try=1"))
    assert OFFER["title"] in page and "榴莲旧相机" not in page
    assert "it would have found 1 record" in page


def test_other_words_find_other_things_and_what_was_told_stays_told(
        as_mali: Client, publish: Callable[..., Listing]) -> None:
    watch = save(as_mali, "ระบบอ่านภาพเอกซเรย์ปอด")
    publish(OFFER)
    assert mail.outbox == []
    as_mali.post(f"/th/account/searches/{watch.pk}/edit/", {
        "question": THAI, "often": "at_once", "language": "th"})
    publish(OFFER, title="榴莲分级机器人")
    assert "榴莲分级机器人" in letter_to().body
    assert facts() == ["watch.saved", "watch.changed", "watch.told"]


def test_a_search_is_only_its_owners(as_mali: Client) -> None:
    watch = save(as_mali)
    stranger = Client()
    stranger.force_login(somebody("admin@example.org", "administrator"))
    for page in ("", "edit/", "delete/"):
        assert stranger.get(f"/en/account/searches/{watch.pk}/{page}").status_code == 404
    for act in ("pause", "resume", "feed", "delete", "edit"):
        assert stranger.post(f"/en/account/searches/{watch.pk}/{act}/").status_code == 404
    assert Client().get(f"/en/account/searches/{watch.pk}/").status_code == 302
    watch.refresh_from_db()
    assert watch.is_on


def test_deleting_asks_once_and_takes_everything(
        as_mali: Client, publish: Callable[..., Listing]) -> None:
    watch = save(as_mali)
    publish(OFFER)
    address = f"/th/account/searches/{watch.pk}/delete/"
    assert as_mali.get(address).status_code == 200 and Watch.objects.exists()
    as_mali.post(address)
    assert not Watch.objects.exists() and not Found.objects.exists()
    assert "searches/stop" in stop_path(letter_to())
    assert Client().post(stop_path(letter_to())).status_code == 200


def test_the_list_takes_as_many_queries_for_many_as_for_one(
        as_mali: Client, django_assert_num_queries: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    save(as_mali)
    with CaptureQueriesContext(connection) as queries:
        as_mali.get("/en/account/searches/")
        one = len(queries)
    for number in range(4):
        save(as_mali, f"durian {number}")
    with django_assert_num_queries(one):
        as_mali.get("/en/account/searches/")


@pytest.mark.parametrize("lang", [code for code, _name in settings.LANGUAGES])
def test_pages_and_letters_open_in_every_language(
        as_mali: Client, publish: Callable[..., Listing], lang: str) -> None:
    watch = save(as_mali, language=lang)
    publish(OFFER)
    letter = letter_to()
    base = f"/{lang}/account/searches/"
    for page in (base, f"{base}new/?q=durian", f"{base}{watch.pk}/?try=1",
                 f"{base}{watch.pk}/edit/", f"{base}{watch.pk}/delete/",
                 f"/{lang}/searches/stop/{watch.stop_key}/"):
        html = as_mali.get(page).content.decode()
        assert html.count("<h1") == 1, page
        assert "%(" not in html and "{{" not in html, page
    assert f"/{lang}/market/" in letter.body and "%(" not in letter.body
    assert "{{" not in letter.alternatives[0][0]
    assert Client().get(f"/feeds/{lang}/watches/{watch.feed_key}.atom").status_code == 200


# Software


@pytest.fixture
def software(mali: Person) -> Callable[..., Any]:
    token = people.issue_token(mali, name="x", scope="write", by=mali)
    reading = people.issue_token(mali, name="y", scope="read", by=mali)

    def call(method: str, path: str = "", body: Any = None, scope: str = "write") -> Any:
        secret = {"write": token, "read": reading}.get(scope)
        headers = {"authorization": f"Bearer {secret}"} if secret else {}
        return Client().generic(method, f"/api/v1/watches/{path}",
                                __import__("json").dumps(body) if body is not None else "",
                                content_type="application/json", headers=headers)

    return call


def test_software_saves_changes_reads_and_deletes(
        software: Callable[..., Any], publish: Callable[..., Listing]) -> None:
    made = software("POST", body={"question": THAI, "often": "feed", "language": "zh-Hans"})
    assert made.status_code == 201, made.content
    pk = made.json()["id"]
    assert made.json()["language"] == "zh-hans" and made.json()["state"] == "on"
    publish(OFFER)
    found = software("GET", f"{pk}/results?lang=th").json()["results"]
    assert [hit["title"]["text"] for hit in found] == [OFFER["title"]]
    assert "ทุเรียน" in found[0]["why"]["concepts"]
    assert software("GET", f"{pk}/trial").json()["results"]
    assert software("PATCH", str(pk), {"economy": "VN"}).json()["economy"] == "VN"
    assert software("GET", str(pk)).json()["question"] == THAI
    assert software("POST", f"{pk}/pause").json()["state"] == "paused"
    assert software("POST", f"{pk}/pause").status_code == 403
    assert software("POST", f"{pk}/resume").json()["state"] == "on"
    assert [each["id"] for each in software("GET").json()] == [pk]
    assert software("DELETE", str(pk)).status_code == 204
    assert software("GET", str(pk)).status_code == 404


@pytest.mark.parametrize(("method", "path", "body", "scope", "status"), [
    ("GET", "", None, "", 401), ("POST", "", {"question": "x"}, "read", 403),
    ("POST", "", {}, "write", 422), ("POST", "", {"question": "x", "colour": "red"}, "write", 422),
    ("POST", "", {"question": "x", "economy": "XX"}, "write", 422),
    ("GET", "999", None, "write", 404), ("DELETE", "999", None, "write", 404)])
def test_software_is_told_what_is_wrong(
        software: Callable[..., Any], method: str, path: str, body: Any, scope: str,
        status: int) -> None:
    answer = software(method, path, body, scope)
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"


def test_tools_save_and_list(mali: Person, publish: Callable[..., Listing]) -> None:
    from saphan.doors.mcp import watches
    from saphan.ground.access import Refused

    watches.watch(THAI, often="feed", person=mali)
    publish(OFFER)
    [listed] = watches.watches(lang="th", person=mali)
    assert [hit["title"]["text"] for hit in listed["results"]] == [OFFER["title"]]
    for tool in (lambda: watches.watch(THAI), lambda: watches.watches()):
        with pytest.raises(Refused):
            tool()


# The ledger and the engine


def test_no_fact_holds_a_word_of_a_search_or_a_key(
        as_mali: Client, publish: Callable[..., Listing]) -> None:
    watch = save(as_mali, name="Secret name")
    publish(OFFER)
    as_mali.post(f"/th/account/searches/{watch.pk}/feed/")
    as_mali.post(f"/th/account/searches/{watch.pk}/delete/")
    written = " ".join(str(fact.data) for fact in Fact.objects.filter(name__startswith="watch."))
    for word in (THAI, "Secret name", watch.feed_key, watch.stop_key):
        assert word not in written
    assert facts() == ["watch.saved", "watch.told", "watch.feed_renewed", "watch.removed"]


def test_a_search_is_embedded_once(
        as_mali: Client, publish: Callable[..., Listing], monkeypatch: Any) -> None:
    watch = save(as_mali)
    publish(OTHER)
    watch.refresh_from_db()
    assert len(watch.vector) == 4 * engine().embedder.dimension
    asked: list[str] = []
    embed = type(engine().embedder).embed_queries
    monkeypatch.setattr(type(engine().embedder), "embed_queries", lambda self, texts: (
        asked.extend(texts), embed(self, texts))[1])
    publish(OFFER)
    assert len(mail.outbox) == 1
    assert asked == []


def test_facts_that_the_index_does_not_know_yet_wait(
        as_mali: Client, publish: Callable[..., Listing], monkeypatch: Any) -> None:
    from saphan.house import indexing
    from saphan.house.watching import following

    save(as_mali)
    monkeypatch.setattr(jobs, "_followers", [following.catch_up])
    publish(OFFER)
    assert mail.outbox == []
    indexing.catch_up()
    following.catch_up()
    assert len(mail.outbox) == 1


def test_a_password_is_never_asked_to_stop_letters(as_mali: Client) -> None:
    watch = save(as_mali)
    assert PASSWORD not in text(Client().get(f"/en/searches/stop/{watch.stop_key}/"))
    assert "sign-in" not in Client().post(f"/en/searches/stop/{watch.stop_key}/").headers.get(
        "Location", "")
