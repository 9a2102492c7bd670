"""Attacks of a stranger's exhibit: each is stopped, and the next honest call is served."""

from __future__ import annotations

import ctypes
import os
import platform
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from saphan.engines.runner.client import Hall, Outcome
from saphan.engines.runner.seal import filters, landlock
from saphan.engines.runner.seal.numbers import NUMBERS
from saphan.engines.runner.supervisor import processes
from saphan.engines.runner.tests.halls import ECHO, hall_at, put, put_hostile, said

LEVELS = ("bubblewrap", "kernel")
REFUSED = {"crashed"}
STOPPED = {
    "fork_bomb": REFUSED, "thread_bomb": {"memory"}, "memory_hog": {"memory"},
    "endless_loop": {"timeout"}, "loop_that_ignores_signals": {"timeout"}, "disk_fill": REFUSED,
    "memory_file": REFUSED, "loopback": REFUSED, "outside": REFUSED, "datagram": REFUSED,
    "abstract_socket": REFUSED, "execute": REFUSED, "spawn": REFUSED, "read_host_files": REFUSED,
    "read_environment": REFUSED, "proc_tricks": REFUSED, "symlink_tricks": REFUSED,
    "new_symlink": REFUSED, "signal_parent": REFUSED, "signal_everyone": REFUSED,
    "stop_parent_by_limits": REFUSED, "trace_parent": REFUSED, "new_namespace": REFUSED,
    "raise_limits": REFUSED, "huge_answer": REFUSED, "strange_answer": REFUSED, "leave": REFUSED,
    "crash": REFUSED, "picture_of_100_megapixels": {"memory"}, "zip_bomb": {"memory"},
    "malformed_wav": {"memory", "crashed"},
    "speak_for_the_worker": {"done", "crashed"},
}


@pytest.fixture(scope="module", params=LEVELS)
def place(request: pytest.FixtureRequest) -> Iterator[tuple[Hall, Path]]:
    with hall_at(request.param) as (hall, guests):
        found = hall.isolation()
        if found["level"] != request.param:
            pytest.skip(f"{request.param}: " + " ".join(found["reasons"]))
        put(guests, "echo", ECHO)
        for mode in ("fresh", "warm"):
            put_hostile(guests, mode)
        yield hall, guests


def descendants(hall: Hall) -> int:
    """Processes of all workers."""
    seen = processes.everyone()
    return sum(len(processes.beneath(worker["pid"], seen)) for worker in hall.status()["workers"])


@pytest.mark.parametrize("mode", ["fresh", "warm"])
@pytest.mark.parametrize("attack", STOPPED)
def test_an_attack_is_stopped_and_the_next_call_is_served(place: tuple[Hall, Path], attack: str,
                                                          mode: str) -> None:
    hall, guests = place
    hostile = guests / f"hostile_{mode}"
    os.environ["SECRET_OF_THE_HOUSE"] = "x"
    outcome = hall.run(hostile, {"what": attack}, visitor="stranger",
                       seconds=1 if "loop_" in attack or "_loop" in attack else 30)
    assert outcome.kind in STOPPED[attack], outcome
    after = hall.run(hostile, {"what": "honest"}, visitor="next", seconds=30)
    assert said(after.answer, "got") == "fine"
    assert said(hall.run(guests / "echo", {"text": "ខ្មែរ"}).answer) == "ខ្មែរ"
    assert descendants(hall) == len(hall.status()["workers"])


def test_every_attack_is_tried() -> None:
    from saphan.engines.runner.tests.hostile import exhibit

    assert {*exhibit.ATTACKS} == {*STOPPED, "honest", "hide_its_cost"}


IMPORTS = {
    "fork_bomb": "import os\nwhile True: os.fork()\n",
    "left_behind": "import os, time\nif not os.fork():\n    time.sleep(600)\n",
    "files": "open('/etc/passwd').read()\n",
    "killer": "import os\nos.kill(os.getppid(), 9)\nos.kill(-1, 9)\n",
    "exit": "raise SystemExit(0)\n",
    "nothing": "x = 1\n",
    "syntax": "def\n",
}


@pytest.mark.parametrize("what", IMPORTS)
def test_an_attack_while_importing_is_stopped(place: tuple[Hall, Path], what: str) -> None:
    hall, guests = place
    bad = put(guests, f"import_{what}", IMPORTS[what] + ("" if what == "nothing" else ECHO))
    outcome = hall.run(bad, {"text": "x"}, visitor="stranger", seconds=30)
    assert outcome.kind == ("done" if what == "left_behind" else "broken"), outcome
    assert outcome.kind == "done" or outcome.reason
    assert said(hall.run(guests / "echo", {"text": "x"}).answer) == "x"
    slug = f"import_{what}"
    if outcome.kind == "broken":
        assert slug in hall.status()["broken"]
        assert hall.run(bad, {"text": "x"}).reason == outcome.reason


THINKS = """
import threading
calls = []
@exhibit
def think(text: Line) -> Say:
    one = threading.Thread(target=calls.append, args=(1,))
    one.start()
    one.join()
    return Say('s', text=len(calls))
"""
CROWD = """
import os, sys, threading
if os.getuid() == 0:
    os.setuid(int(sys.argv[1]))
for _ in range(80):
    threading.Thread(target=threading.Event().wait, daemon=True).start()
print("here", flush=True)
sys.stdin.read()
"""


def test_a_worker_without_walls_still_makes_threads_when_the_house_has_grown() -> None:
    with hall_at("kernel") as (hall, guests):
        found = hall.isolation()
        if found["level"] != "kernel":
            pytest.skip(" ".join(found["reasons"]))
        thinks = put(guests, "thinks", THINKS, mode="warm")
        assert said(hall.run(thinks, {"text": "x"}).answer) == 1
        with subprocess.Popen([sys.executable, "-I", "-c", CROWD, str(found["user"])],
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE) as crowd:
            assert crowd.stdin and crowd.stdout and crowd.stdout.readline() == b"here\n"
            outcome = hall.run(thinks, {"text": "x"})
            crowd.stdin.close()
        assert said(outcome.answer) == 2, outcome  # of the same worker


def test_what_a_fork_wrote_is_gone_for_the_next_visitor(place: tuple[Hall, Path]) -> None:
    hall, guests = place
    keeps = put(guests, "keeps", "seen = []\n@exhibit\ndef keep(text: Line) -> Say:\n"
                                 "    seen.append(text)\n    return Say('s', text=seen)\n")
    assert said(hall.run(keeps, {"text": "mine"}).answer) == ["mine"]
    assert said(hall.run(keeps, {"text": "yours"}).answer) == ["yours"]


def test_a_refusal_and_a_crash_are_told_apart(place: tuple[Hall, Path]) -> None:
    hall, guests = place
    picky = put(guests, "picky", "@exhibit\ndef pick(text: Line, photo: Image = None) -> Say:\n"
                                 "    if text == 'no': raise Refusal('empty', n=3)\n"
                                 "    if photo: return Say('s', text=len(photo))\n"
                                 "    return Say('s', text=1 / 0)\n")
    refused = hall.run(picky, {"text": "no"})
    assert (refused.kind, refused.key, refused.values) == ("refused", "empty", {"n": 3})
    crashed = hall.run(picky, {"text": "x"})
    assert (crashed.kind, crashed.reason) == ("crashed", "ZeroDivisionError: division by zero")
    assert said(hall.run(picky, {"text": "x", "photo": bytes(5_000_000)}).answer) == 5_000_000


@pytest.mark.parametrize("mode", ["fresh", "warm"])
def test_a_stranger_cannot_report_that_a_run_cost_nothing(place: tuple[Hall, Path],
                                                          mode: str) -> None:
    hall, guests = place
    outcome = hall.run(guests / f"hostile_{mode}", {"what": "hide_its_cost"}, seconds=30)
    assert outcome.kind == "done"
    assert outcome.usage.cpu_s > 0.25
    assert 1 < outcome.usage.peak_mb < 128 + 256


def test_number_crunching_works_inside(place: tuple[Hall, Path]) -> None:
    hall, guests = place
    code = """
import asyncio, threading
import numpy as np
import onnxruntime
from onnx import TensorProto, helper
kind = TensorProto.FLOAT
graph = helper.make_graph([helper.make_node("MatMul", ["x", "x"], ["y"])], "g",
    [helper.make_tensor_value_info("x", kind, [8, 8])],
    [helper.make_tensor_value_info("y", kind, [8, 8])])
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = options.inter_op_num_threads = 1
session = onnxruntime.InferenceSession(model.SerializeToString(), options)
@exhibit
def crunch(text: Line) -> Say:
    x = np.random.rand(8, 8).astype("float32")
    same = np.allclose(session.run(None, {"x": x})[0], x @ x, atol=1e-4)
    np.linalg.svd(x)
    out = []
    thread = threading.Thread(target=out.append, args=(1,)); thread.start(); thread.join()
    asyncio.run(asyncio.sleep(0))
    return Say("s", text=[bool(same), out])
"""
    for mode in ("fresh", "warm"):
        crunch = put(guests, f"crunch_{mode}", code, mode)
        assert said(hall.run(crunch, {"text": ""}).answer) == [True, [1]]


@pytest.mark.parametrize("name", ["PIL", "cv2"])
def test_pictures_are_decoded_inside(place: tuple[Hall, Path], name: str) -> None:
    pytest.importorskip(name)
    hall, guests = place
    code = {"PIL": "import io\nfrom PIL import Image as P\ndef size(data):\n"
                   "    picture = P.open(io.BytesIO(data)); picture.load(); return picture.width\n",
            "cv2": "import cv2, numpy as np\ncv2.setNumThreads(1)\ndef size(data):\n"
                   "    return cv2.imdecode(np.frombuffer(data, 'u1'), 1).shape[1]\n"}[name]
    looks = put(guests, f"looks_{name.lower()}", code + "@exhibit\ndef look(photo: Image) -> Say:\n"
                "    return Say('s', text=size(photo))\n")
    png = (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 3, 1, 8, 0, 0, 0, 0))
           + chunk(b"IDAT", __import__("zlib").compress(bytes(4))) + chunk(b"IEND", b""))
    assert said(hall.run(looks, {"photo": png}).answer) == 3


def chunk(kind: bytes, data: bytes) -> bytes:
    import zlib

    return (struct.pack(">I", len(data)) + kind + data
            + struct.pack(">I", zlib.crc32(kind + data)))


def test_a_declared_program_is_started_and_no_other(place: tuple[Hall, Path]) -> None:
    hall, guests = place
    code = ("import subprocess\n@exhibit\ndef call(text: Line) -> Say:\n"
            "    return Say('s', text=subprocess.run([text, 'a'], capture_output=True)"
            ".stdout.decode())\n")
    calls = put(guests, "calls", code, more='programs = ["basename"]')
    assert said(hall.run(calls, {"text": "/usr/bin/basename"}).answer) == "a\n"
    assert hall.run(calls, {"text": "/usr/bin/env"}).kind == "crashed"
    silent = put(guests, "calls_undeclared", code)
    assert hall.run(silent, {"text": "/usr/bin/basename"}).kind == "crashed"


def test_nothing_that_a_visitor_typed_is_in_the_log_or_on_disk(place: tuple[Hall, Path]) -> None:
    hall, guests = place
    secret = "ຄວາມລັບ-of-a-visitor"
    for what in ("honest", "execute", "leave", "endless_loop"):
        hall.run(guests / "hostile_fresh", {"what": what, "secret": secret}, visitor=f"v-{secret}",
                 seconds=1)
    time.sleep(0.1)
    home = hall.path.parent
    assert "hostile_fresh" in (home / "hall.log").read_text()
    for path in home.rglob("*"):
        if path.is_file():
            assert secret.encode() not in path.read_bytes(), path


def test_without_means_of_sealing_strangers_are_refused_and_the_houses_own_run() -> None:
    with hall_at("none") as (hall, guests):
        echo = put(guests, "echo", ECHO)
        refused = hall.run(echo, {"text": "x"})
        assert refused.kind == "unavailable"
        assert "sealed" in refused.reason
    with hall_at("none") as (_, guests), hall_at("none", own=(str(guests),)) as (hall, _):
        outcome: Outcome = hall.run(put(guests, "echo", ECHO), {"text": "x"})
        assert said(outcome.answer) == "x"
        assert outcome.level == "none"


def test_the_numbers_of_system_calls_are_those_of_libseccomp() -> None:
    try:
        library = ctypes.CDLL("libseccomp.so.2")
    except OSError:
        pytest.skip("libseccomp.so.2 is not installed")
    resolve = library.seccomp_syscall_resolve_name_arch
    resolve.argtypes = [ctypes.c_uint32, ctypes.c_char_p]
    for name, numbers in NUMBERS.items():
        for (_, audit), number in zip(filters.MACHINES.values(), numbers, strict=True):
            theirs = resolve(audit, name.encode())
            assert (theirs if theirs >= 0 else None) == number, name


def judged(code: bytes, number: int, first: int = 0, second: int = 0,
           audit: int = 0xC000003E) -> int:
    """What a filter says of a system call: the kernel's own steps."""
    data = struct.pack("<IIQ6Q", number & 0xFFFFFFFF, audit, 0, first, second, 0, 0, 0, 0)
    held, at = 0, 0
    while True:
        kind, true, false, value = struct.unpack_from("<HBBI", code, at * 8)
        at += 1
        if kind == filters.LOAD:
            held = struct.unpack_from("<I", data, value)[0]
        elif kind == filters.RETURN:
            return int(value)
        else:
            met = held == value if kind == filters.EQUAL else bool(held & value)
            at += true if met else false


def test_a_zygotes_child_may_do_no_more_than_a_worker_that_forks_nothing() -> None:
    def made(**may: bool) -> bytes:
        return filters.program(filters.worker(scratch=False, programs=False, **may), "x86_64")

    zygote, warm = made(fresh=True, kills=True), made(fresh=False, kills=False)
    child = filters.narrower(programs=False, kills=True, machine="x86_64")
    both = {filters.ALLOW}
    for number in range(500):
        for first in (0, 1, 15, 17, 22, 38, 0x3D0F00, 0x53564D41, 4_242):
            two = {judged(zygote, number, first), judged(child, number, first)}
            allowed = judged(warm, number, first) == filters.ALLOW
            assert (two == both) == allowed, (number, first)


def test_a_filter_allows_what_it_names_and_nothing_else() -> None:
    code = filters.program(filters.worker(scratch=False, fresh=False, programs=False, kills=False),
                           "x86_64")

    def verdict(number: int, first: int = 0, second: int = 0, audit: int = 0xC000003E) -> int:
        return judged(code, number, first, second, audit)

    call = {name: numbers[0] for name, numbers in NUMBERS.items() if numbers[0] is not None}
    assert verdict(call["read"]) == filters.ALLOW
    assert verdict(call["execve"]) == filters.REFUSE
    assert verdict(call["fork"]) == filters.REFUSE
    assert verdict(call["kill"]) == filters.REFUSE
    assert verdict(call["clone3"]) == filters.MISSING
    assert verdict(call["clone"], 0x3D0F00) == filters.ALLOW  # a thread
    assert verdict(call["clone"], 17) == filters.REFUSE  # a process
    assert verdict(call["clone"], 0x3D0F00 | 0x10000000) == filters.REFUSE
    assert verdict(call["ioctl"], 1, 0x5412) == filters.REFUSE  # types into a terminal
    assert verdict(call["prlimit64"], 0) == filters.ALLOW
    assert verdict(call["prlimit64"], 4242) == filters.REFUSE
    assert verdict(call["read"] | 0x40000000) == filters.REFUSE  # the x32 way in
    assert verdict(call["read"], audit=0x40000003) == filters.KILL
    assert verdict(41) == filters.REFUSE  # socket
    assert verdict(9_999) == filters.REFUSE


@pytest.mark.skipif(not landlock.abi(), reason="this kernel offers no Landlock")
def test_landlock_leaves_open_what_is_named(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "file").write_text("x")
    (tmp_path / "out").write_text("y")
    child = os.fork()
    if not child:
        try:
            landlock.restrict([str(tmp_path / "in"), str(tmp_path / "missing")])
            assert (tmp_path / "in" / "file").read_text() == "x"
            for attempt in (lambda: (tmp_path / "out").read_text(), lambda: os.listdir(tmp_path),
                            lambda: (tmp_path / "in" / "new").write_text(""),
                            lambda: os.kill(os.getppid(), 0) if landlock.scopes_signals(
                                landlock.abi()) else os.listdir(tmp_path)):
                try:
                    attempt()
                except PermissionError:
                    continue
                os._exit(2)
            os._exit(0)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_this_machine_is_known() -> None:
    if platform.machine() not in filters.MACHINES:
        pytest.skip(f"{platform.machine()}: exhibits of others are refused here")
    assert len(filters.program(filters.worker(scratch=True, fresh=True, programs=True,
                                              kills=True))) < 4_096 * 8
