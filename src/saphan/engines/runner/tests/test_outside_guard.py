"""The house calls nobody whom it does not list, and nobody inside its own walls."""

from __future__ import annotations

import pytest

from saphan.engines.runner.outside import BadEntry, Guard, OutsideNotAllowed, OutsideUnreachable
from saphan.engines.runner.outside.guard import lookup


def answering(*addresses: str):
    return lambda host: list(addresses)


def refused(guard: Guard, url: str) -> str:
    with pytest.raises(OutsideNotAllowed) as caught:
        guard.way(url)
    return caught.value.key


def test_nothing_is_allowed_unless_it_is_listed() -> None:
    assert refused(Guard(), "https://demo.example.org/") == "not_listed"
    assert not Guard()


@pytest.mark.parametrize("url", [
    "https://other.example.org/", "https://demo.example.org.evil.example/",
    "https://demo.example.org:8443/", "https://sub.demo.example.org/"])
def test_a_listed_origin_does_not_open_its_neighbours(url: str) -> None:
    assert refused(Guard(["demo.example.org"], answering("93.184.215.14")), url) == "not_listed"


def test_a_listed_host_is_reached_at_the_address_that_was_checked() -> None:
    way = Guard(["demo.example.org"], answering("93.184.215.14")).way(
        "https://DEMO.example.org./info?x=1")
    assert (way.address, way.path, way.origin.port) == ("93.184.215.14", "/info?x=1", 443)


def test_a_host_is_called_by_https_only() -> None:
    guard = Guard(["demo.example.org"], answering("93.184.215.14"))
    assert refused(guard, "http://demo.example.org/") == "not_https"


@pytest.mark.parametrize("address", [
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "0.0.0.0", "224.0.0.1", "255.255.255.255", "240.0.0.1", "::1", "::", "fe80::1%eth0", "fc00::1",
    "ff02::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::"])
def test_a_name_may_not_lead_into_the_own_network(address: str) -> None:
    guard = Guard(["demo.example.org"], answering(address))
    assert refused(guard, "https://demo.example.org/") == "private_address"


def test_one_private_address_among_public_ones_is_refused() -> None:
    guard = Guard(["demo.example.org"], answering("93.184.215.14", "10.0.0.1"))
    assert refused(guard, "https://demo.example.org/") == "private_address"


def test_a_private_address_that_the_entry_says_is_used_without_asking_for_the_name() -> None:
    def never(host: str) -> list[str]:
        raise AssertionError("the name was looked up")

    guard = Guard(["gpu.example.org=10.0.0.5", "https://192.168.7.7:8443"], never)
    assert guard.way("https://gpu.example.org/").address == "10.0.0.5"
    assert guard.way("https://192.168.7.7:8443/v2").address == "192.168.7.7"


def test_this_machine_may_be_called_by_http_when_it_is_named_with_its_port() -> None:
    guard = Guard(["http://127.0.0.1:7860", "http://localhost:8080"])
    assert guard.way("http://127.0.0.1:7860/").address == "127.0.0.1"
    assert guard.way("http://localhost:8080/").address == "127.0.0.1"
    assert refused(guard, "http://127.0.0.1:22/") == "not_listed"


@pytest.mark.parametrize("url", [
    "ftp://demo.example.org/", "https://", "demo.example.org", "https://user@demo.example.org/",
    "https://demo.example.org\\@evil.example/", "https://demo.example.org:99999/",
    "https://demo.example.org/\r\nHost: evil", "file:///etc/passwd"])
def test_what_is_no_plain_web_address_is_refused(url: str) -> None:
    assert refused(Guard(["demo.example.org"], answering("93.184.215.14")), url) == "bad_address"


@pytest.mark.parametrize("entry", [
    "http://demo.example.org", "http://10.0.0.5", "https://demo.example.org/app", "ftp://x",
    "demo.example.org=nonsense", "10.0.0.1=10.0.0.2", "https://224.0.0.1", "x=0.0.0.0",
    "https://me@x.example"])
def test_an_entry_that_says_no_origin_is_told_to_the_operator(entry: str) -> None:
    with pytest.raises(BadEntry):
        Guard([entry])


def test_a_name_without_an_address_is_unreachable() -> None:
    with pytest.raises(OutsideUnreachable) as caught:
        lookup("no-such-host.invalid")
    assert caught.value.key == "unknown_host"
