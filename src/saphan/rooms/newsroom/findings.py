"""What stands against a brief as it is: sentences that say other figures than their source, figures
that were rejected, articles that were withdrawn.

What blocks keeps it from being approved; the rest is said and left to the people at the desk.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from saphan.engines.language.codes import canonical
from saphan.engines.translation import compare, figures, negation
from saphan.engines.translation.mismatch import Mismatch
from saphan.house.rendering.comparing import KINDS
from saphan.rooms.newsroom import blocks
from saphan.rooms.newsroom.blocks import Block
from saphan.rooms.newsroom.models import Article, Brief, Figure, Version

_OF_CONTENT = frozenset({"figure", "unit", "bound", "negation", "name"})
"""Differences that count where a person shortened or translated; length is hers to choose."""


@dataclass(frozen=True)
class Finding:
    """One thing about one block (`block` empty: about the whole brief). `words`: what differs."""

    block: str
    code: str
    blocks: bool
    message: str | Promise
    words: str = ""

    def to_json(self) -> dict[str, Any]:
        return {"block": self.block, "code": self.code, "blocks": self.blocks,
                "message": str(self.message), "words": self.words}


_WHOLE = {
    "empty": _("There is no sentence and no figure in it yet."),
    "untitled": _("It has no title."),
    "unknown_figure": _("This number stands in no source of this brief."),
}
_BLOCK = {
    "withdrawn": _("The article was withdrawn. Take this out."),
    "corrected": _("The article was corrected after it was quoted, and these words are gone."),
    "not_held": _("This figure was rejected or withdrawn. Take it out."),
    "unverified": _("Nobody has verified this figure."),
    "contradicts": _("Another source says otherwise."),
    "stale": _("There is a newer figure."),
    "unsourced": _("This sentence has no source, and is marked as such."),
    "untranslated": _("Not translated: it goes out as a quote in its own language."),
    "left_out": _("A figure of the source is not said here."),
    "machine": _("Written by a machine. Read it against the original."),
}


def of(brief: Brief) -> list[Finding]:
    """Everything that is to be said of a brief, what blocks first."""
    known = _Known(brief.content)
    found = [*_whole(brief)]
    for block in brief.content:
        found += _of_block(block, brief, known)
    return sorted(found, key=lambda one: not one.blocks)


def fallen(content: list[Block]) -> list[Finding]:
    """Of what went out, what its sources no longer say: articles withdrawn or corrected since,
    figures taken back."""
    known, found = _Known(content), list[Finding]()
    for block in content:
        for code in _fallen(block, known) if block.get("source") else ():
            found.append(Finding(block["id"], code, code != "corrected", _BLOCK[code]))
    return found


def _fallen(block: Block, known: _Known) -> Iterator[str]:
    held = True
    if block["kind"] == "figure":
        figure = known.figures.get(block["figure"])
        held = figure is not None and figure.state in (Figure.State.READ, Figure.State.VERIFIED)
    if known.states.get(block["source"]["article"]) != Article.State.TAKEN:
        yield "withdrawn"
    elif not held:
        yield "not_held"
    elif _is_gone(block["source"], known):
        yield "corrected"


def blocking(brief: Brief) -> list[Finding]:
    return [one for one in of(brief) if one.blocks]


class _Known:
    """What the archive says now of all that a brief quotes, in three queries."""

    def __init__(self, content: list[Block]) -> None:
        numbers = {block["source"]["article"] for block in content if block.get("source")}
        self.states = dict(Article.objects.filter(number__in=numbers).values_list(
            "number", "state"))
        self.texts = {number: (position, text) for number, position, text in
                      Version.objects.filter(article__number__in=numbers, current=True).values_list(
                          "article__number", "position", "text")}
        keys = [block["figure"] for block in content if block["kind"] == "figure"]
        self.figures = {figure.key: figure for figure in Figure.objects.filter(
            key__in=keys).only("key", "state", "flags")}


def _whole(brief: Brief) -> Iterator[Finding]:
    if not brief.title.strip():
        yield Finding("", "untitled", True, _WHOLE["untitled"])
    if not any(block["kind"] != "heading" for block in brief.content):
        yield Finding("", "empty", True, _WHOLE["empty"])
    said = "\n".join(blocks.quote_of(block) + "\n" + block["text"] for block in brief.content)
    for field in (brief.title, brief.standfirst):
        for one in figures.differences(said, field, brief.lang, brief.lang) if field else ():
            if one.kind == "figure" and one.in_translation:
                yield Finding("", "unknown_figure", False, _WHOLE["unknown_figure"],
                              one.in_translation)


def _of_block(block: Block, brief: Brief, known: _Known) -> Iterator[Finding]:
    source, name = block.get("source"), block["id"]

    def say(code: str, *, blocks_it: bool = False) -> Finding:
        return Finding(name, code, blocks_it, _BLOCK[code])

    if block["kind"] == "sentence" and source is None:
        yield say("unsourced")
    if source is None:
        return
    for code in _fallen(block, known):
        yield say(code, blocks_it=code != "corrected")
    if block["kind"] == "figure":
        yield from _of_figure(block, known, say)
    elif not block["text"]:
        yield say("untranslated")
    elif block["origin"] == "machine":
        yield say("machine")
    if block["text"] and block["text"] != source["quote"]:
        yield from _compared(block, brief.lang)


def _is_gone(source: dict[str, Any], known: _Known) -> bool:
    position, text = known.texts.get(source["article"], (source["version"], source["quote"]))
    return position != source["version"] and source["quote"] not in text


def _of_figure(block: Block, known: _Known, say: Any) -> Iterator[Finding]:
    figure = known.figures.get(block["figure"])
    if figure is None or figure.state in (Figure.State.REJECTED, Figure.State.WITHDRAWN):
        return
    if figure.state != Figure.State.VERIFIED:
        yield say("unverified")
    for code in dict.fromkeys(flag.get("code", "") for flag in figure.flags):
        if code in ("contradicts", "stale"):
            yield say(code)


def _compared(block: Block, lang: str) -> Iterator[Finding]:
    """The words of the brief beside those of the source: figures, units, bounds, negations."""
    source, text = block["source"], block["text"]
    if block["kind"] == "figure":
        # A label: it may leave out what it likes, and hold no number that is not in the quote.
        found = [one for one in figures.differences(source["quote"], text, source["lang"], lang)
                 if one.kind == "figure" and not one.in_source]
    elif canonical(source["lang"]) == canonical(lang):
        found = [*figures.differences(source["quote"], text, lang, lang),
                 *negation.differences(source["quote"], text, lang, lang)]
    else:
        found = compare.compare(source["quote"], text, source_lang=source["lang"],
                                target_lang=lang)
        if block["origin"] != "machine":
            found = [one for one in found if one.kind in _OF_CONTENT]
    for one in found:
        # A person may leave a figure out of her sentence; a machine that does so has lost it.
        left_out = one.kind in ("figure", "name") and not one.in_translation \
            and block["origin"] != "machine"
        if left_out and one.kind == "figure":
            yield Finding(block["id"], "left_out", False, _BLOCK["left_out"], one.in_source)
        else:
            yield Finding(block["id"], one.kind, one.blocks and not left_out, KINDS[one.kind],
                          _words(one))


def _words(one: Mismatch) -> str:
    return " → ".join(part for part in (one.in_source, one.in_translation) if part)[:120]
