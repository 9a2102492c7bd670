"""Whether a team meets what a call asks of teams: each requirement met or not, with what was
found. The house finds; people decide."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from saphan.rooms.incubator.models import Answer
from saphan.rooms.incubator.vocabulary import PARTNERS_AT_MOST


def found(answer: Answer, lead: Mapping[str, Any]) -> list[dict[str, Any]]:
    """`[{rule, met, found, wanted}]` for every requirement that the call makes."""
    call, content = answer.call, answer.content
    partners = list(answer.partners.all())
    economies = {lead.get("economy"), *(each.economy_id for each in partners)} - {None, ""}
    out: list[dict[str, Any]] = []

    def note(rule: str, met: bool, what: Any, wanted: Any) -> None:
        out.append({"rule": rule, "met": met, "found": what, "wanted": wanted})

    if call.lead_types:
        note("lead_type", lead.get("kind") in call.lead_types, lead.get("kind") or "",
             list(call.lead_types))
    if call.lead_economies:
        note("lead_economy", lead.get("economy") in call.lead_economies,
             lead.get("economy") or "", list(call.lead_economies))
    if call.economies_at_least > 1:
        note("economies", len(economies) >= call.economies_at_least, sorted(economies),
             call.economies_at_least)
    note("partners", len(partners) <= PARTNERS_AT_MOST, len(partners), PARTNERS_AT_MOST)
    if call.modes and content.get("mode"):
        note("mode", content["mode"] in call.modes, content["mode"], list(call.modes))
    if call.budget_amount is not None and content.get("amount") not in (None, ""):
        asked = _number(content["amount"])
        note("amount", asked is not None and asked <= call.budget_amount, str(content["amount"]),
             str(call.budget_amount))
    musts = [row for row in call.indicators if row.get("must")]
    if musts:
        promised = content.get("indicators", {})
        missed = [row["id"] for row in musts if not _reaches(promised.get(row["id"]), row)]
        note("musts", not missed, missed, [row["id"] for row in musts])
    return out


def _reaches(value: Any, row: Mapping[str, Any]) -> bool:
    if value in (None, ""):
        return False
    mine, wanted = _number(value), _number(row["value"])
    if mine is None or wanted is None:
        return False
    return mine <= wanted if row.get("direction") == "at_most" else mine >= wanted


def _number(value: Any) -> Decimal | None:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
