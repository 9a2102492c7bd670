"""Fixtures for every test of the house.

`prepared_model`   the bundled model, written once and kept between runs
`house`            an empty house with economies, a fresh search index and the model
`sample_centre`    the same with the sample centre `nanning` in it, from a snapshot
`api`, `visitor`   what software and people hold
`browser`, `visit` one Chromium for a module, and a page opened in it
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent
PACKAGE = ROOT / "src" / "saphan"


def pytest_configure(config: pytest.Config) -> None:
    """Compiled catalogues are part of the house: make them before anything is translated."""
    sys.path.insert(0, str(ROOT / "src"))
    from saphan.doors.cli import catalogues

    if not hasattr(config, "workerinput"):  # not in xdist's workers
        catalogues.compile_stale()


def pytest_make_parametrize_id(val: object) -> str | None:
    """Name bytes by their length. As they are they make long names, and names that differ between
    the processes of one run where they hold a moment, as what gzip packs does."""
    return f"{len(val)} bytes" if isinstance(val, bytes) else None


@pytest.fixture(scope="session", autouse=True)
def _facts_may_be_flushed() -> Iterator[None]:
    """Tests with real transactions (`live_server`, `transactional_db`) end with a flush, which the
    ledger's triggers refuse: take them away for its length and put them back."""
    from django.test import TransactionTestCase

    original = TransactionTestCase._fixture_teardown

    def teardown(self: Any) -> None:
        _triggers("backward")
        try:
            original(self)
        finally:
            _triggers("forward")

    TransactionTestCase._fixture_teardown = teardown
    yield
    TransactionTestCase._fixture_teardown = original


@pytest.fixture(autouse=True)
def _nobodys_language() -> Iterator[None]:
    """A request leaves its language behind in the thread; the next test starts without one."""
    from django.utils import translation

    translation.deactivate()
    yield
    translation.deactivate()


def _triggers(direction: str) -> None:
    from importlib import import_module

    from django.db import connection

    migration = import_module("saphan.ground.migrations.0002_append_only")
    with connection.schema_editor() as editor:
        getattr(migration, direction)(None, editor)


@pytest.fixture(scope="session")
def prepared_model() -> Path:
    """The folder of the bundled model."""
    from django.conf import settings

    from saphan.engines.matching.prepare import prepare

    settings.MODELS.mkdir(parents=True, exist_ok=True)
    with _locked(settings.MODELS / "prepare.lock"):
        return prepare(settings.MODELS)


@pytest.fixture
def house(db: None, prepared_model: Path) -> Iterator[None]:
    """An empty house: economies, the model, and a search index that holds nothing."""
    from saphan.people import actions as people

    people.load_economies()
    with _own_index():
        yield


@pytest.fixture
def sample_centre(db: None, prepared_model: Path, tmp_path_factory: Any) -> Iterator[None]:
    """The sample centre, loaded and indexed. Costs milliseconds: the snapshot is made once, by the
    command line, and kept in var/ until the code or the records change."""
    snapshot = _snapshot(prepared_model)
    _pour(snapshot / "saphan.sqlite3")
    with _own_index(snapshot / "index.sqlite3"):
        yield


class _own_index:
    """A fresh index file for one test, empty or a copy."""

    def __init__(self, copy_of: Path | None = None) -> None:
        self.copy_of = copy_of

    def __enter__(self) -> None:
        from django.conf import settings

        self._clear()
        if self.copy_of:
            shutil.copy(self.copy_of, settings.INDEX)

    def __exit__(self, *_: object) -> None:
        self._clear()

    def _clear(self) -> None:
        from django.conf import settings

        from saphan.house import engine

        engine.close()
        for ending in ("", "-wal", "-shm"):
            settings.INDEX.with_name(settings.INDEX.name + ending).unlink(missing_ok=True)


class _locked:
    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> None:
        self.file = self.path.open("w")
        fcntl.flock(self.file, fcntl.LOCK_EX)

    def __exit__(self, *_: object) -> None:
        self.file.close()


def _snapshot(model: Path) -> Path:
    """A home with the sample centre, made by `saphan setup --sample nanning`."""
    key = _digest_of_what_shapes_a_sample()
    cache = ROOT / "var" / "test-sample"
    cache.mkdir(parents=True, exist_ok=True)
    home = cache / key
    with _locked(cache / "lock"):
        if not (home / "done").exists():
            for old in cache.iterdir():
                if old.is_dir():
                    shutil.rmtree(old, ignore_errors=True)
            call("setup", "--sample", "nanning", home=home)
            for name in ("saphan.sqlite3", "index.sqlite3"):  # one file each, no WAL beside it
                connection = sqlite3.connect(home / name)
                connection.execute("PRAGMA journal_mode=DELETE")
                connection.close()
            (home / "done").touch()
    return home


def _digest_of_what_shapes_a_sample() -> str:
    total, beside = hashlib.sha256(), {"tests", "doors", "design", "locale", "templates", "static",
                                       "views"}
    for path in sorted(PACKAGE.rglob("*")):
        parts = path.relative_to(PACKAGE).parts
        if path.suffix in (".py", ".toml", ".jsonl", ".txt") and path.is_file() and not (
                beside & set(parts)):
            total.update("/".join(parts).encode() + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()[:16]


def _pour(path: Path) -> None:
    """Copy every row of the snapshot into the test's own database, inside its transaction."""
    from django.apps import apps
    from django.core.management.color import no_style
    from django.db import connection
    from django.db.models import BooleanField

    source = sqlite3.connect(path)
    models = [model for app in ("people", "market", "ground")
              for model in apps.get_app_config(app).get_models(include_auto_created=True)]
    with connection.constraint_checks_disabled(), connection.cursor() as cursor:
        for model in models:
            table = model._meta.db_table
            columns = [row[1] for row in source.execute(f'PRAGMA table_info("{table}")')]
            yes_or_no = {field.column for field in model._meta.concrete_fields
                         if isinstance(field, BooleanField)}  # 0 and 1 in SQLite
            rows = [[bool(value) if column in yes_or_no and value is not None else value
                     for column, value in zip(columns, row, strict=True)]
                    for row in source.execute(f'SELECT * FROM "{table}"')]
            if rows:
                names = ", ".join(f'"{name}"' for name in columns)
                marks = ", ".join(["%s"] * len(columns))
                cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', rows)
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)
    source.close()


def call(*arguments: str, home: Path, check: bool = True, stdin: str | None = None,
         timeout: float = 300, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run `saphan …` as an operator does, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "saphan", *arguments], capture_output=True, text=True, check=False,
        timeout=timeout, env=environment(home, **settings), input=stdin)
    if check and done.returncode:
        raise AssertionError(f"saphan {' '.join(arguments)}: {done.stdout}{done.stderr}")
    return done


def environment(home: Path, **settings: str) -> dict[str, str]:
    """The environment of a house in `home`, without the test run's own settings."""
    kept = {name: value for name, value in os.environ.items()
            if not name.startswith("SAPHAN_") and name != "DJANGO_SETTINGS_MODULE"}
    return {**kept, "PYTHONPATH": str(ROOT / "src"), "SAPHAN_HOME": str(home),
            "SAPHAN_MODELS": os.environ["SAPHAN_MODELS"],
            **{f"SAPHAN_{name.upper()}": value for name, value in settings.items()}}


@pytest.fixture
def saphan(tmp_path: Path, prepared_model: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """`saphan("check")`: the command line in a home of the test's own."""

    def run(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
        return call(*arguments, **{"home": tmp_path / "home", "check": False, **options})

    return run


@pytest.fixture(scope="session")
def sample_home(prepared_model: Path) -> Path:
    """A home with the sample centre in it. Do not write there: copy it."""
    return _snapshot(prepared_model)


@pytest.fixture(scope="session")
def served(sample_home: Path, tmp_path_factory: Any) -> Iterator[Any]:
    """The sample centre, really open, with a reading and a writing token of one person."""
    from served import close, copy_home, open_house

    home = copy_home(sample_home, tmp_path_factory.mktemp("served") / "home")
    call("person", "add", "software@example.org", "--no-password", home=home)
    opened = open_house(home, environment(home))
    for scope in ("read", "write"):
        opened.tokens[scope] = call("token", "issue", "--email", "software@example.org",
                                    "--scope", scope, home=home).stdout.strip()
    yield opened
    close(opened)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """One Chromium for all tests of a module: starting it costs more than most of them. What a test
    opens in it, contexts and pages, it closes. Not for the whole run: Playwright keeps an event
    loop in this thread as long as it lives, in which Django must be told that its database may be
    used and in which other tests could not run a loop of their own."""
    from browsing import CHROMIUM
    from playwright.sync_api import sync_playwright

    with pytest.MonkeyPatch.context() as patch, sync_playwright() as driver:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=[
            "--no-sandbox", "--disable-gpu", "--disable-background-networking"])
        yield chromium
        chromium.close()


@pytest.fixture
def visit(browser: Any, live_server: Any) -> Iterator[Callable[..., Any]]:
    """Opens a page of the house as somebody, on a desk or a phone (see `tests/browsing.py`), and
    waits `patience` milliseconds for anything in it. Fails on any script error."""
    from browsing import DESKTOP
    from django.test import Client

    problems: list[str] = []
    own: list[Any] = []

    def open_page(path: str, *, who: Any = None, size: Any = DESKTOP, context: Any = None,
                  patience: int = 30_000, **options: Any) -> Any:
        if context is None:
            context = browser.new_context(base_url=live_server.url, viewport=size, **options)
            context.set_default_timeout(patience)
            own.append(context)
        if who is not None:
            client = Client()
            client.force_login(who)
            context.add_cookies([{"name": "sessionid", "url": live_server.url,
                                  "value": client.cookies["sessionid"].value}])
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(path)
        return page

    yield open_page
    for context in own:
        context.close()
    assert problems == []
