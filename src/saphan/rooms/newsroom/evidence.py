"""Where the snapshots lie that prove what an article said: web archives, one file a day.

They are kept with the house's other files, so that a backup holds them too.
"""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from saphan.engines.fetching import warc
from saphan.engines.fetching.warc import Evidence, EvidenceProblem, Kept
from saphan.ground import clock
from saphan.rooms.newsroom.intake import Incoming
from saphan.rooms.newsroom.models import Version


def folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "evidence"


def keep(incoming: Incoming) -> Evidence:
    """Keep what came in as it came: the answer of a server, or the bytes that a person brought."""
    if incoming.answer is not None:
        return warc.keep(folder(), incoming.answer)
    when = incoming.at or clock.now()
    address = incoming.address or f"urn:sha256:{warc.digest(incoming.body)[7:]}"
    kind = incoming.content_type or "application/octet-stream"
    return warc.keep_file(folder(), address, incoming.body, kind, when)


def of(version: Version) -> Evidence:
    """Raises `EvidenceProblem` (`missing`) for a version that came without a snapshot."""
    if not version.evidence_file:
        raise EvidenceProblem("missing", "no snapshot was kept")
    return Evidence(version.evidence_file, version.evidence_offset, version.evidence_length,
                    version.evidence_digest)


def archive(version: Version) -> bytes:
    """The snapshot as a web archive of its own (.warc.gz). Raises `EvidenceProblem`."""
    return warc.export(folder(), of(version))


def check(version: Version) -> Kept:
    """Read the snapshot again and compare it with its digest. Raises `EvidenceProblem`."""
    return warc.read(folder(), of(version))
