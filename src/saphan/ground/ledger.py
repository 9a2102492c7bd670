"""The ledger: what happened, in order, for ever.

`fact` is transaction, audit entry and event in one. The change and the fact that records it are
saved together or not at all; each fact carries the SHA-256 of the one before it, so a later edit
shows. Personal data never enters a fact: people appear by their opaque reference, which survives
the deletion of the person.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from django.db import connection, models, transaction
from django.utils.translation import gettext as _

from saphan.ground import clock
from saphan.ground.models import Fact

GENESIS = "0" * 64
_ADVISORY_LOCK = 0x5A9_4A11  # any number that nothing else in the database locks


@dataclass
class Draft:
    """The fact being written; add to `data` what the action found out."""

    data: dict[str, Any]


@contextmanager
def fact(name: str, subject: models.Model | None, *, by: Any = None,
         **data: Any) -> Iterator[Draft]:
    """Run the block in one transaction and record it as `name` about `subject`.

    `by` is the person who acts (anything with a `ref`), or None for the house itself. `data` must
    be JSON-serialisable and hold no personal data. A subject that is created inside the block may
    be set late: its key is read when the block ends.
    """
    draft = Draft(dict(data))
    with transaction.atomic():
        yield draft
        _append(name, subject, by, draft.data)


def record(name: str, subject: models.Model | None, *, by: Any = None, **data: Any) -> Fact:
    """Record something that changed nothing else in the database."""
    with transaction.atomic():
        return _append(name, subject, by, data)


def _append(name: str, subject: models.Model | None, by: Any, data: dict[str, Any]) -> Fact:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ADVISORY_LOCK])
    head = Fact.objects.order_by("-seq").values("seq", "hash").first()
    entry = Fact(
        seq=(head["seq"] if head else 0) + 1,
        at=clock.now(),
        name=name,
        subject_type=subject._meta.label_lower if subject is not None else "",
        subject_id=str(subject.pk) if subject is not None else "",
        actor=getattr(by, "ref", "") or "",
        # What is hashed is what a JSON column gives back, so normalise before hashing.
        data=json.loads(json.dumps(data, ensure_ascii=False, default=str)),
        previous=head["hash"] if head else GENESIS,
    )
    entry.hash = digest(entry)
    entry.save(force_insert=True)
    transaction.on_commit(_poke)
    return entry


def _poke() -> None:
    from saphan.ground import jobs

    jobs.wake()


def digest(entry: Fact) -> str:
    """SHA-256, in hex, over the fact's canonical JSON and the hash before it."""
    # A clock may stand in any zone; the database gives every moment back in UTC.
    at = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    content = [entry.seq, at, entry.name, entry.subject_type, entry.subject_id, entry.actor,
               entry.data, entry.previous]
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def head() -> tuple[int, str]:
    """Sequence number and hash of the newest fact; (0, GENESIS) in an empty ledger."""
    newest = Fact.objects.order_by("-seq").values_list("seq", "hash").first()
    return newest or (0, GENESIS)


@dataclass(frozen=True)
class Report:
    """What `verify` found. `broken_at` is the first sequence number that does not hold."""

    count: int
    head: str
    broken_at: int | None = None
    reason: str = ""

    @property
    def intact(self) -> bool:
        return self.broken_at is None


def verify(*, expected_head: tuple[int, str] | None = None, using: str = "default") -> Report:
    """Walk the whole chain. With `expected_head` (from a backup, or written down elsewhere) also
    prove that nothing was cut off at the end since. `using`: the database, when it is a copy."""
    previous, count = GENESIS, 0
    for entry in Fact.objects.using(using).order_by("seq").iterator(chunk_size=2000):
        if entry.seq != count + 1:
            return Report(count, previous, count + 1, _("An entry of the ledger is missing."))
        if entry.previous != previous:
            return Report(count, previous, entry.seq, _(
                "An entry of the ledger does not follow the one before it."))
        if digest(entry) != entry.hash:
            return Report(count, previous, entry.seq, _(
                "An entry of the ledger was changed after it was written."))
        if expected_head and entry.seq == expected_head[0] and entry.hash != expected_head[1]:
            return Report(count, previous, entry.seq, _(
                "This is not the ledger that was expected."))
        previous, count = entry.hash, entry.seq
    if expected_head and count < expected_head[0]:
        return Report(count, previous, count + 1, _("The end of the ledger was cut off."))
    return Report(count, previous)


def about(subject: models.Model) -> models.QuerySet[Fact]:
    """The facts about one thing, oldest first."""
    return Fact.objects.filter(subject_type=subject._meta.label_lower,
                               subject_id=str(subject.pk)).order_by("seq")
