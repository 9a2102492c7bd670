"""Three headings of the Harmonised System for a good described in any language."""

from __future__ import annotations

from saphan.engines.language.identify import identify
from saphan.engines.language.normalise import clean, to_traditional
from saphan.engines.runner.contract import Line, Refusal, Result, exhibit
from saphan.engines.runner.parts import Bars, Rows, Say, Unit, Word

from .finder import Finder, Suggestion

finder = Finder()  # before the seal closes
SURE, DOUBTFUL = 0.6, 0.25


@exhibit
def product_finder(good: Line) -> Result:
    """Suggest three HS headings (4 digits) for a good, with certainty and reasons."""
    text = clean(good).strip()
    if not any(letter.isalpha() for letter in text):
        raise Refusal("too_short")
    found = finder.suggest(text)
    first = found[0]
    if first.certainty >= SURE:
        said = Say("likely", "good", heading=first.heading.code)
    elif first.certainty >= DOUBTFUL:
        said = Say("perhaps", "info", heading=first.heading.code)
    else:
        said = Say("unsure", "warn")
    lang = identify(text).lang
    return Result(
        said, Say("suggestion", "warn"),
        Bars(Word("certainty"), [(each.heading.code, each.certainty) for each in found]),
        Rows([Word("heading"), Word("in_english"), Word("in_yours"), Word("certainty")],
             [[each.heading.code, each.heading.words["en"], _theirs(each, lang),
               Unit(each.certainty, "share", 0)] for each in found], Word("suggestions")),
        Rows([Word("heading"), Word("nearest"), Word("shared")],
             [[each.heading.code, " · ".join(each.nearest), " · ".join(each.shared)]
              for each in found], Word("why")),
        Say("limits", count=len(finder.headings)))


def _theirs(each: Suggestion, lang: str) -> str:
    """The heading's words in the description's language, else in Chinese."""
    if lang == "zh-Hant":
        return to_traditional(each.heading.words["zh-Hans"])
    return each.heading.words.get(lang if lang != "en" else "zh-Hans",
                                  each.heading.words["zh-Hans"])
