"""`python -m saphan.engines.runner.supervisor --socket PATH`: what the client starts."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import signal
import socket
import sys
from pathlib import Path

from saphan.engines.runner.supervisor import isolation, jail, privileges
from saphan.engines.runner.supervisor.desk import Desk
from saphan.engines.runner.supervisor.keeper import OWN, Keeper
from saphan.engines.runner.supervisor.server import Server


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Keeps sealed workers for the exhibition.")
    parser.add_argument("--socket", required=True, help="where to listen; made with mode 0600")
    parser.add_argument("--slots", type=int, default=os.cpu_count() or 1, help="runs at a time")
    parser.add_argument("--budget-mb", type=float, default=1_500, help="memory of all workers")
    parser.add_argument("--models", default="", help="the folder of the house's models")
    parser.add_argument("--own", action="append", default=[], help="a folder of the house's own")
    parser.add_argument("--guests", action="append", default=[], 
                        help="a folder of others' exhibits")
    parser.add_argument("--level", default="bubblewrap", choices=("bubblewrap", "kernel", "none"),
                        help="the highest level of isolation to use")
    parser.add_argument("--linger", type=float, default=60.0,
                        help="seconds to stay when the last house process has gone")
    return parser.parse_args()


def listen(path: str) -> socket.socket:
    """A socket that only its owner may speak to."""
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o177)
    try:
        listening.bind(path)
    finally:
        os.umask(before)
    listening.listen(128)
    listening.setblocking(False)
    return listening


async def serve(asked: argparse.Namespace, listening: socket.socket, unfit: str) -> None:
    found = await isolation.find(asked.level, unfit)
    logging.getLogger("saphan.hall").info("level %s %s", found.level, " ".join(found.reasons))
    keeper = Keeper(found, asked.budget_mb, asked.models,
                    own=(OWN, *map(Path, asked.own)))
    server = Server(Desk(keeper, asked.slots), asked.linger)
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, server.stop.set)
    await server.serve(listening)


def main() -> None:
    asked = arguments()
    logging.basicConfig(level=logging.INFO, stream=sys.stderr,
                        format="%(asctime)s %(name)s %(message)s")
    listening = listen(asked.socket)
    if asked.models:
        os.environ["SAPHAN_MODELS"] = asked.models
    folders = [each for each in (asked.models, *asked.own) if each and os.path.exists(each)]
    guests = [each for each in asked.guests if os.path.exists(each)]
    unfit = privileges.give_up([*jail.needed(), *folders], guests)
    asyncio.run(serve(asked, listening, unfit))


if __name__ == "__main__":
    main()
