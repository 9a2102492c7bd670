"""A guide opens an exhibit, and the screens of her group follow."""

from __future__ import annotations

from datetime import timedelta

import pytest

from saphan.ground import clock, ledger
from saphan.ground.models import Fact
from saphan.people.models import Role
from saphan.rooms.exhibition import reactions
from saphan.rooms.exhibition.models import Tour
from saphan.rooms.exhibition.tests.conftest import page, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("guests")]


@pytest.fixture
def guide(person):
    return signed_in(person("guide", Role.Name.CLERK))


@pytest.fixture
def code(guide) -> str:
    address = guide.post("/en/exhibition/tour/guide/begin/", {"route": ""})["Location"]
    page(guide.get(address))
    return address.rstrip("/").rpartition("/")[2]


def now(client, code):
    answer = client.get(f"/en/exhibition/tour/{code}/now/")
    assert "no-store" in answer["Cache-Control"]
    return answer.json()


def test_two_screens_follow_the_guide(client, guide, code):
    other = client.__class__()
    for screen in (client, other):
        joined = screen.get("/en/exhibition/tour/", {"code": code.lower()})
        assert joined["Location"] == f"/en/exhibition/tour/{code}/"
        html = page(screen.get(joined["Location"]))
        assert f'data-follow="/en/exhibition/tour/{code}/now/"' in html
        assert screen.cookies["saphan_tour"].value == code
        assert now(screen, code) == {"moves": 0, "open": True, "url": ""}
    guide.post(f"/en/exhibition/tour/guide/{code}/steer/", {"to": "echo"})
    for screen in (client, other):
        assert now(screen, code) == {
            "moves": 1, "open": True, "url": "/en/exhibition/at/echo/"}
    assert client.get(f"/th/exhibition/tour/{code}/now/").json()["url"] == (
        "/th/exhibition/at/echo/"), "each screen in its own language"
    assert "Your guide is here:" in page(client.get(f"/en/exhibition/tour/{code}/"))
    guide.post(f"/en/exhibition/tour/guide/{code}/steer/", {"to": "look"})
    assert now(other, code)["moves"] == 2
    assert "The group is here" in page(guide.get(f"/en/exhibition/tour/guide/{code}/"))


def test_from_an_exhibits_page_the_guide_brings_her_group(guide, code, client):
    html = page(guide.get("/en/exhibition/at/look/"))
    assert f"Bring my group here (tour {code})" in html
    back = guide.post(f"/en/exhibition/tour/guide/{code}/steer/", {"to": "look", "from": "exhibit"})
    assert back["Location"] == "/en/exhibition/at/look/"
    assert now(client, code)["url"] == "/en/exhibition/at/look/"
    assert "Bring my group here" not in page(client.get("/en/exhibition/at/look/"))


def test_visitors_do_not_guide(client, person, guide, code):
    visitor = signed_in(person("visitor"))
    assert "/account/" in client.post("/en/exhibition/tour/guide/begin/")["Location"]
    assert "/account/" in client.get("/en/exhibition/tour/guide/")["Location"]
    assert visitor.post("/en/exhibition/tour/guide/begin/").status_code == 403
    assert visitor.get("/en/exhibition/tour/guide/").status_code == 403
    assert visitor.get(f"/en/exhibition/tour/guide/{code}/").status_code == 403
    visitor.post(f"/en/exhibition/tour/guide/{code}/steer/", {"to": "echo"})
    client.post(f"/en/exhibition/tour/guide/{code}/steer/", {"to": "echo"})
    assert now(client, code)["moves"] == 0
    assert Tour.objects.count() == 1


def test_another_guide_does_not_take_the_group(client, person, code):
    other = signed_in(person("other", Role.Name.DIRECTOR))
    assert other.get(f"/en/exhibition/tour/guide/{code}/").status_code == 403
    other.post(f"/en/exhibition/tour/guide/{code}/steer/", {"to": "echo"})
    other.post(f"/en/exhibition/tour/guide/{code}/steer/", {"end": "1"})
    assert now(client, code) == {"moves": 0, "open": True, "url": ""}


def test_an_ended_tour_moves_no_more_and_lets_the_screens_go(client, guide, code):
    page(client.get(f"/en/exhibition/tour/{code}/"))
    guide.post(f"/en/exhibition/tour/guide/{code}/steer/", {"to": "echo"})
    guide.post(f"/en/exhibition/tour/guide/{code}/steer/", {"end": "1"})
    guide.post(f"/en/exhibition/tour/guide/{code}/steer/", {"to": "look"})
    told = now(client, code)
    assert (told["moves"], told["open"]) == (1, False)
    html = page(client.get(f"/en/exhibition/tour/{code}/"))
    assert "This tour has ended." in html and "data-follow" not in html
    assert client.cookies["saphan_tour"].value == ""
    page(guide.get(f"/en/exhibition/tour/guide/{code}/"))
    tour = Tour.objects.get()
    assert list(Fact.objects.filter(subject_type="exhibition.tour").order_by("seq").values_list(
        "name", flat=True)) == ["tour.opened", "tour.moved", "tour.ended"]
    assert tour.state == "ended" and ledger.verify().intact


def test_a_tour_that_its_guide_forgot_ends_by_itself(client, guide, code):
    with clock.stopped_at(clock.now() + timedelta(hours=3, minutes=59)):
        reactions.forget_what_is_over()
        assert now(client, code)["open"]
    with clock.stopped_at(clock.now() + timedelta(hours=4, minutes=1)):
        reactions.forget_what_is_over()
        assert not now(client, code)["open"]


def test_one_leaves_a_tour_and_a_wrong_code_is_said(client, code):
    page(client.get(f"/en/exhibition/tour/{code}/"))
    client.post("/en/exhibition/tour/leave/")
    assert client.cookies["saphan_tour"].value == ""
    html = page(client.get("/en/exhibition/tour/", {"code": "ZZZZZZ"}))
    assert "There is no tour with this code. Ask your guide." in html
    assert client.get("/en/exhibition/tour/ZZZZZZ/").status_code == 404
    assert client.get("/en/exhibition/tour/ZZZZZZ/now/").status_code == 404


def test_a_code_is_read_out_without_mistakes(guide):
    for _ in range(30):
        made = guide.post("/en/exhibition/tour/guide/begin/", {"route": ""})["Location"]
        code = made.rstrip("/").rpartition("/")[2]
        assert len(code) == 6 and not set(code) & set("01IO")
