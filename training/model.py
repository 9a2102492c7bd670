"""The encoder of multilingual-e5-small in PyTorch, to be trained in part."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

from saphan.engines.language.weights import Weights, dequantise, find_weights
from saphan.engines.matching.lir import LIR, Removal

MATRICES = ("q", "k", "v", "ao", "fi", "fo")
NORMS = ("aln", "oln")


class Layer(nn.Module):
    """One transformer layer, normalised after each half."""

    def __init__(self, weights: Weights, name: str) -> None:
        super().__init__()
        self.heads, self.epsilon = weights.heads, weights.epsilon
        for part in MATRICES:
            columns = weights.inner if part == "fo" else weights.width
            matrix = torch.from_numpy(weights.matrix(f"{name}.{part}.w", columns).copy())
            self.register_parameter(f"{part}_w", nn.Parameter(matrix))
            bias = torch.from_numpy(weights.vector(f"{name}.{part}.b").copy())
            self.register_parameter(f"{part}_b", nn.Parameter(bias))
        for part in NORMS:
            for kind in "wb":
                value = torch.from_numpy(weights.vector(f"{name}.{part}.{kind}").copy())
                self.register_parameter(f"{part}_{kind}", nn.Parameter(value))

    def linear(self, part: str, x: Tensor) -> Tensor:
        return functional.linear(x, getattr(self, f"{part}_w"), getattr(self, f"{part}_b"))

    def norm(self, part: str, x: Tensor) -> Tensor:
        weight, bias = getattr(self, f"{part}_w"), getattr(self, f"{part}_b")
        return functional.layer_norm(x.float(), weight.shape, weight, bias, self.epsilon)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        texts, tokens, width = x.shape
        query, key, value = (
            self.linear(part, x).view(texts, tokens, self.heads, -1).transpose(1, 2)
            for part in "qkv"
        )
        heard = functional.scaled_dot_product_attention(query, key, value, mask)
        heard = heard.transpose(1, 2).reshape(texts, tokens, width)
        x = self.norm("aln", x + self.linear("ao", heard))
        return self.norm("oln", x + self.linear("fo", functional.gelu(self.linear("fi", x))))


class Encoder(nn.Module):
    """Token numbers to unit vectors. Word vectors and `frozen` lower layers are not trained."""

    def __init__(self, frozen: int = 0) -> None:
        super().__init__()
        self.weights = Weights(find_weights())
        width = self.weights.width
        self.words = self.weights.blocks("emb.word", width)
        kinds = self.weights.vector("emb.type").reshape(-1, width)
        self.places = self.weights.vector("emb.pos").reshape(-1, width) + kinds[0]
        self.first = nn.LayerNorm(width, eps=self.weights.epsilon).requires_grad_(False)
        with torch.no_grad():
            self.first.weight.copy_(torch.from_numpy(self.weights.vector("emb.ln.w").copy()))
            self.first.bias.copy_(torch.from_numpy(self.weights.vector("emb.ln.b").copy()))
        self.layers = nn.ModuleList(
            Layer(self.weights, f"l{number}") for number in range(self.weights.layers)
        )
        for layer in self.layers[:frozen]:
            layer.requires_grad_(False)

    def forward(self, numbers: list[list[int]]) -> Tensor:
        """Unit vectors [texts, width], float32, in the order given.

        Texts of like length are run together, so that little is computed on padding.
        """
        order = sorted(range(len(numbers)), key=lambda index: len(numbers[index]))
        rows, start = [], 0
        while start < len(order):
            end, longest = start, len(numbers[order[start]])
            while end < len(order) and len(numbers[order[end]]) <= max(longest + 6, longest * 1.25):
                end += 1
            rows.append(self.equal([numbers[index] for index in order[start:end]]))
            start = end
        places = torch.empty(len(order), dtype=torch.long)
        places[torch.tensor(order)] = torch.arange(len(order))
        return torch.cat(rows)[places]

    def equal(self, numbers: list[list[int]]) -> Tensor:
        """Unit vectors of texts that are padded to the longest of them."""
        longest = max(map(len, numbers))
        width = self.weights.width
        embedded = np.zeros((len(numbers), longest, width), np.float32)
        present = torch.zeros(len(numbers), longest, dtype=torch.bool)
        for row, tokens in enumerate(numbers):
            words = dequantise(np.asarray(self.words[np.array(tokens)]))
            embedded[row, : len(tokens)] = words + self.places[: len(tokens)]
            present[row, : len(tokens)] = True
        x = self.first(torch.from_numpy(embedded))
        bars = torch.zeros(len(numbers), 1, 1, longest).masked_fill(
            ~present[:, None, None, :], float("-inf")
        )
        with torch.autocast("cpu", torch.bfloat16):
            bars = bars.to(torch.bfloat16)
            for layer in self.layers:
                x = layer(x, bars)
        shares = present.float() / present.sum(1, keepdim=True)
        return functional.normalize((x.float() * shares[:, :, None]).sum(1), dim=-1)


class Head(nn.Module):
    """Language-identity removal as fitted on the untrained model, held fixed while training.

    Training then begins where the product stands, and spends nothing on what removal does anyway.
    """

    def __init__(self, removal: Removal) -> None:
        super().__init__()
        self.register_buffer("mean", torch.from_numpy(removal.mean.copy()))
        self.register_buffer("directions", torch.from_numpy(removal.directions.copy()))

    def forward(self, vectors: Tensor) -> Tensor:
        centred = vectors - self.mean
        return functional.normalize(centred - centred @ self.directions.T @ self.directions, dim=-1)


def heads(path: Path, model_id: str) -> tuple[Head, Head]:
    """The heads for queries and passages from the fit beside a prepared model."""
    lir = LIR.load(path, model_id)
    return Head(lir.queries), Head(lir.passages)
