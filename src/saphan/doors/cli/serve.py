"""`saphan serve` and `saphan worker`: open the house."""

from __future__ import annotations

import os
import socket
from typing import Any

from saphan.doors.cli.boot import Failed, boot, say


def add(commands: object) -> None:
    parser = commands.add_parser(  # type: ignore[attr-defined]
        "serve", help="open the house: site, API, MCP and worker in one process")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on (%(default)s)")
    parser.add_argument("--setup", action="store_true", help="call `saphan setup` first")
    parser.add_argument("--sample", metavar="NAME", help="with --setup: load this sample centre")
    parser.add_argument("--forwarded-allow-ips", metavar="ADDRESSES", default="127.0.0.1",
                        help="proxies whose X-Forwarded-For is believed (%(default)s)")
    parser.set_defaults(run=_run_serve)
    worker = commands.add_parser(  # type: ignore[attr-defined]
        "worker", help="do the house's background work in a process of its own")
    worker.set_defaults(run=_run_worker)


def _run_serve(options: Any) -> int:
    _port_is_free(options.host, options.port)
    where = "localhost" if options.host in ("127.0.0.1", "0.0.0.0", "::") else options.host  # noqa: S104
    os.environ.setdefault("SAPHAN_URL", f"http://{where}:{options.port}")
    if options.setup:
        from saphan.doors.cli.setup import set_up

        set_up(sample=options.sample)
    boot()
    import uvicorn
    from django.conf import settings

    from saphan.people.models import Role

    say(f"the house is open at {settings.BASE_URL}/  (Ctrl+C closes it)")
    if not Role.objects.filter(name=Role.Name.ADMINISTRATOR).exists():
        say("nobody looks after it yet: `.venv/bin/saphan person add YOU@EXAMPLE.ORG "
            "--role administrator`")
    uvicorn.run("saphan.asgi:application", host=options.host, port=options.port,
                log_level="warning", access_log=False, proxy_headers=True, server_header=False,
                forwarded_allow_ips=options.forwarded_allow_ips, timeout_graceful_shutdown=10)
    return 0


def _port_is_free(host: str, port: int) -> None:
    """Say so at once, and not after the house has been set up."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Failed(f"cannot listen on {host}:{port}: {error.strerror}. Another program may "
                         f"be using it; choose another port, for example --port {port + 1}"
                         ) from None


def _run_worker(_options: Any) -> int:
    boot()
    import signal

    from saphan.ground import jobs
    from saphan.house.occupancy import occupied

    worker = jobs.Worker()
    signal.signal(signal.SIGTERM, lambda *_: worker.stop(timeout=0))
    with occupied():
        worker.start()
        say("the worker is at work  (Ctrl+C stops it)")
        try:
            while worker.is_alive():
                worker.join(1)
        except KeyboardInterrupt:
            say("finishing what is under way")
            worker.stop()
    return 0
