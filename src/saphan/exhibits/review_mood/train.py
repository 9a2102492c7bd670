"""Train the head on the reviews that we wrote.

    python -m saphan.exhibits.review_mood.train

prints how it does on languages left out one at a time, for some strengths of the penalty, and
writes `head.npz` with the strengths in PENALTY. Logistic regression with a quadratic penalty.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import minimize

from saphan.engines.matching.prepare import load
from saphan.engines.runner.folder import models_folder

from .head import FILE, MOODS, TOPICS, Array, Head, Review, digest, embedded, read, with_one

PENALTY, TOPIC_PENALTY = 0.3, 0.03
"""Chosen with each language judged by the others, on the written reviews alone."""


def fit(reviews: list[Review], vectors: Array, penalty: float = PENALTY,
        topic_penalty: float = TOPIC_PENALTY) -> Head:
    """The head for reviews and their vectors."""
    inputs = with_one(vectors)
    wanted = np.array([[each.mood == mood for mood in MOODS] for each in reviews], float)
    wanted *= len(reviews) / len(MOODS) / wanted.sum(axis=0)  # moods weigh the same
    topics = [_binary(inputs, np.array([letter in each.topics for each in reviews], float),
                      topic_penalty) for letter in TOPICS]
    return Head(_softmax(inputs, wanted, penalty), np.stack(topics, axis=1))


def _softmax(inputs: Array, wanted: Array, penalty: float) -> Array:
    shape = (inputs.shape[1], wanted.shape[1])
    weight = wanted.sum(axis=1, keepdims=True)

    def loss(flat: Array) -> tuple[float, Array]:
        weights = flat.reshape(shape)
        raw = inputs @ weights
        raw = raw - raw.max(axis=1, keepdims=True)
        log = raw - np.log(np.exp(raw).sum(axis=1, keepdims=True))
        down = inputs.T @ (np.exp(log) * weight - wanted)
        held = weights.copy()
        held[-1] = 0  # the constant is not punished
        return (float(-(wanted * log).sum() + penalty / 2 * (held**2).sum()),
                (down + penalty * held).ravel())

    found: Array = minimize(loss, np.zeros(shape).ravel(), jac=True, method="L-BFGS-B").x
    return found.reshape(shape)


def _binary(inputs: Array, wanted: Array, penalty: float) -> Array:
    """Weights of a yes-or-no question."""
    both = _softmax(inputs, np.stack([1 - wanted, wanted], axis=1), penalty * 2)
    weights: Array = both[:, 1] - both[:, 0]
    return weights


def left_out(reviews: list[Review], vectors: Array, penalty: float) -> tuple[float, float]:
    """Share of moods right, and of topics right, each language judged by the others."""
    right = same = 0.0
    for lang in {each.lang for each in reviews}:
        mine = np.array([each.lang == lang for each in reviews])
        rest = [each for each in reviews if each.lang != lang]
        head = fit(rest, vectors[~mine], penalty, penalty)
        truth = [each for each in reviews if each.lang == lang]
        moods = head.mood(vectors[mine]).argmax(axis=1)
        about = head.about(vectors[mine]) > 0.5
        right += sum(MOODS[at] == each.mood for at, each in zip(moods, truth, strict=True))
        same += sum(all((letter in each.topics) == said for letter, said
                        in zip(TOPICS, row, strict=True))
                    for row, each in zip(about, truth, strict=True))
    return right / len(reviews), same / len(reviews)


if __name__ == "__main__":
    model, removal = load(models_folder(), threads=2)
    written = read()
    places = embedded([each.text for each in written], model, removal)
    for strength in (0.03, 0.1, 0.3, 1.0):
        print(strength, left_out(written, places, strength))
    made = fit(written, places)
    np.savez_compressed(FILE, moods=made.moods.astype(np.float32),
                        topics=made.topics.astype(np.float32),
                        model=np.array(model.model_id), reviews=np.array(digest()))
