"""The Model Context Protocol, spoken by the protocol's own client library."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import pytest
from conftest import environment
from served import Served
from test_api import NOT_TRANSLATED


@asynccontextmanager
async def over_http(served: Served, scope: str = "") -> AsyncIterator[Any]:
    import httpx2
    from mcp.client.streamable_http import streamable_http_client

    headers = {"Authorization": f"Bearer {served.tokens[scope]}"} if scope else {}
    async with (httpx2.AsyncClient(headers=headers, timeout=60) as client,
                streamable_http_client(f"{served.url}/mcp", http_client=client) as streams):
        yield streams


def over_stdio(served: Served, scope: str = "") -> AbstractAsyncContextManager[Any]:
    from mcp import StdioServerParameters
    from mcp.client.stdio import stdio_client

    token = {"token": served.tokens[scope]} if scope else {}
    return stdio_client(StdioServerParameters(
        command=sys.executable, args=["-m", "saphan", "mcp"],
        env=environment(served.home, worker="no", **token)))


def talk(transport: AbstractAsyncContextManager[Any], *calls: tuple[str, dict[str, Any]]
         ) -> tuple[list[str], list[tuple[bool, Any]]]:
    """The names of the tools, and for each call whether it failed and what it gave."""
    from mcp import ClientSession

    async def run() -> tuple[list[str], list[tuple[bool, Any]]]:
        async with transport as streams, ClientSession(streams[0], streams[1]) as session:
            await session.initialize()
            names = [tool.name for tool in (await session.list_tools()).tools]
            results = []
            for name, arguments in calls:
                result = await session.call_tool(name, arguments)
                text = result.content[0].text
                results.append((bool(result.is_error), text if result.is_error
                                else json.loads(text)))
            return names, results

    return asyncio.run(asyncio.wait_for(run(), 120))


@pytest.mark.parametrize("transport", [over_http, over_stdio])
def test_a_program_lists_the_tools_asks_reads_and_posts(served: Served, transport: Any) -> None:
    names, [(_, answer)] = talk(transport(served),
                                ("ask", {"question": "คัดเกรดทุเรียน", "lang": "zh-Hans"}))
    assert {"ask", "rooms", "read", "list_records", "post_need"} <= set(names)
    hits = [hit for room in answer["rooms"] for hit in room["hits"]]
    assert hits and "榴莲" in answer["concepts"]

    _names, [(_, record), (failed, posted)] = talk(
        transport(served, "write"), ("read", {"number": hits[0]["number"]}),
        ("post_need", {"title": "Necesita-se separador de cocos", "lang": "pt",
                       "summary": "Para uma cooperativa em Timor-Leste"}))
    assert record["number"] == hits[0]["number"] and record["record"]["title"]
    assert not failed and posted["state"] == "draft", posted
    assert posted["record"]["title"] == {"pt": "Necesita-se separador de cocos"}


@pytest.mark.parametrize("transport", [over_http, over_stdio])
@pytest.mark.parametrize("scope", ["", "read"])
def test_posting_without_a_writing_token_is_refused(served: Served, transport: Any,
                                                    scope: str) -> None:
    _names, [(failed, reason)] = talk(transport(served, scope), (
        "post_need", {"title": "A need", "summary": "that nobody may post"}))
    assert failed and "token" in reason


@pytest.mark.parametrize(("tool", "arguments", "words"), [
    ("read", {"number": "MKT-2026-9999"}, "no such record"),
    ("read", {"number": "\x00'"}, ""),
    ("ask", {"question": ""}, "few words"),
    ("ask", {"question": "x" * 1_000_000}, "2000"),
    ("ask", {"question": "durian", "lang": "klingon"}, "klingon"),
    ("ask", {"question": "durian", "limit": "many"}, ""),
    ("ask", {}, ""),
    ("list_records", {"shelf": "nothing"}, "no such record"),
    ("nothing", {}, ""),
])
def test_a_call_that_makes_no_sense_says_so_and_breaks_nothing(
        served: Served, tool: str, arguments: dict[str, Any], words: str) -> None:
    _names, [(failed, reason), (failed_after, _)] = talk(
        over_http(served), (tool, arguments), ("list_records", {"page": 10**30}))
    assert failed and words in reason and "Traceback" not in reason
    assert not failed_after


def test_a_wrong_token_is_refused_in_the_callers_language(served: Served) -> None:
    answer = served.post("/mcp", {}, authorization="Bearer sph_wrong", accept_language="th,en")
    assert answer.status == 401 and answer.headers["www-authenticate"] == "Bearer"
    assert not NOT_TRANSLATED.match(answer.json["title"])


def test_a_body_beyond_the_limit_is_refused_before_it_is_read(served: Served) -> None:
    assert served.post("/mcp", b'{"x": "' + b"x" * 3_000_000 + b'"}').status == 413


def test_another_sites_page_cannot_use_a_visitors_browser_to_speak_to_it(served: Served) -> None:
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    assert served.post("/mcp", body, origin="https://elsewhere.example").status == 403
    assert served.post("/mcp", body, host="elsewhere.example").status in (403, 421)
