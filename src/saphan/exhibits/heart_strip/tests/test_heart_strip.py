"""The heart strip: beats found, rhythm named, samples read, paper drawn."""

import numpy as np
import pytest

from saphan.engines.runner import Refusal
from saphan.exhibits.heart_strip import made, paper
from saphan.exhibits.heart_strip.detect import peaks
from saphan.exhibits.heart_strip.exhibit import heart_strip
from saphan.exhibits.heart_strip.reading import read_samples
from saphan.exhibits.heart_strip.rhythm import early_beats, judge


def near(found, true, rate):
    return len(found) == len(true) and all(np.abs(found - beat).min() <= .05 * rate
                                           for beat in true)


@pytest.mark.parametrize("kind", made.KINDS)
@pytest.mark.parametrize("rate", [125, 250, 500])
def test_every_beat_of_a_strip_with_little_noise_is_found(kind, rate):
    strip = made.make(kind, 11, seconds=20, rate=rate, noise_db=12)
    assert near(peaks(strip.samples, rate), strip.peaks, rate)


def test_a_strip_turned_upside_down_has_the_same_beats():
    strip = made.make("steady", 12, seconds=15)
    assert near(peaks(-strip.samples, 250), strip.peaks, 250)


def test_the_scale_of_the_samples_does_not_matter():
    strip = made.make("steady", 13, seconds=15)
    assert peaks(strip.samples * 1000 + 500, 250).tolist() == peaks(strip.samples, 250).tolist()


@pytest.mark.parametrize(("kind", "name"), [("steady", "regular"), ("early", "early"),
                                            ("irregular", "irregular")])
def test_the_rhythm_is_named(kind, name):
    strip = made.make(kind, 3, seconds=20)
    assert judge(strip.samples, 250, peaks(strip.samples, 250)).kind == name


def test_early_beats_are_those_that_were_made_early():
    strip = made.make("early", 3, seconds=20)
    assert judge(strip.samples, 250, peaks(strip.samples, 250)).early == strip.early


def test_a_short_gap_is_early_and_a_slow_quickening_is_not():
    assert early_beats(np.array([.8, .8, .5, 1.1, .8, .8])) == (3,)
    assert early_beats(np.array([.9, .87, .84, .81, .78, .75])) == ()


def test_rate_and_rmssd_are_those_of_the_gaps():
    samples = made.make("steady", 3, seconds=20).samples
    found = judge(samples, 250, np.array([250, 500, 750, 1025, 1275]))
    assert found.rate == pytest.approx(60)
    assert found.rmssd == pytest.approx(np.sqrt((0 + 100 ** 2 + 100 ** 2) / 3))


def test_noise_alone_is_called_poor():
    samples = np.random.default_rng(3).normal(0, 1, 5000)
    assert judge(samples, 250, peaks(samples, 250)).kind == "poor"


def test_a_column_of_times_gives_the_rate():
    strip = made.make("steady", 3, seconds=6)
    for unit in (1, 1000):
        text = "t,mV\n" + "\n".join(f"{at / 250 * unit:.3f},{value:.3f}"
                                    for at, value in enumerate(strip.samples))
        assert read_samples(text, 999).rate == pytest.approx(250)


def test_numbers_alone_take_the_rate_that_is_given():
    text = "\n".join(str(each) for each in np.sin(np.arange(600)).round(3))
    read = read_samples(text, 100)
    assert (read.rate, len(read.values)) == (100, 600)


@pytest.mark.parametrize(("text", "key"), [
    ("1\n2\n" * 60, "too_short_strip"), ("5\n" * 2000, "flat"), ("1\n2\n" * 25_000,
                                                               "too_long_strip")])
def test_what_cannot_be_a_strip_is_refused(text, key):
    with pytest.raises(Refusal) as no:
        read_samples(text, 250)
    assert no.value.key == key


def test_nothing_pasted_is_refused():
    with pytest.raises(Refusal) as no:
        heart_strip("own", "")
    assert no.value.key == "empty"


def test_early_beats_are_framed_on_the_paper():
    answer = heart_strip("made_early")
    say, picture = answer.parts[:2]
    assert (say.key, say.values["count"]) == ("early", len(picture.boxes))
    for box in picture.boxes:
        assert 0 <= box.left < box.left + box.width <= 1 + 1e-9
        assert 0 <= box.top < box.top + box.height <= 1 + 1e-9


def test_a_frame_lies_where_its_beat_is_drawn():
    left, top, width, _ = paper.place(1750, 250, 5000)  # second 7 of 20: second row, after 2 s
    assert left < 2 / 5 < left + width
    assert top == pytest.approx(1 / 4)
    assert paper.place(250 * 40, 250, 250 * 60) is None


def test_a_noisy_strip_says_nothing_of_the_rhythm():
    assert heart_strip("made_noisy").parts[0].key == "poor"
