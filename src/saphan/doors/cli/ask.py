"""`saphan ask`: the house's one box, in a terminal."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from saphan.doors.cli.boot import boot

if TYPE_CHECKING:
    from saphan.house.ask import Answer, Hit

SIGNS = {"met": "✓", "not_met": "✗", "unknown": "?"}


def add(commands: object) -> None:
    parser = commands.add_parser(  # type: ignore[attr-defined]
        "ask", help="ask the house, in any language")
    parser.add_argument("question", nargs="+", help="what you need, in a few words")
    parser.add_argument("--lang", default="", help="language of the answer (default: English)")
    parser.add_argument("--limit", type=int, default=12, help="records for each room at most")
    parser.add_argument("--room", action="append", default=[], help="only this room")
    parser.add_argument("--json", action="store_true", help="as the API gives it")
    parser.add_argument("--stream", action="store_true",
                        help="first what words find, then the complete answer")
    parser.set_defaults(run=_run)


def _run(options: Any) -> int:
    boot()
    from django.utils import translation

    from saphan.engines.language import codes
    from saphan.house import ask, render

    lang = codes.canonical(options.lang) if options.lang else "en"
    if lang == codes.UNDETERMINED:
        raise ValueError(f"{options.lang!r} is not a language this house knows")
    question = " ".join(options.question)
    with translation.override(lang.lower()):
        how = {"lang": lang, "only_rooms": options.room, "limit": options.limit}
        for answer in ask.stream(question, **how) if options.stream else [
                ask.ask(question, **how)]:
            if options.json:
                print(json.dumps(render.answer(answer), ensure_ascii=False,
                                 indent=None if options.stream else 1), flush=True)
            else:
                _print(answer)
    return 0


def _print(answer: Answer) -> None:
    found = "nothing fits; this comes nearest" if answer.abstained else f"{answer.count} found"
    by = " by words alone" if answer.stage == "words" else ""
    print(f"{found}{by}, {answer.milliseconds:.0f} ms, question in {answer.question_lang}")
    for room, hits in answer.groups:
        print(f"\n{room.number} {room.name}")
        for hit in hits:
            _print_hit(hit)
    print(flush=True)


def _print_hit(hit: Hit) -> None:
    plate = hit.plate
    marks = [str(plate.kind), plate.maker, plate.economy_code, *(["example"] * plate.example)]
    translated = "" if plate.title.words.origin != "machine" else " [machine translation]"
    print(f"  {plate.number}  {plate.title.text}{translated}")
    print(f"      {' · '.join(mark for mark in marks if mark)}  ({hit.score:.2f})")
    why = [f"{SIGNS.get(wish.verdict, '?')} {wish.label}: {wish.found or wish.wanted}"
           for wish in hit.requirements]
    if hit.concepts:
        why.insert(0, ", ".join(hit.concepts))
    if why:
        print(f"      {'; '.join(why)}")
