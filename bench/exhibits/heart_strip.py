"""Heart strip: are the marks beats, and is the rhythm named rightly?

Made strips whose beats are known, at noise from none to as strong as the signal and twice it, with
drift, sample rates of 125 to 500, seeds that were not looked at while the detector was written
(those were 0 to 99). A mark within 75 ms of a beat is right, each beat counts once. Intervals draw
strips, not beats. neurokit2 is measured beside it where it is installed.
"""

from __future__ import annotations

import importlib.util
import tomllib
from collections.abc import Callable
from pathlib import Path

import intervals
import numpy as np
from common import Row, costs

from saphan.exhibits.heart_strip import made
from saphan.exhibits.heart_strip.detect import peaks, raw_threshold
from saphan.exhibits.heart_strip.rhythm import judge

SET = "own: 360 made strips of 20 s (seeds 5000 to 5029), noise none to -6 dB"
REAL = "BITalino sample recording (pyhrv 0.5.0), 22 s, marks checked by eye"
NOISES = (None, 6.0, 0.0, -6.0)
NEAR = 0.075
PLAIN = "threshold on the raw samples"
WANTED = {"steady": "regular", "early": "early", "irregular": "irregular"}
REAL_BEATS = (167, 356, 547, 735, 919, 1107, 1299, 1497, 1694, 1892, 2084, 2271, 2450, 2629, 2813,
              3005, 3214, 3432, 3649, 3861, 4064, 4254, 4440, 4627, 4817, 5009, 5202, 5388, 5573)
EXAMPLES = Path(__file__).parents[2] / "src/saphan/exhibits/heart_strip/exhibit.toml"


def strips() -> list[tuple[str, made.Strip]]:
    found = []
    for kind in made.KINDS:
        for noise in NOISES:
            for seed in range(5000, 5030):
                chance = np.random.default_rng(seed)
                found.append((kind, made.make(
                    kind, seed, seconds=20, rate=int(chance.choice([125, 250, 500])),
                    per_minute=float(chance.uniform(48, 120)), noise_db=noise,
                    wander=float(chance.uniform(0, .6)))))
    return found


def counted(found: np.ndarray, true: np.ndarray, rate: float) -> tuple[int, int, int]:
    """(right, beats, marks)."""
    free = list(found)
    right = 0
    for beat in true:
        near = [mark for mark in free if abs(mark - beat) <= NEAR * rate]
        if near:
            free.remove(min(near, key=lambda mark: abs(mark - beat)))
            right += 1
    return right, len(true), len(found)


def ratio(over: int) -> Callable[[np.ndarray], float]:
    return lambda rows: float(rows[:, 0].sum() / max(rows[:, over].sum(), 1))


def found_by(detector: Callable[..., np.ndarray],
             every: list[tuple[str, made.Strip]]) -> np.ndarray:
    return np.array([counted(detector(strip.samples, strip.rate), strip.peaks, strip.rate)
                     for _, strip in every])


def plainly_named(strip: made.Strip) -> str:
    """Baseline for the rhythm: irregular where the gaps spread by more than 15 %, early where by
    more than 8 %; the gaps from the same detector."""
    gaps = np.diff(peaks(strip.samples, strip.rate))
    spread = float(gaps.std() / gaps.mean()) if len(gaps) > 2 else 1.0
    return "irregular" if spread > .15 else "early" if spread > .08 else "regular"


def peer(samples: np.ndarray, rate: float) -> np.ndarray:
    import neurokit2  # only where someone installed it

    _, info = neurokit2.ecg_peaks(neurokit2.ecg_clean(samples, rate), rate)
    return np.asarray(info["ECG_R_Peaks"])


def measure(data: Path | None) -> list[Row]:
    every = strips()
    ours, plain = found_by(peaks, every), found_by(raw_threshold, every)
    n = len(every)
    rows = [
        Row("found", *intervals.bootstrap(ours, ratio(1)), n, "share", SET,
            ratio(1)(plain), PLAIN),
        Row("true_marks", *intervals.bootstrap(ours, ratio(2)), n, "share", SET,
            ratio(2)(plain), PLAIN)]
    named = [(kind, strip, judge(strip.samples, strip.rate, peaks(strip.samples, strip.rate)).kind)
             for kind, strip in every]
    said = [(kind, strip, name) for kind, strip, name in named if name != "poor"]
    right = sum(WANTED[kind] == name for kind, _, name in said)
    plainly = sum(WANTED[kind] == plainly_named(strip) for kind, strip, _ in said)
    rows += [
        Row("rhythm_right", *intervals.wilson(right, len(said)), len(said), "share",
            SET + ", those it judged", plainly / len(said), "spread of the gaps"),
        Row("not_judged", *intervals.wilson(n - len(said), n), n, "share", SET)]
    real = next(each for each in tomllib.loads(EXAMPLES.read_text("utf-8"))["example"]
                if each["key"] == "real")["inputs"]["samples"]
    values = np.array([float(line) for line in real.split()])
    right, beats, marks = counted(peaks(values, 250), np.array(REAL_BEATS), 250)
    raw = counted(raw_threshold(values, 250), np.array(REAL_BEATS), 250)
    rows += [Row("real_found", *intervals.wilson(right, beats), beats, "share", REAL,
                 raw[0] / beats, PLAIN),
             Row("real_true_marks", *intervals.wilson(right, marks), marks, "share", REAL,
                 raw[0] / max(raw[2], 1), PLAIN)]
    rows += costs(lambda strip: judge(strip.samples, strip.rate, peaks(strip.samples, strip.rate)),
                  [strip for _, strip in every[::12]], set=SET)
    if importlib.util.find_spec("neurokit2"):
        other = found_by(peer, every)
        rows += [Row("neurokit2_found", *intervals.bootstrap(other, ratio(1)), n, "share", SET),
                 Row("neurokit2_true_marks", *intervals.bootstrap(other, ratio(2)), n, "share",
                     SET)]
    return rows
