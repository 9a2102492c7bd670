from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np
import pytest

from saphan.engines.language.embed import Embedder, EmbedderError, EndpointEmbedder


class Server:
    """A real endpoint on a local port: answers vectors that tell which text they are of."""

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.answer: Any = None
        self.status = 200
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                outer.requests.append(body)
                outer.headers.append(dict(self.headers))
                data = [
                    {"index": number, "embedding": [float(len(text)), 1.0, 0.0]}
                    for number, text in enumerate(body["input"])
                ]
                answer = outer.answer or {"data": data[::-1]}  # out of order, as allowed
                payload = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
                self.send_response(outer.status)
                self.send_header("Content-Length", str(len(payload)))
                self.end_headers()
                self.wfile.write(payload)

            def log_message(self, *args: Any) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}/v1/embeddings"
        self.thread = threading.Thread(target=self.http.serve_forever, daemon=True)
        self.thread.start()


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server()
    yield running
    running.http.shutdown()
    running.http.server_close()
    running.thread.join()


def test_an_endpoint_gives_unit_vectors_in_the_order_of_the_texts(server: Server) -> None:
    embedder: Embedder = EndpointEmbedder(server.url, "m", dimension=3)
    rows = embedder.embed_queries(["a", "longer text"])
    assert rows.shape == (2, 3)
    assert rows.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-6)
    assert rows[0, 0] < rows[1, 0]


def test_queries_and_passages_carry_their_prefix_and_the_model_its_name(server: Server) -> None:
    embedder = EndpointEmbedder(server.url, "big-model", dimension=3, api_key="secret")
    embedder.embed_queries(["x"])
    embedder.embed_passages(["y"])
    assert [request["input"] for request in server.requests] == [["query: x"], ["passage: y"]]
    assert server.requests[0]["model"] == "big-model"
    assert server.headers[0]["Authorization"] == "Bearer secret"


def test_many_texts_go_in_batches(server: Server) -> None:
    embedder = EndpointEmbedder(server.url, "m", dimension=3, batch=2)
    assert embedder.embed_passages(list("abcde")).shape == (5, 3)
    assert [len(request["input"]) for request in server.requests] == [2, 2, 1]


def test_no_text_asks_nothing(server: Server) -> None:
    assert EndpointEmbedder(server.url, "m", dimension=3).embed_queries([]).shape == (0, 3)
    assert server.requests == []


@pytest.mark.parametrize(
    ("status", "answer", "said"),
    [
        (500, {"error": "out of memory"}, "500"),
        (200, b"not json", "no embeddings"),
        (200, {"data": []}, "expected"),
        (200, {"data": [{"index": 0, "embedding": [1.0]}]}, "expected"),
        (200, {"nothing": 1}, "no embeddings"),
    ],
)
def test_an_endpoint_that_fails_is_named_with_what_it_said(
    server: Server, status: int, answer: Any, said: str
) -> None:
    server.status, server.answer = status, answer
    with pytest.raises(EmbedderError, match=said):
        EndpointEmbedder(server.url, "m", dimension=3).embed_queries(["x"])


def test_an_endpoint_that_is_not_there_is_an_embedder_error() -> None:
    embedder = EndpointEmbedder("http://127.0.0.1:9/v1/embeddings", "m", dimension=3, timeout=2)
    with pytest.raises(EmbedderError):
        embedder.embed_queries(["x"])


def test_an_address_that_is_not_http_is_refused() -> None:
    with pytest.raises(ValueError, match="http"):
        EndpointEmbedder("file:///etc/passwd", "m", dimension=3)
