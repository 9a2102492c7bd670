"""What is misconfigured, and how to mend it. Every check stands alone: one that fails in a way
nobody thought of is itself a finding, and the others still run."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import ERROR, run_checks
from django.db import connection

ERROR_BELOW, WARN_BELOW = 200 * 1024**2, 1024**3  # bytes free on the disk


@dataclass(frozen=True)
class Finding:
    """`level` is ok, warning or error; `mend` says what to do about the latter two."""

    name: str
    level: str
    message: str
    mend: str = ""

    def to_json(self) -> dict[str, Any]:
        return {"name": self.name, "level": self.level, "message": self.message,
                "mend": self.mend}


Check = Callable[[], Iterable[Finding]]
_checks: list[tuple[str, Check]] = []


def _about(name: str) -> Callable[[Check], Check]:
    def register(check: Check) -> Check:
        _checks.append((name, check))
        return check

    return register


def run() -> Iterator[Finding]:
    """Every finding, in an order in which the first error is the one to mend first."""
    for name, check in _checks:
        try:
            for finding in check():
                yield Finding(name, finding.level, finding.message, finding.mend)
        except Exception as error:
            yield Finding(name, "error", f"{type(error).__name__}: {' '.join(str(error).split())}",
                          "Mend what stands above first; then look at this again.")


def ok(message: str) -> Finding:
    return Finding("", "ok", message)


def warning(message: str, mend: str) -> Finding:
    return Finding("", "warning", message, mend)


def error(message: str, mend: str) -> Finding:
    return Finding("", "error", message, mend)


@_about("python")
def _python() -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    yield ok(version) if sys.version_info >= (3, 11) else error(
        f"Python {version} is too old", "Install Python 3.11 or newer.")


@_about("home")
def _home() -> Iterator[Finding]:
    try:
        with tempfile.NamedTemporaryFile(dir=settings.HOME):
            yield ok(str(settings.HOME))
    except OSError as failure:
        yield error(f"{settings.HOME} cannot be written: {failure.strerror}",
                    "Create the folder and give it to the user that runs the house, or set "
                    "SAPHAN_HOME.")
    key = settings.HOME / "secret_key"
    if key.exists() and key.stat().st_mode & 0o077:
        yield warning("others may read the secret key", f"Call: chmod 600 {key}")


@_about("disk")
def _disk() -> Iterator[Finding]:
    free = shutil.disk_usage(settings.HOME).free
    message = f"{free / 1024**3:.1f} GB free"
    if free < ERROR_BELOW:
        yield error(message, "Free some space: the database stops when the disk is full.")
    elif free < WARN_BELOW:
        yield warning(message, "Free some space soon.")
    else:
        yield ok(message)


@_about("django")
def _django() -> Iterator[Finding]:
    serious = [message for message in run_checks() if message.level >= ERROR]
    for message in serious:
        yield error(f"{message.id} {message.msg}",
                    str(message.hint or "See Django's system checks."))
    if not serious:
        yield ok(f"debug {'on' if settings.DEBUG else 'off'}")
    if settings.DEBUG:
        yield warning("SAPHAN_DEBUG is on: pages of errors show the house's insides",
                      "Unset SAPHAN_DEBUG where others can reach the house.")


@_about("database")
def _database() -> Iterator[Finding]:
    from django.db.migrations.executor import MigrationExecutor

    connection.ensure_connection()
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        yield error(f"{connection.vendor}: {len(waiting)} migrations are not applied",
                    "Call `saphan setup`.")
        return
    yield ok(f"{connection.vendor}, up to date")
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            found = cursor.execute("PRAGMA quick_check").fetchone()[0]
        if found != "ok":
            yield error(f"the database file is damaged: {found}",
                        "Stop the house and restore the newest backup: `saphan restore FILE`.")


@_about("ledger")
def _ledger() -> Iterator[Finding]:
    from saphan.ground import ledger

    report = ledger.verify()
    yield ok(f"{report.count} facts, intact") if report.intact else error(
        f"broken at fact {report.broken_at}: {report.reason}",
        "Somebody changed the database by hand. Compare with a backup: `saphan restore FILE`.")


@_about("centre")
def _centre() -> Iterator[Finding]:
    from saphan.house.centre import centre
    from saphan.people.models import Economy, Role

    yield ok(f"{settings.CENTRE}: {centre().names.best('en').text}")
    if not Economy.objects.exists():
        yield error("no countries and regions are loaded", "Call `saphan setup`.")
    if not Role.objects.filter(name=Role.Name.ADMINISTRATOR, person__is_active=True).exists():
        yield warning("nobody is administrator",
                      "Call `saphan person add YOU@EXAMPLE --role administrator`.")


@_about("model")
def _model() -> Iterator[Finding]:
    from saphan.house.engine import NotReady, engine

    try:
        yield ok(engine().embedder.model_id)
    except NotReady as failure:
        cause = " ".join(str(failure.__cause__ or failure).split())
        yield error(f"the search model is not ready: {cause}", "Call `saphan setup`.")


@_about("index")
def _index() -> Iterator[Finding]:
    from saphan.ground import ledger
    from saphan.house import indexing
    from saphan.house.engine import Unreachable, engine

    where = f" on {engine().index!r}" if settings.INDEX_URL else ""
    try:
        behind = ledger.head()[0] - engine().index.cursor
    except Unreachable as failure:
        yield error(failure.detail, "See docs/scaling.md. Without SAPHAN_INDEX the house keeps its "
                    "index in HOME.")
        return
    if behind > 0:
        yield warning(f"search is {behind} facts behind",
                      "The worker brings it in step; is it alive? Or call `saphan index rebuild`.")
        return
    problems = indexing.verify()
    if problems:
        yield error("; ".join(problems[:3]), "Call `saphan index rebuild`.")
    else:
        yield ok(f"{engine().index.count()} records, in step{where}")


@_about("worker")
def _worker() -> Iterator[Finding]:
    from saphan.ground import ledger
    from saphan.ground.models import Chore, Follower, Missed, Work
    from saphan.house.occupancy import worker_is_alive

    alive = worker_is_alive()
    if alive:
        yield ok("alive")
    else:
        yield warning("no worker is running: mail, search and imports wait",
                      "Start `saphan serve` (its worker is inside), or `saphan worker`.")
    for follower in Follower.objects.filter(failures__gt=0):
        yield warning(f"{follower.name} failed {follower.failures} times on fact "
                      f"{follower.seq + 1} or after: {_last_line(follower.last_error)}",
                      "It is tried again by itself; if it goes on, report it.")
    missed = Missed.objects.count()
    if missed:
        last = Missed.objects.order_by("-pk")[0]
        yield warning(f"{missed} reactions were given up, the last one {last.follower} at fact "
                      f"{last.seq}: {_last_line(last.error)}",
                      "What it should have done did not happen; see the log and docs/operating.md.")
    head, _hash = ledger.head()
    slow = Follower.objects.filter(seq__lt=head - 1000).count()
    if alive and slow:
        yield warning(f"{slow} reactions are more than 1000 facts behind", "Look at the load.")
    for chore in Chore.objects.exclude(last_error=""):
        yield warning(f"the chore {chore.name} failed: {_last_line(chore.last_error)}",
                      "It runs again at its next turn; if it goes on, report it.")
    failed = Work.objects.filter(state=Work.State.FAILED).count()
    if failed:
        yield warning(f"{failed} pieces of long work failed", "See who started them and why.")


def _last_line(trace: str) -> str:
    return trace.strip().rpartition("\n")[2][:200]


@_about("mail")
def _mail() -> Iterator[Finding]:
    if "filebased" in settings.EMAIL_BACKEND:
        yield warning(f"letters are written to {settings.EMAIL_FILE_PATH} and sent to nobody",
                      "Set SAPHAN_SMTP_HOST and the settings beside it (docs/operating.md).")
    elif settings.DEFAULT_FROM_EMAIL.endswith("@localhost"):
        yield warning("letters come from saphan@localhost, which many refuse",
                      "Set SAPHAN_MAIL_FROM.")
    else:
        yield ok(f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}")


@_about("paper")
def _paper() -> Iterator[Finding]:
    from saphan.house import printing

    found = printing.shelf().cjk_files
    if found:
        yield ok(f"Chinese on paper: {found[0].name}")
    else:
        yield warning("no Chinese font: what has Chinese words comes as a Word file, not as a PDF",
                      "Install fonts-noto-cjk.")


@_about("translation")
def _translation() -> Iterator[Finding]:
    from saphan.house.rendering import machine

    try:
        yield ok(machine.greet() or "no machine: people translate at the desk")
    except machine.Misconfigured as failure:
        yield error(str(failure), "See docs/words.md. Unset SAPHAN_TRANSLATION_URL to do without.")
    except machine.TranslationError as failure:
        yield warning(f"the translation endpoint did not answer as it should: {failure}",
                      "Look at SAPHAN_TRANSLATION_URL, _KIND, _KEY and _MODEL (docs/words.md). "
                      "People can translate all the same.")


@_about("address")
def _address() -> Iterator[Finding]:
    parts = urlsplit(settings.BASE_URL)
    host = parts.hostname or ""
    local = host in ("localhost", "127.0.0.1", "::1")
    sound = True
    if not _allowed(host):
        sound = False
        yield error(f"SAPHAN_URL says {host}, which SAPHAN_HOSTS does not allow",
                    f"Add {host} to SAPHAN_HOSTS.")
    if "*" in settings.ALLOWED_HOSTS:
        sound = False
        yield warning("SAPHAN_HOSTS allows every name", "List the names that are yours.")
    if not local and parts.scheme != "https":
        sound = False
        yield warning(f"{settings.BASE_URL} is not https: passwords can be read on the way, and "
                      "passkeys do not work", "Put a proxy with a certificate in front and set "
                      "SAPHAN_URL=https://…")
    if parts.scheme == "https" and settings.SECURE_PROXY_SSL_HEADER is None:
        sound = False
        yield warning("the house is reached by https but does not believe a proxy's word for it: "
                      "forms will be refused", "Set SAPHAN_PROXY=yes behind a proxy that sets "
                      "X-Forwarded-Proto.")
    if sound:
        yield ok(settings.BASE_URL)


@_about("outside")
def _outside() -> Iterator[Finding]:
    from saphan.engines.runner.outside.guard import BadEntry, Guard

    for name, origins in (("SAPHAN_OUTSIDE", settings.OUTSIDE),
                          ("SAPHAN_NEWS_INSIDE", settings.NEWS_INSIDE)):
        for each in origins:
            try:
                Guard([each])
            except BadEntry as wrong:
                yield error(f"{name}: {wrong}", "Write origins as https://host:port, with commas.")


def _allowed(host: str) -> bool:
    return any(pattern in ("*", host, f"[{host}]")
               or (pattern.startswith(".") and f".{host}".endswith(pattern))
               for pattern in settings.ALLOWED_HOSTS)


@_about("languages")
def _languages() -> Iterator[Finding]:
    folders = sorted(Path(settings.LOCALE_PATHS[0]).glob("*/LC_MESSAGES/django.po"))
    stale = [path.parts[-3] for path in folders
             if not (compiled := path.with_suffix(".mo")).exists()
             or (compiled.stat().st_mtime_ns < path.stat().st_mtime_ns
                 and os.access(path.parent, os.W_OK))]
    if stale:
        yield error(f"not compiled: {', '.join(stale)}", "Call `saphan setup`.")
    elif len(folders) < len(settings.LANGUAGES):
        yield warning(f"{len(settings.LANGUAGES) - len(folders)} languages have no words",
                      "Call `saphan catalogues extract`, then translate.")
    else:
        yield ok(f"{len(folders)} compiled")


@_about("files")
def _files() -> Iterator[Finding]:
    if (settings.STATIC_ROOT / "staticfiles.json").exists() or settings.DEBUG:
        yield ok("static files are collected")
    else:
        yield error("static files are not collected: pages would have no style",
                    "Call `saphan setup`.")
    aside = sorted(settings.HOME.glob("before-restore-*"))
    if aside:
        yield warning(f"{len(aside)} homes from before a restore are kept in {settings.HOME}",
                      "Remove them once the restored house is as it should be.")
    unknown = [name for name in os.environ if name.startswith("SAPHAN_") and name not in SETTINGS]
    if unknown:
        yield warning(f"nothing reads {', '.join(sorted(unknown))}", "Is it misspelt?")


SETTINGS = frozenset("SAPHAN_" + name for name in (
    "HOME", "SECRET_KEY", "DEBUG", "HOSTS", "ORIGINS", "URL", "CENTRE", "DATABASE", "MODELS",
    "EMBEDDINGS_URL", "EMBEDDINGS_MODEL", "EMBEDDINGS_DIMENSION", "EMBEDDINGS_KEY", "WORKER",
    "SMTP_HOST", "SMTP_PORT", "SMTP_USER", "SMTP_PASSWORD", "SMTP_TLS", "MAIL_FROM", "TIME_ZONE",
    "PROXY", "LOG", "TOKEN", "SIGNUP", "INDEX", "EXHIBITS", "OUTSIDE", "PROVINCE", "HALL_MB",
    "TRANSLATION_URL", "TRANSLATION_KIND", "TRANSLATION_KEY", "TRANSLATION_MODEL",
    "TRANSLATION_CHARACTERS", "NEWS_INSIDE"))
