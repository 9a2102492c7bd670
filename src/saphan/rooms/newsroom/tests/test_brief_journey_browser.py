"""A Thai officer's morning, in a browser: three saved Chinese pages in, a Thai brief out, and every
figure of it opens to the words that state it."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from browsing import IN_A_BROWSER, PHONE
from django.utils import translation
from docx import Document
from docx.oxml.ns import qn

from saphan.ground import clock
from saphan.house import printing
from saphan.people import actions as people_actions
from saphan.people.models import Person, Role
from saphan.rooms.newsroom.models import Article, Brief, Figure
from saphan.rooms.newsroom.tests.portal_pages import ARTICLES, THAI, saved

pytestmark = IN_A_BROWSER
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


@pytest.fixture(autouse=True)
def stopped() -> None:
    """A served house has its own clock: nothing is stopped here."""


def somebody(name: str, language: str, economy: str, role: str) -> Person:
    person = Person.objects.create_user(f"{name}@example.org", language=language,
                                        economy_id=economy)
    desk = person.economy if role == Role.Name.LIAISON_OFFICER else None
    people_actions.grant_role(person, role, by=None, economy=desk)
    return person


def source_text() -> str:
    return "\n".join(paragraph for _title, _day, text in ARTICLES.values() for paragraph in text)


def bring(page: Any, files: list[Path]) -> list[Article]:
    """Upload the saved pages and let the house read them."""
    page.set_input_files("input[type=file]", [str(file) for file in files])
    page.select_option("#id_lang", "zh-Hans")
    page.locator("form.post button[type=submit]").last.click()
    page.locator("#became").wait_for()
    for chore in clock.chores():  # what the worker of an open house does each minute
        if "newsroom.reactions.figures" in chore.name:
            chore.run()
    found = list(Article.objects.order_by("pk"))
    assert [article.title for article in found] == [title for title, *_ in ARTICLES.values()]
    return found


def verify(page: Any) -> None:
    """Press “verify” on the page of every figure that the house has read."""
    for figure in Figure.objects.filter(state="read"):
        with translation.override("th"):
            page.goto(figure.get_absolute_url())
        page.locator('button[name="step"][value="verify"]').click()


def translate(page: Any) -> None:
    """Write Thai under each quote that has figures."""
    for block in page.locator('.brief-block[data-kind="sentence"]').all():
        quote = block.locator("blockquote").inner_text()
        thai = next((words for key, words in THAI.items() if key in quote), "")
        if thai:
            block.locator("textarea").fill(thai)


def printed(page: Any, kind: str) -> bytes:
    with page.expect_download() as download:
        page.locator(f'a[href$=".{kind}"]').click()
    return Path(download.value.path()).read_bytes()


def test_three_chinese_pages_become_a_thai_brief_whose_figures_open_to_their_quotes(
        visit: Callable[..., Any], tmp_path: Path) -> None:
    people_actions.load_economies()
    officer = somebody("officer", "th", "TH", Role.Name.LIAISON_OFFICER)
    manager = somebody("manager", "en", "CN", Role.Name.PROGRAMME_MANAGER)

    page = visit("/th/newsroom/articles/bring/", who=officer)
    articles = bring(page, saved(tmp_path))
    verify(page)
    verified = Figure.objects.filter(state="verified")
    assert {"76", "16", "303", "197", "19.77", "1788", "20", "19000"} <= {
        f"{figure.value.normalize():f}" for figure in verified}

    page.goto("/th/newsroom/briefs/new/?" + "&".join(
        f"article={article.number}" for article in articles))
    page.fill("#id_title", "ปัญญาประดิษฐ์ในกว่างซี")
    page.locator("form.post button[type=submit]").click()
    brief = Brief.objects.get()
    write(page, brief)

    page.locator('button[value="done"]').last.click()
    page.locator('form[action$="/step/hand_in/"] button').click()
    desk = visit(f"/en/newsroom/briefs/{brief.pk}/", who=manager, java_script_enabled=False)
    desk.locator('form[action$="/step/approve/"] button').click()
    brief.refresh_from_db()
    assert brief.state == "approved" and brief.number, desk.content()

    compare_digits(page, brief)
    follow_figures(visit, brief)


def write(page: Any, brief: Brief) -> None:
    """In Thai, part of it without a connection: the words are kept and sent later."""
    page.check("#id_public")
    page.context.set_offline(True)
    translate(page)
    page.wait_for_function("() => Object.keys(localStorage).some((key) => key.includes('words'))")
    page.context.set_offline(False)
    page.wait_for_function("() => !Object.keys(localStorage).some((key) => key.includes('words'))")
    brief.refresh_from_db()
    written = [block["text"] for block in brief.content if block["kind"] == "sentence"]
    assert set(THAI.values()) <= set(written)
    # One digit wrong: the page says so at once, and it is mended.
    box = page.locator('.brief-block[data-kind="sentence"]', has_text="19.77%").locator("textarea")
    right = box.input_value()
    box.fill(right.replace("19.77", "19.17"))
    page.locator("[data-blocks]", has_text="19.17").wait_for()
    box.fill(right)
    page.locator("[data-blocks]", has_text="19.17").wait_for(state="detached")
    for block in brief.content:  # what is not worth a translation is taken out
        if block["kind"] == "sentence" and not block["text"]:
            page.locator(f'button[value="remove:{block["id"]}"]').click()
            page.locator(f'#block-{block["id"]}').wait_for(state="detached")


def compare_digits(page: Any, brief: Brief) -> None:
    """Every number of the sources stands in the Word file and in the PDF, as the source has it."""
    page.goto(f"/th/newsroom/briefs/{brief.pk}/")
    document = Document(BytesIO(printed(page, "docx")))
    words = "\n".join(part.text or "" for part in document.element.body.iter(qn("w:t")))
    forms = [words]
    if printing.shelf().cjk_files:
        pages = pypdfium2.PdfDocument(printed(page, "pdf"))
        forms.append("\n".join(each.get_textpage().get_text_bounded() for each in pages))
    for form in forms:
        digits = set(NUMBER.findall(form))
        assert {"76", "16", "303", "197", "19.77", "1,788", "1788", "20", "19,000", "1.9"} <= digits
    fonts = {run.get(qn("w:cs")) for run in document.element.body.iter(qn("w:rFonts"))}
    assert "Leelawadee UI" in fonts


def follow_figures(visit: Callable[..., Any], brief: Brief) -> None:
    """As anybody with a phone: each figure of the public page leads to its quote in its place."""
    page = visit(f"/th/newsroom/briefs/{brief.pk}/", size=PHONE)
    addresses = [link.get_attribute("href")
                 for link in page.locator(".brief-figures td.number > a:first-child").all()]
    figures = [block for block in brief.content if block["kind"] == "figure"]
    assert len(addresses) == len(figures) >= 8
    for address, figure in zip(addresses, figures, strict=True):
        page.goto(address)
        assert page.locator("mark").inner_text() == figure["stated"]
        assert figure["source"]["quote"] in source_text()
        assert figure["source"]["quote"] in page.locator("blockquote").inner_text()
