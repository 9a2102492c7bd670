"""Briefs, their editions and who gets them: addresses."""

from __future__ import annotations

from typing import Any

urlpatterns: list[Any] = []
