"""Figures and the desk that checks them: addresses."""

from __future__ import annotations

from typing import Any

urlpatterns: list[Any] = []
