"""The MCP server. Import it late: the library takes seconds to load."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import close_old_connections
from django.utils import translation
from django.utils.translation import gettext as _
from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError

from saphan.doors.mcp import watches, words
from saphan.ground.access import Refused
from saphan.house import ask as house
from saphan.house import callers, engine, registry, render
from saphan.house.room import Tool
from saphan.house.wording import render as wording
from saphan.people.models import Person, Token

log = logging.getLogger(__name__)

# Set for each request by the transport: whose token it is.
caller: ContextVar[tuple[Person | None, Token | None]] = ContextVar("caller", default=(None, None))


def ask(question: str, lang: str = "", limit: int = 8, person: Person | None = None) -> Any:
    reader = callers.reader(lang)
    with translation.override(reader.lower()):
        return render.answer(house.ask(question, lang=reader, asker=person,
                                       limit=max(1, min(limit, 50))))


def rooms(person: Person | None = None) -> Any:
    return [render.room(room) for room in registry.rooms()]


def find_terms(word: str, lang: str = "", sector: str = "",
               person: Person | None = None) -> Any:
    reader = callers.reader(lang)
    engine.look_again()
    with translation.override(reader.lower()):
        return wording.listed(q=word, sector=sector, lang=reader)


OWN = [
    Tool("ask", "Ask the house in any language: which offers, needs or other records fit, and why. "
                "lang is the language of the answer (zh-Hans zh-Hant en th vi lo km my id ms fil "
                "pt).", ask),
    Tool("find_terms", "Look a technical word up, in any language: the concepts it may mean, with "
                       "their words in 14 languages of the region.", find_terms),
    Tool("rooms", "The rooms of the house, with one live number each.", rooms),
    *watches.TOOLS,
    *words.TOOLS,
]


def build() -> MCPServer:
    """A server with the house's tools and every room's."""
    server = MCPServer("saphan", instructions=(
        "A cross-border AI cooperation centre. Ask in any language; answers say why each record "
        "fits and what is not met. Records marked as examples are not real."))
    keep_current(server, {})
    return server


def keep_current(server: MCPServer, offered: dict[str, str]) -> dict[str, str]:
    """Offer what rooms brought since and take back what is gone: an exhibit comes or goes while
    the house is open. `offered`: signatures by name, as the call before this returned them."""
    now = {tool.name: tool for tool in tools()}
    signatures = {name: str(inspect.signature(tool.run)) for name, tool in now.items()}
    for name in offered:
        if signatures.get(name) != offered[name]:
            server.remove_tool(name)
    for name, tool in now.items():
        if offered.get(name) != signatures[name]:
            server.add_tool(_adapt(tool), name=name, description=tool.description)
    return signatures


def tools() -> list[Tool]:
    """The house's tools and every room's, each under a name of its own."""
    found = list(OWN)
    taken = {tool.name for tool in found}
    for room in registry.rooms():
        for tool in room.tools() if room.tools else ():
            name = tool.name if tool.name not in taken else f"{room.slug}_{tool.name}"
            taken.add(name)
            found.append(Tool(name, tool.description, tool.run, tool.writes))
    return found


def _adapt(tool: Tool) -> Callable[..., Any]:
    """The tool as the library wants it: asynchronous, without the `person` parameter, and with
    the house's refusals as tool errors that a reader understands."""

    def run(**given: Any) -> Any:
        close_old_connections()
        person, token = caller.get()
        if tool.writes and (token is None or token.scope != "write"):
            raise ToolError(str(_("This call needs a token that may write.")))
        try:
            return tool.run(**given, person=person)
        except Refused as refused:
            raise ToolError(str(refused)) from None
        except callers.Missing:
            raise ToolError(_("There is no such record, or it is not public.")) from None
        except callers.Invalid as invalid:
            raise ToolError("; ".join(f"{error['field']}: {error['message']}"
                                      for error in invalid.errors)) from None
        except Exception:
            log.exception("the tool %s broke", tool.name)
            raise ToolError(_("Something broke on our side.")) from None
        finally:
            close_old_connections()

    @wraps(tool.run)
    async def wrapped(**given: Any) -> Any:
        return await sync_to_async(run, thread_sensitive=False)(**given)

    signature = inspect.signature(tool.run, eval_str=True)
    wrapped.__signature__ = signature.replace(  # type: ignore[attr-defined]
        parameters=[parameter for name, parameter in signature.parameters.items()
                    if name != "person"], return_annotation=inspect.Signature.empty)
    wrapped.__annotations__ = {name: parameter.annotation
                               for name, parameter in signature.parameters.items()
                               if name != "person"}
    return wrapped


def hosts() -> list[str]:
    """Host names under which the house may be reached, as the transport checks them."""
    return [host for name in settings.ALLOWED_HOSTS for host in (name, f"{name}:*")]
