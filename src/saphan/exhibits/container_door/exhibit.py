"""Read the number on a container door, or check one that was typed."""

from __future__ import annotations

import re

from saphan.engines.runner import media
from saphan.engines.runner.contract import Image, Line, Refusal, Result, exhibit
from saphan.engines.runner.parts import (
    Bars,
    Box,
    Facts,
    Part,
    Picture,
    Rows,
    Say,
    Unit,
    Value,
    Word,
)
from saphan.exhibits import reading

from . import iso6346
from .find import LONGEST, Door, door

reading.load()
MOST_UNREAD = 12


@exhibit
def container_door(photo: Image | None = None, number: Line | None = None) -> Result:
    """Read the number on a container door, check its check digit and explain its codes."""
    if photo is None and not number:
        raise Refusal("nothing_given")
    if photo is None:
        return typed(number or "")
    pixels = media.picture(photo, longest=LONGEST)
    found = door(pixels)
    if found.guess is None:
        if not found.unread:
            raise Refusal("no_print")
        return Result(Say("no_number", "wrong"), _picture(found, pixels), *_others(found))
    parts: list[Part] = [_verdict(found), _picture(found, pixels)]
    if number and (plain := re.sub(r"[^A-Z0-9]", "", number.upper())):
        same = plain == found.guess.chosen
        parts.insert(1, Say("same" if same else "differs", "good" if same else "warn",
                            typed=iso6346.spaced(plain)))
    parts += [_facts(found.guess.chosen, found),
              Bars(Word("sure"), [(sign, sure) for sign, sure in
                                  zip(found.guess.chosen, found.guess.sure, strict=True)]),
              sum_of(found.guess.chosen), *_others(found)]
    return Result(*parts)


def typed(number: str) -> Result:
    """Check a number that was typed; ten signs get their check digit. Refusal `not_the_form`."""
    plain = re.sub(r"[^A-Z0-9]", "", number.upper())
    if not re.fullmatch(r"[A-Z]{3}[UJZ]\d{6}\d?", plain):
        raise Refusal("not_the_form")
    digit = iso6346.check_digit(plain)
    if len(plain) == 10:
        said = Say("would_be", number=iso6346.spaced(plain), digit=digit)
    elif iso6346.valid(plain):
        said = Say("typed_right", "good", number=iso6346.spaced(plain))
    else:
        said = Say("typed_wrong", "wrong", number=iso6346.spaced(plain), digit=digit)
    return Result(said, _facts(plain, None), sum_of(plain))


def _verdict(found: Door) -> Say:
    guess = found.guess
    assert guess is not None
    told = iso6346.spaced(guess.chosen)
    digit = iso6346.check_digit(guess.chosen)
    if not guess.complete:
        return Say("no_check_digit", "warn", number=told, digit=digit)
    if guess.changed:
        at = guess.changed[0]
        return Say("mended", "warn", number=told, place=at + 1, was=guess.read[at],
                   now=guess.chosen[at])
    if found.right:
        return Say("right", "good", number=told)
    return Say("wrong_digit", "wrong", number=told, digit=digit)


def _picture(found: Door, pixels: media.Pixels) -> Picture:
    """The visitor's photo with frames: the number, the code, and what was left."""
    level = "good" if found.right else "warn"
    boxes = [_box(place, pixels, iso6346.spaced(found.guess.chosen), level)
             for place in found.places[:1] if found.guess]
    boxes += [_box(place, pixels, "", level) for place in found.places[1:]]
    if found.size and found.size_at is not None:
        boxes.append(_box(found.size_at, pixels, found.size.code, "info"))
    boxes += [_box(line.corners, pixels, "", "info") for line in found.unread[:MOST_UNREAD]]
    return Picture(Word("your_photo"), of="photo", boxes=boxes)


def _box(place: reading.Corners, pixels: media.Pixels, label: str, level: str) -> Box:
    high, wide = pixels.shape[:2]
    left, top = (max(0.0, float(each)) for each in place.min(0))
    right, bottom = float(min(place[:, 0].max(), wide)), float(min(place[:, 1].max(), high))
    return Box(left / wide, top / high, max(right - left, 1) / wide, max(bottom - top, 1) / high,
               label, level)


def _facts(number: str, found: Door | None) -> Facts:
    lines: list[tuple[Word, Value]] = [
        (Word("owner"), number[:3]),
        (Word("category"), Word(iso6346.CATEGORIES[number[3]])),
        (Word("serial"), number[4:10])]
    if len(number) == 11:
        lines.append((Word("digit_read"), number[10]))
    lines.append((Word("digit_due"), str(iso6346.check_digit(number))))
    if found is not None:
        size = found.size
        lines.append((Word("size_code"), size.code if size else Word("not_found")))
        if size:
            lines += [(Word("length"), Unit(size.length / 1000, "m", 2)),
                      (Word("height"), Unit(size.height / 1000, "m", 2)),
                      (Word("type"), Word(size.group))]
    return Facts(lines)


def sum_of(number: str) -> Rows:
    """How the check digit comes about, sign by sign."""
    rows: list[list[Value]] = [
            [sign, iso6346.VALUES[sign], 2**place, iso6346.VALUES[sign] * 2**place]
            for place, sign in enumerate(number[:10])]
    total = sum(iso6346.VALUES[sign] * 2**place for place, sign in enumerate(number[:10]))
    rows.append([Word("total"), None, None, total])
    rows.append([Word("rest"), None, None, total % iso6346.STEPS])
    return Rows([Word("sign"), Word("value"), Word("weight"), Word("product")], rows,
                Word("reckoning"))


def _others(found: Door) -> list[Rows]:
    rows: list[list[Value]] = [[line.text, Unit(line.sure, "share", 0)]
                               for line in found.unread[:MOST_UNREAD]]
    return [Rows([Word("text"), Word("sure")], rows, Word("other_print"))] if rows else []
