"""Rules about a whole record: too thin, nothing measurable, no word about the partner; and about
the language of its passages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from saphan.engines.gate.numbers import has_number
from saphan.engines.gate.reading import LONGEST_QUOTE, Reading
from saphan.engines.gate.records import NEED, OFFER, Finding, Record
from saphan.engines.gate.rules import Rule
from saphan.engines.gate.said import words
from saphan.engines.language.identify import identify
from saphan.engines.language.segment import words as cut

_CLOSE: Final = ({"zh-Hans", "zh-Hant"}, {"id", "ms"})
"""Languages that are not told apart safely enough to advise on."""


def thin(rule: Rule, _record: Record, readings: Sequence[Reading]) -> Iterator[Finding]:
    """Words that are too few to judge: of one field, or of all but the title together. A word said
    again adds nothing. What a machine made of the words does not count."""
    own = [reading for reading in readings if reading.passage.origin != "machine"]
    for reading in own:
        if not rule.looks_at(reading.passage.field):
            continue
        least, size = rule.settings["least"][reading.passage.field], _size(rule, [reading])
        if reading.passage.field == "description" and size >= least:
            least = rule.settings["whole"]
            size = _size(rule, [one for one in own if one.passage.field != "title"])
        if size < least:
            yield Finding(rule.name, rule.severity, reading.passage.field, reading.passage.lang,
                          reading.text.strip()[:LONGEST_QUOTE], 0, len(reading.text), reading.text,
                          {"size": round(size), "least": least})


def _size(rule: Rule, readings: Sequence[Reading]) -> float:
    """Letters of different words, as many as English would take."""
    words = {(word, reading.passage.lang) for reading in readings for word in cut(reading.text)}
    shares: dict[str, float] = rule.settings["letters"]
    return sum(len(word) / shares.get(lang, 1.0) for word, lang in words)


def nothing_measured(rule: Rule, record: Record, readings: Sequence[Reading]) -> Iterator[Finding]:
    """A need in which no number, and no structured field, says what would be good enough."""
    main = _main(readings)
    if record.kind == NEED and main is not None and not record.measured and not any(
            has_number(reading.text, reading.passage.lang) for reading in readings):
        yield main.opening(rule)


def no_task(rule: Rule, record: Record, readings: Sequence[Reading]) -> Iterator[Finding]:
    """An offer that does not say what the partner should do."""
    main = _main(readings)
    if record.kind != OFFER or main is None:
        return
    role = any(reading.passage.field == "partner_role" for reading in readings)
    if not role and not any(any(words(rule, reading)) for reading in readings):
        yield main.opening(rule)


def _main(readings: Sequence[Reading]) -> Reading | None:
    return next((reading for reading in readings if reading.passage.field == "description"), None)


def language(rule: Rule, reading: Reading) -> Iterator[Finding]:
    """Words in another language than the one stated; and a sentence in another script."""
    stated, seems = reading.passage.lang, reading.identified
    if _differ(stated, seems.lang) and seems.confidence >= rule.settings["certain"] \
            and _letters(reading.text) >= rule.settings["letters"] and not seems.also:
        yield reading.finding(rule, 0, len(reading.text), seems=seems.lang, stated=stated)
        return
    if not reading.has_other_scripts:
        return
    for sentence in reading.sentences:
        if _letters(sentence.text) < rule.settings["letters"]:
            continue
        found = identify(sentence.text, stated)
        if _differ(stated, found.lang) and found.script != seems.script \
                and found.script != "Latn" and not found.also:
            yield reading.finding(rule, sentence.start, sentence.end, seems=found.lang,
                                  stated=stated)


def _differ(stated: str, seems: str) -> bool:
    return seems != "und" and stated != seems and not any(
        stated in pair and seems in pair for pair in _CLOSE)


def _letters(text: str) -> int:
    return sum(character.isalpha() for character in text)
