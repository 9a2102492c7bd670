"""A visitor tries an exhibit in her browser, without a script."""

from __future__ import annotations

import re
import threading

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from saphan.rooms.exhibition import running
from saphan.rooms.exhibition.models import Run
from saphan.rooms.exhibition.tests.conftest import PNG, exhibit, page, tried, words
from saphan.rooms.exhibition.views import exhibit as exhibit_views

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("guests")]
QUANTITY = re.compile(r"([\d.,]+)(?:–([\d.,]+))? (µJ|mJ|J|kJ|Wh|mWh|µWh|kWh|ng|µg|mg|g)\b")


def test_the_form_needs_no_script_and_the_answer_comes_on_a_page_of_its_own(client):
    html = page(client.get("/en/exhibition/at/echo/"))
    form = html[html.index("<form method=\"post\" action=\"/en/exhibition/at/echo/run/\""):]
    assert 'enctype="multipart/form-data"' in form and 'name="text"' in form
    assert "Your words" in form and 'name="example" value="greeting"' in form
    answer = page(tried(client, "echo", text="Hello from Pingxiang", times="2", mood="merry"))
    assert "It heard Hello from Pingxiang." in answer
    assert "Hello from PingxiangHello from Pingxiang" in answer
    assert 'name="text"' in answer and "Hello from Pingxiang</textarea>" in answer


def test_one_touch_runs_an_example_and_says_which_it_was(client):
    answer = words(page(tried(client, "echo", example="greeting", text="")))
    assert "It heard sawasdee from the example." in answer
    assert "Example: A greeting" in answer
    assert client.post("/en/exhibition/at/echo/run/", {"example": "none"}).status_code == 404


def test_a_picture_comes_back_with_its_frames(client):
    answer = page(tried(client, "look", photo=SimpleUploadedFile("door.png", PNG)))
    assert f"{len(PNG)}" in words(answer) or "seen" in answer
    assert 'src="data:image/png;base64,' in answer
    assert '<rect x="25.0" y="50.0" width="50.0" height="25.0"' in answer
    assert answer.count("data:image/png") == 1, "the picture is sent back once"


def test_frames_are_drawn_in_a_language_that_writes_decimals_with_commas(client):
    answer = page(tried(client, "look", "vi", photo=SimpleUploadedFile("door.png", PNG)))
    assert '<rect x="25.0"' in answer


def test_the_label_is_a_range_with_two_significant_figures_and_says_how_it_is_known(client):
    html = page(tried(client, "echo", text="x"))
    label = words(html[html.index('class="cost"'):])
    found = QUANTITY.findall(label.split("CO2e")[0])
    assert found, label
    for low, high, _unit in found:
        for number in filter(None, (low, high)):
            digits = re.sub(r"[.,]", "", number).lstrip("0")
            assert len(digits.rstrip("0")) <= 2, (number, label)
    assert any(high for _low, high, _unit in found), label
    assert "modelled from computing time and memory" in label
    assert re.search(r"g CO2e per kWh \(.+, 20\d\d\)", label)
    assert "This page:" in label and "\ue000" not in html
    run = Run.objects.get()
    assert run.outcome == "done" and run.tier == "modelled"
    assert 0 < run.joules_low < run.joules < run.joules_high
    assert (run.hour.minute, run.hour.second, run.hour.microsecond) == (0, 0, 0)


def test_what_cannot_be_read_is_said_beside_its_field_and_nothing_is_lost(client):
    sent = client.post("/en/exhibition/at/echo/run/", {
        "text": "Kept words", "times": "99", "mood": "furious", "loud": "on"})
    html = page(sent, 422)
    assert "Kept words</textarea>" in html and 'value="99"' in html and " checked" in html
    assert words(html).count("This must be at most 5.") >= 1
    field = html[html.index('name="times"') - 600:html.index('name="times"') + 300]
    assert "This must be at most 5." in field
    mood = words(html[html.index('name="mood"') - 600:html.index('name="mood"') + 400])
    assert mood.count("Choose one of these: calm, merry.") == 1
    assert "valid choice" not in html, "two sentences about one mistake"
    assert not Run.objects.exists()


def test_an_empty_field_and_a_file_that_is_too_large_are_said_in_her_language(client):
    html = page(client.post("/th/exhibition/at/look/run/", {
        "photo": SimpleUploadedFile("big.png", PNG + b"x" * (8 * 2**20))}), 422)
    assert "8 MB" in words(html)
    page(client.post("/th/exhibition/at/look/run/", {}), 422)


def test_a_refusal_speaks_the_readers_language(client):
    assert "No cats, 3 times no." in page(tried(client, "echo", text="own refusal"))
    thai = page(tried(client, "echo", "th", text="own refusal"))
    assert "ไม่มีแมว ๓" in thai or "ไม่มีแมว 3" in thai
    assert "That is too short." in page(tried(client, "echo", text="refuse"))
    assert set(Run.objects.values_list("outcome", flat=True)) == {"refused"}


@pytest.mark.parametrize(("text", "outcome", "said"), [
    ("sleep", "timeout", "took too long and was stopped"),
    ("hog", "memory", "needed more memory than it may have"),
    ("crash", "crashed", "The exhibit crashed on this."),
    ("die", "crashed", "The exhibit crashed on this."),
])
def test_what_goes_wrong_is_said_and_the_next_visitor_is_served(client, text, outcome, said):
    html = page(tried(client, "echo", text=text))
    assert said in html
    assert "the recorded words" in html, "the recorded run plays"
    run = Run.objects.get()
    assert run.outcome == outcome
    assert run.joules is not None, "what failed took its energy, too"
    assert exhibit("echo").state == "running", "a visitor's input says nothing of its health"
    assert "It heard me." in page(tried(client, "echo", text="me"))


def test_the_queue_shows_the_place_and_she_may_leave_it(client, monkeypatch):
    page(tried(client, "slow", seconds="0.01"))  # it is warm, and its inputs are known
    monkeypatch.setattr(exhibit_views, "PATIENCE_SECONDS", 0.05)
    slow = exhibit("slow")
    held = [running.begin(slow, {"seconds": 3.0}, visitor=f"v{number}") for number in range(4)]
    html = page(tried(client, "slow", seconds="0.01"))
    assert "2 runs come before yours. About" in words(html)
    address = re.search(r'action="(/en/exhibition/at/slow/run/[\w-]+/cancel/)"', html)[1]
    assert 'http-equiv="refresh"' in html, "without a script the page looks again by itself"
    assert client.post(address)["Location"] == "/en/exhibition/at/slow/"
    gone = client.get(address.removesuffix("cancel/"), follow=True)
    assert "the house does not keep what visitors try" in page(gone)
    for ticket in held:
        running.cancel(ticket)
    monkeypatch.setattr(exhibit_views, "PATIENCE_SECONDS", 15.0)
    assert not Run.objects.filter(exhibit=slow, outcome="unavailable").exists()
    assert "rested" in page(tried(client, "slow", seconds="0.01"))


def test_one_visitor_who_asks_too_often_is_told_and_others_are_served(client):
    page(tried(client, "slow", seconds="0.01"))
    mine = client.cookies["saphan_visitor"].value
    held = [running.begin(exhibit("slow"), {"seconds": 9.0}, visitor=mine) for _ in range(6)]
    assert "Too many people are waiting here." in page(tried(client, "slow", seconds="0.01"))
    threading.Timer(0.5, lambda: [running.cancel(each) for each in held[:2]]).start()
    assert "rested" in page(tried(client.__class__(), "slow", seconds="0.01"))
    assert not running.look(held[4]).is_over, "she came before those who asked five times"


def test_a_run_that_is_cancelled_while_somebody_waits_for_it_is_no_fault(client):
    page(tried(client, "slow", seconds="0.01"))
    ticket = running.begin(exhibit("slow"), {"seconds": 5.0}, visitor="one")
    threading.Timer(0.3, running.cancel, [ticket]).start()
    with pytest.raises(running.NoSuchRun):
        running.look(ticket, wait=8)
    assert Run.objects.count() == 1


def test_an_answer_is_forgotten_after_ten_minutes(client, monkeypatch):
    sent = client.post("/en/exhibition/at/echo/run/", {"text": "hello"})
    page(client.get(sent["Location"]))
    monkeypatch.setattr(running, "KEPT_SECONDS", -1.0)
    assert client.get(sent["Location"])["Location"] == "/en/exhibition/at/echo/"
    assert not running._pending


def test_a_run_belongs_to_its_exhibit(client):
    sent = client.post("/en/exhibition/at/echo/run/", {"text": "hello"})
    assert client.get(sent["Location"].replace("/echo/", "/look/")).status_code == 404
