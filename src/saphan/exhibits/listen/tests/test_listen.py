"""The listener writes down what it hears, and says where it should not be believed."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from saphan.engines.runner import inputs, media
from saphan.engines.runner.contract import load
from saphan.engines.runner.folder import open_folder
from saphan.engines.runner.refusal import Refusal
from saphan.exhibits.listen.made import fan
from saphan.exhibits.listen.mel import BANDS_OF_LINES, log_mel
from saphan.exhibits.listen.pieces import BYTE_OF, name, repeats, text_of

FOLDER = open_folder(Path(__file__).parents[1])


def tone(hertz: float, seconds: float = 1) -> np.ndarray:
    return np.sin(np.arange(round(seconds * 16_000)) * 2 * np.pi * hertz / 16_000).astype("f4")


def test_features_have_the_shape_and_range_that_the_network_wants() -> None:
    made = log_mel(tone(440))
    assert made.shape == (80, 3_000) and made.dtype == np.float32
    assert made.max() - made.min() <= 2.0 + 1e-6  # eight decades, in quarters


def test_a_tone_is_loudest_in_its_own_band_and_the_rest_is_silence() -> None:
    for hertz in (250, 1_000, 4_000):
        made = log_mel(tone(hertz))
        band = int(made[:, 50].argmax())
        lines = BANDS_OF_LINES[band].nonzero()[0] * 40
        assert lines.min() - 40 <= hertz <= lines.max() + 40
        assert made[band, 2_000] == made.min()


def test_every_band_has_the_same_area() -> None:
    assert np.allclose(BANDS_OF_LINES[20:].sum(axis=1) * 40, 1, atol=0.1)


def test_each_byte_has_one_character_and_letters_cut_in_pieces_are_joined() -> None:
    assert sorted(BYTE_OF.values()) == list(range(256))
    as_piece = {byte: character for character, byte in BYTE_OF.items()}
    spelt = ["".join(as_piece[byte] for byte in part)
             for part in (" ไท".encode()[:3], " ไท".encode()[3:])]
    assert text_of([0, 1, 2], [*spelt, "<|endoftext|>"]) == "ไท"
    assert "\ufffd" in text_of([0], spelt)


def test_a_text_that_goes_round_in_circles_is_noticed() -> None:
    assert repeats("a way, not " * 9)
    assert not repeats("The ship arrives at the port on Monday morning with forty containers.")


def test_languages_are_called_by_their_own_names() -> None:
    assert (name("th"), name("xx")) == ("ไทย", "xx")


@pytest.mark.skipif(not all(importlib.util.find_spec(each) for each in FOLDER.needs),
                    reason="the packages of the extra `voice` are not installed")
class TestWithTheNetwork:
    def said(self, sound: bytes, **given: str) -> dict:
        made = load(FOLDER.path)
        return made.run(inputs.check(made.inputs, {"speech": sound, **given}))

    def test_a_real_voice_is_written_down(self) -> None:
        parts = self.said(FOLDER.file("examples/read_aloud.wav").read_bytes())["parts"]
        text = next(part["text"] for part in parts if part["kind"] == "quote")
        assert text.lower().startswith("he was not an ill")
        assert next(part for part in parts if part["kind"] == "bars")["rows"][0][0] == "English"

    def test_a_fan_is_no_speech(self) -> None:
        with pytest.raises(Refusal) as caught:
            self.said(fan())
        assert caught.value.key == "no_speech"

    def test_a_language_it_hardly_knows_is_told(self) -> None:
        parts = self.said(FOLDER.file("examples/robot_burmese.wav").read_bytes(),
                          language="my")["parts"]
        assert "weak" in {part.get("key") for part in parts}

    def test_more_than_fifteen_seconds_are_refused(self) -> None:
        with pytest.raises(Refusal) as caught:
            self.said(media.wav(tone(440, 16)))
        assert caught.value.key == "too_long_sound"

    def test_the_same_sound_gives_the_same_answer(self) -> None:
        sound = FOLDER.file("examples/cards.wav").read_bytes()
        assert self.said(sound) == self.said(sound)
