"""The made-up articles of a sample centre, as pages of their days.

The days are counted from the day of loading, so that the news of a sample is never old: `{day:-3}`
in a text becomes the date three days before, `{year-1}` the year before, each as the language
writes it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape
from typing import Any

from saphan.design import formats

_DAY = re.compile(r"\{day:(-?\d+)\}")
_YEAR = re.compile(r"\{year([+-]\d+)?\}")


@dataclass(frozen=True)
class Telling:
    """One version of an article: what its source said, and on which day."""

    address: str
    lang: str
    day: date
    title: str
    text: str

    @property
    def page(self) -> bytes:
        """The page as a source would serve it: `div.text` holds the text."""
        paragraphs = "\n".join(f"<p>{escape(each)}</p>" for each in self.text.split("\n\n"))
        return (f'<!doctype html>\n<html lang="{self.lang}">\n<head><meta charset="utf-8">'
                f"<title>{escape(self.title)}</title>"
                f'<meta name="date" content="{self.day.isoformat()}"></head>\n<body>'
                f"<article><h1>{escape(self.title)}</h1>\n"
                f'<div class="text">\n{paragraphs}\n</div></article></body>\n</html>\n').encode()


def tellings(row: dict[str, Any], *, home: str, lang: str, today: date) -> list[Telling]:
    """An article of `articles.toml` and its corrections, the oldest first."""
    return [Telling(address_of(row, home), lang, today - timedelta(days=each["days_ago"]),
                    dated(each["title"], lang, today), dated(each["text"].strip(), lang, today))
            for each in (row, *row.get("correction", []))]


def address_of(row: dict[str, Any], home: str) -> str:
    """Where the article stands: the same whenever the sample is loaded."""
    return f"{home}{row['slug']}.html"


def dated(text: str, lang: str, today: date) -> str:
    """The text with its days and years."""
    text = _DAY.sub(lambda found: formats.day(today + timedelta(days=int(found[1])), lang=lang),
                    text)
    return _YEAR.sub(lambda found: _year(today.year + int(found[1] or 0), lang), text)


def _year(year: int, lang: str) -> str:
    return str(year + formats.BUDDHIST_YEARS_AHEAD if lang == "th" else year)
