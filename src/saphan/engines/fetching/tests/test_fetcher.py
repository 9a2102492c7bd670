"""The fetcher against servers on this machine that behave well, badly and with ill intent."""

from __future__ import annotations

import gzip
import threading
import tracemalloc
import zlib
from collections.abc import Callable
from typing import Any

import brotli
import pytest

from saphan.engines.fetching import Fetched, Fetcher, FetchProblem, Limits
from saphan.engines.runner.outside import wire
from saphan.engines.runner.tests.outside_doubles import reply, server

Answer = Callable[[Any, bytes], None]


def plain(answer: Answer) -> Answer:
    """A site without robots.txt."""
    def whole(handler: Any, body: bytes) -> None:
        if handler.path == "/robots.txt":
            reply(handler, b"", 404)
        else:
            answer(handler, body)
    return whole


def got(answer: Answer, path: str = "/", *, etag: str = "", **more: Any) -> Fetched:
    with server(plain(answer)) as port:
        here = f"http://127.0.0.1:{port}"
        return Fetcher(allow=[here], delay=0, **more).get(here + path, etag)


def problem(answer: Answer, path: str = "/", **more: Any) -> FetchProblem:
    with pytest.raises(FetchProblem) as caught:
        got(answer, path, **more)
    return caught.value


def resolving(*addresses: str) -> Callable[[str], list[str]]:
    return lambda host: list(addresses)


def test_a_page_comes_with_its_bytes_as_they_are_and_says_who_asked() -> None:
    seen = {}

    def answer(handler, body):
        seen.update(handler.headers)
        reply(handler, "广西".encode("gb18030"), Content_Type="text/html; charset=utf-8")

    page = got(answer, agent="Saphan/1 (+https://centre.example)")
    assert page.body.decode("gb18030") == "广西"
    assert page.content_type == "text/html; charset=utf-8"
    assert seen["User-Agent"] == "Saphan/1 (+https://centre.example)"


@pytest.mark.parametrize(("coding", "pack"), [
    ("gzip", gzip.compress), ("deflate", zlib.compress), ("br", brotli.compress),
    ("deflate", lambda raw: zlib.compress(raw)[2:-4]),
    ("gzip", lambda raw: gzip.compress(raw[:9]) + gzip.compress(raw[9:]))])
def test_every_packing_that_servers_use_is_unpacked(coding, pack) -> None:
    raw = "ข่าว ".encode() * 5_000
    packed = pack(raw)
    page = got(lambda handler, body: reply(handler, packed, Content_Encoding=coding))
    assert (page.body, page.raw) == (raw, packed)


@pytest.mark.parametrize(("coding", "pack"), [
    ("gzip", gzip.compress), ("deflate", zlib.compress), ("br", brotli.compress)])
def test_a_packing_that_swells_is_cut_off_before_it_fills_the_memory(coding, pack) -> None:
    bomb = pack(b"\0" * 300 * 2**20)
    tracemalloc.start()
    try:
        assert problem(lambda handler, body: reply(handler, bomb, Content_Encoding=coding)
                       ).code == "too_large"
        assert tracemalloc.get_traced_memory()[1] < 60 * 2**20
    finally:
        tracemalloc.stop()


def test_packed_twice_is_refused() -> None:
    assert problem(lambda handler, body: reply(
        handler, b"x", Content_Encoding="gzip, gzip")).code == "bad_answer"


def test_100_megabytes_are_survived_with_little_memory() -> None:
    def answer(handler, body):
        handler.send_response(200)
        handler.end_headers()
        for _each in range(100):
            handler.wfile.write(b"x" * 2**20)

    tracemalloc.start()
    try:
        assert problem(answer).code == "too_large"
        assert tracemalloc.get_traced_memory()[1] < 40 * 2**20
    finally:
        tracemalloc.stop()


def test_a_size_that_is_announced_is_believed() -> None:
    def answer(handler, body):
        handler.send_response(200)
        handler.send_header("Content-Length", str(10**9))
        handler.end_headers()

    assert "announced" in problem(answer).detail


def test_headers_without_end_are_refused() -> None:
    def many(handler, body):
        handler.send_response(200)
        for each in range(90):
            handler.send_header(f"X-{each}", "x" * 1_000)
        handler.end_headers()

    def long(handler, body):
        handler.send_response(200)
        handler.send_header("X", "x" * 70_000)
        handler.end_headers()

    assert problem(many).code == "too_large"
    assert problem(long).code == "too_large"


@pytest.mark.parametrize("where", ["body", "headers"])
def test_a_server_that_drips_is_cut_off_when_the_time_is_up(where) -> None:
    over = threading.Event()

    def answer(handler, body):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n" + (b"\r\n" if where == "body" else b""))
        while not over.wait(0.02):
            handler.wfile.write(b"x")
            handler.wfile.flush()

    assert problem(answer, limits=Limits(seconds=0.4)).code == "timeout"
    over.set()


def test_a_server_that_goes_silent_is_named() -> None:
    over = threading.Event()
    assert problem(lambda handler, body: over.wait(5), limits=Limits(seconds=0.3)
                   ).code == "timeout"
    over.set()


def test_an_answer_that_breaks_off_is_not_taken_for_a_whole_one() -> None:
    def answer(handler, body):
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        handler.wfile.write(b"half")

    assert problem(answer).code == "unreachable"


def test_nonsense_is_named_and_so_is_nobody() -> None:
    assert problem(lambda handler, body: handler.wfile.write(b"SSH-2.0-x\r\n\r\n")
                   ).code == "bad_answer"
    with server(plain(lambda handler, body: None)) as port:
        here = f"http://127.0.0.1:{port}"
    with pytest.raises(FetchProblem) as caught:
        Fetcher(allow=[here]).get(here)
    assert caught.value.code == "unreachable"


@pytest.mark.parametrize("address", [
    "127.0.0.1", "10.1.2.3", "192.168.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "::1",
    "fe80::1", "fd00::1", "fec0::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1",
    "64:ff9b:1::7f00:1", "2002:7f00:1::1", "::127.0.0.1", "224.0.0.1"])
def test_no_name_leads_into_a_private_network(address) -> None:
    with pytest.raises(FetchProblem) as caught:
        Fetcher(resolve=resolving("93.184.215.14", address)).get("http://news.example.org/")
    assert caught.value.code == "private_address"


@pytest.mark.parametrize("url", [
    "http://127.0.0.1/", "http://2130706433/", "http://0x7f.1/", "http://[::1]/",
    "http://[::ffff:10.0.0.1]/", "http://localhost/"])
def test_however_this_machine_is_written_it_is_not_called(url) -> None:
    with pytest.raises(FetchProblem) as caught:
        Fetcher().get(url)
    assert caught.value.code == "private_address"


@pytest.mark.parametrize("url", [
    "file:///etc/passwd", "ftp://news.example.org/", "http://a@news.example.org/", "nonsense",
    "http://news.example.org:22/", "http:///x", "http://news.example.org:99999/"])
def test_what_is_no_address_of_a_page_is_refused(url) -> None:
    with pytest.raises(FetchProblem) as caught:
        Fetcher(resolve=resolving("93.184.215.14")).get(url)
    assert caught.value.code == "bad_address"


@pytest.mark.parametrize(("to", "code"), [
    ("http://127.0.0.1:1/secret", "private_address"),
    ("http://169.254.169.254/latest/meta-data", "private_address"),
    ("file:///etc/passwd", "bad_address"), ("/again", "too_many_redirects")])
def test_every_hop_is_looked_at_again(to, code) -> None:
    def answer(handler, body):
        reply(handler, b"", 302, Location=to if handler.path == "/" else "/")

    if code == "private_address":  # an allowed port on this machine opens no other
        to = to.replace(":1/", "/")
    assert problem(answer).code == code


def test_a_chain_of_redirects_ends() -> None:
    def answer(handler, body):
        reply(handler, b"", 301, Location=f"/{len(handler.path)}{handler.path[1:]}")

    assert problem(answer).code == "too_many_redirects"


def test_a_page_that_moved_is_found() -> None:
    def answer(handler, body):
        if handler.path == "/old":
            reply(handler, b"", 301, Location="/new%20page?q=ข่าว".encode().decode("latin-1"))
        else:
            reply(handler, handler.path.encode())

    page = got(answer, "/old")
    assert (page.url.rpartition("/")[2], page.status) == ("old", 200)
    assert page.final_url.startswith(page.url.removesuffix("old") + "new%20page?q=%")


def test_a_name_that_turns_private_while_we_ask_gains_nothing(monkeypatch) -> None:
    """DNS rebinding: the name is looked up once, and the connection goes to what was checked."""
    answers = iter([["93.184.215.14"], ["93.184.215.14"], ["127.0.0.1"]])
    called = []

    def connect(where, timeout):
        called.append(where)
        raise ConnectionRefusedError

    monkeypatch.setattr(wire.socket, "create_connection", connect)
    fetcher = Fetcher(resolve=lambda host: next(answers), delay=0)
    with pytest.raises(FetchProblem):
        fetcher.get("http://turning.example.org/", ask_robots=False)
    with pytest.raises(FetchProblem):
        fetcher.get("http://turning.example.org/", ask_robots=False)
    with pytest.raises(FetchProblem) as caught:
        fetcher.get("http://turning.example.org/", ask_robots=False)
    assert caught.value.code == "private_address"
    assert called == [("93.184.215.14", 80)] * 2


def test_what_has_not_changed_is_not_sent_again() -> None:
    def answer(handler, body):
        if handler.headers.get("If-None-Match") == '"v1"':
            reply(handler, b"", 304)
        else:
            reply(handler, b"first", ETag='"v1"')

    page = got(answer)
    assert (page.body, page.etag, page.not_modified) == (b"first", '"v1"', False)
    again = got(answer, etag=page.etag)
    assert (again.body, again.not_modified) == (b"", True)


def test_a_mark_with_a_line_break_is_not_sent_back() -> None:
    seen = []
    got(lambda handler, body: (seen.append(handler.headers.get("If-None-Match")),
                               reply(handler, b"x")), etag='"a"\r\nX-Evil: 1')
    assert seen == [None]


@pytest.mark.parametrize(("status", "code"), [
    (404, "not_found"), (410, "not_found"), (403, "forbidden"), (500, "http_error"),
    (418, "http_error")])
def test_a_refusal_has_a_name(status, code) -> None:
    found = problem(lambda handler, body: reply(handler, b"", status))
    assert (found.code, found.status) == (code, status)


@pytest.mark.parametrize(("status", "heads", "wait"), [
    (429, {"Retry-After": "120"}, 120), (503, {"Retry-After": "60"}, 60), (429, {}, 300)])
def test_a_host_that_asks_for_rest_gets_it(status, heads, wait) -> None:
    seen = []

    def answer(handler, body):
        seen.append(handler.path)
        reply(handler, b"", status, **heads)

    with server(plain(answer)) as port:
        here = f"http://127.0.0.1:{port}"
        fetcher = Fetcher(allow=[here], delay=0)
        for _each in range(2):
            with pytest.raises(FetchProblem) as caught:
                fetcher.get(f"{here}/news")
            assert caught.value.code == "asked_to_wait"
            assert wait - 5 < caught.value.wait <= wait
        assert wait - 5 < fetcher.ready_in(here + "/other") <= wait
    assert seen == ["/news"]


def test_between_two_requests_to_a_host_there_is_a_pause_and_others_need_not_wait() -> None:
    slept: list[float] = []
    with server(plain(lambda handler, body: reply(handler, b"x"))) as port, \
            server(plain(lambda handler, body: reply(handler, b"x"))) as another:
        here, there = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{another}"
        fetcher = Fetcher(allow=[here, there], delay=3, now=lambda: 100.0, sleep=slept.append)
        fetcher.get(here, ask_robots=False)
        fetcher.get(there, ask_robots=False)
        assert slept == []
        assert fetcher.ready_in(here) == 3
        fetcher.get(here, ask_robots=False)
    assert slept == [3.0]


ROBOTS = b"""User-agent: *
Disallow: /

User-agent: Saphan
Crawl-delay: 7
Disallow: /
Allow: /news/
Disallow: /news/*/print$
"""


def test_what_a_site_asks_of_us_is_done() -> None:
    asked = []

    def answer(handler, body):
        asked.append(handler.path)
        reply(handler, ROBOTS if handler.path == "/robots.txt" else b"x")

    with server(answer) as port:
        here = f"http://127.0.0.1:{port}"
        fetcher = Fetcher(allow=[here], delay=0, sleep=lambda seconds: None)
        assert fetcher.get(f"{here}/news/1").body == b"x"
        assert 6 < fetcher.ready_in(here) <= 14
        for path in ("/", "/news/1/print"):
            with pytest.raises(FetchProblem) as caught:
                fetcher.get(here + path)
            assert caught.value.code == "robots"
    assert asked == ["/robots.txt", "/news/1"]


@pytest.mark.parametrize(("status", "allowed"), [(404, True), (403, True), (500, False)])
def test_a_missing_robots_file_allows_and_a_broken_one_does_not(status, allowed) -> None:
    def answer(handler, body):
        reply(handler, b"x", status if handler.path == "/robots.txt" else 200)

    with server(answer) as port:
        here = f"http://127.0.0.1:{port}"
        assert Fetcher(allow=[here], delay=0).robots(here + "/").may(here + "/") is allowed


def test_a_redirect_to_what_robots_close_is_not_followed() -> None:
    def answer(handler, body):
        if handler.path == "/robots.txt":
            reply(handler, b"User-agent: *\nDisallow: /inside")
        else:
            reply(handler, b"", 302, Location="/inside/1")

    with server(answer) as port:
        here = f"http://127.0.0.1:{port}"
        with pytest.raises(FetchProblem) as caught:
            Fetcher(allow=[here], delay=0).get(here + "/open")
    assert caught.value.code == "robots"
