"""The import rules hold, and each of them fails when it is broken."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

BIN = Path(sys.executable).parent


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package with a second room, as the walls need one."""
    root = tmp_path_factory.mktemp("contracts")
    shutil.copytree(ROOT / "src", root / "src", ignore=shutil.ignore_patterns(
        "__pycache__", "locale", "static", "centres", "data", "templates", "*.po"))
    shutil.copy(ROOT / "pyproject.toml", root)
    room = root / "src" / "saphan" / "rooms" / "guestbook"
    room.mkdir()
    for name in ("__init__", "room", "models", "actions"):
        (room / f"{name}.py").write_text("")
    return root


def lint(root: Path) -> str:
    done = subprocess.run([BIN / "lint-imports", "--no-cache"], cwd=root, capture_output=True,
                          text=True, check=False, timeout=120,
                          env={"PYTHONPATH": str(root / "src"), "PATH": str(BIN)})
    assert "Contracts:" in done.stdout, done.stdout + done.stderr
    return done.stdout


def broken(report: str) -> set[str]:
    contracts = ("Storeys", "Walls", "Order inside a room", "Order inside a corner", "Engines",
                 "No cycles")
    return {name for name in contracts for line in report.splitlines()
            if line.startswith(name) and "BROKEN" in line}


def test_the_house_keeps_every_rule() -> None:
    report = lint(ROOT)
    assert "Contracts: 6 kept, 0 broken." in report, report


@pytest.mark.parametrize(("contract", "module", "line"), [
    ("Storeys", "ground/clock.py", "import saphan.people.models"),
    ("Storeys", "house/render.py", "import saphan.doors.problem"),
    ("Storeys", "design/plate.py", "import saphan.ground.text"),
    ("Storeys", "doors/api/main.py", "import saphan.rooms.market.models"),
    ("Storeys", "doors/cli/boot.py", "import saphan.asgi"),
    ("Walls", "rooms/market/queries.py", "import saphan.rooms.guestbook.models"),
    ("Order inside a room", "rooms/market/models/listing.py", "import saphan.rooms.market.rules"),
    ("Order inside a corner", "rooms/market/interest/rules.py",
     "import saphan.rooms.market.interest.actions"),
    ("Order inside a room", "rooms/guestbook/models.py", "import saphan.rooms.guestbook.actions"),
    ("Engines", "engines/language/segment.py", "import django.utils.text"),
    ("No cycles", "ground/streams.py", "import saphan.ground.cycle"),
])
def test_a_broken_rule_is_seen(copy: Path, contract: str, module: str, line: str) -> None:
    path = copy / "src" / "saphan" / module
    cycle = path.with_name("cycle.py")
    original = path.read_text("utf-8")
    path.write_text(original + f"\n{line}\n")
    if "cycle" in line:
        cycle.write_text("import saphan.ground.streams\n")
    try:
        assert contract in broken(lint(copy))
    finally:
        path.write_text(original)
        cycle.unlink(missing_ok=True)


@pytest.mark.parametrize(("module", "line"), [
    ("rooms/market/actions.py", "from django.http import HttpRequest"),
    ("rooms/market/rules.py", "from django.shortcuts import redirect"),
    ("rooms/market/queries.py", "import ninja"),
    ("people/actions.py", "import mcp.types"),
    ("ground/ledger.py", "from django.http import Http404"),
])
def test_a_domain_module_that_speaks_http_is_seen(copy: Path, module: str, line: str) -> None:
    path = copy / "src" / "saphan" / module
    original = path.read_text("utf-8")
    path.write_text(f"{original}\n{line}\n")
    try:
        done = subprocess.run([BIN / "ruff", "check", "--no-cache", "--select", "TID251", path],
                              cwd=copy, capture_output=True, text=True, check=False, timeout=60)
    finally:
        path.write_text(original)
    assert done.returncode == 1 and "TID251" in done.stdout
