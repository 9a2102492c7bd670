"""The article among the menus."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest

from saphan.engines.extraction import Extracted, ExtractionProblem, read
from saphan.engines.extraction.article import count_words

MENU = "".join(f'<li><a href="/{at}">Section {at} of the paper</a></li>' for at in range(30))
STORY = [
    "The river port of Nong Khai moved 41,200 tonnes of fruit in March, a fifth more than in the "
    "same month a year earlier, the port authority said on Tuesday.",
    "Most of it was durian on its way to the border at Pingxiang, where trucks now wait four "
    "hours instead of nine, according to the customs office in Guangxi.",
    "The authority plans a second cold store, to be ready before the harvest of next year. It "
    "will hold 3,000 tonnes and cost 220 million baht.",
]
CHINESE = [
    "广西壮族自治区大数据发展局星期二在南宁公布，2024年全区人工智能企业数量比上一年增长百分之十九点七七。",
    "这位负责人说，截至2023年底，全区共有三百零三家智能工厂和一百九十七个数字化车间，覆盖汽车、机械和食品等行业。",
    "下一步，有关部门将与东盟各国合作，建设面向中小企业的应用中心，并为学员提供培训。",
]

THAI = [
    "ท่าเรือแม่น้ำที่หนองคายขนส่งผลไม้ 41,200 ตันในเดือนมีนาคม เพิ่มขึ้นหนึ่งในห้าจากเดือนเดียวกันของปีก่อน "
    "ตามที่การท่าเรือแถลงเมื่อวันอังคาร",
    "ส่วนใหญ่เป็นทุเรียนที่ส่งไปยังด่านผิงเสียง ซึ่งรถบรรทุกรอเพียงสี่ชั่วโมงจากเดิมเก้าชั่วโมง ตามข้อมูลของศุลกากรกว่างซี",
    "การท่าเรือวางแผนสร้างห้องเย็นแห่งที่สองให้เสร็จก่อนฤดูเก็บเกี่ยวปีหน้า "
    "รองรับผลไม้ได้สามพันตัน และใช้งบประมาณสองร้อยยี่สิบล้านบาท",
    "ผู้ประกอบการในจังหวัดกล่าวว่าห้องเย็นแห่งใหม่จะช่วยลดความเสียหายระหว่างรอขึ้นเรือ",
]


def page(paragraphs: list[str], head: str = "", lang: str = "en") -> bytes:
    text = "".join(f"<p>{text}</p>" for text in paragraphs)
    return (
        f"<!doctype html><html lang={lang}><head><title>Port moves more fruit | River Daily</title>"
        f"{head}</head><body><nav><ul>{MENU}</ul></nav><ul>{MENU}</ul>"
        f"<div class=story><h1>Port moves more fruit</h1>{text}</div>"
        "<footer>Copyright River Daily. All rights reserved.</footer></body></html>"
    ).encode()


def portal(paragraphs: list[str]) -> bytes:
    """Laid out as Chinese portals were: tables, no paragraphs, menus in cells beside the text."""
    menu = "".join(f'<td><a href="/{at}">频道导航{at}</a></td>' for at in range(40))
    text = "<br>　　".join(paragraphs)
    return (
        '<html><head><meta http-equiv=Content-Type content="text/html; charset=gb2312">'
        "<title>广西人工智能企业增长_新闻中心_某某网</title></head><body>"
        f"<table><tr>{menu}</tr></table><table><tr><td><a href=/a>相关新闻一</a><br>"
        "<a href=/b>相关新闻二的标题比较长一些</a></td><td>广西人工智能企业增长<br>"
        f"2025年04月16日 09:30　来源：某某网<br>　　{text}</td></tr></table>"
        "<table><tr><td>版权所有 某某网 京ICP证000000号 未经授权不得转载</td></tr></table>"
    ).encode("gb18030")


def taken(body: bytes, **said: object) -> Extracted:
    said.setdefault("today", date(2027, 3, 1))
    return read(body, **said)  # type: ignore[arg-type]


def test_the_article_comes_without_menus_and_footer() -> None:
    found = taken(page(STORY))
    assert found.text == "\n\n".join(STORY)
    assert (found.title, found.lang) == ("Port moves more fruit", "en")


def test_a_chinese_portal_laid_out_in_tables_is_read() -> None:
    found = taken(portal(CHINESE))
    assert found.text == "\n\n".join(CHINESE)
    assert found.title == "广西人工智能企业增长"
    assert found.published == date(2025, 4, 16)
    assert (found.how, found.encoding, found.lang) == ("density", "gb18030", "zh-Hans")


def test_a_recipe_says_where_the_text_stands() -> None:
    body = page(STORY).replace(b"<footer>", b"<div id=note>Only this was meant.</div><footer>")
    found = taken(body, recipe="div#note")
    assert (found.text, found.how) == ("Only this was meant.", "recipe")


def test_a_recipe_that_finds_nothing_is_named_and_the_text_found_without_it() -> None:
    found = taken(page(STORY), recipe="div.old-layout")
    assert "recipe_missed" in found.warnings
    assert found.text == "\n\n".join(STORY)


def test_a_recipe_that_is_no_selector_is_refused() -> None:
    with pytest.raises(ExtractionProblem) as refused:
        taken(page(STORY), recipe="div[")
    assert refused.value.code == "bad_recipe"


def test_a_text_that_is_short_against_its_page_is_doubted() -> None:
    assert "short_text" in taken(page(["A short line of text, and no more of it."])).warnings
    aside = "<p>" + " ".join(STORY * 3) + "</p>"
    body = page(STORY[:1]).replace(b"<footer>", f"<section>{aside * 4}</section><footer>".encode())
    assert "short_text" in taken(body, recipe="div.story").warnings
    assert "short_text" not in taken(page(STORY)).warnings


def test_thai_prose_without_marks_is_not_called_short() -> None:
    menu = "หน้าแรก ข่าวเด่น การเมือง เศรษฐกิจ กีฬา บันเทิง ต่างประเทศ ติดต่อเรา " * 8
    assert "short_text" not in taken(page(THAI, lang="th")).warnings
    assert "short_text" in taken(page([menu], lang="th")).warnings


def test_the_day_is_never_in_the_future() -> None:
    head = '<meta property="article:published_time" content="2031-01-01T00:00:00Z">'
    found = taken(page(STORY, head), url="https://river.example.org/2027/02/26/port")
    assert found.published == date(2027, 2, 26)
    assert "future_date" in found.warnings


def test_what_the_page_says_about_itself_is_believed() -> None:
    head = (
        '<script type="application/ld+json">{"@type":"NewsArticle",'
        '"datePublished":"2027-02-25T08:00:00+07:00",'
        '"author":{"@type":"Person","name":"Mali Sukjai"}}</script>'
    )
    found = taken(page(STORY, head))
    assert (found.published, found.byline) == (date(2027, 2, 25), "Mali Sukjai")


@pytest.mark.parametrize(
    "body",
    [
        b"<div>" * 200_000 + b"Something." + b"</div>" * 200_000,
        b"<p>" + b"<b><i>" * 50_000 + b"deep",
        b"<table><tr><td>" * 3_000 + b"cell",
        b"<" * 100_000,
        b"<html><body>" + b"<a href=x>y</a>" * 60_000,
        b"\x00" * 10_000 + b"<html>",
        b"<?xml version='1.0' encoding='nonsense'?><html><body>x",
        bytes(range(256)) * 50,
        b"<html><body><p>" + b"&#x110000;&bogus;" * 1000,
    ],
)
def test_a_hostile_page_ends_in_a_text_or_a_reason(body: bytes) -> None:
    with suppress(ExtractionProblem):
        assert taken(body).text


def test_an_empty_shell_is_named() -> None:
    with pytest.raises(ExtractionProblem) as refused:
        taken(b"<html><head><title>App</title></head><body><div id=root></div></body></html>")
    assert refused.value.code == "no_text"
    with pytest.raises(ExtractionProblem) as refused:
        taken(b"  \n ")
    assert refused.value.code == "empty"


def test_a_page_says_where_it_stood() -> None:
    link = '<link rel="canonical" href="https://river.example.org/port">'
    assert taken(page(STORY, link)).address == "https://river.example.org/port"
    saved = b"<!-- saved from url=(0030)https://river.example.org/old -->" + page(STORY, link)
    assert taken(saved).address == "https://river.example.org/old"
    assert taken(page(STORY, '<link rel=canonical href="/port">')).address == ""


def test_words_are_counted_in_every_script() -> None:
    assert count_words("Three plain words") == 3
    assert count_words("南宁市") == 3
    assert count_words("ปัญญา") == 1
