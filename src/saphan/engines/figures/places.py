"""The places that a text names: economies, provinces of China and main cities."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final

from babel import Locale, UnknownLocaleError

from saphan.engines.figures import tables
from saphan.engines.figures.tables import SPACED
from saphan.engines.language.normalise import to_traditional
from saphan.engines.language.terms import read_terms

_ECONOMIES: Final = Path(__file__).parents[1] / "matching" / "data" / "wishes" / "economies.txt"
_MORE: Final = [
    "JP", "KR", "IN", "US", "GB", "DE", "FR", "RU", "AU", "NZ", "BR", "CA", "IT", "ES",
    "NL", "CH", "SE", "AE", "SA", "IL", "KZ", "BD", "PK", "LK", "NP", "ZA", "EG", "NG",
    "KE", "MN", "KP", "PG", "PT", "MX", "TR", "BN", "KH", "ID", "LA", "MY", "MM", "PH",
    "SG", "TH", "TL", "VN", "CN", "HK", "MO", "TW",
]  # fmt: skip
_LOCALES: Final = {"zh": "zh", "tet": "pt"}
_ENGLISH: Final = frozenset({"id", "ms", "fil", "pt", "tet", "vi"})
"""Languages that use English names of cities where the table has none of their own."""
_PLAIN: Final = frozenset({"Anh", "Mali", "Niger", "Chad", "Peru"})
"""Names that are more often another word."""
_MAINLAND: Final = re.compile(r"特别行政区|[（(].*[)）]")
_PAIR: Final = re.compile(r"\s?[-–—－·/]\s?|\s?—+\s?")
_MINOR_AFTER: Final = re.compile(
    r"[大学]{2}|银行|集团|公司(?!的)|路(?!线)|日报|晚报|新闻网|铁路|语(?!音)"
)
_LANGUAGE_BEFORE: Final = re.compile(r"(?:ภาษา|ພາສາ|ភាសា|\btiếng |\bbahasa )$")


@dataclass(frozen=True, slots=True)
class Place:
    """A place at a place in the text. `partner`: the other side of a relation or a way;
    `adjective`: tells whose people or firms are meant ("Chinese tourists")."""

    start: int
    end: int
    name: str
    code: str
    partner: bool = False
    adjective: bool = False


@cache
def _gazetteer(lang: str) -> tuple[re.Pattern[str], dict[str, str]]:
    names: dict[str, str] = {}
    for code, entry in tables.whole("places").items():
        for form in _forms(entry, lang):
            names.setdefault(form, code)
    for concept in read_terms(_ECONOMIES.read_text(encoding="utf-8").splitlines()):
        code = {"asean": "ASEAN"}.get(concept.id, concept.id.upper())
        if len(code) == 2 or code == "ASEAN":
            key = "zh-Hans" if lang == "zh" else lang
            for form in concept.labels.get(key, ()):
                names.setdefault(re.escape(form), code)
    for code, form in _territories(lang).items():
        names.setdefault(re.escape(form), code)
    for plain in _PLAIN:
        names.pop(plain, None)
    joined = "|".join(sorted(names, key=len, reverse=True))
    edge = r"(?<![^\W\d_])", r"(?![^\W\d_])"
    pattern = f"{edge[0]}(?:{joined}){edge[1]}" if lang in SPACED else f"(?:{joined})"
    return re.compile(pattern), names


def _forms(entry: dict[str, Any], lang: str) -> list[str]:
    said = entry.get(lang) or (entry.get("id") if lang == "ms" else None)
    if not said and lang in _ENGLISH:
        said = entry.get("en")
    return tables.split(said) if said else []


def _territories(lang: str) -> dict[str, str]:
    try:
        known = Locale.parse(_LOCALES.get(lang, lang)).territories
    except (UnknownLocaleError, ValueError):
        return {}
    return {code: _MAINLAND.sub("", str(known[code])).strip() for code in _MORE if code in known}


@cache
def name_of(code: str, lang: str) -> str:
    """What a place is called in a language (BCP 47): the name that readers know, the short one in
    Chinese; empty where the tables have none."""
    plain = "zh" if lang.startswith("zh") else lang
    known: list[str] = []
    for concept in read_terms(_ECONOMIES.read_text(encoding="utf-8").splitlines()):
        if concept.id.upper() == code:
            known += concept.labels.get("zh-Hans" if plain == "zh" else plain, ())
    known += [name for each, name in _territories(plain).items() if each == code]
    if not known:  # of economies the table has what people are called, too
        known = [re.sub(r"\(\?.*\)", "", form)
                 for form in _forms(tables.whole("places").get(code, {}), plain)]
    if not known:
        return ""
    name = min(known, key=len) if plain == "zh" else known[0]
    return to_traditional(name) if lang == "zh-Hant" else name


@cache
def _code_of(name: str, lang: str) -> str:
    _, names = _gazetteer(lang)
    if name in names:
        return names[name]
    for form, code in names.items():
        if re.fullmatch(form, name):
            return code
    return ""


def find(text: str, plain: str, lang: str, home: dict[str, tuple[str, str]]) -> list[Place]:
    """The places of a paragraph in order. `text` as written, `plain` folded; `home`: the last
    country, region and town met before it, for "nationwide" and 全区; it is brought up to date.
    """
    pattern, _ = _gazetteer(lang)
    source = text if lang in SPACED or lang == "en" else plain
    raw = [(m.start(), m.end(), _code_of(m.group(), lang)) for m in pattern.finditer(source)]
    found = [
        Place(start, end, text[start:end], code, _is_partner(plain, start, end, lang),
              _is_adjective(plain, start, end, code, lang))
        for start, end, code in _single(plain, raw)
    ]
    events: list[Place] = sorted(found + _said_here(plain, lang), key=lambda one: one.start)
    placed: list[Place] = []
    for one in events:
        if one.code in ("here", "region", "town"):
            name, code = _home_of(one.code, placed, home, lang)
            if code:
                placed.append(Place(one.start, one.end, name, code))
            continue
        if placed and placed[-1].partner and 0 <= one.start - placed[-1].end <= 1:
            one = replace(one, partner=True)  # 至越南海防
        placed.append(one)
        if not one.partner and not one.adjective:
            home[_level(one.code)] = (one.name, one.code)
    return placed


def _single(plain: str, raw: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Without pairs such as China-ASEAN, which are parts of names, and names of institutions and
    languages."""
    kept = []
    for n, (start, end, code) in enumerate(raw):
        pair = any(
            _PAIR.fullmatch(plain, min(end, other[1]), max(start, other[0]))
            for other in raw[max(0, n - 1) : n + 2]
            if other[0] != start
        )
        spoken = _LANGUAGE_BEFORE.search(plain[max(0, start - 8) : start])
        if not pair and not spoken and not _MINOR_AFTER.match(plain, end):
            kept.append((start, end, code))
    return kept


def _is_partner(plain: str, start: int, end: int, lang: str) -> bool:
    """Whether a place is the other side: "with Viet Nam", 与越南合作, "exports to Laos"."""
    window = plain[max(0, start - 14) : start]
    if lang == "zh":
        after = plain[end : end + 14]
        if re.search("(?:通往|开往|飞往|前往|面向|走向|[至赴])$", window):
            return True
        led = re.search("[与同和对向往至赴]$|出口到$|销往$|发往$|[、和与及]$", window)
        return bool(led and re.match(
            r"[^，。；]{0,8}?(?:合作|共建|联合|出口|进口"
            r"|贸易|投资|签|开展|进出口|的企业|往来|市场|客商|等)",
            after)) or bool(re.search("出口到$|销往$|发往$|运往$|来自$", window))  # fmt: skip
    return bool(tables.pattern(lang, "partner", "", r"[\s\u00a0]?(?:the )?$").search(window))


_WHOSE_AFTER: Final = re.compile(
    r"(?:籍|的)?(?:留?学生|学员|企业|公司|客商|农民"
    r"|游客|专家|商人|投资者|工程师|代表|合作方|伙伴)"
    r"| (?:partners?|tourists|visitors|firms|companies"
    r"|students|investors|buyers|farmers|engineers|experts)"
)
_WHOSE_BEFORE: Final = re.compile(
    r"(?:บริษัท|นักศึกษา|นักท่องเที่ยว|นักลงทุน|ผู้ประกอบการ|ແຮງງານ|ບໍລິສັດ|ນັກທ່ອງທ່ຽວ|ນັກລົງທຶນ"
    r"|(?:doanh nghiệp|đối tác|du khách|khách|công ty|sinh"
    r" viên|nhà đầu tư) |(?:turis|mitra|wisatawan|perusahaan"
    r"|investor|mahasiswa|syarikat) )$"
)


def _is_adjective(plain: str, start: int, end: int, code: str, lang: str) -> bool:
    if not re.fullmatch("[A-Z]{2}", code):
        return False
    return bool(_WHOSE_AFTER.match(plain, end) if lang in ("zh", "en")
                else _WHOSE_BEFORE.search(plain[max(0, start - 20) : start]))  # fmt: skip


def _said_here(plain: str, lang: str) -> list[Place]:
    found: list[Place] = []
    for kind, code in (("here", "here"), ("region", "region"), ("province", "region"),
                       ("town", "town")):  # fmt: skip
        if kind in tables.table("words", lang):
            found += [Place(m.start(), m.end(), "", code)
                      for m in tables.pattern(lang, kind).finditer(plain)
                      if plain[m.start() - 1 : m.start()] != "占"]  # fmt: skip
    return found


def _level(code: str) -> str:
    if re.fullmatch("[A-Z]{2}", code):
        return "here"
    return "region" if re.fullmatch("[A-Z]{2}-[A-Z]{2}", code) else "town"


def _home_of(
    kind: str, placed: list[Place], home: dict[str, tuple[str, str]], lang: str
) -> tuple[str, str]:
    if kind == "here" and lang == "zh" and "here" not in home:
        return "中国", "CN"
    return home.get(kind, ("", ""))
