from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from saphan.engines.runner import wire
from saphan.engines.runner.client import SOURCES, Hall, Outcome, Running, Settings, Waiting
from saphan.engines.runner.supervisor import cell, desk, jail, processes
from saphan.engines.runner.tests.halls import ECHO, hall_at, put, said

SLEEPS = ("import time\n@exhibit\ndef sleeps(text: Line, seconds: float = 0.3) -> Say:\n"
          "    time.sleep(seconds)\n    return Say('s', text=text)\n")


@pytest.fixture
def place() -> Iterator[tuple[Hall, Path]]:
    with hall_at("bubblewrap", slots=1) as (hall, guests):
        if hall.isolation()["level"] == "none":
            pytest.skip(" ".join(hall.isolation()["reasons"]))
        yield hall, guests


def supervisor_of(hall: Hall) -> int:
    """Its process id."""
    for seen in processes.everyone():
        try:
            words = Path(f"/proc/{seen}/cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if str(hall.path).encode() in words:
            return seen
    raise AssertionError("no supervisor")


def ended(hall: Hall, ticket: Any) -> Outcome:
    found = hall.wait(ticket, 60)
    assert isinstance(found, Outcome), found
    return found


def until(true: Any, seconds: float = 20) -> None:
    ends = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < ends, "it did not happen"
        time.sleep(0.02)


def test_a_ticket_waits_runs_and_ends(place: tuple[Hall, Path]) -> None:
    hall, guests = place
    sleeps = put(guests, "sleeps", SLEEPS)
    first = hall.submit(sleeps, {"text": "1", "seconds": 1}, visitor="a")
    second = hall.submit(sleeps, {"text": "2", "seconds": 0}, visitor="b")
    third = hall.submit(sleeps, {"text": "3", "seconds": 0}, visitor="b")
    assert isinstance(hall.poll(first), Running)
    waiting = hall.poll(third)
    assert isinstance(waiting, Waiting)
    assert waiting.place == 1
    assert waiting.seconds > 0
    assert [said(ended(hall, each).answer) for each in (first, second, third)] == ["1", "2", "3"]
    gone = hall.poll(first)
    assert isinstance(gone, Outcome)
    assert gone.kind == "unavailable"


def test_one_who_floods_delays_another_by_one_run_at_most(place: tuple[Hall, Path]) -> None:
    hall, guests = place
    sleeps = put(guests, "sleeps", SLEEPS)
    flood = [hall.submit(sleeps, {"text": "x", "seconds": 0.2}, visitor="a") for _ in range(9)]
    mine = hall.submit(sleeps, {"text": "y", "seconds": 0}, visitor="b")
    assert isinstance(found := hall.poll(mine), Waiting)
    assert found.place == 0
    kinds = [ended(hall, each).kind for each in flood]
    assert kinds == ["done"] * 5 + ["full"] * 4  # one runs, four may wait
    assert ended(hall, mine).kind == "done"


def test_a_run_is_cancelled_while_it_waits_and_while_it_runs(place: tuple[Hall, Path]) -> None:
    hall, guests = place
    sleeps = put(guests, "sleeps", SLEEPS)
    long = hall.submit(sleeps, {"text": "x", "seconds": 15}, visitor="a")
    after = hall.submit(sleeps, {"text": "never"}, visitor="a")
    last = hall.submit(sleeps, {"text": "last", "seconds": 0}, visitor="b")
    until(lambda: any(worker["calls"] for worker in hall.status()["workers"]))
    assert hall.cancel(after)
    assert hall.cancel(long)
    assert said(ended(hall, last).answer) == "last"
    assert not hall.cancel(long)
    assert hall.status()["outcomes"].get("done") == 1


def test_a_killed_supervisor_loses_no_run(place: tuple[Hall, Path]) -> None:
    hall, guests = place
    sleeps = put(guests, "sleeps", SLEEPS)
    assert hall.run(sleeps, {"text": "x", "seconds": 0}).kind == "done"
    old = supervisor_of(hall)
    workers = [worker["pid"] for worker in hall.status()["workers"]]
    tickets = [hall.submit(sleeps, {"text": name, "seconds": 0.5}, visitor=name) for name in "abc"]
    os.kill(old, signal.SIGKILL)
    assert [said(ended(hall, each).answer) for each in tickets] == ["a", "b", "c"]
    assert supervisor_of(hall) != old
    until(lambda: not any(processes.look(pid) for pid in workers))


def test_a_call_that_is_under_way_survives_the_supervisor(place: tuple[Hall, Path]) -> None:
    hall, guests = place
    sleeps = put(guests, "sleeps", SLEEPS)
    hall.run(sleeps, {"text": "x", "seconds": 0})
    found: list[Outcome] = []
    caller = threading.Thread(
        target=lambda: found.append(hall.run(sleeps, {"text": "y", "seconds": 1})))
    caller.start()
    until(lambda: hall.status()["running"] == 1)
    os.kill(supervisor_of(hall), signal.SIGKILL)
    caller.join(60)
    assert said(found[0].answer) == "y"


def test_a_worker_that_is_killed_is_replaced(place: tuple[Hall, Path]) -> None:
    hall, guests = place
    echo = put(guests, "echo", ECHO)
    hall.run(echo, {"text": "x"})
    pid = hall.status()["workers"][0]["pid"]
    os.kill(pid, signal.SIGKILL)
    until(lambda: processes.look(pid) is None)
    assert hall.run(echo, {"text": "x"}).kind in ("crashed", "done")
    assert said(hall.run(echo, {"text": "x"}).answer) == "x"


def test_idle_workers_leave_when_memory_is_short() -> None:
    big = "held = bytearray(80 << 20)\n" + ECHO
    with hall_at("bubblewrap", budget_mb=250) as (hall, guests):
        for name in ("one", "two", "three", "two", "four"):
            outcome = hall.run(put(guests, name, big), {"text": name})
            assert said(outcome.answer) == name
            assert hall.status()["memory_mb"] < 250
        kept = {worker["slug"] for worker in hall.status()["workers"]}
        assert kept == {"two", "four"}


def test_a_changed_exhibit_runs_as_it_is_now(place: tuple[Hall, Path]) -> None:
    hall, guests = place
    echo = put(guests, "echo", ECHO)
    assert said(hall.run(echo, {"text": "x"}).answer) == "x"
    put(guests, "echo", ECHO.replace("text=text", "text=text + '!'"))
    assert said(hall.run(echo, {"text": "x"}).answer) == "x!"


def test_an_exhibit_that_does_not_start_is_left_alone_for_a_while(
        place: tuple[Hall, Path]) -> None:
    hall, guests = place
    broken = put(guests, "broken", "import saphan_has_no_such_module\n" + ECHO)
    first = hall.describe(broken)
    assert first.kind == "broken"
    assert "saphan_has_no_such_module" in first.reason
    assert hall.run(broken, {"text": "x"}).reason == first.reason
    put(guests, "broken", ECHO)
    assert said(hall.run(broken, {"text": "x"}).answer) == "x"


def test_the_house_learns_an_exhibits_form_without_its_code(place: tuple[Hall, Path]) -> None:
    hall, guests = place
    found = hall.describe(put(guests, "echo", ECHO))
    assert found.answer is not None
    assert [each["name"] for each in found.answer["inputs"]] == ["text"]
    assert not [name for name in sys.modules if name.startswith("exhibit_echo")]
    hall.warm(guests / "echo")
    assert hall.run(guests / "echo", {"text": "x"}).usage.cold is False


def test_what_cannot_be_asked_is_an_outcome(place: tuple[Hall, Path]) -> None:
    hall, guests = place
    assert hall.run(guests / "nowhere", {}).kind == "broken"
    echo = put(guests, "echo", ECHO)
    assert hall.run(echo, {"text": bytes(wire.REQUEST_BYTES + 1)}).kind == "crashed"
    assert hall.run(echo, {"other": 1}).kind == "crashed"
    assert said(hall.run(echo, {"text": "x"}).answer) == "x"


def test_the_socket_is_the_houses_alone(place: tuple[Hall, Path]) -> None:
    hall, _ = place
    hall.status()
    assert hall.path.stat().st_mode & 0o777 == 0o600


def test_two_houses_share_one_supervisor(place: tuple[Hall, Path]) -> None:
    hall, guests = place
    echo = put(guests, "echo", ECHO)
    other = ("import sys; from pathlib import Path\n"
             "from saphan.engines.runner.client import Hall, Settings\n"
             "hall = Hall(Path(sys.argv[1]), Settings(guests=(sys.argv[3],)))\n"
             "for _ in range(5): print(hall.run(sys.argv[2], {'text': 'x'}).kind)\n")
    hall.close()
    os.kill(supervisor_of(hall), signal.SIGKILL)
    houses = [subprocess.Popen([sys.executable, "-c", other, str(hall.path), str(echo),
                                str(guests)],
                               env={**os.environ, "PYTHONPATH": str(SOURCES)},
                               stdout=subprocess.PIPE, text=True) for _ in range(3)]
    assert [house.communicate(timeout=60)[0].split() for house in houses] == [["done"] * 5] * 3
    hall.close()
    assert hall.status()["outcomes"] == {"done": 15}


def test_a_forked_house_asks_over_sockets_of_its_own(place: tuple[Hall, Path]) -> None:
    hall, guests = place
    echo = put(guests, "echo", ECHO)
    hall.run(echo, {"text": "x"})
    child = os.fork()
    if not child:
        os._exit(0 if hall.run(echo, {"text": "y"}).kind == "done" else 1)
    assert hall.run(echo, {"text": "x"}).kind == "done"
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_the_supervisor_ends_when_the_last_house_has_gone() -> None:
    with hall_at("bubblewrap", linger=0.2) as (hall, guests):
        hall.run(put(guests, "echo", ECHO), {"text": "x"})
        pid = supervisor_of(hall)
        worker = hall.status()["workers"][0]["pid"] if hall.status()["workers"] else 0
        hall.close()
        until(lambda: processes.look(pid) is None and processes.look(worker) is None)


def test_the_supervisor_and_its_workers_are_no_root(place: tuple[Hall, Path]) -> None:
    hall, guests = place
    hall.run(put(guests, "echo", ECHO), {"text": "x"})
    for pid in (supervisor_of(hall), hall.status()["workers"][0]["pid"]):
        told = Path(f"/proc/{pid}/status").read_text()
        numbers = {line.split(":")[0]: line.split()[1:] for line in told.splitlines()}
        assert "0" not in numbers["Uid"]
        assert int(numbers["CapEff"][0], 16) == 0
        assert numbers["NoNewPrivs"] == ["1"] or os.getuid()


ORDINARY = """
import sys; from pathlib import Path
sys.path.insert(0, sys.argv[4])
from saphan.engines.runner.client import Hall, Settings
hall = Hall(Path(sys.argv[1]), Settings(level=sys.argv[3], linger=0.5))
found = hall.run(sys.argv[2], {'text': 'x'})
print(found.kind, found.level, found.reason)
"""


@pytest.mark.parametrize("level", ["bubblewrap", "kernel"])
def test_an_ordinary_user_can_run_a_house(level: str, tmp_path: Path) -> None:
    if os.getuid():
        pytest.skip("this is an ordinary user: all other tests are this test")
    python = "/usr/bin/python3"
    if not (shutil.which("setpriv") and os.path.exists(python)
            and subprocess.run([python, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"],
                               check=False).returncode == 0):
        pytest.skip("no setpriv, or no Python of the system that others may run")
    with hall_at(level) as (hall, guests):
        home = hall.path.parent
        echo = put(guests, "echo", ECHO)
        copied = home / "src" / "saphan"
        shutil.copytree(SOURCES / "saphan" / "engines" / "runner", copied / "engines" / "runner",
                        ignore=shutil.ignore_patterns("tests", "__pycache__"))
        (copied / "__init__.py").touch()
        (copied / "engines" / "__init__.py").touch()
        for path in (home, *home.rglob("*")):
            os.chown(path, 65534, 65534)
        done = subprocess.run(
            ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", python, "-I",
             "-c", ORDINARY, str(home / "mine.sock"), str(echo), level, str(home / "src")],
            capture_output=True, text=True, timeout=90, check=False, cwd="/")
        assert done.stdout.split()[:2] == ["done", level], done.stdout + done.stderr


def test_a_refused_bubblewrap_leaves_the_kernels_own_means(monkeypatch: pytest.MonkeyPatch) -> None:
    with hall_at("bubblewrap") as (hall, guests):
        fake = hall.path.parent / "bin"
        fake.mkdir()
        (fake / "bwrap").write_text("#!/bin/sh\necho 'no user namespaces here' >&2\nexit 1\n")
        (fake / "bwrap").chmod(0o755)
        hall.path.parent.chmod(0o755)
        import saphan.engines.runner.client as client

        real = subprocess.Popen
        monkeypatch.setattr(client.subprocess, "Popen", lambda command, **more: real(
            command, **{**more, "env": {**more["env"], "PATH": f"{fake}:/usr/bin:/bin"}}))
        found = hall.isolation()
        if found["level"] == "none":
            pytest.skip(" ".join(found["reasons"]))
        assert found["level"] == "kernel"
        assert "no user namespaces here" in " ".join(found["reasons"])
        monkeypatch.undo()
        assert said(hall.run(put(guests, "echo", ECHO), {"text": "x"}).answer) == "x"


def test_python_and_the_folder_are_all_that_a_worker_sees() -> None:
    spec = jail.Spec("/srv/exhibits/door")
    paths = jail.readable(spec, "/srv/models")
    assert "/srv/models" not in paths
    for closed in ("/etc", "/home", "/root", "/proc", "/", "/tmp", "/var", "/usr", "/srv"):
        assert closed not in paths
    assert not any(path.startswith("/etc/") and path != "/etc/localtime" for path in paths)


def test_a_workers_report_is_read_with_care() -> None:
    for bad in (None, [], {}, {"cpu": "1", "peak_mb": 1}, {"cpu": -1, "peak_mb": 1},
                {"cpu": float("inf"), "peak_mb": 1}, {"cpu": 1, "peak_mb": 1, "died": 3}):
        with pytest.raises(wire.BadFrame):
            cell._usage(bad)
    for bad in (None, {"kind": "done"}, {"kind": "done", "answer": 3}, {"kind": "full"},
                {"kind": "refused", "key": "a"}, {"kind": "crashed"}):
        with pytest.raises(wire.BadFrame):
            cell._known(bad)
    assert cell._known({"kind": "done", "answer": {}, "usage": {"cpu_s": 0}}) == {
        "kind": "done", "answer": {}}


def test_tickets_that_nobody_asks_for_are_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    import asyncio

    class Stuck:
        started = None
        cells: list[Any] = []

        async def take(self, spec: jail.Spec) -> Any:
            await asyncio.sleep(60)

    async def story() -> None:
        at = desk.Desk(Stuck(), slots=1)  # type: ignore[arg-type]
        tickets = [desk.Ticket(name, name, jail.Spec("/x"), {}, 1) for name in "abc"]
        for each in tickets:
            at.submit(each)
        await asyncio.sleep(0)
        for each in tickets:
            each.asked_at -= desk.FORGOTTEN + 1
        await at.poll("c", 0)
        at.sweep()
        assert [await at.poll(name, 0) for name in "ab"][1] == {"state": "unknown"}
        assert (await at.poll("c", 0))["place"] == 0
        at._end(tickets[2], {"kind": "done", "answer": {}})
        tickets[2].ended_at -= desk.KEPT + 1
        at.sweep()
        assert await at.poll("c", 0) == {"state": "unknown"}
        for each in tickets:
            if each.task:
                each.task.cancel()

    asyncio.run(story())


def test_settings_become_options() -> None:
    given = Settings(slots=3, own=("/a",), guests=("/b", "/c"), models="/m", level="kernel")
    options = given.options()
    assert options[options.index("--slots") + 1] == "3"
    assert [options[at + 1] for at, each in enumerate(options) if each == "--guests"] == [
        "/b", "/c"]
