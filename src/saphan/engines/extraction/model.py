"""What comes out of a page or a document, and why nothing does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

How = Literal["recipe", "trafilatura", "density", "plain", "pdf", "docx"]
Code = Literal[
    "empty",  # there is nothing in it
    "too_large",  # larger than we read, or swells to more when unpacked
    "unsupported",  # no page, PDF, DOCX or plain text
    "broken",  # says that it is one of them, and cannot be read as such
    "locked",  # needs a password
    "no_text",  # can be read, and holds no text: a scan, an empty shell filled by scripts
    "bad_recipe",  # the selector is no selector
]

WRONG_CHARSET: Final = "wrong_charset"
"""The page names another encoding than its bytes are in; written `wrong_charset:<named>`."""
BROKEN_CHARACTERS: Final = "broken_characters"
"""Some bytes are in no encoding; they were replaced by U+FFFD."""
RECIPE_MISSED: Final = "recipe_missed"
"""The recipe found nothing: the layout changed. The text was found without it."""
SHORT_TEXT: Final = "short_text"
"""Little text, or little against what stands on the page."""
HEAVY_PAGE: Final = "heavy_page"
"""So large or so nested that only the fast way was tried, or that a part was left out."""
FUTURE_DATE: Final = "future_date"
"""A date was found that has not come yet; it was not believed."""
NO_DATE: Final = "no_date"


@dataclass(frozen=True, slots=True)
class Extracted:
    """An article without what stands around it on its page."""

    title: str
    text: str
    """Paragraphs between blank lines, in NFC, without markup."""
    lang: str
    """House code, or `und`."""
    published: date | None
    byline: str
    how: How
    encoding: str
    """What the bytes turned out to be in (`utf-8`, `gb18030`, `cp874` …); empty "
    "for PDF and DOCX."""
    words: int
    """Words; in Chinese characters, in Thai, Lao, Khmer and Burmese about five letters each."""
    warnings: tuple[str, ...] = ()
    address: str = ""
    """Where a page says that it stands: what its browser wrote into the saved file, or else its own
    canonical link. For pages that come without an address; a claim, not checked."""


class ExtractionProblem(Exception):
    """No text can be had; `code` says why, `detail` is for the log."""

    def __init__(self, code: Code, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code: Code = code
        self.detail = detail
