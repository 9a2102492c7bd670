"""One process for everything: the site, the API, MCP and, by default, the worker."""

from __future__ import annotations

import os
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "saphan.settings")
django.setup(set_prefix=False)

from django.conf import settings  # noqa: E402  Django must be set up first
from django.core.asgi import get_asgi_application  # noqa: E402
from starlette.applications import Starlette  # noqa: E402
from starlette.routing import Mount, Route  # noqa: E402

from saphan.doors.mcp.asgi import LazyServer  # noqa: E402
from saphan.ground import jobs, memory  # noqa: E402
from saphan.house import ask  # noqa: E402
from saphan.house.occupancy import occupied  # noqa: E402

memory.few_arenas()
mcp = LazyServer()


@asynccontextmanager
async def lifespan(_app: Starlette) -> AsyncIterator[None]:
    """Start the worker and warm the matching engine beside it; stop both with the process."""
    with occupied():
        worker = jobs.Worker()
        if settings.WORKER_IN_PROCESS:
            worker.start()
        threading.Thread(target=ask.warm_up, name="saphan-warm-up", daemon=True).start()
        yield
        await mcp.close()
        worker.stop()


# Starlette's idea of an ASGI application is narrower than Django's.
site: Any = get_asgi_application()
tools: Any = mcp
application = Starlette(lifespan=lifespan, routes=[
    Route("/mcp", tools), Mount("/mcp", tools), Mount("/", site)])
