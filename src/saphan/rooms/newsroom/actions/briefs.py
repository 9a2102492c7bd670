"""Writing a brief: drafted, worded, put in order, added to, translated. Its life stands in
`actions.brief_life`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from saphan.engines.language.normalise import clean
from saphan.ground import clock, ledger
from saphan.ground.access import Refused
from saphan.house.rendering import machine
from saphan.people.models import Person
from saphan.rooms.newsroom import blocks, drafting
from saphan.rooms.newsroom.blocks import Block
from saphan.rooms.newsroom.models import Article, Brief, Figure
from saphan.rooms.newsroom.rules import briefs as rules
from saphan.rooms.newsroom.rules import desk

WORDS_AT_MOST = 2000
"""Characters of one sentence or heading."""


class Changed(Exception):
    """Somebody saved it meanwhile; `brief` is what stands now."""

    def __init__(self, brief: Brief) -> None:
        super().__init__("changed")
        self.brief = brief


def draft(wish: drafting.Wish, *, by: Person, title: str = "", example: bool = False) -> Brief:
    """A new brief with sentences and figures chosen by the house; nothing in it is reworded."""
    desk.at_the_desk(by).or_raise()
    content = drafting.content(wish)
    named = wish.topic.name if wish.topic else next(
        (block["text"] for block in content if block["kind"] == "heading"), "")
    brief = Brief(lang=wish.lang, title=(title or named)[:300], topic=wish.topic,
                  since=wish.since, until=wish.until, content=content, author=by, example=example)
    with ledger.fact("brief.drafted", brief, by=by, lang=wish.lang, blocks=len(content),
                     topic=wish.topic.number if wish.topic else ""):
        brief.save()
    return brief


def write(brief: Brief, *, by: Person, version: int, title: str, standfirst: str, public: bool,
          texts: Mapping[str, str], order: Sequence[str] = ()) -> bool:
    """Keep what was typed: words of blocks by their id, and their order. True if anything is
    different. Raises `Changed` where somebody else saved since `version`."""
    rules.may_write(by, brief).or_raise()
    if version != brief.version:
        raise Changed(brief)
    content = _ordered([_worded(block, texts, brief.lang) for block in brief.content], order)
    fields = {"title": _line(title)[:300], "standfirst": clean(standfirst).strip()[:WORDS_AT_MOST],
              "public": public, "content": content}
    if all(getattr(brief, name) == value for name, value in fields.items()):
        return False
    _put(brief, fields)
    return True


def change(brief: Brief, content: list[Block], *, by: Person) -> None:
    """Another list of blocks: something was added, moved or taken out."""
    rules.may_write(by, brief).or_raise()
    if len(content) > blocks.AT_MOST:
        raise Refused(_("A brief has at most %(limit)d parts.") % {"limit": blocks.AT_MOST})
    _put(brief, {"content": content})


def _put(brief: Brief, fields: dict[str, Any]) -> None:
    now = clock.now()
    kept = Brief.objects.filter(pk=brief.pk, version=brief.version, state=Brief.State.DRAFT)
    if not kept.update(version=brief.version + 1, changed=now, **fields):
        raise Changed(Brief.objects.get(pk=brief.pk))
    brief.version, brief.changed = brief.version + 1, now
    for name, value in fields.items():
        setattr(brief, name, value)


def _worded(block: Block, texts: Mapping[str, str], lang: str) -> Block:
    if block["id"] not in texts:
        return block
    text = _line(texts[block["id"]])[:WORDS_AT_MOST]
    if text == block["text"]:
        return block
    changed = {**block, "text": text}
    if block["kind"] != "sentence":
        return {**changed, "lang": lang}
    origin = "quoted" if text == blocks.quote_of(block) else "person"
    return {**changed, "origin": origin if text else ""}


def _line(text: str) -> str:
    return " ".join(clean(text).split())


def _ordered(content: list[Block], order: Sequence[str]) -> list[Block]:
    """In the order that a page sent; what it does not name keeps its place after the others."""
    wanted = {name: place for place, name in enumerate(order)}
    return sorted(content, key=lambda block: wanted.get(block["id"], len(wanted)))


# One block


def move(brief: Brief, name: str, steps: int, *, by: Person) -> None:
    """One block up (-1) or down (1)."""
    content = list(brief.content)
    place = _place(brief, name)
    target = max(0, min(len(content) - 1, place + steps))
    content.insert(target, content.pop(place))
    change(brief, content, by=by)


def remove(brief: Brief, name: str, *, by: Person) -> None:
    place = _place(brief, name)
    change(brief, [*brief.content[:place], *brief.content[place + 1:]], by=by)


def _place(brief: Brief, name: str) -> int:
    for place, block in enumerate(brief.content):
        if block["id"] == name:
            return place
    raise Refused(_("This part is not there any more."))


def add_heading(brief: Brief, text: str, *, by: Person) -> None:
    change(brief, [*brief.content, blocks.heading(_line(text)[:300], brief.lang)], by=by)


def add_sentence(brief: Brief, text: str, *, by: Person) -> None:
    """A sentence of the officer's own. It is marked as having no source."""
    change(brief, [*brief.content, blocks.own_sentence(_line(text)[:WORDS_AT_MOST])], by=by)


def add_quote(brief: Brief, article: Article, words: str, *, by: Person) -> None:
    """Words of an article, as they stand there."""
    version = blocks.current([article]).get(article.pk)
    start = version.text.find(words.strip()) if version and words.strip() else -1
    if version is None or start < 0:
        raise Refused(_("These words do not stand in the article. Copy them from its page."))
    end = start + min(len(words.strip()), blocks.QUOTE_AT_MOST)
    change(brief, [*brief.content, blocks.quoted(article, version, start, end, brief.lang)], by=by)


def add_figure(brief: Brief, figure: Figure, *, by: Person) -> None:
    if figure.state in (Figure.State.REJECTED, Figure.State.WITHDRAWN):
        raise Refused(_("This figure was rejected or withdrawn."))
    if any(block.get("figure") == figure.key for block in brief.content):
        raise Refused(_("This figure is in the brief already."))
    change(brief, [*brief.content, blocks.figure(figure, brief.lang)], by=by)


def translate(brief: Brief, *, by: Person) -> int:
    """Let the machine of the house draft what is not translated. Returns how many. Raises `Refused`
    with the reason where it cannot."""
    rules.may_write(by, brief).or_raise()
    waiting: dict[str, list[Block]] = {}
    for block in brief.content:
        if block["kind"] == "sentence" and block["source"] and not block["text"]:
            waiting.setdefault(block["source"]["lang"], []).append(block)
    given: dict[str, str] = {}
    for lang, group in waiting.items():
        given |= dict(zip((block["id"] for block in group), _translated(
            [blocks.quote_of(block) for block in group], lang, brief), strict=True))
    if not given:
        return 0
    change(brief, [{**block, "text": _line(given[block["id"]]), "origin": "machine"}
                   if given.get(block["id"]) else block for block in brief.content], by=by)
    return len(given)


def _translated(texts: list[str], lang: str, brief: Brief) -> list[str]:
    try:
        return machine.translated(texts, source=lang, target=brief.lang, about=brief.title)
    except machine.NoBudget:
        raise Refused(machine.trouble("budget")) from None
    except machine.TranslationError as problem:
        raise Refused(machine.trouble(problem.kind)) from None
    except machine.Misconfigured:
        raise Refused(machine.trouble("none")) from None
