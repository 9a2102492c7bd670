"""Which language is this text in, where does it change, and where are its words?"""

from __future__ import annotations

from saphan.engines.language.codes import UNDETERMINED
from saphan.engines.language.identify import identify
from saphan.engines.language.latin import rank
from saphan.engines.language.normalise import to_simplified, to_traditional
from saphan.engines.language.zawgyi import is_zawgyi, to_unicode
from saphan.engines.runner.contract import Refusal, Result, Words, exhibit
from saphan.engines.runner.parts import (
    Bars,
    Facts,
    Label,
    Marks,
    Part,
    Quote,
    Rows,
    Say,
    Span,
    Unit,
    Value,
    Word,
)

from .passages import SHORT, Passage, passages, words

UNSPACED = ("th", "lo", "km", "my", "zh-Hans", "zh-Hant", "vi")
SURE = 0.8
SPAN_LEVELS = ("info", "good", "warn")

identify("Selamat pagi")  # the models are read here, before the seal closes
is_zawgyi("မြန်မာ")
to_traditional("马")
words("ทุเรียน", "th")


@exhibit
def which_language(text: Words) -> Result:
    """Name the language of a text, mark passages of other languages, and mark its words."""
    if not any(letter.isalpha() for letter in text):
        raise Refusal("no_words")
    parts: list[Part] = []
    was_zawgyi = is_zawgyi(text)
    if was_zawgyi:
        text = to_unicode(text)
    found = passages(text)
    shares = _shares(found)
    parts += _verdict(text, found, shares)
    if was_zawgyi:
        parts += [Say("zawgyi", "warn"), Quote(text, "my", Word("mended"))]
    if len(found) > 1:
        parts.append(_marked(text, found))
        parts.append(Bars(Word("languages"), [(_name(lang), share) for lang, share in shares]))
    parts += _nearest(text, shares)
    parts += _chinese(text, found, shares)
    parts += _words(text, found)
    return Result(*parts)


def _name(lang: str) -> Word:
    return Word(lang.replace("-", "_").lower())


def _shares(found: list[Passage]) -> list[tuple[str, float]]:
    """Languages with their share of the characters, the largest first."""
    total = sum(each.end - each.start for each in found)
    counts: dict[str, int] = {}
    for each in found:
        counts[each.lang] = counts.get(each.lang, 0) + each.end - each.start
    return sorted(((lang, count / total) for lang, count in counts.items()),
                  key=lambda pair: -pair[1])


def _verdict(text: str, found: list[Passage], shares: list[tuple[str, float]]) -> list[Part]:
    named = [lang for lang, _share in shares if lang not in (SHORT, UNDETERMINED)]
    whole = identify(text)
    if not named:
        return [Say("unknown", "warn")]
    main = named[0]
    sure = max(each.confidence for each in found if each.lang == main)
    if len(named) > 1 or any(lang == UNDETERMINED for lang, _share in shares):
        said = Say("several", "good", language=_name(main))
    elif sure < SURE:
        said = Say("unsure", "warn", language=_name(main))
    else:
        said = Say("one", "good", language=_name(main))
    lines: list[tuple[Label, Value]] = [(Word("sure"), Unit(sure, "share")),
                                        (Word("letters"), len(text))]
    if whole.variety == "yue":
        lines.append((Word("variety"), Word("yue")))
    return [said, Facts(lines)]


def _marked(text: str, found: list[Passage]) -> Marks:
    """The passages, coloured so that neighbours differ."""
    order = list(dict.fromkeys(each.lang for each in found))
    return Marks(text, [Span(each.start, each.end, _name(each.lang),
                             SPAN_LEVELS[order.index(each.lang) % len(SPAN_LEVELS)])
                        for each in found])


def _nearest(text: str, shares: list[tuple[str, float]]) -> list[Part]:
    """For Latin letters alone: the languages that come nearest, and the two that are alike."""
    main = shares[0][0]
    if len(shares) > 1 or main not in ("en", "vi", "id", "ms", "fil", "pt", "tet"):
        return []
    ranked = [(lang, chance) for lang, chance in rank(text, "") if lang != UNDETERMINED][:3]
    parts: list[Part] = [Bars(Word("nearest"), [(_name(lang), chance) for lang, chance in ranked])]
    if main in ("id", "ms"):
        parts.append(Say("alike"))
    return parts


def _chinese(text: str, found: list[Passage],
             shares: list[tuple[str, float]]) -> list[Part]:
    """Chinese in the other characters, and which characters tell the two apart."""
    main = next((lang for lang, _share in shares if lang.startswith("zh")), "")
    if not main:
        return []
    text = "".join(text[each.start:each.end] for each in found if each.lang == main)
    turn, other = ((to_traditional, "zh-Hant") if main == "zh-Hans" else (to_simplified, "zh-Hans"))
    changed = "".join(dict.fromkeys(c for c in text if "\u3400" <= c <= "\u9fff" and turn(c) != c))
    if not changed:
        return [Say("both_scripts")]
    return [Quote(turn(text), other, Word("other_characters")),
            Rows([_name(main), _name(other)], [[c, turn(c)] for c in changed[:12]],
                 Word("telling"))]


def _words(text: str, found: list[Passage]) -> list[Part]:
    """Where the words are, in the languages that set no spaces between them."""
    spans = []
    for each in found:
        if each.lang in UNSPACED:
            spans += [(each.start + start, each.start + end)
                      for start, end in words(text[each.start:each.end], each.lang)]
    if not spans:
        return []
    langs = {each.lang for each in found if each.lang in UNSPACED}
    marks = [Span(start, end, "", SPAN_LEVELS[at % 2]) for at, (start, end) in enumerate(spans)]
    return [Say("words", count=len(spans)),
            Marks(text, marks, langs.pop() if len(langs) == 1 else "")]
