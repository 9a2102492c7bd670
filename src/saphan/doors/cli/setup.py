"""`saphan setup` and `saphan sample`: make the house ready, again and again without harm."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from saphan.doors.cli.boot import Failed, Progress, boot, say


def add(commands: object) -> None:
    parser = commands.add_parser(  # type: ignore[attr-defined]
        "setup", help="make the house ready; call it after every upgrade")
    parser.add_argument("--sample", metavar="NAME", help="also load this sample centre (nanning)")
    parser.set_defaults(run=_run_setup)
    sample = commands.add_parser(  # type: ignore[attr-defined]
        "sample", help="load a sample centre's records")
    verbs = sample.add_subparsers(dest="verb", required=True, metavar="VERB")
    load = verbs.add_parser("load", help="load or bring up to date; quick when nothing changed")
    load.add_argument("name", nargs="?", help="folder of centres/ (default: SAPHAN_CENTRE)")
    load.set_defaults(run=_run_sample)


def _run_setup(options: Any) -> int:
    set_up(sample=options.sample)
    return 0


def _run_sample(options: Any) -> int:
    boot()
    from django.conf import settings

    load_sample(options.name or settings.CENTRE)
    return 0


def set_up(*, sample: str | None = None) -> None:
    """Everything between an empty folder and a house that can open. Skips what is done."""
    from saphan.doors.cli import catalogues

    if codes := catalogues.compile_stale():
        say(f"compiled the words of {len(codes)} languages")
    boot()
    from django.conf import settings

    settings.HOME.mkdir(parents=True, exist_ok=True)
    _migrate()
    _collect_static()
    _prepare_model()
    from saphan.people import actions as people
    from saphan.people.models import Economy

    if not Economy.objects.exists():
        say(f"{people.load_economies()} countries and regions")
    else:
        people.load_economies()
    if sample:
        load_sample(sample)
    say(f"the house is ready in {settings.HOME}")


def _migrate() -> None:
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        say(f"bringing the database up to date: {len(waiting)} steps")
        call_command("migrate", verbosity=0, interactive=False, skip_checks=True)


def _collect_static() -> None:
    """Collect and compress static files, unless the same ones were collected before."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            state = Path(storage.path(path)).stat()
            digest.update(f"{path} {state.st_size} {state.st_mtime_ns}\n".encode())
    stamp = settings.STATIC_ROOT / ".digest"
    if stamp.exists() and stamp.read_text() == digest.hexdigest():
        return
    say("collecting static files")
    call_command("collectstatic", verbosity=0, interactive=False, clear=True, skip_checks=True)
    stamp.write_text(digest.hexdigest())


def _prepare_model() -> None:
    from django.conf import settings

    if settings.EMBEDDINGS_MODEL:
        return  # fitted at the first question, for the model behind that address
    from saphan.engines.matching.prepare import prepare

    prepare(settings.MODELS, lambda message: say(f"search model: {message}"))


def load_sample(name: str) -> None:
    """The records of a sample centre, and the search index over them."""
    from saphan.house import sample

    folder = sample.folder(name)
    if folder is None:
        raise Failed(f"there is no sample centre {name!r}; there are: {', '.join(sample.names())}")
    if sample.is_loaded(name):
        say(f"sample centre {name}: nothing new")
    else:
        say(f"loading the sample centre {name}")
        for room, count in sample.load(name).items():
            say(f"{room}: {count} records")
    progress = Progress("indexing")
    count = sample.index(progress)
    if count:
        progress.end(f"indexed {count} records")
