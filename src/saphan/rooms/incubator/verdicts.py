"""What was posted, promised and measured, indicator by indicator: the ground of a validation."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from saphan.rooms.incubator.models import Measurement, Project
from saphan.rooms.incubator.vocabulary import Direction


def of(project: Project) -> list[dict[str, Any]]:
    """One row for each indicator that the call posted: `id, name, direction, value, unit, must,
    promised, measured, on, waiting, reached`. The last confirmed measurement counts; `waiting` says
    that a later one is not confirmed yet. Values are text, as they were written."""
    confirmed: dict[str, Measurement] = {}
    waiting: set[str] = set()
    for each in project.measurements.all():  # in the order of their days
        if each.confirmed:
            confirmed[each.indicator] = each
            waiting.discard(each.indicator)
        else:
            waiting.add(each.indicator)
    promised = project.answer.content.get("indicators", {})
    rows = []
    for row in project.answer.call.indicators:
        last = confirmed.get(row["id"])
        rows.append({
            "id": row["id"], "name": row["name"], "unit": row.get("unit", ""),
            "direction": row.get("direction") or Direction.AT_LEAST, "value": str(row["value"]),
            "must": bool(row.get("must")), "promised": str(promised.get(row["id"], "")),
            "measured": plain(last.value) if last else None,
            "on": last.on.isoformat() if last else None, "waiting": row["id"] in waiting,
            "reached": last is not None and reaches(last.value, row)})
    return rows


def reaches(value: Decimal, row: dict[str, Any]) -> bool:
    """Whether a measured value reaches what was posted."""
    try:
        goal = Decimal(str(row["value"]))
    except InvalidOperation:
        return False
    return value <= goal if row.get("direction") == Direction.AT_MOST else value >= goal


def plain(value: Decimal) -> str:
    """A number as one writes it, without zeros that mean nothing."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
