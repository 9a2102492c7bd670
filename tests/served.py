"""A house that is really open: `saphan serve` in a process of its own, over a copy of a home."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Answer:
    """What the house answered."""

    status: int
    headers: Any
    content: bytes

    @property
    def text(self) -> str:
        return self.content.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.content)


@dataclass
class Served:
    """An open house: its address, its folder and tokens by scope."""

    url: str
    home: Path
    process: subprocess.Popen[bytes]
    tokens: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **headers: str) -> Answer:
        return self.send("GET", path, None, **headers)

    def post(self, path: str, body: Any, **headers: str) -> Answer:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.send("POST", path, data, content_type="application/json", **headers)

    def send(self, method: str, path: str, data: bytes | None, **headers: str) -> Answer:
        request = urllib.request.Request(
            self.url + urllib.parse.quote(path, safe="/?&=%:.,+-_"), data, method=method,
            headers={name.replace("_", "-"): value for name, value in headers.items()})
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                return Answer(response.status, response.headers, response.read())
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.headers, error.read())

    @property
    def log(self) -> str:
        return (self.home / "serve.log").read_text()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def open_house(home: Path, environment: dict[str, str], *, wait: float = 60) -> Served:
    """Start `saphan serve` in `home` and wait until it answers."""
    port = free_port()
    with (home / "serve.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "saphan", "serve", "--port", str(port)], stdout=log, stderr=log,
            env={**environment, "SAPHAN_URL": f"http://localhost:{port}"})
    house = Served(f"http://localhost:{port}", home, process)
    deadline = time.monotonic() + wait
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if house.get("/healthz").status == 200:
                return house
        except OSError:
            time.sleep(0.05)
    process.kill()
    raise AssertionError(f"the house did not open: {house.log}")


def close(house: Served) -> None:
    house.process.terminate()
    try:
        house.process.wait(20)
    except subprocess.TimeoutExpired:
        house.process.kill()
        raise AssertionError("the house did not close within 20 seconds") from None


def copy_home(snapshot: Path, home: Path) -> Path:
    shutil.copytree(snapshot, home)
    return home
