"""One file that holds the house: database, media and a manifest that proves them whole.

The file is a ZIP. `manifest.json` holds the SHA-256 of every part, the head of the ledger and the
migrations that were applied. The search index and the model are derived and not in it.
A backup is taken while the house is open; a restore needs the house closed, proves the file before
it touches anything, and keeps what was there.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from saphan.ground import clock, ledger
from saphan.house import engine, indexing, postgres
from saphan.house.occupancy import alone

FORMAT = 1
MANIFEST, KEY = "manifest.json", "secret_key"
DATABASES = {"sqlite": "database.sqlite3", "postgresql": "database.pgdump"}
CHUNK = 1024 * 1024
Told = Callable[[str], None]


class BadBackup(RuntimeError):
    """The file is not a whole backup, or not one for this house."""


class NotEmpty(RuntimeError):
    """There is a house already where the backup should go."""


@dataclass(frozen=True)
class Manifest:
    """What the file holds and what it proved when it was made."""

    made: str
    version: str
    vendor: str
    head: tuple[int, str]
    migrations: tuple[tuple[str, str], ...]
    parts: dict[str, str]

    def to_json(self) -> str:
        return json.dumps({
            "format": FORMAT, "made": self.made, "saphan": self.version, "database": self.vendor,
            "ledger": {"seq": self.head[0], "hash": self.head[1]},
            "migrations": [list(pair) for pair in self.migrations], "sha256": self.parts}, indent=1)

    @classmethod
    def from_json(cls, content: bytes) -> Manifest:
        try:
            data = json.loads(content)
            if data["format"] != FORMAT:
                raise BadBackup(f"this backup has format {data['format']}; this Saphan reads "
                                f"{FORMAT}")
            return cls(data["made"], data["saphan"], data["database"],
                       (data["ledger"]["seq"], data["ledger"]["hash"]),
                       tuple((app, name) for app, name in data["migrations"]), data["sha256"])
        except (ValueError, KeyError, TypeError) as error:
            raise BadBackup(f"the manifest of this backup cannot be read ({error})") from None


# -- making one ------------------------------------------------------------------------------


def backup(target: Path, *, with_secret_key: bool = False) -> Manifest:
    """Write the backup to `target`; it appears there whole and read back, or not at all."""
    target = target.resolve()
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".saphan-backup-") as folder:
        database = Path(folder) / "database"
        head = _copy_database(database)
        written = Path(folder) / "backup.zip"
        manifest = _write(written, database, head, with_secret_key)
        verify(written)
        _sync(written)
        os.replace(written, target)
    return manifest


def _copy_database(target: Path) -> tuple[int, str]:
    """A consistent copy while others write. Gives the head of the ledger in it."""
    connection = connections["default"]
    if connection.vendor == "postgresql":
        head = ledger.head()
        postgres.dump(target)
        return head
    source = sqlite3.connect(settings.DATABASES["default"]["NAME"], timeout=20)
    copy = sqlite3.connect(target)
    try:
        with copy:
            source.backup(copy, pages=-1)
        copy.execute("PRAGMA journal_mode=DELETE")
        if (found := copy.execute("PRAGMA integrity_check").fetchone()[0]) != "ok":
            raise BadBackup(f"the database is damaged: {found}")
    finally:
        copy.close()
        source.close()
    with _second_database(target) as alias:
        report = ledger.verify(using=alias)
    if not report.intact:
        raise BadBackup(f"the ledger is broken at fact {report.broken_at}: {report.reason}")
    return report.count, report.head


def _write(target: Path, database: Path, head: tuple[int, str], with_key: bool) -> Manifest:
    vendor = connections["default"].vendor
    parts: dict[str, str] = {}
    with zipfile.ZipFile(target, "x", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
        _add(archive, DATABASES[vendor], database, parts)
        for path in sorted(settings.MEDIA_ROOT.rglob("*")):
            if path.is_file():
                name = f"media/{path.relative_to(settings.MEDIA_ROOT).as_posix()}"
                _add(archive, name, path, parts)
        key = settings.HOME / KEY
        if with_key and key.exists():
            _add(archive, KEY, key, parts)
        applied = MigrationRecorder(connections["default"]).applied_migrations()
        manifest = Manifest(clock.now().isoformat(), _version(), vendor, head,
                            tuple(sorted(applied)), parts)
        archive.writestr(MANIFEST, manifest.to_json())
    os.chmod(target, 0o600)
    return manifest


def _add(archive: zipfile.ZipFile, name: str, path: Path, parts: dict[str, str]) -> None:
    digest = hashlib.sha256()
    with path.open("rb") as source, archive.open(name, "w", force_zip64=True) as part:
        while chunk := source.read(CHUNK):
            digest.update(chunk)
            part.write(chunk)
    parts[name] = digest.hexdigest()


def _version() -> str:
    try:
        return version("saphan")
    except PackageNotFoundError:
        return "unknown"


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


# -- reading one -----------------------------------------------------------------------------


def verify(path: Path) -> Manifest:
    """Read every byte and compare. Raises BadBackup."""
    with _opened(path) as archive:
        return _verified(archive)


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except zipfile.BadZipFile as error:
        raise BadBackup(f"{path.name} is not a whole backup: {error}") from None


def _verified(archive: zipfile.ZipFile) -> Manifest:
    try:
        manifest = Manifest.from_json(archive.read(MANIFEST))
    except KeyError:
        raise BadBackup("this file has no manifest; it is not a backup of a house") from None
    held = set(archive.namelist()) - {MANIFEST}
    if held != set(manifest.parts):
        odd = sorted(held.symmetric_difference(manifest.parts))
        raise BadBackup(f"the backup does not hold what its manifest says: {', '.join(odd[:3])}")
    for name, expected in manifest.parts.items():
        if not _harmless(name):
            raise BadBackup(f"the backup holds a part that does not belong there: {name!r}")
        with archive.open(name) as part:
            if _digest(part) != expected:
                raise BadBackup(f"{name} in the backup is damaged")
    return manifest


def _harmless(name: str) -> bool:
    """A name that stays inside the house's folder."""
    steps = name.split("/")
    return name in (*DATABASES.values(), KEY) or (
        steps[0] == "media" and len(steps) > 1 and "\\" not in name
        and all(step not in ("", ".", "..") for step in steps))


def _digest(file: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while chunk := file.read(CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


def restore(path: Path, *, force: bool = False, told: Told = lambda message: None,
            counted: Callable[[int, int], None] = lambda done, total: None) -> Manifest:
    """Put the backup in the place of this house.

    Nothing is touched before the file, the database in it and its ledger are proven. With `force` a
    house that is there is moved aside, into `before-restore-…` in the same folder. Raises
    BadBackup, NotEmpty, and Occupied while anybody is in the house.
    """
    with alone(), _opened(path) as archive:
        told("proving the backup")
        manifest = _verified(archive)
        vendor = connections["default"].vendor
        if manifest.vendor != vendor:
            raise BadBackup(f"this backup is of a {manifest.vendor} database; the house is set up "
                            f"for {vendor}")
        _not_from_the_future(manifest)
        if not force and _inhabited():
            raise NotEmpty(f"there is a house in {settings.HOME} already; --force moves it aside")
        moment = clock.now().strftime("%Y%m%d-%H%M%S")
        fresh = settings.HOME / f"restoring-{moment}"
        fresh.mkdir(parents=True)
        try:
            _unpack(archive, manifest, fresh)
            told("proving the ledger")
            _prove(fresh / DATABASES[vendor], manifest)
            told("moving in")
            _swap(fresh, settings.HOME / f"before-restore-{moment}", vendor)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
        call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
        told("making the search index anew")
        indexing.rebuild(counted)
    return manifest


def _not_from_the_future(manifest: Manifest) -> None:
    known = set(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)
    unknown = [f"{app}.{name}" for app, name in manifest.migrations if (app, name) not in known]
    if unknown:
        raise BadBackup(f"this backup comes from a newer Saphan ({manifest.version}; it has "
                        f"{unknown[0]}); upgrade first")


def _inhabited() -> bool:
    if connections["default"].vendor == "postgresql":
        return bool(connections["default"].introspection.table_names())
    return Path(settings.DATABASES["default"]["NAME"]).exists()


def _unpack(archive: zipfile.ZipFile, manifest: Manifest, folder: Path) -> None:
    for name in manifest.parts:
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(name) as part, target.open("wb") as file:
            shutil.copyfileobj(part, file, CHUNK)
            file.flush()
            os.fsync(file.fileno())
    if (key := folder / KEY).exists():
        key.chmod(0o600)


def _prove(database: Path, manifest: Manifest) -> None:
    """The ledger in the unpacked database holds and reaches what the manifest says."""
    entry = postgres.load_beside(database) if manifest.vendor == "postgresql" else None
    with _second_database(database, entry) as alias:
        report = ledger.verify(expected_head=manifest.head, using=alias)
    if not report.intact:
        raise BadBackup(f"the ledger in the backup is broken at fact {report.broken_at}: "
                        f"{report.reason}")


@contextmanager
def _second_database(path: Path, entry: dict[str, Any] | None = None) -> Iterator[str]:
    """Django's connection to another database for the length of the block."""
    alias = "beside"
    plain = {"ENGINE": "django.db.backends.sqlite3", "NAME": path, "OPTIONS": {}}
    connections.databases[alias] = {
        **connections.databases["default"], "CONN_MAX_AGE": 0, **(entry or plain)}
    try:
        yield alias
    finally:
        connections[alias].close()
        del connections[alias], connections.databases[alias]


def _swap(fresh: Path, aside: Path, vendor: str) -> None:
    """Move the present house aside and the unpacked one in: renames within one folder."""
    engine.close()
    connections.close_all()
    moving = [settings.MEDIA_ROOT]
    for index in (settings.INDEX, *_indexes()):
        moving += [index, *_beside(index)]
    incoming = {fresh / "media": settings.MEDIA_ROOT, fresh / KEY: settings.HOME / KEY}
    if vendor == "sqlite":
        database = Path(settings.DATABASES["default"]["NAME"])
        moving += [database, *_beside(database)]
        incoming[fresh / DATABASES[vendor]] = database
    if (fresh / KEY).exists():
        moving.append(settings.HOME / KEY)
    for path in moving:
        if path.exists():
            aside.mkdir(exist_ok=True)
            os.replace(path, aside / path.name)
    if vendor == "postgresql":
        postgres.swap(aside.name.replace("-", "_"))
    for source, target in incoming.items():
        if source.exists():
            os.replace(source, target)


def _indexes() -> list[Path]:
    """The indexes that rooms keep beside that of the house. They hold what the old house held."""
    found = settings.INDEX.parent.glob(f"*{settings.INDEX.suffix}")
    return sorted(set(found) - {settings.INDEX, Path(settings.DATABASES["default"]["NAME"])})


def _beside(database: Path) -> list[Path]:
    """The files that SQLite keeps beside a database. Moved with it: they are part of it."""
    return [database.with_name(database.name + ending) for ending in ("-wal", "-shm", "-journal")]
