"""What comes in, between the fetcher and the archive.

Two steps, so that many addresses are read while one thread writes: `read` takes the article out of
what was fetched and touches no database, `keep` (in `actions.articles`) writes what `read` gave.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from saphan.engines import extraction
from saphan.engines.extraction.choice import letters
from saphan.engines.fetching import Fetched
from saphan.engines.fetching.addresses import clean
from saphan.engines.fetching.problems import FetchProblem
from saphan.engines.language import codes
from saphan.engines.stories import duplicates
from saphan.ground import clock
from saphan.rooms.newsroom.vocabulary import Origin


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


@dataclass(frozen=True)
class Made:
    """What `read` took out of something: the article, or why there is none (`problem`, a code of
    the extractor). `squeezed` is the digest of its letters and digits alone: a text that only
    breaks its lines elsewhere is the same text."""

    incoming: Incoming
    title: str = ""
    text: str = ""
    lang: str = ""
    published: date | None = None
    byline: str = ""
    how: str = ""
    encoding: str = ""
    warnings: tuple[str, ...] = ()
    signature: bytes = b""
    digest: str = ""
    squeezed: str = ""
    problem: str = ""


_CUT = re.compile(r"(?:…|\.\.\.|\[…\])\s*$")
_ENOUGH = 200
"""Characters from which the language that is found outweighs the one that a source is said to be
in: papers print articles in other languages."""


def read(incoming: Incoming) -> Made:
    """Take the article out of what came in. Touches no database; never raises for what came."""
    today = clock.today() if incoming.at is None else incoming.at.date()
    try:
        found = extraction.read(
            incoming.body, incoming.content_type, incoming.address, incoming.recipe,
            incoming.name, today)
    except extraction.ExtractionProblem as problem:
        return Made(incoming, problem=problem.code)
    incoming = _placed(incoming, found.address)
    said = "" if _CUT.search(incoming.title) else " ".join(incoming.title.split())
    return Made(
        incoming, (said or found.title)[:500], found.text, _language(incoming, found),
        _day(incoming.published, found.published, today), found.byline[:200], found.how,
        found.encoding, found.warnings, duplicates.signature(found.text), digest(found.text),
        digest(letters(found.text)))


def _placed(incoming: Incoming, found: str) -> Incoming:
    """A saved page that somebody brought without its address often knows it."""
    if incoming.address or not found or incoming.origin != Origin.UPLOADED:
        return incoming
    try:
        return replace(incoming, address=clean(found))
    except FetchProblem:
        return incoming


def digest(text: str) -> str:
    """SHA-256 of a text, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def _language(incoming: Incoming, found: extraction.Extracted) -> str:
    if not incoming.lang or found.lang == codes.UNDETERMINED:
        return incoming.lang or found.lang
    other = codes.family(incoming.lang) != codes.family(found.lang)
    if incoming.origin == "fetched" and other and len(found.text) > _ENOUGH:
        return found.lang
    return incoming.lang


def _day(said: date | None, found: date | None, today: date) -> date | None:
    """What a feed says of the day, unless that has not come yet."""
    return said if said and said <= today else found
