"""`saphan mcp`: the house's tools for a program on this machine, over standard input and output."""

from __future__ import annotations

import os
from typing import Any

from saphan.doors.cli.boot import Failed, boot


def add(commands: object) -> None:
    parser = commands.add_parser(  # type: ignore[attr-defined]
        "mcp", help="speak the Model Context Protocol over stdin and stdout",
        description="Reads and writes as the person whose token is in SAPHAN_TOKEN; without one "
                    "it only reads what is public.")
    parser.set_defaults(run=_run)


def _run(_options: Any) -> int:
    boot()
    from saphan.doors.mcp import server
    from saphan.people.queries import person_of_token

    if secret := os.environ.get("SAPHAN_TOKEN"):
        found = person_of_token(secret)
        if found is None:
            raise Failed("the token in SAPHAN_TOKEN is not valid; `saphan token issue` makes one")
        server.caller.set(found)
    server.build().run("stdio")
    return 0
