"""Every form of a paper says what the paper says, in every language, and nothing else."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from docx import Document
from docx.oxml.ns import qn
from pypdfium2 import raw

from saphan.engines.paper import Cell, Column, FontMissing, Passage, Table
from saphan.engines.paper.docx import docx
from saphan.engines.paper.fonts import Shelf, families
from saphan.engines.paper.mail import html
from saphan.engines.paper.paper import Paper
from saphan.engines.paper.pdf import pdf
from saphan.engines.paper.plain import columns, text
from saphan.engines.paper.scripts import setting
from saphan.engines.paper.tests.papers import WORDS, paper

NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
MARKUP = ('#panic("x") $x^2$ *bold* _it_ @source-1 <b>tag</b> [link](javascript:x) // no comment '
          '\\u{41} {{ x }} {% x %} `code` = title 42 &amp; "q"')
CHINESE = ("zh-Hans", "zh-Hant")


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    return Shelf(tmp_path_factory.mktemp("fonts"))


@pytest.fixture
def chinese(shelf: Shelf) -> Shelf:
    if not shelf.cjk_files:
        pytest.skip("no Chinese font on this machine")
    return shelf


def pages(printed: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(printed)
    return [page.get_textpage().get_text_bounded().replace("\u200b", "") for page in document]


def numbers(words: str) -> Counter[str]:
    return Counter(NUMBER.findall(unicodedata.normalize("NFKC", words)))


def said(one: Paper) -> Counter[str]:
    addresses = {source.url for source in one.sources}
    return numbers("\n".join(words for words, _lang in one.texts() if words not in addresses))


def runs(printed: bytes) -> Iterator[object]:
    return Document(BytesIO(printed)).element.body.iter(qn("w:r"))


@pytest.mark.parametrize("lang", WORDS)
def test_every_number_of_the_paper_is_in_the_pdf(chinese: Shelf, lang: str):
    one = paper(lang, rows=40)
    printed = pages(pdf(one, chinese))
    assert len(printed) > 1
    assert not said(one) - numbers("\n".join(printed))


@pytest.mark.parametrize("lang", WORDS)
def test_every_number_of_the_paper_is_in_the_docx_the_letter_and_the_text(lang: str):
    one = paper(lang)
    words = [run.text or "" for run in Document(BytesIO(docx(one))).element.body.iter(qn("w:t"))]
    letter = re.sub(r"<[^>]*>", "\n", html(one))
    for form in ("\n".join(words), letter, text(one)):
        assert not said(replace(one, labels=replace(one.labels, page=""))) - numbers(form)


def test_thai_is_set_in_a_thai_font_with_a_size_and_the_thai_language():
    document = Document(BytesIO(docx(paper("th"))))
    normal = document.styles["Normal"].element.rPr
    assert normal.find(qn("w:rFonts")).get(qn("w:cs")) == setting("th").font
    assert normal.find(qn("w:szCs")).get(qn("w:val")) == "22"
    assert normal.find(qn("w:lang")).get(qn("w:bidi")) == "th-TH"
    thai = [run for run in runs(docx(paper("th"))) if re.search("[ก-๙]", run.text)]
    for run in thai:
        fonts = run.find(f"{qn('w:rPr')}/{qn('w:rFonts')}")
        assert fonts is None or fonts.get(qn("w:cs")) == setting("th").font


def test_a_chinese_quote_in_a_thai_paper_is_set_as_chinese():
    quoted = [run for run in runs(docx(paper("th"))) if "大模型" in run.text]
    assert quoted
    for run in quoted:
        assert run.rPr.find(qn("w:rFonts")).get(qn("w:eastAsia")) == "Microsoft YaHei"
        assert run.rPr.find(qn("w:lang")).get(qn("w:eastAsia")) == "zh-CN"


def test_headings_are_headings_and_the_page_counts_itself():
    document = Document(BytesIO(docx(paper("th"))))
    styles = [paragraph.style.name for paragraph in document.paragraphs]
    assert styles.count("Title") == 1 and "Heading 2" in styles and "Heading 3" in styles
    footer = document.sections[0].footer._element
    assert [field.text.strip() for field in footer.iter(qn("w:instrText"))] == ["PAGE", "NUMPAGES"]


def test_a_long_table_repeats_its_header_and_splits_no_row(chinese: Shelf):
    one = paper("en", rows=120)
    table = Document(BytesIO(docx(one))).tables[0]
    rows = [row._tr.trPr for row in table.rows]
    assert rows[0].find(qn("w:tblHeader")) is not None
    assert all(row.find(qn("w:cantSplit")) is not None for row in rows)
    printed = pages(pdf(one, chinese))
    with_rows = [page for page in printed if "19.77%" in page]
    assert len(with_rows) > 2
    assert all(one.blocks[4].columns[0].label in page for page in with_rows)
    assert f"Page 2 of {len(printed)}" in printed[1]


@pytest.mark.parametrize("lang", ["en", "th", "zh-Hans"])
def test_mark_up_in_what_people_write_is_only_letters(chinese: Shelf, lang: str):
    one = paper(lang, text=MARKUP)
    letters = re.sub(r"\s", "", MARKUP)
    printed = re.sub(r"\s", "", "".join(pages(pdf(one, chinese))))
    # Title, heading, passages, cells, notes, sources, quotes and closing.
    assert printed.count(letters[:20]) > 10 and '=title42&amp;"q"' in printed
    document = "".join(run.text for run in runs(docx(one)))
    assert MARKUP in document
    letter = html(one)
    assert "<b>" not in letter and "&lt;b&gt;tag&lt;/b&gt;" in letter
    assert "&amp;amp;" in letter
    assert letters in re.sub(r"[\s>-]", "", text(one)) or "<b>tag</b>" in text(one)


def test_an_address_that_would_run_something_leads_nowhere(chinese: Shelf):
    one = paper("en")
    bad = "javascript:alert(1)"
    one = replace(one, blocks=(Passage("A", (1,), url=bad),),
                  sources=(replace(one.sources[0], url="", record_url=bad),))
    links = [relation.target_ref for relation in Document(BytesIO(docx(one))).part.rels.values()
             if relation.is_external]
    assert links == []
    assert "javascript" not in html(one)
    assert b"javascript" not in pdf(one, chinese)


def test_a_word_longer_than_the_line_stays_on_the_page(chinese: Shelf):
    word = "x" * 300 + "1234567890" + "y" * 300
    one = replace(paper("en"), blocks=(
        Passage(word), Table((Column("A"), Column("B", numeric=True), Column("C")),
                             ((Cell(word), Cell(word), Cell(word)),))))
    document = pypdfium2.PdfDocument(pdf(one, chinese))
    for page in document:
        words = page.get_textpage()
        assert all(words.get_charbox(at)[2] < page.get_width() - 20
                   for at in range(words.count_chars()))
    assert said(one)["1234567890"] == 4
    assert "".join(pages(pdf(one, chinese))).count("1234567890") == 4


def test_without_a_chinese_font_only_papers_without_chinese_are_printed(tmp_path: Path):
    bare = Shelf(tmp_path, cjk=())
    with pytest.raises(FontMissing) as refusal:
        pdf(paper("zh-Hans"), bare)
    assert refusal.value.code == "no_cjk_font"
    with pytest.raises(FontMissing):  # quoted originals are Chinese too
        pdf(paper("th"), bare)
    plain = replace(paper("vi"), letterhead=replace(paper("vi").letterhead, lines=()), blocks=(
        Passage(WORDS["vi"][2]),), sources=())
    assert "19,77%" in pages(pdf(plain, bare))[0]


def test_letters_without_any_font_are_named_and_emoji_are_left_out(shelf: Shelf):
    with pytest.raises(FontMissing) as refusal:
        pdf(replace(paper("en"), title="ሰላም", blocks=(), sources=()), shelf)
    assert refusal.value.code == "no_font" and "ሰ" in refusal.value.letters
    cheerful = replace(paper("vi"), letterhead=replace(paper("vi").letterhead, lines=()),
                       title="Bản tin 🎉 12", blocks=(), sources=())
    assert "Bản tin" in pages(pdf(cheerful, shelf))[0]


def test_no_two_fonts_of_one_weight_share_a_name(shelf: Shelf):
    names = Counter((family, path.stem.rpartition("-")[2]) for path in shelf.folder.glob("*.ttf")
                    for family in families(path))
    assert len(names) > 10 and set(names.values()) == {1}


def test_the_pdf_is_tagged_and_says_its_title(chinese: Shelf):
    document = pypdfium2.PdfDocument(pdf(paper("km"), chinese))
    assert raw.FPDFCatalog_IsTagged(document.raw)
    assert document.get_metadata_value("Title") == WORDS["km"][0]


def test_the_letter_fetches_nothing_from_anywhere():
    letter = html(paper("th"), foot=(("Unsubscribe", "https://centre.test/out"),))
    assert not re.search(r"<(img|link|script|style|iframe)|url\(|src=|@import", letter)
    outside = re.sub(r'href="[^"]*"', "", letter)
    shown = re.sub(r">[^<]*<", "><", outside)
    assert "http" not in shown
    assert 'href="https://centre.test/out"' in letter


@pytest.mark.parametrize("lang", WORDS)
def test_lines_of_plain_text_fit_their_columns_and_break_between_words(lang: str):
    lines = text(paper(lang)).splitlines()
    assert all(columns(line) <= 72 for line in lines if "http" not in line)
    marks = tuple(letter for line in lines for letter in line.strip()[:1]
                  if unicodedata.category(letter) in ("Mn", "Mc"))
    assert marks == ()


def test_a_citation_of_no_source_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="3"):
        replace(paper("en"), blocks=(Passage("A", (3,)),))
