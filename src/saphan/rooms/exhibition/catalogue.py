"""The exhibits' folders: those that come with the house, those that packages bring, those that the
operator mounts (`SAPHAN_EXHIBITS`). Reads facts and words; never runs their code."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path

from django.conf import settings

from saphan.engines.runner.folder import Folder, folders
from saphan.engines.runner.workbench import installed

ENTRY_POINT_GROUP = "saphan.exhibits"
LOOK_AGAIN_SECONDS = 5.0


@dataclass(frozen=True)
class Catalogue:
    """What lies in the folders: by slug, with what could not be read, and which of the house's
    own are not set up here."""

    folders: dict[str, Folder]
    own: frozenset[str]
    problems: tuple[str, ...]
    absent: tuple[str, ...] = ()


def roots() -> list[tuple[Path, bool]]:
    """Folders of exhibits, and whether they are the house's own."""
    found = [(settings.PACKAGE / "exhibits", True)]
    for point in sorted(entry_points(group=ENTRY_POINT_GROUP), key=lambda point: point.name):
        # The package is found, not imported: its code is a stranger's.
        spec = find_spec(point.value.partition(".")[0])
        for place in spec.submodule_search_locations or [] if spec else []:
            found.append((Path(place).joinpath(*point.value.split(".")[1:]), False))
    return found + [(path, False) for path in settings.EXHIBITS]


_lock = threading.Lock()
_seen: tuple[float, tuple[tuple[str, int], ...], Catalogue] | None = None


def _stamps() -> tuple[tuple[str, int], ...]:
    """Names and times of what the catalogue is read from."""
    return tuple(sorted((str(path), path.stat().st_mtime_ns)
                        for root, _own in roots() if root.is_dir()
                        for pattern in ("*/exhibit.toml", "*/exhibit.py", "*/plate/*.toml")
                        for path in root.glob(pattern)))


def catalogue() -> Catalogue:
    """What lies in the folders now; looked at again at most every few seconds."""
    global _seen
    with _lock:
        moment = time.monotonic()
        if _seen and moment - _seen[0] < LOOK_AGAIN_SECONDS:
            return _seen[2]
        stamps = _stamps()
        if not _seen or _seen[1] != stamps:
            _seen = (moment, stamps, _read())
        else:
            _seen = (moment, stamps, _seen[2])
        return _seen[2]


def forget() -> None:
    """Look anew at once: after a folder was changed by the house itself, and in tests."""
    global _seen
    _seen = None


def _read() -> Catalogue:
    by_slug: dict[str, Folder] = {}
    own: set[str] = set()
    problems: list[str] = []
    absent: list[str] = []
    for root, ours in roots():
        found, wrong = folders(root)
        problems += wrong
        for folder in found:
            if folder.slug in by_slug:
                problems.append(f"{folder.slug}: there is another exhibit of this name; the one "
                                f"in {by_slug[folder.slug].path.parent.name} is shown")
                continue
            if ours and (missing := installed(folder.needs)):
                # The house's own that are not part of every installation; others' are shown with
                # what they lack, because somebody brought them on purpose.
                absent.append(f"{folder.slug} is not shown: it needs {', '.join(missing)}")
                continue
            by_slug[folder.slug] = folder
            if ours:
                own.add(folder.slug)
    return Catalogue(by_slug, frozenset(own), tuple(problems), tuple(absent))


def folder(slug: str) -> Folder | None:
    """The folder of an exhibit, if it is there."""
    return catalogue().folders.get(slug)
