"""What a visitor types and shows is forgotten, unless she ticks the box for that one run."""

from __future__ import annotations

import base64
import http.cookiejar
import json
import logging
import re
import sqlite3
import tempfile
import urllib.parse
import urllib.request
from datetime import timedelta
from pathlib import Path

import pytest
from conftest import call, environment
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from served import close, copy_home, open_house

from saphan.ground import clock, ledger
from saphan.people import actions as people_actions
from saphan.rooms.exhibition import actions, reactions, running
from saphan.rooms.exhibition.models import KeptRun
from saphan.rooms.exhibition.tests.conftest import (
    ECHO,
    ECHO_FACTS,
    ECHO_WORDS,
    LOOK,
    PNG,
    exhibit,
    page,
    put,
    signed_in,
    tried,
)

SECRET = "Zwetschgendatschi-4711"
FORMS = [SECRET.encode(), base64.b64encode(SECRET.encode())[:20], SECRET.encode("utf-16-le"),
         json.dumps(SECRET)[1:-1].encode()]
PICTURE = PNG + SECRET.encode()


def everything_in_the_database() -> str:
    """Every row of every table."""
    with connection.cursor() as cursor:
        rows = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            rows += [table, *map(repr, cursor.fetchall())]
    return "\n".join(rows)


def holds(data: bytes) -> bool:
    return any(form in data for form in FORMS)


def files_that_tell(home: Path) -> list[str]:
    return [str(path) for path in home.rglob("*") if path.is_file() and holds(path.read_bytes())]


@pytest.mark.django_db
def test_what_a_visitor_gives_is_in_no_table_no_file_and_no_log(client, guests, open_hall, caplog):
    caplog.set_level(logging.DEBUG)
    for text in (SECRET, f"refuse {SECRET}", f"crash {SECRET}", f"own refusal {SECRET}"):
        html = page(tried(client, "echo", text=text))
        assert SECRET in html, "to herself it is shown"
    page(tried(client, "look", photo=SimpleUploadedFile(f"{SECRET}.png", PICTURE), note=SECRET))
    page(client.post("/en/exhibition/at/echo/run/", {"text": SECRET, "times": "9"}), 422)
    for given in ({"text": SECRET}, {"text": f"crash {SECRET}"}, {"text": SECRET, "times": "x"}):
        client.post("/api/v1/exhibition/echo/run", {"inputs": given},
                    content_type="application/json")
    assert not holds(everything_in_the_database().encode())
    assert not holds(caplog.text.encode())
    log = (open_hall[1].parent / "hall.log").read_bytes()
    assert b"echo done" in log and b"echo crashed" in log, "there is a log to look into"
    assert not holds(log)
    assert not files_that_tell(settings.HOME)
    assert not files_that_tell(open_hall[1].parent)


@pytest.mark.django_db
def test_a_large_picture_lies_in_no_temporary_file_while_it_comes_in(client, guests, monkeypatch):
    def forbidden(*_args: object, **_options: object) -> None:
        raise AssertionError("a visitor's picture was written to the disk")

    page(client.get("/en/exhibition/at/look/"))
    monkeypatch.setattr(tempfile, "NamedTemporaryFile", forbidden)
    monkeypatch.setattr("django.core.files.uploadedfile.tempfile.NamedTemporaryFile", forbidden)
    html = page(tried(client, "look", photo=SimpleUploadedFile("x.png", PNG + b"x" * 5 * 2**20)))
    assert "data:image/png" in html


@pytest.mark.django_db
def test_only_the_ticked_box_keeps_a_run_and_its_link_reads_and_deletes_it(client, guests):
    sent = client.post("/en/exhibition/at/echo/run/", {"text": SECRET, "mood": "merry"})
    html = page(client.get(sent["Location"]))
    address = re.search(r'action="([^"]+/keep/)"', html)[1]
    assert client.post(address)["Location"] == sent["Location"], "without the tick nothing is kept"
    assert not KeptRun.objects.exists()
    link = client.post(address, {"agree": "yes"})["Location"]
    assert SECRET in everything_in_the_database()
    other = client.__class__()
    shown = page(other.get(link))
    assert SECRET in shown and "It heard" in shown
    assert "noindex" in other.get(link)["X-Robots-Tag"]
    run = KeptRun.objects.get()
    assert run.person is None and len(run.token) >= 20
    assert run.until == clock.today() + timedelta(days=90)
    assert client.get("/en/exhibition/kept/no-such-token/").status_code == 404
    assert other.get(f"{link}delete/").status_code == 405, "a link alone deletes nothing"
    other.post(f"{link}delete/")
    assert client.get(link).status_code == 404
    assert not holds(everything_in_the_database().encode())
    assert ledger.verify().intact


@pytest.mark.django_db
def test_a_kept_picture_is_shown_and_a_refused_run_cannot_be_kept(client, guests):
    sent = client.post("/en/exhibition/at/look/run/",
                       {"photo": SimpleUploadedFile("x.png", PICTURE)})
    page(client.get(sent["Location"]))
    link = client.post(f"{sent['Location']}keep/", {"agree": "yes"})["Location"]
    assert f"data:image/png;base64,{base64.b64encode(PICTURE).decode()}" in page(client.get(link))
    refused = client.post("/en/exhibition/at/echo/run/", {"text": "refuse"})
    page(client.get(refused["Location"]))
    client.post(f"{refused['Location']}keep/", {"agree": "yes"})
    assert KeptRun.objects.count() == 1


@pytest.mark.django_db
def test_after_ninety_days_it_is_gone(client, guests):
    kept = actions.keep(exhibit("echo"), given={"text": SECRET}, answer={"parts": []}, usage={},
                        by=None)
    link = f"/en/exhibition/kept/{kept.token}/"
    now = clock.now()
    with clock.stopped_at(now + timedelta(days=90)):
        reactions.forget_what_is_over()
        page(client.get(link))
    with clock.stopped_at(now + timedelta(days=91)):
        assert client.get(link).status_code == 404, "even before the chore has come by"
        reactions.forget_what_is_over()
    assert not holds(everything_in_the_database().encode())


@pytest.mark.django_db
def test_it_is_in_her_own_export_and_goes_with_her(guests, person):
    her, other = person("her"), person("other")
    browser = signed_in(her)
    sent = browser.post("/en/exhibition/at/echo/run/", {"text": SECRET})
    page(browser.get(sent["Location"]))
    browser.post(f"{sent['Location']}keep/", {"agree": "yes"})
    actions.keep(exhibit("echo"), given={"text": "another's"}, answer={"parts": []}, usage={},
                 by=other)
    told = people_actions.export_data(her, by=her)["exhibition"]
    assert [run["given"]["text"] for run in told["kept_runs"]] == [SECRET]
    assert SECRET not in json.dumps(people_actions.export_data(other, by=other), default=str)
    people_actions.forget(her, by=her)
    assert not holds(everything_in_the_database().encode())
    assert KeptRun.objects.get().person == other


@pytest.mark.django_db
def test_a_run_without_an_account_is_nobodys_even_when_she_is_signed_in(guests, person):
    her = person("her")
    page(tried(signed_in(her), "echo", text="mine"))
    told = everything_in_the_database()
    runs = [line for line in told.splitlines() if "modelled" in line]
    assert runs and not any(her.ref in line for line in runs)


def test_where_a_house_lies_deep_nobody_else_listens_for_it(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    deep = Path("/srv") / ("x" * 120)
    path = running.socket_path(deep)
    assert len(str(path)) < 108 or len(str(tmp_path)) > 60
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert running.socket_path(deep) == path and running.socket_path(deep / "y") != path
    path.parent.chmod(0o755)
    with pytest.raises(running.Unavailable):
        running.socket_path(deep)
    path.parent.rmdir()
    path.parent.symlink_to(tmp_path)
    with pytest.raises(running.Unavailable):
        running.socket_path(deep)


class Browser:
    """A visitor of a house that is really open: keeps cookies, sends forms."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))

    def get(self, path: str) -> str:
        with self.opener.open(self.url + path, timeout=60) as answer:
            self.at = answer.url
            return str(answer.read().decode())

    def send(self, path: str, html: str, **fields: bytes) -> str:
        fields["csrfmiddlewaretoken"] = re.search(
            r'name="csrfmiddlewaretoken" value="(\w+)"', html)[1].encode()
        body = b"".join(
            b'--XX\r\nContent-Disposition: form-data; name="' + name.encode() + b'"' + (
                b'; filename="x.png"\r\nContent-Type: image/png' if name == "photo" else b"")
            + b"\r\n\r\n" + value + b"\r\n" for name, value in fields.items()) + b"--XX--\r\n"
        request = urllib.request.Request(
            self.url + path, body, {"Content-Type": "multipart/form-data; boundary=XX",
                                    "Origin": self.url, "Referer": self.url + "/"})
        with self.opener.open(request, timeout=60) as answer:
            self.at = answer.url
            return str(answer.read().decode())

    def finished(self, path: str, html: str, **fields: bytes) -> str:
        answer = self.send(path, html, **fields)
        for _ in range(40):
            if "queue-place" not in answer:
                return answer
            answer = self.get(urllib.parse.urlsplit(self.at).path)
        raise AssertionError("it does not end")


def test_a_house_that_is_really_open_keeps_nothing_anywhere(sample_home, tmp_path):
    """Files, database with its journals, index, log at its most talkative."""
    home, exhibits = copy_home(sample_home, tmp_path / "home"), tmp_path / "exhibits"
    exhibits.mkdir()
    exhibits.chmod(0o755)  # whoever runs exhibits may read them
    put(exhibits, "echo", ECHO, ECHO_FACTS, ECHO_WORDS)
    put(exhibits, "look", LOOK)
    call("room", "exhibition", "place", home=home, exhibits=str(exhibits))
    house = open_house(home, environment(home, exhibits=str(exhibits), log="DEBUG", worker="no"))
    try:
        visitor = Browser(house.url)
        html = visitor.get("/en/exhibition/at/echo/")
        if "cannot run on this machine" in html:
            pytest.skip("others' exhibits cannot be sealed here")
        assert SECRET in visitor.finished("/en/exhibition/at/echo/run/", html,
                                          text=SECRET.encode())
        visitor.finished("/en/exhibition/at/echo/run/", html, text=f"crash {SECRET}".encode())
        html = visitor.get("/en/exhibition/at/look/")
        assert "data:image/png" in visitor.finished(
            "/en/exhibition/at/look/run/", html, photo=PICTURE + b"x" * 4 * 2**20)
        told = house.post("/api/v1/exhibition/echo/run", {"inputs": {"text": SECRET}})
        assert told.status == 200 and SECRET in told.text
        house.get(f"/api/v1/ask?question={SECRET}&lang=en")  # the search does not know it either
    finally:
        close(house)
    connected = sqlite3.connect(home / "saphan.sqlite3")
    assert connected.execute("SELECT count(*) FROM exhibition_run").fetchone()[0] >= 4
    connected.close()
    assert files_that_tell(home) == []
