"""A sample centre: records that show a house at work, in `centres/NAME/ROOM/`.

Each room loads its own folder. What was loaded is a fact, with a digest of the files, so that
loading again is quick when nothing changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from django.conf import settings

from saphan.ground import ledger
from saphan.ground.models import Fact
from saphan.house import indexing
from saphan.house.engine import engine
from saphan.house.registry import rooms


def names() -> list[str]:
    """The centres that come with the house."""
    return sorted(path.parent.name for path in settings.CENTRES.glob("*/centre.toml"))


def folder(name: str) -> Path | None:
    """The centre's folder, or None if there is no such centre."""
    return settings.CENTRES / name if name in names() else None


def digest(name: str) -> str:
    """SHA-256 over the files of a centre, names and contents."""
    root, total = settings.CENTRES / name, hashlib.sha256()
    for path in sorted(root.rglob("*")):
        if path.is_file():
            total.update(path.relative_to(root).as_posix().encode() + b"\0")
            total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def is_loaded(name: str) -> bool:
    """Whether exactly these files were loaded last."""
    last = Fact.objects.filter(name="sample.loaded").order_by("-seq").first()
    return last is not None and last.data == {**last.data, "centre": name, "digest": digest(name)}


def load(name: str) -> dict[str, int]:
    """Let every room load its folder. Gives the number of records afterwards, by room.

    A room's records are saved one by one; a load that was killed goes on when called again.
    """
    counts = {}
    for room in rooms():
        path = settings.CENTRES / name / room.slug
        if room.load_sample and path.is_dir():
            counts[room.slug] = room.load_sample(path)
    ledger.record("sample.loaded", None, centre=name, digest=digest(name), records=counts)
    return counts


def index(told: Callable[[int, int], None]) -> int:
    """Bring the search index in step. Gives the number of entries that were made or looked at
    again; 0 if there was nothing to do. A new index tells how far it is."""
    opened = engine().index
    head, _hash = ledger.head()
    if opened.cursor == head and not opened.stale():
        return 0
    if opened.count() == 0:
        return indexing.rebuild(told)
    waiting = Fact.objects.filter(seq__gt=opened.cursor).values("subject_type", "subject_id")
    kinds = [entries.model._meta.label_lower for _room, entries in indexing.sources()]
    count = waiting.filter(subject_type__in=kinds).distinct().count()
    indexing.catch_up()
    return count
