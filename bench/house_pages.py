"""What benches of whole pages share: an empty house, and how long something takes in it."""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


def house(prefix: str) -> None:
    """An empty house in a temporary folder whose name begins with `prefix`."""
    os.environ["SAPHAN_HOME"] = tempfile.mkdtemp(prefix=prefix)
    os.environ["DJANGO_SETTINGS_MODULE"] = "saphan.settings"
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    (Path(os.environ["SAPHAN_HOME"]) / "static").mkdir(exist_ok=True)
    settings.ALLOWED_HOSTS = ["*"]
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)


def timed(act: Callable[[], Any], runs: int, before: Callable[[], Any]) -> tuple[float, float]:
    """Median and 95th percentile in milliseconds."""
    took = []
    for _run in range(runs):
        before()
        start = time.perf_counter()
        act()
        took.append(1000 * (time.perf_counter() - start))
    took.sort()
    return statistics.median(took), took[min(len(took) - 1, int(0.95 * len(took)))]
