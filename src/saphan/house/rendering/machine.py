"""The machine that drafts: which one, what it may cost, and one record drafted by it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from saphan.engines.translation import glossary, providers
from saphan.engines.translation.errors import TooLong, TranslationError, Unreadable
from saphan.engines.translation.providers import Provider
from saphan.ground import clock
from saphan.ground.access import Refused
from saphan.house import callers, engine
from saphan.house.rendering import actions, kinds
from saphan.house.rendering.models import Rendering, Spent
from saphan.house.rendering.work import Work, open_work

SECONDS = 60.0
TROUBLES = {
    "unreachable": _("The translation service cannot be reached."),
    "too_slow": _("The translation service took too long."),
    "refused_key": _("The translation service does not accept the house's key."),
    "no_pair": _("The translation service does not know these two languages."),
    "too_long": _("The text is too long for the translation service."),
    "unreadable": _("The translation service gave an answer that cannot be read."),
    "refused": _("The translation service refused."),
    "rate_limited": _("The translation service asks to wait."),
    "budget": _("As much as may be sent on one day was sent. It goes on tomorrow."),
    "none": _("No translation service is set up."),
}
OF_THE_RECORD = frozenset({"no_pair", "too_long", "unreadable"})
"""Troubles that the next record need not have."""


class Misconfigured(Exception):
    """The settings name no provider that could exist."""


class NoBudget(Exception):
    """What may be sent today is used up."""


def trouble(kind: str) -> str:
    """What went wrong, in the reader's language."""
    return str(TROUBLES.get(kind, _("The translation service failed.")))


def provider() -> Provider | None:
    """The provider of the settings; None without one. Raises `Misconfigured`."""
    try:
        return providers.provider(
            settings.TRANSLATION_KIND, settings.TRANSLATION_URL, key=settings.TRANSLATION_KEY,
            model=settings.TRANSLATION_MODEL, seconds=SECONDS)
    except ValueError as error:
        raise Misconfigured(str(error)) from error


def is_there() -> bool:
    try:
        return provider() is not None
    except Misconfigured:
        return False


def greet() -> str:
    """Ask the provider for one word. Its name if it answers, empty without one.

    Raises `Misconfigured` or `TranslationError`.
    """
    found = provider()
    if found is None:
        return ""
    answer = found.translate(["bridge"], source="en", target="pt")
    return f"{found.name} answers ({answer[0][:40]})"


def draft(rendering: Rendering, by: Provider) -> Work | None:
    """Let the machine fill what nobody has written, and show readers the fields in which the
    comparison finds nothing wrong, as a machine translation.

    None if there was nothing to do. Raises `TranslationError`, `NoBudget`; `Refused` if somebody
    saved meanwhile.
    """
    record = kinds.record_of(rendering)
    if record is None:
        return None
    work, version = open_work(rendering, record), rendering.version
    empty = [(passage.name, place, one.source) for passage in work.passages
             for place, one in enumerate(passage.sentences) if not one.done]
    if not empty:
        return None
    given = _translated(work, empty, by)
    try:
        actions.take_machine_draft(work, given, provider=by.name, version=version)
    except callers.Invalid as invalid:
        raise Unreadable(str(invalid.errors)[:200]) from None
    show(work)
    return work


def _translated(work: Work, empty: list[tuple[str, int, str]], by: Provider) -> dict[str, Any]:
    answers = translated([text for _field, _place, text in empty], source=work.source_lang,
                         target=work.lang, about=str(work.title.best(work.source_lang)), by=by)
    given: dict[str, Any] = {passage.name: [None if one.joined else one.target
                                            for one in passage.sentences]
                             for passage in work.passages}
    for (field, place, _text), answer in zip(empty, answers, strict=True):
        given[field][place] = answer
    return given


def translated(texts: list[str], *, source: str, target: str, about: str = "",
               by: Provider | None = None) -> list[str]:
    """Texts of one record in another language, within the day's budget; `by`: the provider, else
    that of the settings. Nothing is compared here: rooms that keep the words themselves do that.

    Raises `Misconfigured`, `NoBudget`, `TranslationError`; `Refused` without a provider.
    """
    by = by or provider()
    if by is None:
        raise Refused(TROUBLES["none"])
    characters = sum(map(len, texts))
    pairs = glossary.glossary_for(engine.terms(), "\n".join(texts), source, target)
    _spend(characters)
    try:
        answers = by.translate(texts, source=source, target=target, glossary=pairs,
                               about=about[:200])
    except TranslationError as error:
        if error.kind not in ("unreadable", "too_slow"):
            _spend(-characters)
        raise
    if len(answers) != len(texts):
        raise Unreadable(f"{len(answers)} answers to {len(texts)} texts")
    return answers


def show(work: Work) -> list[str]:
    """Put complete fields without a blocking difference into the record, marked as a machine's.
    What people wrote there stays. Returns the fields that readers see now."""
    work.check()
    good = [passage.name for passage in work.passages
            if passage.complete and not passage.blocked and passage.origin == "machine"]
    if not good:
        return []
    words = work.words(by=work.rendering.provider, only=good)
    try:
        return work.kind.write(work.record, words, lang=work.lang, by=None) or []
    except Refused:
        return []  # the original changed in this moment; the draft is kept at the desk


def _spend(characters: int) -> None:
    """Count characters of today; negative ones are given back. Raises `NoBudget`, and `TooLong`
    for what no day has room for."""
    if characters > settings.TRANSLATION_CHARACTERS:
        raise TooLong(f"{characters} characters are more than one day's")
    with transaction.atomic():
        row, _created = Spent.objects.select_for_update().get_or_create(day=clock.today())
        if characters > 0 and row.characters + characters > settings.TRANSLATION_CHARACTERS:
            raise NoBudget
        row.characters = max(0, row.characters + characters)
        row.save()


__all__ = ["Misconfigured", "NoBudget", "TranslationError", "draft", "greet", "is_there",
           "provider", "show", "translated", "trouble"]
