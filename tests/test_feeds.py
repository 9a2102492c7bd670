"""What is new, for feed readers."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from served import Served

ATOM = "{http://www.w3.org/2005/Atom}"


def test_the_atom_feed_is_whole_and_in_the_readers_language(served: Served) -> None:
    answer = served.get("/feeds/th/market/offers.atom")

    assert answer.headers["content-type"].startswith("application/atom+xml")
    feed = ElementTree.fromstring(answer.content)
    assert feed.tag == f"{ATOM}feed"
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == "th"
    for name in ("title", "id", "updated"):
        assert feed.findtext(f"{ATOM}{name}")
    assert feed.find(f"{ATOM}link[@rel='self']").get("href") == (
        f"{served.url}/feeds/th/market/offers.atom")
    entries = feed.findall(f"{ATOM}entry")
    assert entries
    for entry in entries:
        for name in ("title", "id", "updated"):
            assert entry.findtext(f"{ATOM}{name}")
        assert entry.find(f"{ATOM}link").get("href").startswith(f"{served.url}/th/market/")


def test_an_entry_has_one_id_in_every_language_and_form(served: Served) -> None:
    ids = {tuple(entry.findtext(f"{ATOM}id") for entry in ElementTree.fromstring(
        served.get(f"/feeds/{lang}/market/needs.atom").content).findall(f"{ATOM}entry"))
        for lang in ("th", "zh-Hans", "en")}
    ids.add(tuple(item["id"] for item in served.get("/feeds/vi/market/needs.json").json["items"]))

    assert len(ids) == 1
    [found] = ids
    assert len(set(found)) == len(found) > 0


def test_the_json_feed_holds_what_version_1_1_asks_for(served: Served) -> None:
    answer = served.get("/feeds/zh-Hant/market/offers.json")
    feed = answer.json

    assert answer.headers["content-type"].startswith("application/feed+json")
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["language"] == "zh-Hant" and feed["title"]
    assert feed["feed_url"] == f"{served.url}/feeds/zh-Hant/market/offers.json"
    assert all(item["id"] and item["url"].startswith(served.url) and item["content_text"]
               for item in feed["items"])


@pytest.mark.parametrize("form", ["atom", "json"])
def test_a_reader_that_has_the_newest_is_told_so(served: Served, form: str) -> None:
    first = served.get(f"/feeds/my/market/offers.{form}")
    again = served.get(f"/feeds/my/market/offers.{form}", if_none_match=first.headers["etag"])
    other = served.get(f"/feeds/lo/market/offers.{form}", if_none_match=first.headers["etag"])

    assert again.status == 304 and not again.content
    assert other.status == 200


@pytest.mark.parametrize("path", [
    "/feeds/klingon/market/offers.atom", "/feeds/th/nothing/offers.atom",
    "/feeds/th/market/nothing.json", "/feeds/th/market/offers.exe"])
def test_a_feed_that_does_not_exist_is_not_found(served: Served, path: str) -> None:
    assert served.get(path).status == 404
