"""Word lists that come with the engine: words set apart by spaces, `#` starts a comment line."""

from __future__ import annotations

from pathlib import Path
from typing import Final

DATA: Final = Path(__file__).parent / "data"


def word_list(name: str) -> frozenset[str]:
    """The words of a file in `data/`."""
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
