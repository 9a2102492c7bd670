"""Partnering profiles in the form of the Enterprise Europe Network come in and go out."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from saphan.rooms.market import commands, een, exchange, loading
from saphan.rooms.market.models import Listing
from saphan.rooms.market.sample import make_examples
from saphan.rooms.market.tests.conftest import page, text_of
from saphan.rooms.market.tests.test_import import send

pytestmark = pytest.mark.django_db

PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<profiles><profile>
 <reference><external>TOTH20260042</external></reference>
 <content lang="en">
  <title>Camera that grades durian by ripeness</title>
  <summary>A Thai company offers a camera and seeks packers.</summary>
  <description>It works with belts that are there and grades 2,000 an hour.</description>
 </content>
 <cooperation><plusvalue>Half the price of infrared lines.</plusvalue>
  <stagedev><stage>Already on the market</stage><comment>Since 2024</comment></stagedev>
  <ipr><status>Secret Know-how</status></ipr>
  <partnerships><partnership>License agreement</partnership>
   <partnership>Distribution services agreement</partnership></partnerships>
  <partner><sought>Packing houses that test it for a season.</sought><area>VN</area>
   <area>CN</area></partner></cooperation>
 <keyword><technologies><technology key="1">Image processing</technology>
  <technology>Fruit</technology></technologies></keyword>
 <datum><submit>2026-11-02</submit><deadline>2027-10-30</deadline></datum>
 <company><country>TH</country><kind>Industry SME 11-49</kind><turnover>1 - 10M</turnover>
  <since>2015</since></company>
 <contact><email>somchai@example.org</email><phone>+66 2 000 0000</phone></contact>
</profile></profiles>"""


def loaded(content: str, format: str = "xml") -> Listing:
    report = exchange.check(content, format)
    assert not report.problems
    loading.total(loading.load(report.good, by=None))
    return Listing.objects.latest("pk")


def test_a_profile_in_xml_becomes_a_record_in_our_terms(economies):
    listing = loaded(PROFILE)
    assert (listing.kind, listing.economy_id, listing.key) == (
        "technology_offer", "TH", "een-toth20260042")
    assert (listing.stage, listing.ip_status) == ("on_the_market", "secret_know_how")
    assert listing.partnership == ["licence", "commercial"]
    assert listing.target_economies == ["VN", "CN"]
    assert listing.keywords == ["Image processing", "Fruit"]
    assert listing.advantages["en"].text == "Half the price of infrared lines."
    assert listing.partner_role["en"].text == "Packing houses that test it for a season."
    assert listing.published is not None and listing.valid_until is not None
    assert (listing.published.date().isoformat(), listing.valid_until.isoformat()) == (
        "2026-11-01", "2027-10-30")  # midnight at the centre is the evening before in UTC
    assert "TOTH20260042" in listing.source_title


def test_what_a_record_has_no_place_for_is_named_and_contact_data_is_not_taken_in(economies):
    report = exchange.check(PROFILE, "xml")
    left = {one.field: one.message for one in report.warnings}
    assert {"company/turnover", "company/since", "company/kind", "cooperation/stagedev/comment",
            "contact/email", "contact/phone"} <= set(left)
    assert left["contact/email"] == "Contact data is not taken in."
    assert "somchai" not in json.dumps(report.good, ensure_ascii=False)
    assert "2 000 0000" not in json.dumps(report.good)


@pytest.mark.parametrize(("status", "path"), [
    ("<status>Copyright</status>", "cooperation/ipr/status"),
    ("<status>Secret Know-how</status><status>Copyright</status>", "cooperation/ipr/status")])
def test_a_term_that_we_do_not_have_is_named(economies, status, path):
    report = exchange.check(PROFILE.replace("<status>Secret Know-how</status>", status), "xml")
    assert path in {one.field for one in report.warnings}


def test_the_same_profile_in_json_gives_the_same_row(economies):
    tree = {"profiles": [{
        "reference": {"external": "BRVN2026000123"},
        "content": {"lang": "vi", "title": "Cần máy phân loại thanh long",
                    "summary": "Nhà đóng gói ở Bình Thuận cần máy phân loại.",
                    "description": "Khoảng 20 tấn mỗi ngày, ba ca."},
        "cooperation": {"expertise": "Sai số dưới 5 %", "plusvalue": "không có",
                        "partnerships": {"partnership": "Supplier agreement"}},
        "datum": {"deadline": "2027-03-01"}}]}
    content = json.dumps(tree, ensure_ascii=False)
    listing = loaded(content, "json")
    assert (listing.kind, listing.economy_id, listing.lang) == ("business_request", "VN", "vi")
    assert listing.technical_specification["vi"].text == "Sai số dưới 5 %"
    assert listing.deadline is not None and listing.deadline.isoformat() == "2027-03-01"
    assert "cooperation/plusvalue" in {
        one.field for one in exchange.check(content, "json").warnings}


@pytest.mark.parametrize("content", [
    '<!DOCTYPE p [<!ENTITY x SYSTEM "file:///etc/passwd">]><profile>&x;</profile>',
    '<!doctype p [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><profile>&b;</profile>',
    "<profile>&x;</profile>", "<profile>" + "<a>" * 60 + "</a>" * 60 + "</profile>",
    "<profile", "<other/>", ""], ids=[
    "external entity", "entities in entities", "entity", "deep", "cut off", "no profile", "empty"])
def test_xml_that_is_broken_or_means_harm_is_named_and_nothing_else_happens(economies, content):
    report = exchange.check(content, "xml")
    assert [problem.row for problem in report.problems] == [1]
    assert not report.good and "root:" not in report.problems[0].message


@pytest.mark.parametrize("content", ["[1]", "[[]]", "5", '{"profiles": 5}', "{", '[{"content": 5}]',
                                     '[{"reference": {"external": ["a", {}]}}]',
                                     '[{"cooperation": {"partner": "x", "stagedev": []}}]'])
def test_whatever_a_profile_holds_it_is_named(economies, content):
    assert exchange.check(content, "json").problems


def test_a_profile_of_an_economy_that_the_house_does_not_know_is_named(economies):
    report = exchange.check(PROFILE.replace("<country>TH</country>", "").replace(
        "TOTH2026", "TOXX2026"), "xml")
    assert {problem.field for problem in report.problems} == {"economy"}


@pytest.mark.parametrize("format", ["xml", "json"])
def test_what_is_written_can_be_read_again(economies, format):
    first = loaded(PROFILE)
    written = "".join(exchange.WRITERS[format]([first]))
    report = exchange.check(written, format)
    assert not report.problems and not report.warnings
    Listing.objects.all().delete()
    loading.total(loading.load(report.good, by=None))
    again = Listing.objects.get()
    for name in ("kind", "key", "economy_id", "title", "summary", "description", "advantages",
                 "partner_role", "stage", "ip_status", "partnership", "keywords", "valid_until",
                 "target_economies", "published"):
        assert getattr(again, name) == getattr(first, name), name


def test_every_example_can_be_written_as_a_profile_and_read(economies):
    make_examples(6)
    written = "".join(exchange.write_xml(Listing.objects.all()))
    assert len(ElementTree.fromstring(written).findall("profile")) == 6
    rows = [row for _number, row in een.read(written) if isinstance(row, dict)]
    assert [row["key"] for row in rows] == [listing.key for listing in Listing.objects.all()]


def test_the_import_page_the_export_and_the_api_speak_it(client, as_clerk, economies):
    html = page(send(as_clerk, PROFILE, "profiles.xml"))
    assert "Loaded" in html and "company/turnover" in html
    number = Listing.objects.get().number
    exported = client.get("/en/market/export.xml")
    assert exported["Content-Type"].startswith("application/xml")
    assert "TOTH" in exported.content.decode()
    body = text_of(client.get("/api/v1/market/export?format=json"))
    assert json.loads(body)["profiles"][0]["content"][0]["title"].startswith("Camera")
    assert client.get("/api/v1/market/export?format=exe").status_code in (400, 422)
    assert number


def test_the_command_line_takes_and_gives_profiles(economies, tmp_path: Path, capsys, monkeypatch):
    monkeypatch.setattr(commands, "worker_is_alive", lambda: True)
    file = tmp_path / "from-the-network"
    file.write_text(PROFILE, "utf-8")
    assert commands.load([str(file), "--format", "een"]) == 0
    assert "company/turnover" in capsys.readouterr().out
    assert commands.write(["--format", "een"]) == 0
    assert "<external>TOTH" in capsys.readouterr().out
