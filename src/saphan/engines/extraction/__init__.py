"""The article among the menus: text, title, day, author and language of a page or a document.

    read(body, content_type="text/html; charset=gb2312", url="https://…", recipe="div.article")

`trafilatura`, `pypdfium2` and `python-docx` are imported when they are first needed.
"""

from __future__ import annotations

from datetime import date

from saphan.engines.extraction.article import check_recipe
from saphan.engines.extraction.documents import read as _read
from saphan.engines.extraction.model import Extracted, ExtractionProblem

__all__ = ["Extracted", "ExtractionProblem", "check_recipe", "read"]


def read(
    body: bytes,
    content_type: str = "",
    url: str = "",
    recipe: str = "",
    name: str = "",
    today: date | None = None,
) -> Extracted:
    """The article in some bytes: HTML, a saved page, PDF, DOCX or plain text, as the bytes say.

    `recipe` is a CSS selector of the text; `today` is the last day that is believed as a day of
    publication (default: now in UTC). Raises `ExtractionProblem` and nothing else.
    """
    try:
        return _read(body, name, url, recipe, content_type, today)
    except RecursionError as error:
        raise ExtractionProblem("broken", "nested too deeply") from error
