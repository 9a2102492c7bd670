"""The fitted weights, and the probability that they give."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from saphan.engines.duplicates.features import BY_FACTS, FEATURES, Compared

WEIGHTS_FILE: Final = Path(__file__).parent / "data" / "weights.json"


class WeightsError(ValueError):
    """The file of weights cannot be read, or is of other features."""


@dataclass(frozen=True)
class Weights:
    """A logistic model: probability = 1 / (1 + exp(-(bias + sum of weight times feature)))."""

    names: tuple[str, ...]
    weights: tuple[float, ...]
    bias: float
    threshold: float
    """From this probability on, at least 95 of 100 pairs of the half fitted on were the same."""

    def probability(self, compared: Compared) -> float:
        """0..1, that both records are the same one."""
        total = self.bias + float(compared.numbers(self.names) @ self.weights)
        return 1.0 / (1.0 + math.exp(-max(-60.0, min(60.0, total))))

    def to_json(self) -> dict[str, Any]:
        """Plain data for the file of weights."""
        return {
            "bias": round(self.bias, 5),
            "threshold": round(self.threshold, 4),
            "weights": {
                name: round(weight, 5)
                for name, weight in zip(self.names, self.weights, strict=True)
            },
        }


@dataclass(frozen=True)
class Model:
    """Weights for the model of meaning that they were fitted with, and some for any other."""

    model_id: str
    with_meaning: Weights
    facts_only: Weights
    pool: int
    """Records nearest in meaning that are looked at."""
    floor: float
    """Cosine of whole records below which no duplicate was in the half fitted on."""

    @classmethod
    def load(cls, path: Path = WEIGHTS_FILE) -> Model:
        """Read the file of weights. Raises WeightsError."""
        try:
            plain = json.loads(path.read_text(encoding="utf-8"))
            return cls(
                plain["model_id"],
                _weights(plain["with_meaning"], FEATURES),
                _weights(plain["facts_only"], BY_FACTS),
                int(plain["pool"]),
                float(plain["floor"]),
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise WeightsError(f"{path}: {error}") from error


def _weights(plain: dict[str, Any], names: tuple[str, ...]) -> Weights:
    given = plain["weights"]
    if set(given) != set(names):
        raise WeightsError(f"other features: {sorted(set(given) ^ set(names))}")
    return Weights(
        names, tuple(float(given[name]) for name in names), float(plain["bias"]),
        float(plain["threshold"]),
    )  # fmt: skip
