"""Personal data in a text: found, checked, and blacked out."""

from __future__ import annotations

from saphan.engines.language.identify import identify
from saphan.engines.runner.contract import Refusal, Result, Words, exhibit
from saphan.engines.runner.parts import Marks, Part, Quote, Rows, Say, Span, Word

from .rules import FAILS, HOLDS, Found, ascii_digits, blacked, find

identify("Selamat pagi")  # its model is read here, before the seal closes


@exhibit
def private_words(text: Words) -> Result:
    """Find personal data in a text and give the text with it blacked out."""
    if not text.strip():
        raise Refusal("empty")
    found = find(text)
    sure = [each for each in found if not each.doubtful]
    doubtful = len(found) - len(sure)
    lang = identify(text).lang
    lang = "" if lang == "und" else lang
    parts: list[Part] = [Say("found", "warn", count=len(sure)) if sure else Say("nothing", "info")]
    if doubtful:
        parts.append(Say("doubtful", "info", count=doubtful))
    if found:
        parts.append(Marks(text, [Span(each.start, each.end, Word(each.kind), _level(each))
                                  for each in found], lang))
        plain = ascii_digits(text)
        parts.append(Rows([Word("what"), Word("kind"), Word("check")],
                          [[plain[each.start:each.end], Word(each.kind), Word(each.check)]
                           for each in found], Word("list")))
    if sure:
        parts.append(Quote(blacked(text, found), lang, Word("blacked")))
    parts.append(Say("not_all"))
    return Result(*parts)


def _level(each: Found) -> str:
    if each.doubtful:
        return "info"
    return {HOLDS: "wrong", FAILS: "warn"}.get(each.check, "warn")
