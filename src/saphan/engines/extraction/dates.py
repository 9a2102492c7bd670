"""The day on which an article came out, from what its page says about it.

Order of trust: meta elements, JSON-LD, `time` elements, the address, the visible text near the
title. Years may be Buddhist (2568 is 2025) or of the Republic of China (114 is 2025), digits of any
script. A day that has not come yet is never taken: it is a misreading, or the date of an event.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from typing import Final

from saphan.engines.extraction.page import Node
from saphan.engines.language.normalise import ascii_digits

_META: Final = frozenset(
    [
        "article:published_time",
        "og:published_time",
        "og:article:published_time",
        "bytedance:published_time",
        "datepublished",
        "pubdate",
        "publishdate",
        "publish_date",
        "publish-date",
        "publication_date",
        "pub_date",
        "date",
        "dc.date",
        "dc.date.issued",
        "dc.date.created",
        "dcterms.created",
        "dcterms.date",
        "dcterms.issued",
        "parsely-pub-date",
        "sailthru.date",
        "citation_date",
        "citation_publication_date",
        "apub:time",
        "weibo:article:create_at",
        "article:create_at",
        "displaydate",
        "originalpublicationdate",
        "publishedtime",
        "release_date",
        "_pubtime",
        "publishtime",
    ]
)
_JSON: Final = re.compile(
    r'"(?:datePublished|dateCreated|pubDate|publishTime)"\s*:\s*"([^"]{6,40})"'
)
_EARLIEST: Final = date(1990, 1, 1)
_LABELS: Final = re.compile(
    r"发布|發布|发表|發表|刊登|时间|時間|日期|来源|來源|posted|published|updated|date|เผยแพร่|วันที่|โพสต์|"
    r"ngày|đăng|cập nhật|diterbitkan|tayang|diterbit|publicado|publicação|inilathala|ວັນທີ|ថ្ងៃ|ရက်",
    re.I,
)

_CHANGED: Final = re.compile(r"\bupdated\b|\bmodified\b|cập nhật|แก้ไข|diperbarui", re.I)
_CALLED: Final = re.compile(r"\bdate|[-_]date\b|time\b|pub|riqi|shijian", re.I)
_TIMES: Final = 3

_MONTHS: Final[dict[str, int]] = {}


def _months(names: str) -> None:
    for number, variants in enumerate(names.split(), 1):
        for name in variants.split("/"):
            _MONTHS[name] = number


_months(
    "january/jan february/feb march/mar april/apr may june/jun july/jul august/aug "
    "september/sep/sept october/oct november/nov december/dec"
)
_months(
    "januari febuari/februari mac/maret april mei jun/juni julai/juli ogos/agustus/agt "
    "september oktober/okt november/nopember disember/desember/des"
)
_months(
    "janeiro fevereiro/fev março abril/abr maio/mai junho julho agosto/ago setembro/set "
    "outubro/out novembro dezembro/dez"
)
_months("enero pebrero marso abril mayo hunyo hulyo agosto setyembre oktubre nobyembre disyembre")
_months(
    "มกราคม/ม.ค. กุมภาพันธ์/ก.พ. มีนาคม/มี.ค. เมษายน/เม.ย. พฤษภาคม/พ.ค. มิถุนายน/มิ.ย. "
    "กรกฎาคม/ก.ค. สิงหาคม/ส.ค. กันยายน/ก.ย. ตุลาคม/ต.ค. พฤศจิกายน/พ.ย. ธันวาคม/ธ.ค."
)
_months("ມັງກອນ ກຸມພາ ມີນາ ເມສາ ພຶດສະພາ ມິຖຸນາ ກໍລະກົດ ສິງຫາ ກັນຍາ ຕຸລາ ພະຈິກ ທັນວາ")
_months("មករា កុម្ភៈ មីនា មេសា ឧសភា មិថុនា កក្កដា សីហា កញ្ញា តុលា វិច្ឆិកា ធ្នូ")
_months("ဇန်နဝါရီ ဖေဖော်ဝါရီ မတ် ဧပြီ မေ ဇွန် ဇူလိုင် ဩဂုတ် စက်တင်ဘာ အောက်တိုဘာ နိုဝင်ဘာ ဒီဇင်ဘာ")

_NAME: Final = "|".join(sorted((re.escape(name) for name in _MONTHS), key=len, reverse=True))
_YEAR: Final = r"(?P<y>(?:19|20|24|25|26)\d{2})"
_FORMS: Final = (
    re.compile(rf"(?<!\d){_YEAR}\s*[-/.年]\s*(?P<m>\d{{1,2}})\s*[-/.月]\s*(?P<d>\d{{1,2}})(?!\d)"),
    re.compile(r"(?<!\d)(?P<y>(?:19|20)\d{2})(?P<m>[01]\d)(?P<d>[0-3]\d)(?!\d{3,}(?!\d{2}))"),
    re.compile(r"民國\s*(?P<roc>\d{2,3})\s*年\s*(?P<m>\d{1,2})\s*月\s*(?P<d>\d{1,2})"),
    re.compile(rf"(?<!\d)(?P<d>\d{{1,2}})(?:st|nd|rd|th|º)?\s*(?:de\s+|ខែ\s*|ng\s+)?(?P<n>{_NAME})\.?,?\s*"
               rf"(?:de\s+|พ\.?ศ\.?\s*|ค\.?ศ\.?\s*|ឆ្នាំ\s*|ປີ\s*)?{_YEAR}", re.I),
    re.compile(rf"(?<!\w)(?P<n>{_NAME})\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+{_YEAR}", re.I),
    re.compile(rf"(?<!\d){_YEAR}\s+(?P<n>{_NAME})\.?\s+(?P<d>\d{{1,2}})(?!\d)", re.I),
    re.compile(rf"{_YEAR}\s*ခုနှစ်\D{{0,6}}(?P<n>{_NAME})\s*(?:လ)?\s*(?P<d>\d{{1,2}})"),
    re.compile(
        rf"(?P<d>\d{{1,2}})\s*tháng\s*(?P<m>\d{{1,2}})\s*(?:,|năm)?\s*(?:năm)?\s*{_YEAR}", re.I
    ),
    # Day first: who writes the year last in these countries writes the day first.
    re.compile(rf"(?<!\d)(?P<d>\d{{1,2}})\s*[-/.]\s*(?P<m>\d{{1,2}})\s*[-/.]\s*{_YEAR}(?!\d)"),
)  # fmt: skip
_IN_ADDRESS: Final = (
    re.compile(r"[/_-](?P<y>(?:19|20)\d{2})[-/]?(?P<m>[01]\d)[-/]?(?P<d>[0-3]\d)(?=\D|\d{4,}|$)"),
    re.compile(r"[/=](?P<y>(?:19|20)\d{2})[-/](?P<m>\d{1,2})[-/](?P<d>\d{1,2})(?=\D|$)"),
    re.compile(r"/t(?P<y>20\d{2})(?P<m>[01]\d)(?P<d>[0-3]\d)_"),
)


def read_day(text: str) -> date | None:
    """The first day that some words name, in whichever way people write one.

    >>> read_day("วันที่ ๕ มีนาคม พ.ศ. ๒๕๖๘")
    datetime.date(2025, 3, 5)
    """
    return next(days(text), None)


def days(text: str) -> Iterator[date]:
    """Every day that a text names, in order of place."""
    plain = ascii_digits(text)
    found = []
    for form in _FORMS:
        for match in form.finditer(plain):
            day = _day(match)
            if day:
                found.append((match.start(), -match.end(), day))
    return (day for _, _, day in sorted(found))


def _day(match: re.Match[str]) -> date | None:
    parts = match.groupdict()
    year = int(parts["y"]) if parts.get("y") else int(parts["roc"]) + 1911
    if year >= 2400:
        year -= 543
    month = int(parts["m"]) if parts.get("m") else _MONTHS[parts["n"].lower()]
    day = int(parts["d"])
    if "roc" not in parts and month > 12 >= day and match.re is _FORMS[-1]:
        month, day = day, month
    try:
        return date(year, month, day)
    except ValueError:
        return None


def published(root: Node, address: str, blocks: list[str], today: date) -> tuple[date | None, bool]:
    """The day, and whether one was found that has not come yet. `blocks`: what stands on the page
    before the article and its first paragraphs, in order."""
    # A server two days ahead of us does not exist; one in the next time zone does.
    latest = today + timedelta(days=1)
    future = False
    for day in _candidates(root, address, blocks):
        if day is None or day < _EARLIEST:
            continue
        if day > latest:
            future = True
            continue
        return min(day, today), future
    return None, future


def _candidates(root: Node, address: str, blocks: list[str]) -> Iterator[date | None]:
    for meta in root.iter("meta"):
        name = (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").lower()
        if name in _META:
            yield read_day((meta.get("content") or "")[:60])
    for script in root.iter("script"):
        if script.get("type") == "application/ld+json" and script.text:
            for value in _JSON.findall(script.text[:200_000]):
                yield read_day(value)
    times = [
        read_day((item.get("datetime") or item.get("content") or item.text_content())[:60])
        for item in islice(root.iter("time"), _TIMES + 1)
    ]
    if len(times) <= _TIMES:  # more are the dates of other articles
        yield from times
    marked = (
        item
        for item in root.iter("span", "div", "p", "abbr")
        if (item.get("itemprop") or "").lower() in {"datepublished", "datecreated"}
    )
    for item in islice(marked, 5):
        yield read_day((item.get("content") or item.get("title") or item.text_content())[:60])
    yield in_address(address)
    yield from _named(root)
    yield from _visible(blocks)
    yield from times


def _named(root: Node) -> Iterator[date | None]:
    """What stands in elements that are called dates, on pages with few of them."""
    named = (
        item
        for item in root.iter("span", "div", "p", "li", "em", "i", "td")
        if _CALLED.search(item.get("class") or "")
    )
    short = []
    for item in islice(named, 40):
        text = " ".join("".join(islice(item.itertext(), 12)).split())
        if len(text) < 80 and not _CHANGED.search(text[:20]) and (day := read_day(text)):
            short.append(day)
    if len(set(short)) <= _TIMES:
        yield from short


def in_address(address: str) -> date | None:
    """The day that an address of the web tells: `/2025/04/16/`, `/t20250416_1.html`."""
    for form in _IN_ADDRESS:
        if match := form.search(address):
            return _day(match)
    return None


def _visible(found: list[str]) -> Iterator[date | None]:
    """First what is labelled as a date, then any date in a line of its own; at last when the page
    was changed."""
    short = [text for text in found if len(text) < 200]
    first = [text for text in short if not _CHANGED.search(text)]
    for text in first:
        if _LABELS.search(text):
            yield read_day(text)
    for text in first:
        if len(text) < 60:
            yield read_day(text)
    for text in short:
        yield read_day(text)
