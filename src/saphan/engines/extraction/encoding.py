"""Find out what encoding a page is really in.

Order: byte order mark, then bytes that decide (valid UTF-8 with anything beyond ASCII in it), the
HTTP header, the page's own `meta`, a guess. A header or `meta` is believed only while the text that
it gives looks like a language: servers that say UTF-8 over GB2312 pages, or Latin 1 over Thai ones,
are common among the sites that we read.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from saphan.engines.extraction.model import BROKEN_CHARACTERS, WRONG_CHARSET

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDER: Final = {
    "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "gb_2312-80": "gb18030",
    "gb-2312": "gb18030", "utf8": "utf-8", "unicode": "utf-8", "big5": "big5hkscs",
    "big5-hkscs": "big5hkscs", "x-x-big5": "big5hkscs", "tis-620": "cp874", "tis620": "cp874",
    "windows-874": "cp874", "iso-8859-11": "cp874", "windows-1258": "cp1258",
    "iso-8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252",
    "ascii": "cp1252", "windows-1252": "cp1252", "iso-8859-9": "cp1254",
    "shift-jis": "cp932", "shift_jis": "cp932", "x-sjis": "cp932", "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
}  # fmt: skip
"""What people call an encoding, and the superset that browsers read instead (WHATWG)."""
_GUESSES: Final = ("gb18030", "big5hkscs", "cp874", "cp1258", "cp1252", "cp932", "cp949", "cp1251")
_HEADER: Final = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.I)
_META: Final = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]+)|<\?xml[^>]{0,80}encoding=[\"']([\w.:-]+)",
    re.I,
)
_LOOKED_AT: Final = 4096
"""Bytes in which a page may name its encoding."""
_SAMPLE: Final = 20_000
"""Bytes beyond ASCII that a guess looks at, with what stands between them."""
_TORN: Final = 0.02
"""Share of torn characters in UTF-8 that is still UTF-8: cut in the middle, or pasted together."""
_BETTER: Final = 0.25
"""How much likelier another encoding must look before a page's own word is not believed."""
_REFUSED: Final = 0.45
"""A likelihood below which no word is believed while something better is at hand."""

# The characters that make up about half of any running text, by published frequency counts.
_SIMPLIFIED: Final = frozenset(
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里"
    "用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实"
    "日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政"
    "美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员"
    "解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件"
    "计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象"
    "完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运，。、"
)
_TRADITIONAL: Final = frozenset(
    "的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年過發後作裡"
    "用道行所然家種事成方多經麼去法學如都同現當沒動面起看定天分還進好小部其些主樣理心她本前開但因只從想實"
    "日軍者意無力它與長把機十民第公此已工使情明性知全三又關點正業外將兩高間由問很最重並物手應戰向頭文體政"
    "美相見被利什二等產或新己制身果加西斯月話合回特代內信表化老給世位次度門任常先海通教兒原東聲提立及比員"
    "解水名真論處走義各入幾口認條平系氣題活爾更別打女變四神總何電數安少報才結反受目太量再感建務做接必場件"
    "計管期市直德資命山金指克許統區保至隊形社便空決治展馬科司五基眼書非則聽白卻界達光放強即像難且權思王象"
    "完設式色路記南品住告類求據程北邊死張該交規萬取拉格望覺術領共確傳師觀清今切院讓識候帶導爭運，。、"
)
_THAI_MARK: Final = re.compile(r"[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]")
_THAI_MARK_PLACED: Final = re.compile(
    r"(?<=[\u0e01-\u0e2e\u0e31\u0e34-\u0e39\u0e4d])[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]"
)
_THAI_COMMON: Final = frozenset(
    "านรอกเงมยลวดทสต\u0e31\u0e34\u0e35\u0e48\u0e49\u0e30\u0e1b\u0e04\u0e44\u0e1e\u0e2b\u0e41\u0e1a\u0e43"
)
_VIETNAMESE: Final = frozenset(
    "ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ"
)
_SCRIPTS: Final = re.compile(rb"(?i)(</?(?:script|style)\b)")
_MARKUP: Final = re.compile(rb"<[^<>]{1,2000}>")
_TONED: Final = re.compile(r"[aeiouyăâêôơư][\u0300\u0301\u0303\u0309\u0323]", re.I)


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, the encoding it was in, and warnings."""

    text: str
    encoding: str
    warnings: tuple[str, ...] = ()


def decode(body: bytes, content_type: str = "") -> Decoded:
    """The text of some bytes; never raises. `content_type` is the HTTP header as it came."""
    for mark, name in _BOMS:
        if body.startswith(mark):
            return _finish(body[len(mark) :], name, "")
    named = _named(body, content_type)
    if body.isascii():
        return Decoded(body.decode("ascii"), "utf-8")
    wide = _without_mark(body)
    if wide:
        return _finish(body, wide, "")
    if _is_utf8(body):
        return _finish(body, "utf-8", _disagreeing(named, "utf-8"))
    return _by_likelihood(body, named)


def _named(body: bytes, content_type: str) -> list[tuple[str, str]]:
    """What the header and then the page itself say: [(as written, the codec's name)]."""
    found: list[str] = []
    if header := _HEADER.search(content_type):
        found.append(header[1])
    found += [
        (one or two).decode("ascii", "replace") for one, two in _META.findall(body[:_LOOKED_AT])
    ]
    known = [(name.lower(), _codec(name)) for name in found]
    return [(name, codec) for name, codec in known if codec]


def _codec(name: str) -> str:
    lower = name.strip().lower()
    try:
        codec = codecs.lookup(_WIDER.get(lower, lower))
    except (LookupError, ValueError):
        return ""
    # Codecs of Python that are no character sets (rot13, zlib) raise or swell: leave them.
    return codec.name if getattr(codec, "_is_text_encoding", True) else ""


def _without_mark(body: bytes) -> str:
    """UTF-16 without a mark: every other byte of its ASCII is zero."""
    head = body[:400]
    if head.count(0) * 3 < len(head):
        return ""
    return "utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be"


def _is_utf8(body: bytes) -> bool:
    """Valid, or torn in few places: no other encoding looks like it by chance."""
    try:
        body.decode("utf-8")
        return True
    except UnicodeDecodeError:
        text = body.decode("utf-8", "replace")
    torn = text.count("\ufffd")
    whole = sum(1 for char in text if char > "\x7f") - torn
    return torn <= max(1, whole * _TORN) and whole > torn


def _disagreeing(named: list[tuple[str, str]], encoding: str) -> str:
    """The first name that is another encoding; Latin 1 is what servers say who say nothing."""
    return next((name for name, codec in named if codec != encoding), "")


def _by_likelihood(body: bytes, named: list[tuple[str, str]]) -> Decoded:
    sample = _sample(body)
    likely = {codec: likelihood(sample, codec) for _, codec in named}
    for _, codec in named[:1]:
        if likely[codec] > 1 - _BETTER:  # nothing could be likelier by enough: no need to look
            return _finish(body, codec, _disagreeing(named, codec))
    guesses = {codec: likelihood(sample, codec) for codec in _GUESSES}
    best = max(guesses, key=lambda codec: guesses[codec])
    for _, codec in named:
        if likely[codec] + _BETTER >= guesses[best] and (
            likely[codec] >= _REFUSED or likely[codec] >= guesses[best]
        ):
            return _finish(body, codec, _disagreeing(named, codec))
    return _finish(body, best, _disagreeing(named, best))


def _sample(body: bytes) -> bytes:
    """What stands between the tags and is beyond ASCII; cut at ASCII only, so that no character of
    several bytes is torn."""
    text = _MARKUP.sub(b" ", _without_scripts(body[:600_000]))
    runs = [run for run in text.split() if not run.isascii()]
    total, kept = 0, 0
    while kept < len(runs) and total < _SAMPLE:
        total += len(runs[kept]) + 1
        kept += 1
    return b" ".join(runs[:kept])


def _without_scripts(body: bytes) -> bytes:
    """Without what stands between `<script` or `<style` and their ends, in one pass."""
    parts = _SCRIPTS.split(body)
    pairs = zip(parts[1::2], parts[2::2], strict=True)
    return b" ".join([parts[0], *(after for mark, after in pairs if mark.startswith(b"</"))])


def likelihood(sample: bytes, codec: str) -> float:
    """How much a sample read as `codec` looks like a language, 0 to 1."""
    try:
        text = sample.decode(codec, "replace")
    except (LookupError, ValueError):
        return 0.0
    beyond = [char for char in text if char > "\x7f"]
    if not beyond:
        return 0.0
    torn = sum(1 for char in beyond if char == "\ufffd" or unicodedata.category(char) in _NEVER)
    whole = 1 - min(1.0, 8 * torn / len(beyond))
    return whole * _plausible(text, beyond, codec)


_NEVER: Final = frozenset({"Cc", "Co", "Cn", "Cs"})


def _plausible(text: str, beyond: list[str], codec: str) -> float:
    """Whether the characters are those that people use, and stand where they can stand."""
    size = len(beyond)
    if codec in {"gb18030", "big5hkscs", "cp932", "cp949", "utf-8"}:
        common = _SIMPLIFIED if codec == "gb18030" else _TRADITIONAL
        # About half of running text is common; pages with many names have less.
        chinese = min(1.0, 2.2 * sum(char in common for char in beyond) / size)
        if codec in {"gb18030", "big5hkscs"}:
            return chinese
        low, high = ("\u3040", "\u30ff") if codec == "cp932" else ("\uac00", "\ud7a3")
        if codec == "utf-8":
            return 0.5
        return min(1.0, 1.3 * sum(low <= char <= high for char in beyond) / size)
    if codec == "cp874":
        thai = sum("\u0e00" <= char <= "\u0e7f" for char in beyond) / size
        marks = len(_THAI_MARK.findall(text))
        placed = len(_THAI_MARK_PLACED.findall(text)) / marks if marks else 0.6
        if marks * 20 < size and size > 20:
            return 0.3 * thai
        usual = sum(char in _THAI_COMMON for char in beyond) / size
        return float(thai * placed**4 * min(1.0, max(0.0, (usual - 0.4) / 0.3)))
    if codec == "cp1258":
        marks = sum(unicodedata.combining(char) > 0 for char in beyond)
        # Vietnamese without a tone in it is not Vietnamese; Western text has no combining bytes.
        if marks * 12 < size:
            return 0.0
        placed = len(_TONED.findall(text)) / marks
        composed = [char for char in unicodedata.normalize("NFC", text).lower() if char > "\x7f"]
        return placed**3 * sum(char in _VIETNAMESE for char in composed) / max(1, len(composed))
    return _western(text, beyond)


def _western(text: str, beyond: list[str]) -> float:
    """Latin or Cyrillic letters of a single-byte set: small letters inside words, few in a row."""
    letters = [char for char in beyond if char.isalpha()]
    cyrillic = sum("\u0400" <= char <= "\u04ff" for char in letters)
    if cyrillic * 2 > len(letters) and letters:
        small = sum(char.islower() for char in letters) / len(letters)
        runs = len(re.findall(r"[\u0400-\u042f]{1}[\u0430-\u045f]|[\u0430-\u045f]{2}", text))
        return min(0.9, small * min(1.0, 2.4 * runs / len(letters)))
    runs = sum(len(run) for run in re.findall(r"[^\x00-\x7f]{3,}", text))
    quotes = sum(char in "’‘“”–—…«» £©®°é·•" for char in beyond)
    small = sum(char.islower() for char in letters)
    return 0.9 * (1 - runs / len(beyond)) * min(1.0, (quotes + small) / len(beyond) + 0.1)


def _finish(body: bytes, codec: str, lied: str) -> Decoded:
    text = body.decode(codec, "replace")
    if codec == "cp1258":
        text = unicodedata.normalize("NFC", text)
    warnings: tuple[str, ...] = (f"{WRONG_CHARSET}:{lied}",) if lied else ()
    if "\ufffd" in text[:-2]:
        warnings += (BROKEN_CHARACTERS,)
    return Decoded(text, "big5" if codec == "big5hkscs" else codec, warnings)
