"""What the benches of the sandbox share: a hall of their own, exhibits, tables."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "src"))

from saphan.engines.runner.client import Hall, Settings  # noqa: E402

LEVELS = ("bubblewrap", "kernel")
TOML = 'maker = "A bench"\nlicence = "Apache-2.0"\ntitle = "{slug}"\nmode = "{mode}"\n{more}\n'
HEAD = "from saphan.engines.runner import Line, Say, exhibit\n"


@contextmanager
def hall_at(level: str, *, own: bool = False, slots: int = 0,
            budget_mb: float = 3_000) -> Iterator[tuple[Hall, Path]]:
    """(a hall at this level of isolation, a folder to put exhibits in). `own`: as the house's own,
    which also run where nothing is sealed."""
    home = Path(tempfile.mkdtemp(prefix="saphan-bench-"))
    folder = home / "exhibits"
    folder.mkdir()
    hall = Hall(home / "hall.sock", Settings(
        level=level, slots=slots, budget_mb=budget_mb, linger=1,
        own=(str(folder),) if own else (), guests=(str(folder),)))
    try:
        yield hall, folder
    finally:
        hall.close()
        shutil.rmtree(home, ignore_errors=True)


def put(folder: Path, slug: str, code: str, mode: str, more: str = "") -> Path:
    """An exhibit."""
    made = folder / slug
    made.mkdir()
    (made / "exhibit.toml").write_text(TOML.format(slug=slug, mode=mode, more=more))
    (made / "exhibit.py").write_text(HEAD + code)
    return made


def table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a Markdown table."""
    print("| " + " | ".join(heads) + " |")
    print("|" + " --- |" * len(heads))
    for row in rows:
        print("| " + " | ".join(str(cell) for cell in row) + " |")
    print(flush=True)


def part(values: Sequence[float], share: float) -> float:
    """The value below which this share of all lies."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]
