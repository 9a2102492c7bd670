"""Servers for the tests of exhibits outside the hall: hand-written, on this machine."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from saphan.engines.runner.folder import Folder

Answer = Callable[[BaseHTTPRequestHandler, bytes], None]


@contextmanager
def server(answer: Answer, trust: ssl.SSLContext | None = None) -> Iterator[int]:
    """A server whose every request goes to `answer(handler, body)`. Gives its port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer(self, b"")

        def do_POST(self) -> None:
            answer(self, self.rfile.read(int(self.headers.get("Content-Length", 0))))

        def log_message(self, *words: Any) -> None:
            return

    made = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.daemon_threads = True
    made.handle_error = lambda *words: None  # type: ignore[method-assign]
    if trust:
        made.socket = trust.wrap_socket(made.socket, server_side=True)
    threading.Thread(target=made.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield made.server_address[1]
    finally:
        made.shutdown()
        made.server_close()


def reply(handler: BaseHTTPRequestHandler, body: Any, status: int = 200, **heads: str) -> None:
    """Answer with JSON, or bytes as they are."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    handler.send_response(status)
    for name, value in {"Content-Length": str(len(raw)), **heads}.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(raw)


def folder(kind: str, url: str, api_name: str) -> Folder:
    return Folder(path=Path("far_away"), slug="far_away", sector="other", maker="A maker",
                  licence="MIT", kind=kind, url=url, api_name=api_name)
