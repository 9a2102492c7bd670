"""The fonts of the PDF: the house's own web fonts turned into files a typesetter can read, and the
Chinese font of the machine.

Every file becomes a family of its own (“Saphan Latin”, “Saphan Latin Ext”, “Saphan Thai”). Web
fonts are cut by letters: two cuts under one family name make the typesetter take the wrong one,
and every digit of a page vanishes.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
import unicodedata
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from fontTools.ttLib import TTCollection, TTFont

from saphan.engines.paper.errors import FontMissing

HERE: Final = Path(__file__).parent / "fonts"
HOUSE: Final = Path(__file__).parents[2] / "design" / "static" / "saphan" / "fonts"
"""Where the house keeps its web fonts (read as files, nothing is imported)."""

FAMILIES: Final = {"latin": "Saphan Latin", "latin-ext": "Saphan Latin Ext",
                   "vietnamese": "Saphan Vietnamese", "thai": "Saphan Thai", "lao": "Saphan Lao",
                   "khmer": "Saphan Khmer", "burmese": "Saphan Burmese", "tamil": "Saphan Tamil"}
_CJK_FOLDERS: Final = ("/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts",
                       "/System/Library/Fonts", "~/.local/share/fonts", "~/.fonts")
_CJK_FILES: Final = ("NotoSansCJK*.tt[cf]", "NotoSansCJK*.otf", "NotoSans[ST]C*.[ot]tf",
                     "SourceHanSans*.[ot]t[cf]", "wqy-microhei.tt[cf]")
_FAMILY_NAMES: Final = (1, 16, 21)
_DRAWN_BY_THE_TYPESETTER: Final = frozenset(
    "≤≥≈≠±×÷−∞√∑→←↑↓†‡‰′″•…‐‑–—―\u00a0\u202f\u2060\u00ad\n\t\ufeff")
"""In the fonts that come with the typesetter, or drawn by nothing."""


@dataclass(frozen=True)
class Shelf:
    """Fonts ready to print with. `cache`: a folder to keep the converted files in; `cjk`: folders
    in which to look for a Chinese font, by default the machine's usual ones."""

    cache: Path
    cjk: Sequence[str | Path] = _CJK_FOLDERS

    @cached_property
    def folder(self) -> Path:
        """The folder of the house's fonts as .ttf, made at first use (under a second)."""
        originals = sorted(path for source in (HERE, HOUSE) for path in source.glob("*.woff2")
                           if path.stem.rpartition("-")[0] in FAMILIES)
        seal = hashlib.sha256()
        for path in originals:
            seal.update(path.name.encode() + path.read_bytes())
        folder = self.cache / f"fonts-{seal.hexdigest()[:12]}"
        folder.mkdir(parents=True, exist_ok=True)
        for path in originals:
            target = folder / f"{path.stem}.ttf"
            if not target.exists():
                _convert(path, target, FAMILIES[path.stem.rpartition("-")[0]])
        return folder

    @cached_property
    def cjk_files(self) -> list[Path]:
        """The machine's Chinese fonts; empty where none is installed."""
        for name in _CJK_FILES:
            for place in self.cjk:
                found = sorted(Path(place).expanduser().glob(f"**/{name}"))
                if found:
                    return found
        return []

    @cached_property
    def cjk_families(self) -> frozenset[str]:
        return frozenset(family for path in self.cjk_files for family in families(path))

    @cached_property
    def letters(self) -> frozenset[int]:
        """Every code point that some font of the shelf draws."""
        found: set[int] = set()
        for path in (*sorted(self.folder.glob("*-400.ttf")), *self.cjk_files[:1]):
            found |= _letters(path)
        return frozenset(found)

    def paths(self) -> list[str]:
        """Folders for the typesetter."""
        return [str(self.folder), *sorted({str(path.parent) for path in self.cjk_files})]

    def check(self, texts: Iterable[str]) -> None:
        """Raises FontMissing if letters, digits or punctuation would be drawn as empty boxes."""
        lacking = sorted({letter for text in texts for letter in text if not self._draws(letter)})
        lacking = [letter for letter in lacking if not is_ornament(letter)]
        if lacking:
            cjk = [letter for letter in lacking if _is_cjk(letter)]
            raise FontMissing("".join(cjk or lacking)[:20], cjk=bool(cjk))

    def _draws(self, letter: str) -> bool:
        return ord(letter) in self.letters or letter in _DRAWN_BY_THE_TYPESETTER

    def plain(self, text: str) -> str:
        """The text without ornaments that nothing here draws: emoji, controls, selectors."""
        return "".join(letter for letter in text if self._draws(letter) or not is_ornament(letter))


def is_ornament(letter: str) -> bool:
    """Whether a character carries no words: emoji, control characters, private use."""
    return unicodedata.category(letter) in ("So", "Sk", "Cc", "Cf", "Cn", "Co", "Cs") or (
        "\ufe00" <= letter <= "\ufe0f")


def _is_cjk(letter: str) -> bool:
    return ("\u2e80" <= letter <= "\u9fff" or "\uac00" <= letter <= "\ud7af"
            or "\uf900" <= letter <= "\ufaff" or "\uff00" <= letter <= "\uffef"
            or letter >= "\U00020000")


def _open(path: Path) -> Generator[TTFont, None, None]:
    """Every face of a font file."""
    with path.open("rb") as stream:
        collection = stream.read(4) == b"ttcf"
    if collection:
        with TTCollection(path, lazy=True) as faces:
            yield from faces.fonts
    else:
        with TTFont(path, lazy=True) as face:
            yield face


def families(path: Path) -> list[str]:
    """The family names of a font file's faces."""
    return [str(face["name"].getBestFamilyName()) for face in _open(path)]


def _letters(path: Path) -> set[int]:
    """What the first face draws; a collection draws the same letters in several styles."""
    with contextlib.closing(_open(path)) as faces:
        return set(next(faces).getBestCmap())


def _convert(original: Path, target: Path, family: str) -> None:
    font = TTFont(original)
    font.flavor = None
    names = font["name"]
    names.names = [record for record in names.names if record.nameID not in (*_FAMILY_NAMES, 22)]
    names.setName(family, 1, 3, 1, 0x409)
    names.setName(family, 16, 3, 1, 0x409)
    # Written beside and moved: two processes may come here at once.
    handle, beside = tempfile.mkstemp(suffix=".part", dir=target.parent)
    with os.fdopen(handle, "wb") as stream:
        font.save(stream)
    font.close()
    os.replace(beside, target)
