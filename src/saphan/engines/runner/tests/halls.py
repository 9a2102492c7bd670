"""Halls and exhibits for the tests of sealed workers."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from saphan.engines.runner.client import Hall, Settings

HOSTILE = Path(__file__).parent / "hostile"
TOML = 'maker = "A test"\nlicence = "MIT"\ntitle = "{slug}"\nmode = "{mode}"\n{more}\n'
HEAD = "from saphan.engines.runner import Image, Line, Refusal, Say, exhibit\n"


@contextmanager
def hall_at(level: str, **settings: object) -> Iterator[tuple[Hall, Path]]:
    """(a hall whose supervisor uses at most `level`, a folder for exhibits). All ends with it."""
    home = Path(tempfile.mkdtemp(prefix="saphan-hall-"))
    guests = home / "guests"
    guests.mkdir()
    hall = Hall(home / "hall.sock", Settings(
        level=level, guests=(str(guests),), log=str(home / "hall.log"),
        **{"linger": 1.0, "slots": 2, **settings}))  # type: ignore[arg-type]
    try:
        yield hall, guests
    finally:
        hall.close()
        shutil.rmtree(home, ignore_errors=True)


def put(guests: Path, slug: str, code: str, mode: str = "fresh", more: str = "") -> Path:
    """An exhibit with this code in the folder of guests."""
    folder = guests / slug
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "exhibit.toml").write_text(TOML.format(slug=slug, mode=mode, more=more))
    (folder / "exhibit.py").write_text(HEAD + code)
    return folder


def put_hostile(guests: Path, mode: str) -> Path:
    """The hostile exhibit, with a link that leads out of its folder."""
    folder = guests / f"hostile_{mode}"
    shutil.copytree(HOSTILE, folder, ignore=shutil.ignore_patterns("__pycache__"))
    facts = (folder / "exhibit.toml").read_text()
    (folder / "exhibit.toml").write_text(facts + f'mode = "{mode}"\n')
    (folder / "way-out").symlink_to("/etc/passwd")
    return folder


ECHO = '@exhibit\ndef echo(text: Line) -> Say:\n    return Say("said", text=text)\n'


def said(answer: dict[str, object] | None, name: str = "text") -> object:
    """A value of the first sentence of an answer."""
    assert answer
    return answer["parts"][0]["values"][name]  # type: ignore[index]
