"""A technical word or sentence in any language: its concepts, and their words in all the others."""

from typing import Annotated

from saphan.engines.language.terms import TermBase
from saphan.engines.runner import (
    Facts,
    Field,
    Marks,
    Refusal,
    Result,
    Rows,
    Say,
    Span,
    Words,
    exhibit,
)
from saphan.engines.runner import Word as W
from saphan.engines.runner.parts import Part, Value

from .bridge import Found, find

MOST_TABLES = 6
TERMS = TermBase.load()
find(TERMS, "durrian export in a contaner")  # all models are read here, before the seal closes


@exhibit
def bridge(text: Annotated[Words, Field(most=600)]) -> Result:
    """Find the technical concepts in a text and give their words in every language."""
    if not any(letter.isalpha() for letter in text):
        raise Refusal("no_words")
    found = find(TERMS, text)
    if not found:
        return Result(Say("none", "warn", concepts=len(TERMS)))
    parts: list[Part] = [Say("found", "good", count=len(found))]
    guessed = [text[hit.start:hit.end] for each in found for hit in each.spots if not hit.exact]
    if guessed:
        parts.append(Say("mistyped", "warn", words=", ".join(dict.fromkeys(guessed))))
    parts.append(Marks(text, [
        Span(hit.start, hit.end, str(number), "info" if hit.exact else "warn")
        for number, each in enumerate(found, 1) for hit in each.spots]))
    parts += [_table(number, each) for number, each in enumerate(found[:MOST_TABLES], 1)]
    if len(found) > MOST_TABLES:
        parts.append(Say("more", count=len(found) - MOST_TABLES))
    if any(unsure for each in found[:MOST_TABLES] for _, _, unsure in each.words):
        parts.append(Say("review"))
    kinds: list[tuple[W | str, Value]] = [
        (f"{number} · {TERMS.label(each.concept, 'en')}", " > ".join(each.broader))
        for number, each in enumerate(found[:MOST_TABLES], 1) if each.broader]
    if kinds:
        parts.append(Say("kinds"))
        parts.append(Facts(kinds))
    return Result(*parts)


def _table(number: int, each: Found) -> Rows:
    rows = [[name, ", ".join(words) + (" (?)" if unsure else "")]
            for name, words, unsure in each.words]
    return Rows([W("language"), W("words")], rows,
                title=f"{number} · {TERMS.label(each.concept, 'en')}")
