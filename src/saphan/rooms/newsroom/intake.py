"""What comes in, between the fetcher and the archive.

Two steps, so that many addresses are read while one thread writes: `read` takes the article out of
what was fetched and touches no database, `keep` (in `actions.articles`) writes what `read` gave.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from saphan.engines.fetching import Fetched


@dataclass(frozen=True)
class Incoming:
    """A page, file or pasted text as it came. `source`: key of the `Source`, None if there is
    none; `address`: where it stands on the web, empty if nowhere; `recipe`: CSS selector of the
    text, empty to let the house find it. `lang`, `published`, `title` say what is known already
    (a feed's entry, an officer's form) and win over what is found; `answer`: what was fetched,
    whole, for the evidence (`engines.fetching.warc.keep`)."""

    body: bytes
    content_type: str = ""
    name: str = ""
    source: int | None = None
    address: str = ""
    origin: str = "fetched"
    recipe: str = ""
    lang: str = ""
    published: date | None = None
    title: str = ""
    at: datetime | None = None
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    example: bool = False
    answer: Fetched | None = None


@dataclass(frozen=True)
class Taken:
    """What became of one incoming article. `outcome`: new, corrected, unchanged, copy or refused;
    `problem`: why it was refused, a code; `article`: its key where there is one; `length`:
    characters of the text; `warnings`: codes of doubts."""

    outcome: str
    article: int | None = None
    problem: str = ""
    length: int = 0
    warnings: tuple[str, ...] = field(default_factory=tuple)
