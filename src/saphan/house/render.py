"""What the house says, as plain data: one rendering for the API, MCP and the command line."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings

from saphan.design.plate import Plate, Reading
from saphan.house.ask import Answer, Hit
from saphan.house.room import Room


def reading(words: Reading | None) -> dict[str, Any] | None:
    if words is None or not words.text:
        return None
    return {"text": words.text, "lang": words.lang, "origin": words.words.origin,
            "is_source": words.is_source, "source": words.source,
            "approved": bool(words.words.approved_by), "stale": getattr(words, "stale", False)}


def room(declared: Room) -> dict[str, Any]:
    fact = declared.live_fact() if declared.live_fact else None
    return {"slug": declared.slug, "number": declared.number, "wing": declared.wing,
            "name": str(declared.name), "purpose": str(declared.purpose),
            "live": {"number": fact.number, "label": str(fact.label)} if fact else None}


def plate(label: Plate) -> dict[str, Any]:
    return {"number": label.number, "title": reading(label.title),
            "summary": reading(label.summary),
            "kind": str(label.kind), "maker": label.maker, "economy": label.economy_code,
            "date": label.date.isoformat() if label.date else None, "state": label.state,
            "example": label.example, "url": settings.BASE_URL + label.url}


def hit(found: Hit) -> dict[str, Any]:
    return {**plate(found.plate), "score": round(found.score, 4), "fits": found.fits,
            "room": found.room,
            "why": {"concepts": list(found.concepts), "missing": list(found.missing),
                    "found_by": found.how,
                    "requirements": [
                        {"name": item.name, "label": str(item.label), "wanted": item.wanted,
                         "found": item.found, "verdict": item.verdict}
                        for item in found.requirements]}}


def answer(given: Answer) -> dict[str, Any]:
    return {"question": given.question, "question_lang": given.question_lang, "lang": given.lang,
            "stage": given.stage, "abstained": given.abstained,
            "concepts": list(given.concepts), "notes": [str(note) for note in given.notes],
            "rooms": [{"room": declared.slug, "name": str(declared.name),
                       "hits": [hit(found) for found in hits]}
                      for declared, hits in given.groups],
            "alike": [hit(found) for found in given.alike]}


def json_line(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False) + "\n"
