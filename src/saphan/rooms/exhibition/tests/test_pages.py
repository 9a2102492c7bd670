"""Pages beside the run: one's own visit, the kiosk, the QR code, files, routes."""

from __future__ import annotations

import re

import cv2
import numpy as np
import pytest
from django.conf import settings

from saphan.rooms.exhibition import plan, queries
from saphan.rooms.exhibition.tests.conftest import PNG, exhibit, page, put, signed_in, step

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("guests")]


def test_my_visit_sends_the_same_bytes_to_everybody_and_no_cookie(client):
    first = client.get("/en/exhibition/visit/")
    client.get("/en/exhibition/at/echo/")
    client.get("/en/exhibition/at/look/")
    again, other = client.get("/en/exhibition/visit/"), client.__class__().get(
        "/en/exhibition/visit/")
    assert page(first) == page(again) == page(other)
    assert not first.cookies and not again.cookies
    assert {"echo", "look", "slow"} == set(re.findall(r'data-exhibit-line="(\w+)"', page(first)))


def test_looking_at_an_exhibit_sets_no_cookie_about_the_visitor(client):
    page(client.get("/en/exhibition/at/echo/"))
    assert set(client.cookies) <= {"csrftoken"}


def test_a_screen_of_the_hall_shows_the_kiosks_shell(client):
    plain = page(client.get("/en/exhibition/"))
    client.get("/en/kiosk/")
    kiosk = page(client.get("/en/exhibition/"))
    assert "data-attract" in kiosk and "data-attract" not in plain
    exhibit_page = page(client.get("/en/exhibition/at/echo/"))
    assert "For software" not in exhibit_page and "For software" in page(
        client.__class__().get("/en/exhibition/at/echo/"))
    standing = client.get("/en/kiosk/", {"at": "/en/exhibition/at/echo/"})
    assert standing["Location"] == "/en/exhibition/at/echo/"


def rasterised(html: str, scale: int = 8) -> np.ndarray:
    """The page's QR code as pixels: its squares are one path of horizontal strokes."""
    at = html.index('class="qr"')
    svg = html[html.rindex("<svg", 0, at):html.index("</svg>", at)]
    side = int(re.search(r'viewBox="0 0 (\d+) \d+"', svg)[1])
    grid = np.full((side, side), 255, np.uint8)
    [strokes] = [path for path in re.findall(r"<path[^>]*>", svg) if 'stroke="#000"' in path]
    x = y = 0.0
    for letter, numbers in re.findall(r"([Mmh])([-\d. ]+)", re.search(r' d="([^"]+)"', strokes)[1]):
        values = [float(number) for number in re.findall(r"-?\d*\.?\d+", numbers)]
        if letter == "M":
            x, y = values
        elif letter == "m":
            x, y = x + values[0], y + values[1]
        else:
            grid[int(y), int(x):int(x + values[0])] = 0
            x += values[0]
    return np.kron(grid, np.ones((scale, scale), np.uint8))


def test_the_qr_code_leads_to_the_exhibit(client):
    html = page(client.get("/th/exhibition/at/echo/code/"))
    text, _points, _straight = cv2.QRCodeDetector().detectAndDecode(rasterised(html))
    assert text == f"{settings.BASE_URL}/th/exhibition/at/echo/"
    assert text in html


def test_an_accession_number_leads_to_the_exhibit(client):
    number = exhibit("echo").number
    assert client.get(f"/en/exhibition/at/{number}/")["Location"] == "/en/exhibition/at/echo/"
    assert client.get("/en/exhibition/at/nothing/").status_code == 404


SHOWN = {"examples/cat.png": PNG, "recorded/cat.png": PNG, "examples/rows.csv": b"a,b\n1,2\n"}
HIDDEN = ["exhibit.toml", "exhibit.py", "plate/en.toml", "secret.txt", "examples/page.html",
          "examples/drawing.svg", "recorded/run.json", "examples/../secret.txt",
          "examples/%2e%2e/secret.txt", "examples/..%2fsecret.txt", "recorded/../../out.txt",
          "examples//etc/passwd", "/etc/hostname", "examples/link.txt", "examples/way/secret.txt",
          "examples/none.png", "examples/", "examples/cat.png\x00.txt", "examples"]


def test_files_of_examples_and_recorded_runs_are_shown_and_nothing_else(client, guests):
    folder = put(guests, "shown", "@exhibit\ndef one() -> Say:\n    return Say('x')\n")
    (folder / "examples").mkdir()
    for name, data in SHOWN.items():
        (folder / name).write_bytes(data)
    for name in ("secret.txt", "examples/page.html", "examples/drawing.svg", "recorded/run.json"):
        (folder / name).write_text("{}")
    (guests.parent / "out.txt").write_text("outside")
    (folder / "examples" / "link.txt").symlink_to(guests.parent / "out.txt")
    (folder / "examples" / "way").symlink_to(folder)
    step()
    for name, data in SHOWN.items():
        answer = client.get(f"/en/exhibition/at/shown/file/{name}")
        assert answer.getvalue() == data
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer["Content-Security-Policy"]
        assert answer["Content-Type"].partition(";")[0] in ("image/png", "text/csv")
    for name in HIDDEN:
        answer = client.get(f"/en/exhibition/at/shown/file/{name}")
        assert answer.status_code in (400, 404), name


def test_a_route_keeps_to_its_time_and_a_strange_one_is_not_there(client):
    for route in plan.routes(list(queries.shown())):
        html = page(client.get(f"/en/exhibition/route/{route.key}/"))
        assert [stop.slug for stop in route.stops] == re.findall(r'data-exhibit="(\w+)"', html)
        if route.key.isdigit():
            assert route.minutes <= int(route.key)
    assert {route.key for route in plan.routes(list(queries.shown()))} == {
        "30", "60", "90", "logistics"}
    assert client.get("/en/exhibition/route/7/").status_code == 404


def test_from_each_exhibit_one_walks_to_the_next_and_comes_round(client):
    seen, at = [], "echo"
    for _ in range(3):
        seen.append(at)
        html = page(client.get(f"/en/exhibition/at/{at}/"))
        at = re.search(r'href="/en/exhibition/at/(\w+)/">Next: ', html)[1]
    assert sorted(seen) == ["echo", "look", "slow"] and at == "echo"


def test_numbers_in_the_plates_words_are_those_that_were_measured(client):
    html = page(client.get("/en/exhibition/at/echo/"))
    assert "right 91" in html and "{right}" not in html
    assert re.search(r"88.{0,3}%? – 93", html) and "n = 200" in html


def test_the_staff_page_and_the_visitors_page_differ_only_for_the_staff(client, clerk):
    assert "Close the exhibit" in page(signed_in(clerk).get("/en/exhibition/at/echo/"))
    assert "Close the exhibit" not in page(client.get("/en/exhibition/at/echo/"))


def test_a_page_with_an_answer_stays_within_its_weight(client):
    import brotli

    from saphan.rooms.exhibition import labels

    html = page(client.get("/my/exhibition/at/echo/"))
    assert len(brotli.compress(html.encode(), quality=5)) + labels.assets_bytes() < 100_000
