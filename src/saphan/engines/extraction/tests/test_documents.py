"""Files that people bring."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import docx
import pytest
import typst

from saphan.engines.extraction import ExtractionProblem, read
from saphan.engines.extraction.documents import _unwrapped

TODAY = date(2027, 3, 1)


def word(*paragraphs: str, title: str = "") -> bytes:
    document = docx.Document()
    if title:
        document.add_heading(title, 0)
    for text in paragraphs:
        document.add_paragraph(text)
    table = document.add_table(rows=2, cols=2)
    for at, text in enumerate(["Year", "Firms", "2024", "1,234"]):
        table.cell(at // 2, at % 2).text = text
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def pdf(source: str) -> bytes:
    made = typst.compile(source.encode())
    assert isinstance(made, bytes)
    return made


def code(body: bytes, name: str = "") -> str:
    with pytest.raises(ExtractionProblem) as refused:
        read(body, name=name, today=TODAY)
    return refused.value.code


def test_a_word_document_comes_with_its_tables() -> None:
    body = word("Nanning, 16 April 2025", "The centre grew last year.", title="Annual report")
    found = read(body, name="report.docx", today=TODAY)
    assert (found.how, found.title) == ("docx", "Annual report")
    assert "The centre grew last year." in found.text.split("\n\n")
    assert "2024 | 1,234" in found.text.split("\n\n")
    assert found.published == date(2025, 4, 16)


def test_an_archive_that_swells_is_refused_unread() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 80_000_000)
    assert len(file.getvalue()) < 1_000_000
    assert code(file.getvalue(), "bomb.docx") == "too_large"


def test_a_pdf_is_read_line_by_line_and_hyphens_are_taken_back() -> None:
    body = pdf(
        "#set page(width: 9cm, height: 12cm)\n#set par(justify: true)\n"
        "#set text(hyphenate: true)\n"
        "= Extraordinary circumstances\n\nInternationalisation of telecommunications "
        "infrastructure notwithstanding, administrative responsibilities remained "
        "extraordinarily complicated.\n\nA second paragraph stands by itself."
    )
    found = read(body, name="notes.pdf", today=TODAY)
    assert found.how == "pdf"
    assert found.text.split("\n\n") == [
        "Extraordinary circumstances",
        "Internationalisation of telecommunications infrastructure notwithstanding, "
        "administrative responsibilities remained extraordinarily complicated.",
        "A second paragraph stands by itself.",
    ]


def test_two_columns_are_read_one_after_the_other() -> None:
    left = "Alpha begins the left column and goes on for a while until it reaches the end of it."
    right = "Omega begins the right column and goes on for a while until all has been said in it."
    body = pdf(f"#columns(2)[{left}\n#colbreak()\n{right}]")
    assert read(body, today=TODAY).text == f"{left}\n\n{right}"


def test_a_saved_page_comes_out_of_its_file() -> None:
    text = "The port opened on Monday, and ships came from three countries to see it. " * 8
    page = f"<html><head><title>Port opens</title></head><body><p>{text}</p></body></html>"
    saved = (
        "From: <Saved by a browser>\nSnapshot-Content-Location: https://x.example/2025/04/16/port\n"
        'MIME-Version: 1.0\nContent-Type: multipart/related; type="text/html"; boundary="b"\n\n'
        f"--b\nContent-Type: text/html; charset=utf-8\n\n{page}\n--b--\n"
    )
    found = read(saved.encode(), name="port.mhtml", today=TODAY)
    assert found.text == text.strip()
    assert found.published == date(2025, 4, 16)
    assert found.address == "https://x.example/2025/04/16/port"


def test_a_paper_that_begins_with_quotes_in_another_language_is_in_its_own() -> None:
    quote = "广西壮族自治区大数据发展局公布了去年的数字。"
    words = "Trung tâm hợp tác trí tuệ nhân tạo tại Nam Ninh đã mở cửa vào tháng tư năm ngoái. "
    assert read(f"{quote}\n\n{words * 4}".encode(), name="a.txt", today=TODAY).lang == "vi"


def test_plain_text_keeps_its_paragraphs_and_first_line() -> None:
    found = read(
        "港口开放\n\n南宁港星期一开放。\n\n三个国家的船到场。".encode("gbk"),
        name="a.txt",
        today=TODAY,
    )
    assert (found.how, found.title, found.encoding) == ("plain", "港口开放", "gb18030")
    assert found.text == "南宁港星期一开放。\n\n三个国家的船到场。"


def test_lines_broken_at_a_width_are_joined_and_others_are_not() -> None:
    wrapped = "One line of a letter that somebody broke at seventy characters or so\n" * 5
    assert "\n\n" not in _unwrapped(wrapped)
    assert _unwrapped("First.\nSecond.\nThird.") == "First.\n\nSecond.\n\nThird."


@pytest.mark.parametrize(
    ("body", "name", "expected"),
    [
        (b"", "a.pdf", "empty"),
        (b"%PDF-1.7\nnot really", "a.pdf", "broken"),
        (b"PK\x03\x04 torn", "a.docx", "broken"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00\x01\x02" * 100, "a.png", "unsupported"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 600, "old.doc", "locked"),
        (b"just words", "a.pdf", "broken"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(body: bytes, name: str, expected: str) -> None:
    assert code(body, name) == expected
