"""Which encoding a page is really in."""

from __future__ import annotations

import unicodedata

import pytest

from saphan.engines.extraction.encoding import decode

THAI = "นายกรัฐมนตรีของประเทศไทยเดินทางเยือนจีนเพื่อหารือเรื่องปัญญาประดิษฐ์ ในวันที่ ๕ มีนาคม พ.ศ. ๒๕๖๘"
VIETNAMESE = (
    "Thủ tướng Việt Nam đã đến thăm trung tâm hợp tác trí tuệ nhân tạo tại Nam Ninh, Quảng Tây."
)
SIMPLIFIED = "广西人工智能产业合作中心四月在南宁揭牌，面积为一万九千平方米。"
TRADITIONAL = "廣西人工智慧產業合作中心四月在南寧揭牌，面積為一萬九千平方公尺。"
PORTUGUESE = "A cooperação entre a China e São Paulo não é só económica; as relações vão além."


def windows_1258(text: str) -> bytes:
    """As Windows wrote Vietnamese: letters with their tone as a byte of its own."""
    written = b""
    for char in text:
        try:
            written += char.encode("cp1258")
        except UnicodeEncodeError:
            parts = unicodedata.normalize("NFD", char)
            tone = next(part for part in parts if part in "\u0300\u0301\u0303\u0309\u0323")
            letter = unicodedata.normalize("NFC", parts.replace(tone, ""))
            written += letter.encode("cp1258") + tone.encode("cp1258")
    return written


@pytest.mark.parametrize("said", ["", "utf-8", "iso-8859-1", "gb2312", "big5", "tis-620"])
@pytest.mark.parametrize(
    ("text", "body", "encoding"),
    [
        (THAI, THAI.encode("cp874"), "cp874"),
        (VIETNAMESE, windows_1258(VIETNAMESE), "cp1258"),
        (SIMPLIFIED, SIMPLIFIED.encode("gb18030"), "gb18030"),
        (TRADITIONAL, TRADITIONAL.encode("big5"), "big5"),
        (PORTUGUESE, PORTUGUESE.encode("cp1252"), "cp1252"),
        (THAI, THAI.encode(), "utf-8"),
        (SIMPLIFIED, SIMPLIFIED.encode(), "utf-8"),
    ],
)
def test_a_text_is_read_right_whatever_its_server_claims(
    text: str, body: bytes, encoding: str, said: str
) -> None:
    found = decode(body, f"text/html; charset={said}" if said else "text/html")
    assert (found.text, found.encoding) == (text, encoding)


def test_a_lying_charset_is_named() -> None:
    page = b'<meta charset="utf-8"><p>' + SIMPLIFIED.encode("gb18030")
    assert decode(page).warnings == ("wrong_charset:utf-8",)
    assert decode(SIMPLIFIED.encode(), "text/html; charset=GBK").warnings == ("wrong_charset:gbk",)


def test_an_honest_charset_brings_no_warning() -> None:
    assert decode(SIMPLIFIED.encode("gbk"), "text/html; charset=gb2312").warnings == ()
    assert decode(TRADITIONAL.encode("big5"), "text/html; charset=big5").warnings == ()
    assert decode(b"plain", "text/html; charset=gb2312").warnings == ()


def test_a_byte_order_mark_wins_over_what_is_said() -> None:
    for codec in ("utf-8-sig", "utf-16"):
        assert decode(THAI.encode(codec), "text/html; charset=gb2312").text == THAI


def test_utf_8_that_was_cut_in_the_middle_of_a_character_is_still_utf_8() -> None:
    found = decode(SIMPLIFIED.encode()[:-4], "text/html; charset=gb2312")
    assert found.encoding == "utf-8" and found.text.startswith(SIMPLIFIED[:-3])


def test_any_bytes_give_a_text() -> None:
    for seed in range(200):
        decode(bytes((seed * 31 + at * at * 7) % 256 for at in range(300)), "x; charset=nonsense")
    decode(b"\x80" * 50, "text/html; charset=rot13")
