"""A score with its interval, drawn on the server beside the numbers it shows."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString


def interval(raw: float, adjusted: float, low: float | None, high: float | None) -> SafeString:
    """0 to 100 points across: a bar from `low` to `high`, a line at the adjusted score, a ring at
    the raw mean."""
    def at(value: float) -> str:
        return f"{max(0.0, min(100.0, value)):.1f}"

    left, right = (adjusted, adjusted) if low is None or high is None else (low, high)
    width = max(0.0, float(at(right)) - float(at(left)))
    return format_html(
        '<svg class="interval" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">'
        '<rect x="{}" y="2" width="{}" height="4"></rect>'
        '<line x1="{}" x2="{}" y1="0" y2="8"></line>'
        '<line class="raw" x1="{}" x2="{}" y1="1" y2="7"></line></svg>',
        at(left), f"{width:.1f}", at(adjusted), at(adjusted), at(raw), at(raw))
