"""What went wrong, for software: one shape everywhere, after RFC 9457 (problem+json)."""

from __future__ import annotations

from typing import Any

from django.http import JsonResponse


def problem(status: int, title: Any, **extra: Any) -> JsonResponse:
    """`title` says it in the reader's language; `extra` is for programs (`errors`, …)."""
    return JsonResponse({"title": str(title), "status": status, **extra}, status=status,
                        content_type="application/problem+json",
                        json_dumps_params={"ensure_ascii": False})
