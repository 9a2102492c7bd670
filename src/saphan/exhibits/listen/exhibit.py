"""Listen: say something, and see what a small network writes down."""

from __future__ import annotations

from typing import Literal

from saphan.engines.runner import (
    Audio,
    Bars,
    Facts,
    Quote,
    Refusal,
    Result,
    Say,
    Unit,
    Word,
    exhibit,
    media,
)
from saphan.engines.runner.parts import Part

from .pieces import name
from .whisper import hear

MOST_SECONDS = 15
SHORTEST = 0.3
SURE = 0.6
"""Below this the reader is warned. Chosen by eye on the examples, not on the set we report."""
WEAK = ("lo", "km", "my")
"""Languages of which the network's own makers had next to no speech."""
TAGS = {"zh": "zh-Hans", "fil": "fil"}
Language = Literal["any", "zh", "en", "th", "vi", "id", "ms", "fil", "lo", "km", "my", "pt"]


@exhibit
def listen(speech: Audio, language: Language = "any") -> Result:
    """Write down up to 15 seconds of speech, with the language it takes it for."""
    samples = media.sound(speech, most_seconds=MOST_SECONDS)
    seconds = len(samples) / 16_000
    if seconds < SHORTEST:
        raise Refusal("no_speech")
    heard = hear(samples, "" if language == "any" else language)
    if not heard.text or (heard.nothing > 0.6 and heard.sure < 0.37):
        raise Refusal("no_speech")
    sure = Unit(heard.sure, "share")
    parts: list[Part] = [Say("heard", "good", share=sure) if heard.sure >= SURE
                         else Say("unsure", "warn", share=sure)]
    if heard.circles:
        parts.append(Say("circles", "warn"))
    if heard.lang in WEAK:
        parts.append(Say("weak", "wrong", language=name(heard.lang)))
    parts.append(Quote(heard.text, TAGS.get(heard.lang, heard.lang)))
    if language == "any":
        parts.append(Bars(Word("languages"), [(name(lang), share)
                                              for lang, share in heard.languages[:4]]))
    return Result(*parts, Facts([(Word("length"), Unit(seconds, "s", 1)),
                                 (Word("certainty"), sure)]))
