"""Word pieces back to text, and the languages that the network knows.

A piece is a run of bytes, written in the vocabulary with one printable character for each byte:
bytes that are printable stand for themselves, the others for the characters from U+0100 on. (The
code of GPT-2, which Whisper took over.) A letter of many scripts is cut into several pieces.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence

OWN_NAMES = {
    "zh": "中文", "en": "English", "th": "ไทย", "vi": "Tiếng Việt", "id": "Bahasa Indonesia",
    "ms": "Bahasa Melayu", "fil": "Filipino", "lo": "ລາວ", "km": "ខ្មែរ", "my": "မြန်မာ",
    "pt": "Português", "ja": "日本語", "ko": "한국어", "fr": "Français", "de": "Deutsch",
    "es": "Español", "ru": "Русский", "ar": "العربية", "hi": "हिन्दी", "it": "Italiano",
    "nl": "Nederlands", "jw": "Basa Jawa", "su": "Basa Sunda", "ta": "தமிழ்", "yue": "粵語"}
"""What a language calls itself: data, the same for every reader."""
TAGS = {"fil": "tl"}
"""Codes of the network that are not ours."""
OURS = {tag: lang for lang, tag in TAGS.items()}


def name(lang: str) -> str:
    """A language's own name, or its code."""
    return OWN_NAMES.get(lang, lang)


def byte_of() -> dict[str, int]:
    """The byte that each character of the vocabulary stands for."""
    plain = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    rest = [byte for byte in range(256) if byte not in plain]
    return {chr(byte): byte for byte in plain} | {
        chr(0x100 + at): byte for at, byte in enumerate(rest)}


BYTE_OF = byte_of()


def text_of(numbers: Iterable[int], vocabulary: Sequence[str]) -> str:
    """The text of some pieces; marks such as the end of the text are left out, and a letter that
    was cut off is shown as U+FFFD."""
    data = bytearray()
    for number in numbers:
        piece = vocabulary[number]
        if not (piece.startswith("<|") and piece.endswith("|>")):
            data += bytes(BYTE_OF[character] for character in piece)
    return data.decode("utf-8", "replace").strip()


def repeats(text: str) -> bool:
    """Whether a text goes round in circles, as the network does where it hears nothing clear: it
    can be packed into less than 1/2.4 of its size (the measure and limit of Whisper's authors)."""
    data = text.encode()
    return len(data) > 40 and len(data) / len(zlib.compress(data)) > 2.4
