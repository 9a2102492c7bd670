"""What people, files and software send as translations: looked at in one place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from saphan.engines.language import normalise
from saphan.house import callers
from saphan.house.rendering.work import Passage, Sentence, Work

CHARACTERS_AT_MOST = 8_000  # of one sentence
MINUTES_AT_MOST = 24 * 60
Given = Mapping[str, Sequence[str | None]]
"""Field -> its sentences in order; None: said together with the one before; "" not yet."""


def put(work: Work, given: Mapping[str, Any], *, origin: str = "person") -> bool:
    """Put translations into the work. What is not named stays. True if anything is different.

    Raises `callers.Invalid` with every place that is wrong; nothing is put then.
    """
    passages = {passage.name: passage for passage in work.passages}
    errors: list[dict[str, Any]] = []
    clean: list[tuple[Sentence, str | None]] = []
    for name, sentences in given.items():
        passage = passages.get(name)
        if passage is None:
            errors.append(_error(name, _("This field is not known, or needs no translation.")))
            continue
        clean += _clean(passage, sentences, errors)
    if errors:
        raise callers.Invalid(errors)
    different = False
    for sentence, words in clean:
        different |= _put(sentence, words, origin)
    return different


def _clean(passage: Passage, sentences: Any,
           errors: list[dict[str, Any]]) -> list[tuple[Sentence, str | None]]:
    name = passage.name
    if isinstance(sentences, str) and len(passage.sentences) == 1:
        sentences = [sentences]
    if not isinstance(sentences, list | tuple) or len(sentences) != len(passage.sentences):
        errors.append(_error(name, _("Send a list of %(number)d sentences.") % {
            "number": len(passage.sentences)}))
        return []
    found: list[tuple[Sentence, str | None]] = []
    for position, (sentence, words) in enumerate(zip(passage.sentences, sentences, strict=True)):
        place = f"{name}.{position}"
        if words is None:
            if not position:
                errors.append(_error(place, _("The first sentence has none before it.")))
            found.append((sentence, None))
            continue
        if not isinstance(words, str) or "\x00" in words or any(
                "\ud800" <= character <= "\udfff" for character in words):
            errors.append(_error(place, _("Words must be text.")))
            continue
        tidy = normalise.clean(words).strip()
        if len(tidy) > CHARACTERS_AT_MOST:
            errors.append(_error(place, _(
                "At most %(limit)d characters; this has %(length)d.") % {
                    "limit": CHARACTERS_AT_MOST, "length": len(tidy)}))
        found.append((sentence, tidy))
    return found


def _put(sentence: Sentence, words: str | None, origin: str) -> bool:
    if words is None:
        different = not sentence.joined
        sentence.joined, sentence.target, sentence.origin = True, "", origin
        return different
    if sentence.target == words and not sentence.joined:
        return False
    sentence.joined, sentence.target = False, words
    sentence.origin = origin if words else ""
    return True


def minutes(value: Any) -> int:
    """Minutes spent, as somebody typed them. Raises `callers.Invalid`."""
    if value in (None, ""):
        return 0
    try:
        found = int(str(value).strip())
    except ValueError:
        found = -1
    if not 0 <= found <= MINUTES_AT_MOST:
        raise callers.Invalid([_error("minutes", _("Write a whole number of minutes."))])
    return found


def _error(field: str, message: str) -> dict[str, Any]:
    return {"field": field, "message": message}
