"""The made sounds among the examples, as they were made: `python -m saphan.exhibits.listen.made`.

Two sentences by the machine voices of espeak-ng 1.51 (a program of Debian; its output is free to
use), and the noise of a fan. The two real voices (a reading of "Sense and Sensibility" from
LibriVox, public domain, and playing cards from PocketSphinx's test data, BSD) are copies from
Debian's package pocketsphinx-testdata.
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

import numpy as np

from saphan.engines.runner import media

HOME = Path(__file__).parent / "examples"
SPOKEN = {"robot_vietnamese": ("vi", "Con tàu đến cảng vào sáng thứ hai."),
          "robot_burmese": ("my", "သင်္ဘောသည် တနင်္လာနေ့ နံနက်တွင် ဆိပ်ကမ်းသို့ ရောက်သည်။")}


def speak(voice: str, text: str, words_per_minute: int = 140) -> bytes:
    """WAV bytes, mono at 16,000 a second, of a sentence by espeak-ng. OSError where it is not
    installed."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "said.wav"
        subprocess.run(["espeak-ng", "-v", voice, "-s", str(words_per_minute),  # noqa: S603, S607
                        "-w", str(path), text], check=True)
        return media.wav(media.sound(path.read_bytes()))


def fan(seconds: float = 3, seed: int = 4) -> bytes:
    """WAV bytes of a fan: noise that falls with frequency, and a hum."""
    count = round(seconds * 16_000)
    chance = np.random.default_rng(seed)
    spectrum = np.fft.rfft(chance.standard_normal(count))
    spectrum /= np.maximum(1, np.arange(len(spectrum)) / 200)
    noise = np.fft.irfft(spectrum, count)
    hum = np.sin(np.arange(count) * 2 * np.pi * 100 / 16_000)
    return media.wav(0.15 * noise / np.abs(noise).max() + 0.02 * hum)


if __name__ == "__main__":
    for key, (voice, text) in SPOKEN.items():
        (HOME / f"{key}.wav").write_bytes(speak(voice, text))
    (HOME / "fan.wav").write_bytes(fan())
