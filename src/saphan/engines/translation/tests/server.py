"""A real HTTP server on this machine that answers as a test tells it to."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Answer:
    """`body`: sent as it is, or as JSON. `drip`: seconds between single bytes."""

    body: Any = None
    status: int = 200
    heads: dict[str, str] = field(default_factory=dict)
    drip: float = 0.0
    cut: bool = False
    """Promise more bytes than are sent."""


@dataclass
class Seen:
    path: str
    heads: dict[str, str]
    body: Any


@dataclass
class Served:
    url: str
    seen: list[Seen]


Reply = Callable[[Seen], Answer]


@contextmanager
def serving(reply: Reply) -> Iterator[Served]:
    """A server on a free port that answers every request by `reply`."""
    seen: list[Seen] = []

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *args: object) -> None:
            return

        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self._answer()

        def _answer(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            one = Seen(self.path, dict(self.headers), json.loads(raw) if raw else None)
            seen.append(one)
            answer = reply(one)
            body = answer.body if isinstance(answer.body, bytes) else json.dumps(
                answer.body, ensure_ascii=False).encode()
            self.send_response(answer.status)
            for name, value in answer.heads.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body) + (50 if answer.cut else 0)))
            self.end_headers()
            try:
                if not answer.drip:
                    self.wfile.write(body)
                for byte in body if answer.drip else b"":
                    self.wfile.write(bytes([byte]))
                    self.wfile.flush()
                    time.sleep(answer.drip)
            except OSError:
                return  # the client has hung up, as it should

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield Served(f"http://127.0.0.1:{server.server_address[1]}", seen)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
