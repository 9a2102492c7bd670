"""Made lists of boxes for the bench, with sides like those of Bischoff & Ratcliff (1995): 30 to
120, 25 to 100 and 20 to 80 cm, in a container of 587 x 233 x 220 cm. Their generator is not used:
the numbers come from Python's own, so these are other lists of the same sort."""

from __future__ import annotations

import random

from .cargo import Container, Kind

CONTAINER = Container(587, 233, 220, 10 ** 9)
KINDS = (3, 5, 8, 10, 12, 15, 20)


def cargo(kinds: int, seed: int) -> list[Kind]:
    """So many kinds of boxes, together just more than the container holds."""
    chance = random.Random(f"{kinds}/{seed}")  # noqa: S311 - a made list, no secrets
    sides = [(chance.randint(30, 120), chance.randint(25, 100), chance.randint(20, 80))
             for _ in range(kinds)]
    counts = [1] * kinds
    volumes = [a * b * c for a, b, c in sides]
    total = sum(volumes)
    while total < CONTAINER.volume:
        number = chance.randrange(kinds)
        counts[number] += 1
        total += volumes[number]
    return [Kind(str(number + 1), *side, kg=1.0, count=count)
            for number, (side, count) in enumerate(zip(sides, counts, strict=True))]
