"""What surrounds a name in a sentence: who is meant, whether it is wanted, or shut out.

"Chinese vendor" is a wish in "we look for a Chinese vendor", the asker herself in "our Chinese
vendor", and shut out in "no Chinese vendor". Nothing is parsed: the words that tell these apart
(`data/wishes/cues.txt`) are looked for near the name and within its clause.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Final

from saphan.engines.language.codes import UNDETERMINED, family
from saphan.engines.language.normalise import fold
from saphan.engines.language.terms import Concept, Hit, TermBase

WISHES_DIRECTORY: Final = Path(__file__).parent / "data" / "wishes"

CLAUSE_END: Final = re.compile(r"[!?;。！？；，၊။\n]|[.,](?=\s|$)|(?<=\s)[-–—](?=\s)|:\s")
VERB_LAST: Final = frozenset({"my", "ta"})
"""Languages whose verb, and whose word for not, comes after its object."""

SELF_REACH: Final = 30
"""Characters between a word like 'our' and a name that is then taken for the asker's own."""
NO_REACH: Final = {True: 22, False: 8}
"""Characters between a word like 'not' and what it shuts out: with spaced words, and without."""
AFTER_REACH: Final = 16
_OR_REACH: Final = 14
TRADE_REACH: Final = 40

_ALSO_READ: Final = {"tet": ("pt",)}
_OR: Final = re.compile(
    r"[\s,、/]*(?:or|and|nor|和|或者?|及|与|與|、|หรือ|และ|hoặc|hay|và|ຫຼື|ແລະ|ឬ|និង|သို့မဟုတ်|နှင့်|နဲ့|atau|dan"
    r"|o|at|ou|e|nem|அல்லது|மற்றும்)?[\s,、/]*",
    re.IGNORECASE,
)
_SUBJECT: Final = re.compile(r"\s*(?:သည်|က(?=[\s၊]|$)|၏|ဖြစ်)")
_FILLER: Final = re.compile(
    r"(?:\s|any|an?|the|using|use of|having|installing|need for|more|extra|new|need|needing|on"
    r"|使用|用|安装|安裝|装|裝|有|任何|要|ใช้|มี|ติด|ต้อง|การ|dùng|sử dụng|lắp|cần|có|đến|ໃຊ້|ມີ|ຕິດ"
    r"|ប្រើ|មាន|ដំឡើង|menggunakan|memakai|pakai|guna|ada|perlu|gumagamit|ng|paggamit|nang|po"
    r"|usar|uso de|uma?|o|a|os|as|de|ter)*$",
    re.IGNORECASE,
)


class Clues:
    """The words of `cues.txt`, each looked for in texts of its own language only: "no" is a
    refusal in English and "in the" in Portuguese."""

    def __init__(self, path: Path = WISHES_DIRECTORY / "cues.txt") -> None:
        concepts = list(TermBase.load(path).concepts.values())
        groups = {family(lang) for concept in concepts for lang in concept.labels}
        self._bases = {group: TermBase(_only(concepts, group)) for group in groups}

    def find(self, text: str, lang: str) -> list[Hit]:
        """The cues of a text; those of English where its language is not known."""
        group = family(lang) if lang and lang != UNDETERMINED else "en"
        base = self._bases.get(group)
        return base.find(text, group) if base else []


def _only(concepts: Iterable[Concept], group: str) -> list[Concept]:
    groups = {group, *_ALSO_READ.get(group, ())}
    kept = []
    for concept in concepts:
        labels: list[str] = []
        for lang, words in concept.labels.items():
            if family(lang) in groups:
                labels += words
        if labels:
            # Under English, which is searched for in texts of every language.
            kept.append(Concept(concept.id, labels={"en": tuple(labels)}))
    return kept


class Sentence:
    """A text with its cues; answers what the surroundings of a hit say."""

    def __init__(self, text: str, lang: str, cues: Sequence[Hit]) -> None:
        self.text, self.lang = text, lang
        self._cues: dict[str, list[Hit]] = {}
        for cue in cues:
            self._cues.setdefault(cue.concept, []).append(cue)
        self.verb_last = lang in VERB_LAST

    @cached_property
    def folded(self) -> str:
        """The text folded for comparing; of the same length in nearly every case."""
        return fold(self.text)

    def cues(self, name: str) -> Sequence[Hit]:
        """The cues of one kind, in order."""
        return self._cues.get(name, ())

    def joined(self, start: int, end: int) -> bool:
        """Whether no clause ends between two places."""
        return start <= end and not CLAUSE_END.search(self.text, start, end)

    def before(self, name: str, hit: Hit, reach: int = 10_000) -> Hit | None:
        """The last cue of a kind before a hit, in the same clause and within reach."""
        for cue in reversed(self.cues(name)):
            if cue.end <= hit.start:
                near = hit.start - cue.end <= reach and self.joined(cue.end, hit.start)
                return cue if near else None
        return None

    def after(self, name: str, hit: Hit, reach: int = 10_000) -> Hit | None:
        """The first cue of a kind after a hit, in the same clause and within reach."""
        for cue in self.cues(name):
            if cue.start >= hit.end:
                near = cue.start - hit.end <= reach and self.joined(hit.end, cue.start)
                return cue if near else None
        return None

    def touching(self, name: str, hit: Hit, gap: int = 2) -> bool:
        """Whether a cue stands right beside a hit or overlaps it."""
        for cue in self.cues(name):
            start, end = min(cue.end, hit.end), max(cue.start, hit.start)
            if end - start <= gap and (start >= end or self.joined(start, end)):
                return True
        return False

    def is_own(self, hit: Hit, *, subject: bool = False) -> bool:
        """Whether a hit is the asker's own: "our X", "we in X", "X company seeks ...".

        `subject`: in languages with the verb last, a mark of the subject after it counts too.
        """
        cue = self.before("self", hit, SELF_REACH)
        ended = cue and self.verb_last and _SUBJECT.search(self.text, cue.end, hit.start)
        if cue and not ended and not self._seeks_between(cue.end, hit.start):
            return True
        if self.verb_last:
            cue = self.after("self", hit, SELF_REACH)
            if cue and not self._seeks_between(hit.end, cue.start):
                return True
            return subject and bool(_SUBJECT.match(self.text, hit.end))
        return bool(self.after("seek", hit) and not self.before("seek", hit)
                    and not self.before("seek_passive", hit))  # fmt: skip

    def _seeks_between(self, start: int, end: int) -> bool:
        return any(
            start <= cue.start < end
            for name in ("seek", "seek_passive", "no", "lack")
            for cue in self.cues(name)
        )

    def is_traded(self, hit: Hit) -> bool:
        """Whether a place is one that goods go to: "we export to X"."""
        cue = self.before("trade", hit, TRADE_REACH)
        if cue and not self._seeks_between(cue.end, hit.start):
            return True
        return self.verb_last and self.after("trade", hit, TRADE_REACH) is not None

    def is_shut_out(
        self, hit: Hit, others: Sequence[Hit] = (), *, lacking: bool = False
    ) -> bool:
        """Whether a hit is refused: "not from X", "no X", "X 除外". `others` are hits of the same
        kind, so that both names of "not from X or Y" are. `lacking`: "without X" counts as well,
        which of a place it does not: "without a drone from X"."""
        if self._refused(hit, ("no", "lack") if lacking else ("no",)):
            return True
        for other in others:
            if self._joined_by_or(other, hit) and "," not in self.text[other.end : hit.start]:
                earlier = [o for o in others if o.end <= other.start]
                if self.is_shut_out(other, earlier, lacking=lacking):
                    return True
        return False

    def _joined_by_or(self, first: Hit, second: Hit) -> bool:
        """Whether only a word like 'or' stands between two hits."""
        if not 0 < second.start - first.end <= _OR_REACH:
            return False
        between = self.text[first.end : second.start]
        return not between.isspace() and _OR.fullmatch(between) is not None

    def _refused(self, hit: Hit, names: Sequence[str]) -> bool:
        reach = NO_REACH[self.lang in SPACED]
        for name in names:
            cue = self.before(name, hit, reach)
            if cue and not self._seeks_between(cue.end, hit.start):
                return True
        return self._refused_after(hit) is not None

    def _refused_after(self, hit: Hit) -> Hit | None:
        """A refusal that follows what it refuses: "X 不要", "โดรนไม่เอา". One that goes on with
        another thing refuses that one: กล้อง ไม่เอาโดรน."""
        cue = self.after("no_after", hit, AFTER_REACH)
        if cue and not self.verb_last and self.text[cue.end : cue.end + 1].isalpha():
            return None
        return cue

    def lacks(self, hit: Hit, others: Sequence[Hit] = (), *, phrase: bool = False) -> bool:
        """Whether a thing is named as not there: "without a camera". Nearer than `is_shut_out`,
        for "without cutting the fruit" does not shut fruit out. `phrase`: the hit may be a phrase
        such as "without internet", whose own words do not count."""
        if self._lacked(hit):
            return True
        if not phrase and any(cue.start < hit.start < cue.end for cue in self.cues("lack")):
            return True  # ไม่ใช้กล้อง, where the concept is ใช้กล้อง
        return any(self._joined_by_or(other, hit) and self._lacked(other) for other in others)

    def _lacked(self, hit: Hit) -> bool:
        cue = self.before("lack", hit, 24)
        if cue and _FILLER.fullmatch(self.text[cue.end : hit.start]):
            return True
        cue = self._refused_after(hit)
        return cue is not None and " " not in self.text[hit.end : cue.start].strip()


SPACED: Final = frozenset({"en", "vi", "id", "ms", "fil", "pt", "ta", "tet"})
