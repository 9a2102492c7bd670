"""Tries to harm the machine it runs on; in tests and in bench/sandbox only, always sealed.

Each function is one attack. What it returns is what it got; an exception is an attack that failed.
"""

from __future__ import annotations

import ctypes
import io
import os
import resource
import signal
import socket
import struct
import sys
import threading
import time
import wave
import zlib

from saphan.engines.runner import Line, Say, exhibit

libc = ctypes.CDLL(None, use_errno=True)


def honest() -> str:
    return "fine"


def fork_bomb() -> str:
    while True:
        os.fork()


def thread_bomb() -> str:
    threading.stack_size(65_536)
    for _ in range(100_000):
        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
    return "100,000 threads"


def memory_hog() -> str:
    held = []
    while True:
        held.append(bytearray(16 << 20))


def endless_loop() -> str:
    while True:
        pass


def loop_that_ignores_signals() -> str:
    for number in range(1, 32):
        if number not in (signal.SIGKILL, signal.SIGSTOP):
            signal.signal(number, signal.SIG_IGN)
    while True:
        pass


def disk_fill() -> str:
    for folder in ("/tmp", "/var/tmp", "/dev/shm", "/", os.path.dirname(__file__), "/scratch"):
        try:
            with open(f"{folder}/saphan-hostile", "wb") as file:
                for _ in range(1_000):
                    file.write(bytes(1 << 20))
        except OSError:
            continue
        return f"wrote in {folder}"
    raise PermissionError("nowhere to write")


def memory_file() -> str:
    return str(os.memfd_create("held"))


def loopback() -> str:
    socket.create_connection(("127.0.0.1", 22), 1)
    return "connected"


def outside() -> str:
    socket.create_connection(("192.0.2.1", 80), 1)
    return "connected"


def datagram() -> str:
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("192.0.2.1", 53))
    return "sent"


def abstract_socket() -> str:
    socket.socket(socket.AF_UNIX).connect("\0saphan")
    return "connected"


def execute() -> str:
    os.execv("/bin/true", ["true"])


def spawn() -> str:
    import subprocess

    return subprocess.check_output([sys.executable, "-c", "print(1)"]).decode()


def read_host_files() -> str:
    for path in ("/etc/passwd", "/etc/hostname", os.path.expanduser("~root/.bashrc"),
                 "/var/log/dpkg.log", "/home", "/root", "/tmp"):
        try:
            return os.listdir(path).__repr__() if os.path.isdir(path) else open(path).read()
        except OSError:
            continue
    raise PermissionError("nothing to read")


def read_environment() -> str:
    found = {name for name in os.environ if name in ("SECRET_OF_THE_HOUSE", "SAPHAN_HOME", "USER")}
    if found:
        return str(found)
    raise PermissionError("nothing of the house in the environment")


def proc_tricks() -> str:
    for process in ("1", "self", str(os.getppid()), "thread-self", "cpuinfo/../1"):
        for name in ("environ", "mem", "maps", "cwd/", "root/etc/passwd", "fd/0"):
            try:
                with open(f"/proc/{process}/{name}", "rb") as file:
                    if got := file.read(20):
                        return repr(got)
            except OSError:
                continue
    if [name for name in (os.listdir("/proc") if os.path.isdir("/proc") else [])
            if name.isdigit()]:
        return "sees processes"
    raise PermissionError("nothing of /proc")


def symlink_tricks() -> str:
    beside = os.path.join(os.path.dirname(__file__), "way-out")
    with open(beside) as file:  # a link to /etc/passwd that came with the folder
        return file.read()


def new_symlink() -> str:
    os.symlink("/etc", "/tmp/way-out")
    return "linked"


def signal_parent() -> str:
    os.kill(os.getppid(), signal.SIGKILL)
    return "sent"


def signal_everyone() -> str:
    os.kill(-1, signal.SIGKILL)
    return "sent"


def stop_parent_by_limits() -> str:
    resource.prlimit(os.getppid(), resource.RLIMIT_CPU, (0, 0))
    return "limited"


def trace_parent() -> str:
    if libc.ptrace(16, os.getppid(), 0, 0):
        raise PermissionError(ctypes.get_errno(), "ptrace")
    return "traced"


def new_namespace() -> str:
    if libc.unshare(0x10000000):
        raise PermissionError(ctypes.get_errno(), "unshare")
    return "unshared"


def raise_limits() -> str:
    resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    return "raised"


def speak_for_the_worker() -> str:
    for descriptor in range(3, 128):
        try:
            os.write(descriptor, b"\xff" * 4_096)
        except OSError:
            continue
    return "written"


def huge_answer() -> str:
    return "x" * (64 << 20)


def strange_answer() -> object:
    return object()


def leave() -> str:
    os._exit(0)


def crash() -> str:
    ctypes.string_at(1)


def deflated(megabytes: int) -> bytes:
    """Zeros that were compressed a thousandfold: blocks that do not lean on each other."""
    one = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = one.compress(bytes(1 << 20)) + one.flush(zlib.Z_FULL_FLUSH)
    return block * megabytes + one.flush()


def picture_of_100_megapixels() -> str:
    return str(len(zlib.decompress(deflated(300), -15)))  # 10,000 x 10,000 x 3, as PNG holds them


def zip_bomb() -> str:
    inner = zlib.decompress(deflated(4), -15)
    return str(len(inner) + len(zlib.decompress(deflated(4_000), -15)))


def malformed_wav() -> str:
    sound = (b"RIFF" + struct.pack("<I", 2**31) + b"WAVEfmt " + struct.pack(
        "<IHHIIHH", 16, 1, 65_535, 2**31, 2**31, 65_535, 16) + b"data"
        + struct.pack("<I", 2**32 - 1))
    with wave.open(io.BytesIO(sound)) as file:  # 4 GB of sound, says its head
        return str(len(bytearray(file.getnframes() * file.getnchannels() * file.getsampwidth())))


def hide_its_cost() -> str:
    """Warm mode: have the worker report nothing."""
    ends = time.process_time() + 0.3
    while time.process_time() < ends:
        pass
    frame = sys._getframe()
    while frame:
        if "usage" in frame.f_locals and "before" in frame.f_locals:
            before = frame.f_locals["before"]
            frame.f_globals["cpu_and_peak"] = lambda usage, before=before: (before, 0.0)
        frame = frame.f_back
    return "hidden"


ATTACKS = {name: made for name, made in list(globals().items())
           if callable(made) and getattr(made, "__module__", "") == __name__
           and name != "deflated"}


@exhibit
def hostile(what: Line, secret: Line = "") -> Say:
    """Runs one of the attacks. `secret` stands for what a visitor might type."""
    return Say("got", got=ATTACKS[what]())
