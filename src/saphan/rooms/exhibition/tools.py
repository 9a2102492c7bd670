"""What other people's software can do in the exhibition (MCP), and what its API shares with that:
every exhibit is a tool of its own, described by its own signature."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Annotated, Any, Literal

from pydantic import Field

from saphan.engines.runner import inputs
from saphan.engines.runner.folder import BadFolder
from saphan.engines.runner.inputs import Input
from saphan.ground.access import Refused
from saphan.house import callers, render
from saphan.house.room import Tool
from saphan.people.models import Person
from saphan.rooms.exhibition import queries, rules, running
from saphan.rooms.exhibition.answers import Speaker, for_software
from saphan.rooms.exhibition.catalogue import folder
from saphan.rooms.exhibition.forms import problem_words
from saphan.rooms.exhibition.models import Exhibit
from saphan.rooms.exhibition.vocabulary import Outcome

LONGEST_SECONDS = 120.0
PYTHON = {"number": float, "integer": int, "yes_no": bool}


def signature(exhibit: Exhibit) -> tuple[Input, ...]:
    """Its inputs. Raises Refused where it cannot run here, with the reason."""
    try:
        return running.signature(exhibit)
    except running.Unavailable as why:
        raise Refused(str(why)) from None


def schema(exhibit: Exhibit) -> dict[str, Any]:
    """JSON Schema of its inputs, described in the reader's language."""
    found = signature(exhibit)
    speaker = Speaker(folder(exhibit.slug))
    return {"$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": exhibit.title.best().text,
            **inputs.schema(found, {each.name: speaker.word("inputs", each.name).text
                                    for each in found})}


def whole(exhibit: Exhibit) -> dict[str, Any]:
    """Everything the plate says, as data."""
    found = folder(exhibit.slug)
    speaker = Speaker(found)
    try:
        wanted: dict[str, Any] | None = schema(exhibit)
    except Refused:
        wanted = None
    return {**render.plate(queries.plate_of(exhibit)), "slug": exhibit.slug,
            "sector": exhibit.sector, "licence": exhibit.licence,
            "does": speaker.filled(exhibit.does.best().text, {}),
            "fails": speaker.filled(exhibit.fails.best().text, {}),
            "languages": exhibit.languages, "runs_outside": exhibit.runs_outside,
            "last_success": exhibit.last_success.isoformat() if exhibit.last_success else None,
            "inputs": wanted,
            "examples": [{"key": each.key, "label": speaker.word("examples", each.key).text,
                          "fails": each.fails} for each in (found.examples if found else ())],
            "measured": [asdict(each) for each in (found.measures if found else ())],
            "parts": [asdict(each) for each in (found.components if found else ())]}


def totals(of: queries.Totals) -> dict[str, Any]:
    return {**asdict(of), "joules": _range(of.joules), "grams_co2e": _range(of.grams)}


def _range(values: tuple[float, float, float] | None) -> dict[str, float] | None:
    return dict(zip(("low", "central", "high"), values, strict=True)) if values else None


def begin(exhibit: Exhibit, given: Mapping[str, Any], *, visitor: str, example: str = "") -> str:
    """Check the inputs and ask for a run. Raises Refused, Invalid or Missing."""
    rules.may_try(exhibit).or_raise()
    found, wanted = folder(exhibit.slug), signature(exhibit)
    if example:
        try:
            given = found.given(found.example(example)) if found else {}
        except (KeyError, BadFolder):
            raise callers.Missing(example) from None
    try:
        checked = inputs.check(wanted, given)
    except inputs.BadInputs as bad:
        raise callers.Invalid([{"field": each.field, "message": problem_words(each)}
                               for each in bad.problems]) from None
    return running.begin(exhibit, checked, visitor=visitor, example=example)


def run_to_the_end(exhibit: Exhibit, checked: Mapping[str, Any], *,
                   visitor: str) -> running.Standing:
    """Run with checked inputs and wait for the answer, two minutes at most."""
    rules.may_try(exhibit).or_raise()
    ticket = running.begin(exhibit, checked, visitor=visitor)
    return running.look(ticket, wait=LONGEST_SECONDS)


def told(exhibit: Exhibit, standing: running.Standing, lang: str) -> dict[str, Any]:
    """A run as data: where it stands, or answer, refusal or fault with its label."""
    said: dict[str, Any] = {"exhibit": exhibit.slug, "run": standing.ticket,
                            "state": standing.state}
    if not standing.is_over:
        return {**said, "place": standing.place, "seconds": standing.seconds}
    label = standing.label
    speaker = Speaker(folder(exhibit.slug), callers.reader(lang))
    said |= {"outcome": standing.outcome, "sealed": standing.sealed, "usage": standing.usage,
             "label": {"tier": label.tier, "joules": asdict(label.energy) if label.energy else None,
                       "grams_co2e": asdict(label.co2e) if label.co2e else None,
                       "grid": asdict(label.grid)} if label else None}
    if standing.outcome == Outcome.DONE:
        said["answer"] = for_software(standing.answer or {}, speaker)
    elif standing.outcome == Outcome.REFUSED:
        said["refused"] = {"key": standing.refusal, "text": speaker.refusal(
            standing.refusal, standing.values).text}
    else:
        said["reason"] = standing.reason
    return said


def list_exhibits(sector: str = "", person: Person | None = None) -> dict[str, Any]:
    found = queries.shown()
    if sector:
        found = found.filter(sector=sector)
    return {"exhibits": [{**render.plate(queries.plate_of(each)), "slug": each.slug,
                          "sector": each.sector} for each in found]}


def read_exhibit(exhibit: str, person: Person | None = None) -> dict[str, Any]:
    return whole(_named(exhibit))


def _named(slug: str) -> Exhibit:
    try:
        return queries.exhibit(slug)
    except queries.NotFound:
        raise callers.Missing(slug) from None


def tools() -> Sequence[Tool]:
    """The exhibition's MCP tools: two to look around, and one for each exhibit whose inputs the
    sealed worker has described."""
    own = [
        Tool("list_exhibits", "The exhibits in the hall: AI that runs in this house. sector "
                              "narrows the list (agriculture, logistics, …).", list_exhibits),
        Tool("read_exhibit", "What an exhibit does, where it fails, with measured numbers; by "
                             "slug or accession number.", read_exhibit),
    ]
    return own + [_tool(each) for each in queries.shown().exclude(signature={})
                  if each.state != Exhibit.State.CLOSED]


def _tool(exhibit: Exhibit) -> Tool:
    title = exhibit.title.best("en").text
    does = Speaker(folder(exhibit.slug), "en").filled(exhibit.does.best("en").text, {})
    return Tool(f"try_{exhibit.slug}", f"{title}. {does} Files as base64. lang: the language of "
                                       "the sentences in the answer.", _runner(exhibit))


def _runner(exhibit: Exhibit) -> Callable[..., Any]:
    """A function whose signature is the exhibit's, as the MCP door reads it."""
    slug = exhibit.slug
    wanted = inputs.read(exhibit.signature["inputs"])

    speaks = "lang" if all(each.name != "lang" for each in wanted) else "answer_lang"

    def run(**given: Any) -> dict[str, Any]:
        person, lang = given.pop("person", None), given.pop(speaks, "")
        callers.reader(lang)
        found = _named(slug)
        ticket = begin(found, {name: value for name, value in given.items() if value is not None},
                       visitor=person.ref if person else "mcp")
        return told(found, running.look(ticket, wait=LONGEST_SECONDS), lang)

    keyword = inspect.Parameter.KEYWORD_ONLY
    parameters = [inspect.Parameter(each.name, keyword, annotation=_hint(each),
                                    **({} if each.required and each.kind != "yes_no"
                                       else {"default": each.default})) for each in wanted]
    parameters += [inspect.Parameter(speaks, keyword, annotation=str, default=""),
                   inspect.Parameter("person", keyword, annotation=Person | None, default=None)]
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {each.name: each.annotation for each in parameters}
    return run


def _hint(each: Input) -> Any:
    kind: Any = Literal[tuple(each.choices)] if each.choices else PYTHON.get(each.kind, str)
    if not each.required:
        kind = kind | None
    said = f"base64 of {each.accept}" if each.is_file else ""
    return Annotated[kind, Field(description=said)] if said else kind
