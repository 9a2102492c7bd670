"""A passage as the rules see it: folded, cut into sentences, with the languages to look for."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from typing import Final

from saphan.engines.gate.records import Finding, Passage
from saphan.engines.gate.rules import Rule
from saphan.engines.gate.sentences import Sentence, split
from saphan.engines.language.identify import Identification, identify
from saphan.engines.language.normalise import ascii_digits, fold_han, fold_width
from saphan.engines.language.searching import SearchText

LONGEST_QUOTE: Final = 300
_SCRIPTS: Final = {
    "th": re.compile("[\u0e01-\u0e5b]"), "lo": re.compile("[\u0e81-\u0edf]"),
    "km": re.compile("[\u1780-\u17ff]"), "my": re.compile("[\u1000-\u109f]"),
    "ta": re.compile("[\u0b80-\u0bff]"), "zh": re.compile("[\u3400-\u9fff]"),
}  # fmt: skip
_FAMILIES: Final = (frozenset({"zh-Hans", "zh-Hant"}), frozenset({"id", "ms"}))


class Reading:
    """One passage, prepared once for all rules."""

    def __init__(self, passage: Passage) -> None:
        self.passage = passage
        self.text = passage.text

    @cached_property
    def search(self) -> SearchText:
        return SearchText(self.text)

    @property
    def folded(self) -> str:
        """Lower case, Simplified, ASCII digits; hyphens and line breaks are spaces, and no space
        stands between letters of scripts that write none."""
        return self.search.folded

    @cached_property
    def plain(self) -> str:
        """Lower case of ordinary width with ASCII digits and Simplified characters; every
        character stays in its place."""
        text = fold_han(ascii_digits(fold_width(self.text)))
        lower = text.lower()
        if len(lower) == len(text):
            return lower
        return "".join(c.lower() if len(c.lower()) == 1 else c for c in text)

    @cached_property
    def sentences(self) -> list[Sentence]:
        return split(self.text)

    @cached_property
    def identified(self) -> Identification:
        return identify(self.text, self.passage.lang)

    @cached_property
    def langs(self) -> frozenset[str]:
        """Where words are looked for: the language stated, the one it seems to be in, English,
        and whatever has its own script."""
        found = {self.passage.lang, self.identified.lang, "en"}
        for lang, script in _SCRIPTS.items():
            if script.search(self.text):
                found |= {"zh-Hans", "zh-Hant"} if lang == "zh" else {lang}
        for family in _FAMILIES:
            if family & found:
                found |= family
        return frozenset(found)

    @property
    def has_other_scripts(self) -> bool:
        """Whether letters of a script stand here that the language stated is not written in."""
        own = self.passage.lang[:2]
        return any(script.search(self.text) for lang, script in _SCRIPTS.items() if lang != own)

    def sentence_number(self, place: int) -> int:
        """The number of the sentence in which a character stands."""
        starts = [sentence.start for sentence in self.sentences]
        return max(0, bisect_right(starts, place) - 1)

    def quote(self, start: int, end: int) -> str:
        """The sentence around `start`; of a very long one the part around the match."""
        if not self.sentences:
            return ""
        sentence = self.sentences[self.sentence_number(start)]
        if len(sentence.text) <= LONGEST_QUOTE:
            return sentence.text
        left = max(sentence.start, start - LONGEST_QUOTE // 2)
        right = min(max(sentence.end, end), left + LONGEST_QUOTE)
        return ("…" if left > sentence.start else "") + self.text[left:right].strip() + (
            "…" if right < sentence.end else "")

    def finding(self, rule: Rule, start: int, end: int, **data: object) -> Finding:
        """A finding about characters `start` to `end` of the text."""
        return Finding(rule.name, rule.severity, self.passage.field, self.passage.lang,
                       self.quote(start, end), start, end, self.text[start:end], data)

    def opening(self, rule: Rule, **data: object) -> Finding:
        """A finding about something that is missing: it quotes the first sentence."""
        first = self.sentences[0].text if self.sentences else ""
        return Finding(rule.name, rule.severity, self.passage.field, self.passage.lang,
                       first[:LONGEST_QUOTE], 0, 0, "", data)
