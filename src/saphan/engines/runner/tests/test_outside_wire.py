"""Calls to the outside end in time, stay within their bytes, and go where they were checked."""

from __future__ import annotations

import datetime
import ipaddress
import ssl
import threading
import time
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from saphan.engines.runner.outside import (
    Guard,
    OutsideAnsweredBadly,
    OutsideError,
    OutsideRefused,
    OutsideUnreachable,
)
from saphan.engines.runner.outside.wire import Call
from saphan.engines.runner.tests.outside_doubles import reply, server


def call(port: int, seconds: float = 5, **more) -> tuple[Call, str]:
    url = f"http://127.0.0.1:{port}"
    return Call(Guard([url]), seconds, **more), url


def key_of(error: type[OutsideError], answer, path: str = "/", seconds: float = 5) -> str:
    with server(answer) as port:
        made, url = call(port, seconds, most_bytes=100_000)
        with pytest.raises(error) as caught:
            made.json(url + path)
    return caught.value.key


def test_a_redirect_is_not_followed() -> None:
    seen = []

    def answer(handler, body):
        seen.append(handler.path)
        reply(handler, {}, 307, Location="http://169.254.169.254/secret")

    assert key_of(OutsideRefused, answer) == "elsewhere"
    assert seen == ["/"]


def test_an_answer_that_is_too_big_is_left_unread() -> None:
    assert key_of(OutsideAnsweredBadly, lambda handler, body: reply(
        handler, b'"' + b"x" * 100_000 + b'"')) == "too_big"


def test_the_limit_of_bytes_holds_over_all_requests_of_a_run() -> None:
    with server(lambda handler, body: reply(handler, b'"' + b"x" * 60_000 + b'"')) as port:
        made, url = call(port, most_bytes=100_000)
        assert made.json(url)
        with pytest.raises(OutsideAnsweredBadly):
            made.json(url)


def test_a_server_that_drips_is_cut_off_when_the_time_is_up() -> None:
    over = threading.Event()

    def answer(handler, body):
        handler.send_response(200)
        handler.end_headers()
        while not over.wait(0.02):
            handler.wfile.write(b" ")
            handler.wfile.flush()

    began = time.monotonic()
    assert key_of(OutsideUnreachable, answer, seconds=0.4) == "too_slow"
    over.set()
    assert time.monotonic() - began < 30  # it ends at all: without the clock it never would


def test_a_server_that_says_nothing_is_too_slow() -> None:
    over = threading.Event()
    assert key_of(OutsideUnreachable, lambda handler, body: over.wait(20), seconds=0.3) \
        == "too_slow"
    over.set()


@pytest.mark.parametrize(("status", "error", "key"), [
    (400, OutsideRefused, "refused"), (401, OutsideRefused, "refused"),
    (404, OutsideRefused, "unknown_exhibit"), (500, OutsideAnsweredBadly, "failed"),
    (503, OutsideUnreachable, "resting")])
def test_what_it_will_not_do_is_told_by_its_kind(status, error, key) -> None:
    assert key_of(error, lambda handler, body: reply(handler, {"error": "no"}, status)) == key


def test_its_own_reason_is_kept_for_the_log() -> None:
    with server(lambda handler, body: reply(handler, {"error": "out of memory"}, 400)) as port:
        made, url = call(port)
        with pytest.raises(OutsideRefused, match="out of memory"):
            made.json(url)


def test_something_that_is_no_json_is_told() -> None:
    assert key_of(OutsideAnsweredBadly, lambda handler, body: reply(handler, b"<html>")) \
        == "not_as_agreed"


def test_a_packed_answer_is_not_unpacked() -> None:
    assert key_of(OutsideAnsweredBadly, lambda handler, body: reply(
        handler, b"x", Content_Encoding="gzip")) == "not_as_agreed"


def test_nobody_there_is_unreachable() -> None:
    with server(lambda handler, body: None) as port:
        pass
    made, url = call(port)
    with pytest.raises(OutsideUnreachable) as caught:
        made.json(url)
    assert caught.value.key == "no_connection"


def test_a_proxy_of_the_environment_is_not_used(monkeypatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with server(lambda handler, body: reply(handler, {"a": 1})) as port:
        made, url = call(port)
        assert made.json(url) == {"a": 1}


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A key and a certificate for demo.example.org that signs itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "demo.example.org")])
    now = datetime.datetime.now(datetime.UTC)
    made = (x509.CertificateBuilder().subject_name(name).issuer_name(name)
            .public_key(key.public_key()).serial_number(1)
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName("demo.example.org")]), False)
            .sign(key, hashes.SHA256()))
    path = tmp_path / "demo.pem"
    path.write_bytes(key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption()) + made.public_bytes(serialization.Encoding.PEM))
    return path


def secure(path: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


def test_the_certificate_is_checked_for_the_name_while_the_address_is_pinned(certificate) -> None:
    heads = []

    def answer(handler, body):
        heads.append(handler.headers["Host"])
        reply(handler, {"a": 1})

    with server(answer, secure(certificate)) as port:
        trust = ssl.create_default_context(cafile=str(certificate))
        guard = Guard([f"demo.example.org:{port}=127.0.0.1", f"other.example.org:{port}=127.0.0.1"])
        assert Call(guard, 5, trust=trust).json(f"https://demo.example.org:{port}/") == {"a": 1}
        with pytest.raises(OutsideUnreachable) as caught:
            Call(guard, 5, trust=trust).json(f"https://other.example.org:{port}/")
    assert caught.value.key == "no_trust"
    assert heads == [f"demo.example.org:{port}"]


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(certificate) -> None:
    with server(lambda handler, body: reply(handler, {}), secure(certificate)) as port:
        guard = Guard([f"demo.example.org:{port}=127.0.0.1"])
        with pytest.raises(OutsideUnreachable) as caught:
            Call(guard, 5).json(f"https://demo.example.org:{port}/")
    assert caught.value.key == "no_trust"


def test_the_name_is_resolved_once_for_a_connection() -> None:
    asked = []

    def resolve(host: str) -> list[str]:
        asked.append(host)
        return ["93.184.215.14" if len(asked) == 1 else "127.0.0.1"]

    way = Guard(["demo.example.org"], resolve).way("https://demo.example.org/")
    assert ipaddress.ip_address(way.address).is_global
    assert asked == ["demo.example.org"]
