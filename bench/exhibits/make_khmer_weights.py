"""Makes `khmer_page`'s weights file from the package khmer-ocr-ocm (MIT). Needs torch and onnx.

    pip download --no-deps khmer-ocr-ocm==0.1.0 && unzip khmer_ocr_ocm-0.1.0-py3-none-any.whl
    PYTHONPATH=. python make_khmer_weights.py FOLDER_OF_THE_EXHIBIT

The network is exported to ONNX; rows for signs that are neither Khmer nor ASCII go; each output's
weights are rounded to 31 steps (5 bits) with the step that loses least, kept as int8 beside the
step, and the whole is packed with xz: 37 MB become under 5 MB. At run time the weights are floats
again, so only the rounding differs from the original.
"""

from __future__ import annotations

import io
import json
import lzma
import sys
from pathlib import Path

import numpy as np
import onnx
import torch
from khmer_ocr_ocm import KhmerOCR
from onnx import helper, numpy_helper

STEPS = 15  # -15..15
LEAST = 2_000  # tensors smaller than this stay floats


def main(folder: Path) -> None:
    """Write `weights/recogniser.onnx.xz` and `weights/signs.json`."""
    reader = KhmerOCR(device="cpu")
    signs = {at: sign for at, sign in reader.idx2char.items()
             if (sign.isascii() and sign.isprintable()) or "\u1780" <= sign <= "\u19ff"
             or sign in "\u200b“”«»–"}
    network = reader.model.eval()
    kept = [0, *sorted(signs)]
    last = torch.nn.Linear(network.fc.in_features, len(kept))
    last.weight.data, last.bias.data = network.fc.weight.data[kept], network.fc.bias.data[kept]
    network.fc = last
    raw = io.BytesIO()
    torch.onnx.export(network, torch.zeros(1, 1, 48, 512), raw, opset_version=17, dynamo=False,
                      input_names=["line"], output_names=["signs"])
    model = onnx.load_from_string(raw.getvalue())
    _round(model)
    onnx.checker.check_model(model)
    home = folder / "weights"
    home.mkdir(exist_ok=True)
    packed = lzma.compress(model.SerializeToString(), preset=9 | lzma.PRESET_EXTREME)
    (home / "recogniser.onnx.xz").write_bytes(packed)
    (home / "signs.json").write_text(
        json.dumps([signs[at] for at in kept[1:]], ensure_ascii=False), "utf-8")
    print(len(packed), "bytes,", len(kept) - 1, "signs")


def _round(model: onnx.ModelProto) -> None:
    """Replace each large weight by int8 and a DequantizeLinear with a step for each output."""
    graph = model.graph
    for at, each in reversed(list(enumerate(graph.initializer))):
        weight = numpy_helper.to_array(each)
        if weight.size < LEAST or weight.ndim < 2:
            continue
        axis = {4: 0, 2: 1, 3: 1}[weight.ndim]
        flat = np.moveaxis(weight, axis, 0).reshape(weight.shape[axis], -1)
        step = _step(flat)
        shape = [1] * weight.ndim
        shape[axis] = -1
        whole = np.clip(np.round(weight / step.reshape(shape)), -STEPS, STEPS).astype(np.int8)
        name = each.name
        graph.initializer.pop(at)
        graph.initializer.append(numpy_helper.from_array(whole, f"{name}_whole"))
        graph.initializer.append(numpy_helper.from_array(step.astype(np.float32), f"{name}_step"))
        graph.node.insert(0, helper.make_node(
            "DequantizeLinear", [f"{name}_whole", f"{name}_step"], [name], axis=axis))


def _step(flat: np.ndarray) -> np.ndarray:
    """For each row the step, of some, that leaves the smallest squared error."""
    largest = np.abs(flat).max(1)
    best, error = largest / STEPS, np.full(len(flat), np.inf)
    for share in np.linspace(0.4, 1, 13):
        step = np.maximum(largest * share / STEPS, 1e-9)
        rounded = np.clip(np.round(flat / step[:, None]), -STEPS, STEPS) * step[:, None]
        lost = ((rounded - flat) ** 2).sum(1)
        best, error = np.where(lost < error, step, best), np.minimum(lost, error)
    return best


if __name__ == "__main__":
    main(Path(sys.argv[1]))
