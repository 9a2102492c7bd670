"""The translation desk for other people's software (MCP). Same rules as on its pages."""

from __future__ import annotations

from typing import Any

from saphan.ground.access import Refused
from saphan.house import callers, engine
from saphan.house.rendering import render, rules
from saphan.house.room import Tool
from saphan.people.models import Person


def _translator(person: Person | None) -> Person:
    if person is None:
        raise Refused(rules.WHO_WORKS)
    return person


def wanted_translations(into: str, state: str = "", page: int = 1,
                        person: Person | None = None) -> Any:
    return render.wanted(callers.reader(into), state=state, page=page, person=_translator(person))


def read_translation(id: int, person: Person | None = None) -> Any:
    engine.look_again()
    return render.whole(render.opened(id, person=_translator(person)))


def submit_translation(id: int, sentences: dict[str, list[str | None]], version: int | None = None,
                       hand_in: bool = False, person: Person | None = None) -> Any:
    engine.look_again()
    return render.submit(id, sentences, person=_translator(person), version=version,
                         hand_in=hand_in)


def move_translation(id: int, step: str, remark: str = "", person: Person | None = None) -> Any:
    engine.look_again()
    return render.move(id, step, person=_translator(person), remark=remark)


TOOLS = [
    Tool("wanted_translations", "What is to be translated into a language, what most readers ask "
                                "for first. state: wanted, drafted, in_review, approved, set_aside "
                                "or stale.", wanted_translations),
    Tool("read_translation", "One translation with its sentences, and where original and "
                             "translation differ: with a difference that blocks it cannot be "
                             "approved.", read_translation),
    Tool("submit_translation", "Save a translation: for each field a list with one string for each "
                               "sentence of the original (null: said with the one before). "
                               "hand_in: let a second person look at it.", submit_translation,
         writes=True),
    Tool("move_translation", "Move a translation along: claim, release, hand_in, approve, "
                             "send_back, set_aside, reopen, want_again, ask_machine. send_back and "
                             "set_aside need a remark. Nobody approves what she wrote herself.",
         move_translation, writes=True),
]
