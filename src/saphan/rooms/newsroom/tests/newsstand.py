"""A made-up site on this machine that a test can fill, change and break."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from saphan.engines.runner.tests.outside_doubles import reply, server

Answer = Callable[[Any], None]


class Stand:
    """Pages by path. A page is text, bytes, or a function that answers by itself."""

    def __init__(self) -> None:
        self.url = ""
        self.pages: dict[str, str | bytes | Answer] = {}
        self.asked: list[str] = []
        self.heads: dict[str, str] = {"Content_Type": "text/html; charset=utf-8"}

    def feed(self, *names: str) -> None:
        """A feed at /feed that lists articles of these names, and the articles."""
        self.pages["/feed"] = "<rss><channel>" + "".join(
            f"<item><title>About {name}</title><link>{self.url}/{name}</link></item>"
            for name in names) + "</channel></rss>"
        for name in names:
            self.pages.setdefault(f"/{name}", article(name))

    def answer(self, handler: Any, _body: bytes) -> None:
        path = handler.path
        self.asked.append(path)
        page = self.pages.get(path)
        if callable(page):
            page(handler)
        elif page is None:
            reply(handler, b"", 404)
        else:
            reply(handler, page.encode() if isinstance(page, str) else page, **self.heads)


def article(name: str, words: int = 120) -> str:
    """A page with an article about `name`."""
    text = f"The {name} opened to the public this week, the port authority said. " * (words // 12)
    return (f"<html><head><title>About {name}</title></head><body><nav><a href='/'>Home</a></nav>"
            f"<article><h1>About {name}</h1><p>{text}</p><p>{text}</p></article></body></html>")


@contextmanager
def newsstand() -> Iterator[Stand]:
    """A site that runs while the block does."""
    stand = Stand()
    with server(stand.answer) as port:
        stand.url = f"http://127.0.0.1:{port}"
        yield stand
