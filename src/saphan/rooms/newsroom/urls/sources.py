"""Sources, looks at them and alarms: addresses."""

from __future__ import annotations

from typing import Any

urlpatterns: list[Any] = []
