"""Read from where something should come, or where it should work, and from where it must not.

Names count in every form the data files hold. Adjectives of the spaced languages ("Chinese",
"chinesa") count only beside a noun such as "company", for they also name food and people.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from saphan.engines.language.codes import family
from saphan.engines.language.terms import Hit, TermBase
from saphan.engines.matching.clauses import Sentence
from saphan.engines.matching.economies import GROUPS, members

_NOUNS_EN: Final = (
    "company|companies|firm|firms|partner|partners|market|markets|university|universities"
    "|supplier|suppliers|buyer|buyers|manufacturer|manufacturers|maker|makers|factory|factories"
    "|hospital|hospitals|farm|farms|institute|institutes|vendor|vendors|producer|producers"
    "|distributor|distributors|investor|investors|port|ports|government|agency|importer|importers"
    "|exporter|exporters|start-?ups?|cooperatives?|school|schools|product|products|machine"
    "|machines|equipment|technology|technologies|solution|solutions|brand|brands|developer"
    "|developers|team|teams|research|laboratory|lab|made|side|sellers?|provider|providers"
)
_ADJECTIVES_EN: Final = {
    "thai": "th", "chinese": "cn", "vietnamese": "vn", "lao": "la", "laotian": "la",
    "cambodian": "kh", "khmer": "kh", "burmese": "mm", "malaysian": "my", "indonesian": "id",
    "filipino": "ph", "philippine": "ph", "singaporean": "sg", "bruneian": "bn",
    "timorese": "tl", "taiwanese": "tw", "macanese": "mo", "japanese": "jp", "korean": "kr",
    "indian": "in", "american": "us",
}  # fmt: skip
_NOUNS_PT: Final = (
    "empresas?|parceir[oa]s?|mercados?|universidades?|fornecedor(?:es)?|fábricas?|hospita(?:l|is)"
    "|compradores?|clientes?|agricultor(?:es)?|investidor(?:es)?|fabricantes?|institutos?"
    "|equipamentos?|tecnologias?|produtos?|máquinas?|marcas?|soluç(?:ão|ões)"
)
_ADJECTIVES_PT: Final = {
    "tailandes[ae]s?|tailandês": "th", "chines[ae]s?|chinês": "cn", "vietnamitas?": "vn",
    "laosian[oa]s?": "la", "cambojan[oa]s?": "kh", "birmanes[ae]s?|birmanês": "mm",
    "malai[oa]s?|malasi[oa]s?": "my", "indonési[oa]s?": "id", "filipin[oa]s?": "ph",
    "singapurian[oa]s?": "sg", "timorenses?": "tl", "macaenses?": "mo",
    "taiwanes[ae]s?|taiwanês": "tw", "japones[ae]s?|japonês": "jp",
}  # fmt: skip
_ANY_EN: Final = "|".join(_ADJECTIVES_EN)
_ENGLISH: Final = re.compile(
    rf"\b(?P<adjective>{_ANY_EN})(?=(?:\s*(?:,|or|and|/|nor)\s*(?:{_ANY_EN}))*"
    rf"[\s-]+(?:[\w-]+\s+){{0,2}}?(?:{_NOUNS_EN})\b)",
    re.IGNORECASE,
)
_NON_ENGLISH: Final = re.compile(rf"\bnon[- ](?P<adjective>{_ANY_EN})\b", re.IGNORECASE)
_PORTUGUESE: Final = tuple(
    (re.compile(rf"\b(?:{_NOUNS_PT})\s+(?:\w+\s+(?:e"
    rf"|ou)\s+)?(?P<adjective>{words})\b", re.IGNORECASE), code)
    for words, code in _ADJECTIVES_PT.items()
)  # fmt: skip
_HOME: Final = {"th": "th", "lo": "la", "km": "kh", "my": "mm", "vi": "vn", "zh-Hans": "cn"}
"""Where a language is at home: there its name of the country is most often just an adjective."""
_ORIGIN_REACH: Final = 12
_WAY_REACH: Final = 8
_NAMES_READ: Final = 40
"""Places of one text that are looked at."""
_SEARCHING: Final = re.compile(
    r"look|seek|search|find|[寻尋找]|หา|tìm|cari|hanap|procur|busca|தேடு|ရှာ|រក|ຊອກ"
    r"|ຫາ", re.IGNORECASE
)
_USED_THERE: Final = re.compile(
    r" (?:markets?|hospitals?|farms?|schools?|ports?)", re.IGNORECASE
)
_WAY: Final = re.compile(r"\s*(?:[-–—→>]+|to|到|至|ไป|đi|đến|ke|para|ໄປ|ຫາ|ទៅ)\s*", re.IGNORECASE)
_FROM_TA: Final = re.compile(r"\S*லிருந்து|\S{0,3} ?(?:நிறுவன|பல்கலை|முதலீட்|தயாரிப்|ஆராய்ச்சி)")


@dataclass(frozen=True, slots=True)
class Places:
    """What a text says of economies."""

    wanted: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    origin: bool = False
    """Whether every place that is wanted is the home of the maker or partner."""
    wanted_hits: tuple[Hit, ...] = ()
    refused_hits: tuple[Hit, ...] = ()


def read_places(sentence: Sentence, names: TermBase, taken: Sequence[Hit]) -> Places:
    """The economies wanted and refused; `taken` are names of languages, which are left aside."""
    hits = [hit for hit in _found(sentence, names) if not _overlaps(hit, taken)][:_NAMES_READ]
    wanted: list[Hit] = []
    refused: list[Hit] = []
    for hit in hits:
        if sentence.is_shut_out(hit, hits):
            refused.append(hit)
        elif not (
            sentence.is_own(hit)
            or sentence.is_traded(hit)
            or _is_goods(sentence, hit)
            or _is_home_adjective(sentence, hit)
            or _is_route(sentence, hit, hits)
        ):
            wanted.append(hit)
    named = {hit.concept for hit in wanted}
    refused = [hit for hit in refused if hit.concept not in named]  # "not from outside X, only X"
    left_out = _codes(refused)
    return Places(
        wanted=tuple(code for code in _codes(wanted) if code not in left_out),
        refused=left_out,
        origin=bool(wanted) and all(_is_origin(sentence, hit) for hit in wanted),
        wanted_hits=tuple(wanted),
        refused_hits=tuple(refused),
    )


def _found(sentence: Sentence, names: TermBase) -> list[Hit]:
    text = sentence.text
    hits = [hit for hit in names.find(text, sentence.lang) if hit.concept != "other"]
    patterns: list[tuple[re.Match[str], str]] = []
    if sentence.lang == "en":
        patterns += [
            (match, _ADJECTIVES_EN[match["adjective"].lower()])
            for pattern in (_ENGLISH, _NON_ENGLISH)
            for match in pattern.finditer(text)
        ]
    if sentence.lang in ("pt", "tet"):
        patterns += [(m, code) for words, code in _PORTUGUESE for m in words.finditer(text)]
    for match, code in patterns:
        hit = Hit(code, match.start("adjective"), match.end("adjective"))
        if not _overlaps(hit, hits):
            hits.append(hit)
    return sorted(hits, key=lambda hit: hit.start)


def _codes(hits: Sequence[Hit]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code for hit in hits for code in members(hit.concept)))


def _overlaps(hit: Hit, others: Sequence[Hit]) -> bool:
    return any(other.start < hit.end and hit.start < other.end for other in others)


def _is_goods(sentence: Sentence, hit: Hit) -> bool:
    """Whether a name only tells which people or goods are meant: "Chinese tourists"."""
    if _is_customers(sentence, hit):
        return True
    if sentence.touching("place", hit, 1) and not sentence.touching("goods", hit, 0):
        return False
    return sentence.touching("goods", hit, 4 if sentence.lang == "ta" else 1)


def _is_customers(sentence: Sentence, hit: Hit) -> bool:
    """Whether a place only tells whose customers they are; not where customers are looked for."""
    cue = sentence.before("buyers", hit, 5) or sentence.after("buyers", hit, 3)
    if not cue:
        return False
    first = Hit("", min(cue.start, hit.start), hit.end)
    seek = sentence.before("seek", first, 15)
    return not (seek and _SEARCHING.search(sentence.text[seek.start : seek.end]))


def _is_route(sentence: Sentence, hit: Hit, hits: Sequence[Hit]) -> bool:
    """Whether a place is one end of a way: "Hà Nội - Bằng Tường"."""
    text = sentence.text
    for other in hits:
        start, end = min(hit.end, other.end), max(hit.start, other.start)
        if 0 < end - start <= _WAY_REACH and _WAY.fullmatch(text, start, end):
            return not text[start:end].isspace()
    return False


def _is_home_adjective(sentence: Sentence, hit: Hit) -> bool:
    """Whether the name of the asker's own country is just an adjective, as in ยาไทย."""
    home = _HOME.get(sentence.lang) == hit.concept
    return home and not sentence.touching("place", hit, 1)


def _is_origin(sentence: Sentence, hit: Hit) -> bool:
    if hit.concept in GROUPS and not sentence.touching("origin", hit, 2):
        return False
    text = sentence.text
    if sentence.lang == "ta":
        return bool(_FROM_TA.match(text, hit.end))
    if family(sentence.lang) in ("zh", "my"):  # the noun follows
        return bool(sentence.after("origin", hit, 3) or sentence.before("origin", hit, 1)
                    or _continued(sentence, hit))  # fmt: skip
    if sentence.lang == "en" and text[hit.start : hit.end].lower() in _ADJECTIVES_EN:
        return not _USED_THERE.match(text, hit.end)
    if sentence.lang in ("pt", "tet") and text[hit.start : hit.end].islower():
        return True
    return sentence.before("origin", hit, _ORIGIN_REACH) is not None


def _continued(sentence: Sentence, hit: Hit) -> bool:
    """Whether another place and then a noun follow: 泰国或越南企业."""
    return sentence.after("origin", hit, _ORIGIN_REACH) is not None
