"""Words cut into sentences, and put together again.

Cutting loses nothing: sentences and gaps, joined in turn, are the text. Thai, Lao, Khmer and
Burmese are cut at their own full stops and at new lines; where a language has no mark at the end
of a sentence, a paragraph is one piece.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

# A full stop ends a sentence when a space and no small letter follows; the signs of Chinese, Khmer
# and Burmese end one wherever they stand.
_END = re.compile(r"""
    (?P<line>\s*\n\s*)
  | (?<=[。！？！？។៕။])(?P<east>[”’」』）\s]*)
  | (?<=[.!?…])(?P<west>["'”’)\]]*\s+)(?![a-zß-ÿà-ỹ])
""", re.VERBOSE)
_NOT_AN_END = re.compile(
    r"(?:^|[\s(\[“\"])(?:[A-Z]|No|Nos|Nr|Mr|Mrs|Ms|Dr|Prof|St|Fig|Art|vs|etc|e\.g|i\.e|approx|ca|"
    r"Co|Ltd|Inc|Corp|Sdn|PT|CV|TP|Jl|Av|Sr|Sra)\.$")
CLOSED = frozenset({"zh-Hans", "zh-Hant"})  # written without spaces between sentences


def cut(text: str) -> tuple[list[str], list[str]]:
    """The sentences of a text and the gaps after each but the last."""
    sentences, gaps, start = list[str](), list[str](), 0
    for found in _END.finditer(text):
        gap_from, gap_to = found.span()
        if (closing := found.group("west") or found.group("east")) is not None:
            gap_from += len(closing) - len(closing.lstrip("\"'”’」』）)]"))
        said = text[start:gap_from]
        if not said.strip() or gap_to >= len(text):
            continue
        if found.group("west") and _NOT_AN_END.search(said):
            continue
        sentences.append(said)
        gaps.append(text[gap_from:gap_to])
        start = gap_to
    if text[start:]:
        sentences.append(text[start:])
    return sentences, gaps[:max(0, len(sentences) - 1)]


def joined(sentences: Sequence[str], gaps: Sequence[str], lang: str) -> str:
    """Translated sentences as one text in `lang`, with the paragraphs of the original. An empty
    one was joined with the one before."""
    words = ""
    for position, sentence in enumerate(sentences):
        gap = gaps[position - 1] if 0 < position <= len(gaps) else ""
        if words:
            said = "\n" * gap.count("\n") if "\n" in gap else "" if lang in CLOSED else " "
            words = words + said if not words.endswith("\n") else words
        words += sentence.strip()
        words = words if sentence.strip() else words.rstrip(" ")
    return words.strip()
