"""`saphan backup` and `saphan restore`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from saphan.doors.cli.boot import Failed, Progress, boot, say


def add(commands: object) -> None:
    making = commands.add_parser(  # type: ignore[attr-defined]
        "backup", help="write database and media into one file, while the house is open")
    making.add_argument("file", type=Path, help="a new file, for example saphan-2027-01-31.zip")
    making.add_argument("--with-secret-key", action="store_true",
                        help="also the secret key: sign-ins survive, but keep the file safe")
    making.set_defaults(run=_run_backup)
    restoring = commands.add_parser(  # type: ignore[attr-defined]
        "restore", help="prove a backup and put it in the place of this house")
    restoring.add_argument("file", type=Path)
    restoring.add_argument("--force", action="store_true",
                           help="move the house that is there aside, into before-restore-…")
    restoring.add_argument("--verify-only", action="store_true",
                           help="read every byte of the file and compare; restore nothing")
    restoring.set_defaults(run=_run_restore)


def _run_backup(options: Any) -> int:
    if options.file.exists():
        raise Failed(f"{options.file} exists; choose a new name")
    boot()
    from saphan.house import backup

    try:
        manifest = backup.backup(options.file, with_secret_key=options.with_secret_key)
    except (backup.BadBackup, RuntimeError) as error:
        raise Failed(str(error)) from error
    size = options.file.stat().st_size / 1024**2
    print(f"{options.file}: {len(manifest.parts)} parts, {size:.1f} MB, "
          f"ledger {manifest.head[0]}:{manifest.head[1]}")
    return 0


def _run_restore(options: Any) -> int:
    if not options.file.is_file():
        raise Failed(f"there is no file {options.file}")
    boot()
    from saphan.house import backup
    from saphan.house.occupancy import Occupied

    try:
        if options.verify_only:
            manifest = backup.verify(options.file)
            print(f"whole: made {manifest.made}, ledger {manifest.head[0]}:{manifest.head[1]}")
            return 0
        progress = Progress("indexing")
        manifest = backup.restore(options.file, force=options.force, told=say, counted=progress)
        progress.end("the search index is made")
    except (backup.BadBackup, backup.NotEmpty, Occupied) as error:
        raise Failed(str(error)) from error
    print(f"restored what was kept on {manifest.made}, ledger {manifest.head[0]}:"
          f"{manifest.head[1]}")
    say("call `saphan setup`, then `saphan serve`")
    return 0
