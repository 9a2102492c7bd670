"""Briefs: what a draft is made of, what stands against it, and how it goes out."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from docx import Document
from docx.oxml.ns import qn

from saphan.engines.paper.fonts import Shelf
from saphan.ground.access import Refused
from saphan.ground.models import Fact
from saphan.people.models import Person, Role
from saphan.rooms.newsroom import blocks, drafting, findings, papers, posting
from saphan.rooms.newsroom.actions import brief_life as life
from saphan.rooms.newsroom.actions import briefs as actions
from saphan.rooms.newsroom.actions import subscribers
from saphan.rooms.newsroom.models import Article, Brief, Figure, Posting, Story, Subscriber
from saphan.rooms.newsroom.queries import briefs as queries

pytestmark = pytest.mark.django_db

CHINESE = ("广西人工智能产业快速发展。截至2023年底，广西拥有76个国家级项目、16家大模型企业和"
           "303家智能工厂。\n\n南宁的展厅面积为1.9万平方米，由一家平台公司运营。"
           "2024年，广西人工智能企业数量比2023年增长19.77%。")
THAI = "เมื่อสิ้นปี 2566 กว่างซีมีโครงการระดับชาติ 76 โครงการ และโรงงานอัจฉริยะ 303 แห่ง"


@pytest.fixture
def chinese(article: Callable[..., Article]) -> Article:
    return article(CHINESE, title="广西人工智能产业加快发展", lang="zh-Hans")


@pytest.fixture
def figure(chinese: Article) -> Callable[..., Figure]:
    """A figure of the Chinese article, found by the words that state it."""

    def make(stated: str = "19.77%", value: str = "19.77", unit: str = "%", *,
             state: str = "verified", **fields: Any) -> Figure:
        version = chinese.versions.get()
        start = version.text.index(stated)
        begin = max(version.text.rfind(mark, 0, start) for mark in "。\n") + 1
        end = version.text.index("。", start) + 1
        fields = {"subject": "人工智能企业数量", "place": "广西", "place_code": "CN-GX",
                  "period": "2024", **fields}
        return Figure.objects.create(
            key=f"FIG-2027-{Figure.objects.count() + 1:06d}", article=chinese, version=version,
            state=state, value=Decimal(value), unit=unit, start=start, end=start + len(stated),
            quote=version.text[begin:end], quote_start=begin, extractor="test", day=chinese.day,
            lang="zh-Hans", **fields)

    return make


@pytest.fixture
def brief(officer: Person, chinese: Article, figure: Callable[..., Figure]) -> Brief:
    """A Thai draft of the Chinese article with one verified figure."""
    figure()
    return actions.draft(drafting.Wish(lang="th", articles=[chinese]), by=officer,
                         title="ปัญญาประดิษฐ์ในกว่างซี")


def sentences(brief: Brief) -> list[dict[str, Any]]:
    return [block for block in brief.content if block["kind"] == "sentence"]


def said(brief: Brief, words: str) -> dict[str, Any]:
    return next(block for block in brief.content if words in blocks.quote_of(block)
                and block["kind"] == "sentence")


def write(brief: Brief, by: Person, **texts: str) -> None:
    actions.write(brief, by=by, version=brief.version, title=brief.title,
                  standfirst=brief.standfirst, public=brief.public, texts=texts)


def approved(brief: Brief, officer: Person, manager: Person) -> None:
    life.hand_in(brief, by=officer)
    life.approve(brief, by=manager)


def test_every_sentence_of_a_draft_stands_in_its_article_where_it_says(brief: Brief) -> None:
    assert sentences(brief)
    for block in sentences(brief):
        source = block["source"]
        assert CHINESE[source["start"]:source["end"]] == source["quote"]
        exact = next(one for one in source["selectors"] if one["type"] == "TextQuoteSelector")
        assert exact["prefix"] + exact["exact"] + exact["suffix"] in CHINESE


def test_sentences_of_another_language_wait_for_a_translation_and_own_ones_do_not(
        brief: Brief, officer: Person, chinese: Article) -> None:
    assert {block["text"] for block in sentences(brief)} == {""}
    own = actions.draft(drafting.Wish(lang="zh-Hans", articles=[chinese]), by=officer)
    assert all(block["text"] == blocks.quote_of(block) for block in sentences(own))


def test_a_draft_brings_verified_figures_first_and_marks_the_others(
        officer: Person, chinese: Article, figure: Callable[..., Figure]) -> None:
    figure("76个", "76", "item", state="read", period="2023", subject="国家级项目")
    figure("16家", "16", "item", state="rejected")
    figure()
    brief = actions.draft(drafting.Wish(lang="th", articles=[chinese]), by=officer)
    rows = [block for block in brief.content if block["kind"] == "figure"]
    assert [row["stated"] for row in rows] == ["19.77%", "76个"]
    assert (rows[0]["place"], rows[0]["place_lang"]) == ("กว่างซี", "th")
    codes = [(one.code, one.blocks) for one in findings.of(brief) if one.block == rows[1]["id"]]
    assert ("unverified", False) in codes


def test_articles_of_one_story_stand_under_one_heading(
        officer: Person, article: Callable[..., Article]) -> None:
    story = Story.objects.create(number="STY-2027-000001", title="A port opens", lang="en",
                                 first_day=date(2027, 2, 26), last_day=date(2027, 2, 27))
    for number in range(3):
        article(f"The new port opened on Monday with {number + 20} ships in the harbour.",
                story=story)
    article("Rain fell on the mountains of the north for nine days.", title="Rain")
    brief = actions.draft(drafting.Wish(
        lang="en", stories=[story], articles=list(Article.objects.filter(title="Rain"))),
        by=officer)
    headings = [block["text"] for block in brief.content if block["kind"] == "heading"]
    assert headings == ["A port opens", "Rain"]


def test_another_number_than_the_source_has_blocks_the_approval_and_is_named(
        brief: Brief, officer: Person, manager: Person) -> None:
    block = said(brief, "303")
    write(brief, officer, **{block["id"]: THAI.replace("303", "330")})
    life.hand_in(brief, by=officer)
    with pytest.raises(Refused, match="330"):
        life.approve(brief, by=manager)
    life.return_to_author(brief, because="330?", by=manager)
    write(brief, officer, **{block["id"]: THAI})
    assert [one for one in findings.of(brief) if one.block == block["id"] and one.blocks] == []
    approved(brief, officer, manager)
    assert brief.number == "BRF-2027-0001"


@pytest.mark.parametrize("wrong", [
    THAI.replace("76", "76 ล้าน"), THAI.replace("2566", "2567"), THAI.replace("76", "67")])
def test_a_changed_scale_year_or_digit_is_seen(brief: Brief, officer: Person, wrong: str) -> None:
    block = said(brief, "303")
    write(brief, officer, **{block["id"]: wrong})
    assert any(one.block == block["id"] for one in findings.blocking(brief))


def test_a_figure_may_be_left_out_of_a_sentence(brief: Brief, officer: Person) -> None:
    block = said(brief, "303")
    write(brief, officer, **{block["id"]: "กว่างซีมีโครงการระดับชาติ 76 โครงการ"})
    assert findings.blocking(brief) == []


@pytest.mark.parametrize(("value", "unit", "lang", "said"), [
    ("19.7755", "%", "th", "19.7755%"), ("0.01234", "t", "en", "0.01234\u00a0t"),
    ("19000", "m2", "vi", "19.000 m²"), ("76", "project", "th", "76"),
    ("1234567.891", "CNY", "en", "CNY\u00a01,234,567.891"), ("-3", "pp", "en",
                                                           "-3\u00a0percentage points"),
    ("9", "hour", "vi", "9 giờ"), ("1.50", "day", "en", "1.50 days"),
    ("300", "rai", "th", "300 ไร่"), ("300", "rai", "pt", "300 rai")])
def test_no_digit_of_a_figure_is_rounded_away(value: str, unit: str, lang: str, said: str) -> None:
    block = {"value": value, "high": "", "unit": unit, "relation": "="}
    assert papers.value_of(block, lang).replace(" ", "\u00a0") == said.replace(" ", "\u00a0")


def test_a_sentence_without_a_source_is_marked_on_paper(brief: Brief, officer: Person) -> None:
    actions.add_sentence(brief, "เราควรไปเยี่ยมชม", by=officer)
    paper = papers.of(brief, None, queries.whole(brief, None))
    own = next(block for block in paper.blocks if getattr(block, "text", "") == "เราควรไปเยี่ยมชม")
    assert own.sources == () and own.note
    assert "unsourced" in {one.code for one in findings.of(brief)}


def test_words_that_are_not_in_the_article_cannot_be_quoted(
        brief: Brief, officer: Person, chinese: Article) -> None:
    with pytest.raises(Refused):
        actions.add_quote(brief, chinese, "广西拥有77个国家级项目", by=officer)
    actions.add_quote(brief, chinese, "由一家平台公司运营", by=officer)
    assert blocks.quote_of(brief.content[-1]) == "由一家平台公司运营"


def test_a_figure_rejected_or_an_article_withdrawn_meanwhile_blocks(
        brief: Brief, chinese: Article) -> None:
    Figure.objects.update(state="withdrawn")
    assert "not_held" in {one.code for one in findings.blocking(brief)}
    Article.objects.update(state="withdrawn")
    assert "withdrawn" in {one.code for one in findings.blocking(brief)}


def test_nobody_approves_her_own_brief_while_there_is_somebody_else(
        brief: Brief, officer: Person, manager: Person) -> None:
    life.hand_in(brief, by=officer)
    with pytest.raises(Refused, match="somebody else"):
        life.approve(brief, by=officer)
    Person.objects.filter(pk=manager.pk).update(is_active=False)
    life.approve(brief, by=officer)
    assert brief.state == "approved"


def test_an_edition_is_kept_and_a_correction_names_the_one_it_replaces(
        brief: Brief, officer: Person, manager: Person) -> None:
    approved(brief, officer, manager)
    first = brief.editions.get()
    life.reopen(brief, because="ปีผิด", by=officer)
    write(brief, officer, **{brief.content[0]["id"]: "หัวข้อใหม่"})
    approved(brief, officer, manager)
    first.refresh_from_db()
    assert first.digest == life.digest(first.whole) and brief.number == first.whole["number"]
    second = brief.editions.get(position=2)
    assert second.whole["corrects"] == 1 and second.whole["correction"] == "ปีผิด"
    assert "ปีผิด" in papers.of(brief, second, second.whole).notice
    assert [fact.name for fact in Fact.objects.filter(name__startswith="brief.")] == [
        "brief.drafted", "brief.handed_in", "brief.approved", "brief.reopened",
        "brief.handed_in", "brief.approved"]


def test_two_people_who_write_at_once_lose_no_words(
        brief: Brief, officer: Person, at_the_desk: Client) -> None:
    name, old = brief.content[0]["id"], brief.version
    write(brief, officer, **{name: "คำของคนแรก"})
    page = at_the_desk.post(f"/en/newsroom/briefs/{brief.pk}/edit/", {
        "version": old, "title": "x", "standfirst": "", f"text-{name}": "คำของคนที่สอง"})
    assert page.status_code == 409
    assert "คำของคนที่สอง" in page.content.decode()
    brief.refresh_from_db()
    assert brief.content[0]["text"] == "คำของคนแรก"


def test_a_brief_is_written_without_a_script(brief: Brief, at_the_desk: Client) -> None:
    address = f"/th/newsroom/briefs/{brief.pk}/edit/"

    def press(do: str, **fields: str) -> None:
        now = Brief.objects.get(pk=brief.pk)
        answer = at_the_desk.post(address, {"version": now.version, "title": now.title,
                                            "standfirst": "", "do": do, **fields})
        assert answer.status_code == 302, answer.content.decode()

    first, second = (block["id"] for block in brief.content[:2])
    press(f"down:{first}")
    press("heading", new_text="สรุป")
    press(f"remove:{second}")
    content = Brief.objects.get(pk=brief.pk).content
    assert content[0]["id"] == first and content[-1]["text"] == "สรุป"
    assert second not in blocks.by_id(content)
    assert at_the_desk.get(address).status_code == 200


def test_a_script_saves_while_one_types_and_hears_what_does_not_agree(
        brief: Brief, at_the_desk: Client) -> None:
    block = said(brief, "303")
    answer = at_the_desk.post(
        f"/en/newsroom/briefs/{brief.pk}/edit/",
        {"version": brief.version, "title": brief.title, "standfirst": "",
         f"text-{block['id']}": THAI.replace("76", "77")}, headers={"X-Autosave": "1"})
    found = [one for one in answer.json()["findings"] if one["block"] == block["id"]]
    assert found[0]["blocks"] and "77" in found[0]["words"]
    assert answer.json()["version"] == brief.version + 1


def test_the_public_sees_what_was_approved_for_everybody_and_nothing_else(
        brief: Brief, officer: Person, manager: Person, client: Client) -> None:
    address = f"/en/newsroom/briefs/{brief.pk}/"
    assert client.get(address).status_code == 404
    actions.write(brief, by=officer, version=brief.version, title=brief.title, standfirst="",
                  public=True, texts={})
    assert client.get(address).status_code == 404
    approved(brief, officer, manager)
    page = client.get(address).content.decode()
    assert "BRF-2027-0001" in page and "19.77" in page
    life.reopen(brief, because="x", by=officer)
    write(brief, officer, **{brief.content[0]["id"]: "not approved yet"})
    assert "not approved yet" not in client.get(address).content.decode()
    life.withdraw(brief, because="wrong", by=officer)
    gone = client.get(address).content.decode()
    assert "was withdrawn" in gone and "303" not in gone


def test_every_figure_and_sentence_opens_to_its_quote_in_its_place(
        brief: Brief, officer: Person, manager: Person, client: Client) -> None:
    actions.write(brief, by=officer, version=brief.version, title=brief.title, standfirst="",
                  public=True, texts={})
    approved(brief, officer, manager)
    page = client.get(f"/th/newsroom/briefs/{brief.pk}/").content.decode()
    quotes = set(re.findall(r'href="(/th/newsroom/briefs/[^"]*quote/[^"]*)"', page))
    assert len(quotes) == sum(bool(block.get("source")) for block in brief.content)
    for address in quotes:
        text = re.sub(r"<[^>]*>", "", client.get(address).content.decode())
        assert any(blocks.quote_of(block) in text for block in brief.content if block.get("source"))
    figure = next(block for block in brief.content if block["kind"] == "figure")
    opened = client.get(
        f"/th/newsroom/briefs/{brief.pk}/editions/1/quote/{figure['id']}/").content.decode()
    assert "<mark>19.77%</mark>" in opened and figure["text"] in opened


def test_the_files_say_what_the_edition_says(
        brief: Brief, officer: Person, manager: Person, at_the_desk: Client) -> None:
    write(brief, officer, **{said(brief, "303")["id"]: THAI})
    approved(brief, officer, manager)
    address = f"/th/newsroom/briefs/{brief.pk}/brief"
    document = Document(BytesIO(at_the_desk.get(f"{address}.docx").content))
    words = "\n".join(run.text or "" for run in document.element.body.iter(qn("w:t")))
    for form in (words, at_the_desk.get(f"{address}.txt").content.decode(),
                 at_the_desk.get(f"{address}.html").content.decode()):
        for number in ("19.77", "76", "303", "2566", "BRF-2027-0001"):
            assert number in form
    assert at_the_desk.get(f"{address}.exe").status_code == 404


def test_without_a_chinese_font_the_word_file_is_offered_instead_of_the_pdf(
        brief: Brief, at_the_desk: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("saphan.house.printing.shelf", lambda: Shelf(tmp_path, cjk=()))
    answer = at_the_desk.get(f"/en/newsroom/briefs/{brief.pk}/brief.pdf", follow=True)
    assert "needs a Chinese font" in answer.content.decode()


def test_a_draft_knows_which_sentences_say_the_same(
        house: None, officer: Person, article: Callable[..., Article]) -> None:
    story = Story.objects.create(number="STY-2027-000002", title="A port", lang="en",
                                 first_day=date(2027, 2, 26), last_day=date(2027, 2, 26))
    for words in ("The new port in the north was opened by the minister on Monday morning.",
                  "The new port in the north was opened by the minister on Monday.",
                  "Fishermen complain that the price of ice has doubled since last year."):
        article(words, story=story)
    brief = actions.draft(drafting.Wish(lang="en", stories=[story]), by=officer)
    found = [block["text"] for block in sentences(brief)]
    assert len(found) == 2 and any("Fishermen" in words for words in found)


def stop_of(row: Subscriber) -> str:
    return f"/th/newsroom/briefs/stop/{row.token}/"


def test_a_brief_goes_to_subscribers_and_addresses_and_each_can_stop(
        brief: Brief, officer: Person, manager: Person, client: Client) -> None:
    approved(brief, officer, manager)
    row = subscribers.add(email="desk@example.org", name="", lang="th", topic=None, by=officer)
    subscribers.add(email="other@example.org", name="", lang="vi", topic=None, by=officer)
    life.take(brief, "send", {"subscribers": True, "addresses": ["boss@example.org"]}, by=officer)
    posting.leave()
    letters = {letter.to[0]: letter for letter in mail.outbox}
    assert set(letters) == {"desk@example.org", "boss@example.org"}
    assert not Posting.objects.exists() and brief.editions.get().sent_to == 2
    letter = letters["desk@example.org"]
    assert "19.77" in letter.body and letter.attachments[0][0] == "BRF-2027-0001.docx"
    [(page, kind)] = letter.alternatives  # type: ignore[attr-defined]
    assert kind == "text/html" and "19.77" in page and "/quote/" in page and stop_of(row) in page
    stop = stop_of(row)
    assert stop in letter.extra_headers["List-Unsubscribe"] and stop in letter.body
    assert client.get(stop).status_code == 200 and client.post(stop).status_code == 200
    assert queries.recipients(brief) == []
    fact = Fact.objects.get(name="brief.sent")
    assert fact.data["letters"] == 2 and "example.org" not in json.dumps(fact.data)


def test_a_brief_that_is_not_public_goes_to_nobody_outside_who_subscribed(
        brief: Brief, officer: Person, person: Callable[..., Person]) -> None:
    for who in (officer, person("vendor", Role.Name.VENDOR)):
        subscribers.subscribe(who, lang="th")
    subscribers.add(email="ministry@example.org", name="", lang="th", topic=None, by=officer)
    assert {queries.address_of(row) for row in queries.recipients(brief)} == {
        officer.email, "ministry@example.org"}
    brief.public = True
    assert len(queries.recipients(brief)) == 3


def test_a_letter_that_the_mail_server_refuses_is_tried_again_and_no_other_twice(
        brief: Brief, officer: Person, manager: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    approved(brief, officer, manager)
    life.take(brief, "send", {"addresses": ["one@example.org", "two@example.org"]}, by=officer)
    tried = []

    def refuses_the_first(address: str, *_rest: Any) -> None:
        tried.append(address)
        if len(tried) == 1:
            raise OSError("the server is away")

    monkeypatch.setattr("saphan.people.letters.write_to", refuses_the_first)
    assert posting.leave() == 1 and posting.leave() == 1 and posting.leave() == 0
    assert tried == ["one@example.org", "two@example.org", "one@example.org"]


def test_software_reads_a_public_brief_with_selectors_and_no_draft(
        brief: Brief, officer: Person, manager: Person, client: Client) -> None:
    assert client.get(f"/api/v1/newsroom/briefs/{brief.pk}").status_code == 404
    Brief.objects.update(public=True)
    brief.refresh_from_db()
    approved(brief, officer, manager)
    found = client.get("/api/v1/newsroom/briefs/BRF-2027-0001").json()
    assert found["content"][1]["source"]["selectors"][0]["type"] == "TextQuoteSelector"
    listed = client.get("/api/v1/newsroom/briefs").json()
    assert [one["number"] for one in listed] == ["BRF-2027-0001"]
    assert [item.title for item in queries.public_feed()] == [brief.title]
    assert [one.id for one in queries.BriefEntries().documents()] == [str(brief.pk)]


class Machine:
    """A translation service that says what it is told to say."""

    name = "test:machine"

    def __init__(self, answers: dict[str, str]) -> None:
        self.answers = answers

    def translate(self, texts: list[str], **_about: Any) -> list[str]:
        return [next((thai for words, thai in self.answers.items() if words in text), "ทดสอบ")
                for text in texts]


def test_what_a_machine_translates_is_marked_and_compared_before_it_may_go_out(
        brief: Brief, officer: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    lost = THAI.replace("303", "300")
    monkeypatch.setattr("saphan.house.rendering.machine.provider", lambda: Machine({"303": lost}))
    assert actions.translate(brief, by=officer) == len(sentences(brief))
    block = said(brief, "303")
    assert (block["text"], block["origin"]) == (lost, "machine")
    found = {(one.code, one.blocks) for one in findings.of(brief) if one.block == block["id"]}
    assert ("figure", True) in found and ("machine", False) in found
    paper = papers.of(brief, None, queries.whole(brief, None))
    printed = next(part for part in paper.blocks if getattr(part, "text", "") == lost)
    assert printed.note and printed.original.text == blocks.quote_of(block)


def test_without_a_translation_service_the_house_says_so(brief: Brief, officer: Person) -> None:
    with pytest.raises(Refused, match="No translation service"):
        actions.translate(brief, by=officer)


def test_the_archive_asks_as_often_with_many_briefs_as_with_one(
        brief: Brief, officer: Person, at_the_desk: Client) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def count() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert at_the_desk.get("/en/newsroom/briefs/").status_code == 200
        return len(asked)

    at_the_desk.get("/en/newsroom/briefs/")
    few = count()
    for number in range(12):
        Brief.objects.create(lang="th", title=f"ร่าง {number}", author=officer)
    assert count() == few
