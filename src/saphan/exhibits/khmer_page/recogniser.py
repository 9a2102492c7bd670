"""Reads a line of Khmer print: the network of the package khmer-ocr-ocm (MIT), as ONNX.

A convolutional network and two bidirectional LSTMs (CRNN: Shi, Bai, Yao, IEEE TPAMI 39 (2017)
2298). Weights: `weights/recogniser.onnx.xz`, made by `bench/exhibits/make_khmer_weights.py`.
"""

from __future__ import annotations

import json
import lzma
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from saphan.engines.runner.media import Pixels
from saphan.exhibits.reading import Glyph, glyphs

HOME = Path(__file__).parent / "weights"
WIDE, HIGH = 512, 48
"""Pixels the network was trained at; every line is scaled to this, whatever its shape."""
LONGEST = 9.0
"""Lines longer than this many heights are divided between words before they are read."""


@cache
def _network() -> tuple[Any, list[str]]:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.enable_cpu_mem_arena = False
    options.add_session_config_entry("session.disable_quant_qdq", "1")
    network = onnxruntime.InferenceSession(
        lzma.decompress((HOME / "recogniser.onnx.xz").read_bytes()), options,
        providers=["CPUExecutionProvider"])
    signs = json.loads((HOME / "signs.json").read_text("utf-8"))
    return network, ["", *signs]


def load() -> None:
    """Load the network now, before the seal closes."""
    _network()


def read(strip: Pixels) -> tuple[Glyph, ...]:
    """The signs of one line: an RGB picture that holds that line alone, upright."""
    network, signs = _network()
    grey = cv2.cvtColor(np.ascontiguousarray(strip), cv2.COLOR_RGB2GRAY)
    small = cv2.resize(grey, (WIDE, HIGH), interpolation=cv2.INTER_AREA
                       if grey.shape[1] > WIDE else cv2.INTER_LINEAR)
    scores = network.run(None, {"line": (small.astype(np.float32) / 127.5 - 1)[None, None]})[0]
    odds = np.exp(scores[:, 0] - scores[:, 0].max(1, keepdims=True))
    return glyphs(odds / odds.sum(1, keepdims=True), signs)


def pieces(strip: Pixels, longest: float = LONGEST) -> list[Pixels]:
    """A long line divided at its widest gaps, so that each piece is at most `longest` heights
    long. Print without a gap stays whole."""
    high, wide = strip.shape[:2]
    if wide <= longest * high:
        return [strip]
    grey = cv2.cvtColor(np.ascontiguousarray(strip), cv2.COLOR_RGB2GRAY).astype(float)
    ink = np.abs(grey - np.median(grey)).max(0)
    empty = ink < 0.35 * np.percentile(ink, 90)
    lo, hi = int(0.3 * wide), int(0.7 * wide)
    widest, run, at = 0, 0, -1
    for x in range(lo, hi):
        run = run + 1 if empty[x] else 0
        if run > widest:
            widest, at = run, x - run // 2
    if widest < 0.12 * high:
        return [strip]
    return [*pieces(strip[:, :at], longest), *pieces(strip[:, at:], longest)]
