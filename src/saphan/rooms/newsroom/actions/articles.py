"""The one way in which an article comes into the archive, and what people do with it there."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

from saphan.engines.extraction.choice import letters
from saphan.engines.extraction.model import SHORT_TEXT
from saphan.ground import accession, clock, ledger
from saphan.ground.access import Refused
from saphan.people.models import Person
from saphan.rooms.newsroom import copies, evidence, intake
from saphan.rooms.newsroom.intake import Incoming, Made, Taken
from saphan.rooms.newsroom.models import Article, Source, Version
from saphan.rooms.newsroom.rules import articles as rules
from saphan.rooms.newsroom.vocabulary import Origin

SERIES = "NWS"
LEAD = 300
_SHRUNK = 0.3
"""A page that holds less than this share of what it held is a notice about cookies or payment."""


def take(incoming: Incoming, *, by: Person | None = None) -> Taken:
    """Read something and keep it: `keep(intake.read(incoming))`."""
    return keep(intake.read(incoming), by=by)


def keep(made: Made, *, by: Person | None = None) -> Taken:
    """Keep what was read. The same address again is the same article: nothing if its text is the
    same, a new version if it changed. A text that another source has already is kept and linked as
    its copy. What cannot be read is refused with a code; `by=None`: the house itself."""
    if by is not None:
        rules.may_bring_in(by).or_raise()
    if made.problem:
        return Taken("refused", problem=made.problem)
    known = Article.objects.filter(fingerprint=_fingerprint(made)).first()
    if known is not None:
        return _again(known, made, by)
    return _new(made, by)


def _fingerprint(made: Made) -> str:
    """Of the address; a text without an address is known by its letters."""
    address = made.incoming.address
    return hashlib.sha256(address.encode()).hexdigest() if address else made.squeezed


def _new(made: Made, by: Person | None) -> Taken:
    incoming, now = made.incoming, clock.now()
    original = copies.of(made.signature)
    economy, name = _source(incoming.source)
    article = Article(
        source_id=incoming.source, origin=incoming.origin, address=incoming.address[:1000],
        fingerprint=_fingerprint(made), byline=made.byline, economy_id=economy,
        published=made.published, day=made.published or clock.today(), taken=now,
        warnings=list(made.warnings), copy_of=original, example=incoming.example, added_by=by,
        **_shown(made))
    with ledger.fact("article.taken", article, by=by, source=name, lang=made.lang) as fact:
        article.number = accession.next_number(SERIES)
        article.save(force_insert=True)
        version = _version(article, made, 1)
        version.save(force_insert=True)
        fact.data |= {"number": article.number, "evidence": version.evidence_digest,
                      **({"copy_of": original.number} if original else {})}
    return Taken("copy" if original else "new", article.pk, length=len(made.text),
                 warnings=made.warnings)


def _source(key: int | None) -> tuple[str | None, str]:
    """Economy and key of a source."""
    if key is None:
        return None, ""
    return Source.objects.values_list("economy_id", "key").get(pk=key)


def _shown(made: Made) -> dict[str, Any]:
    """What lists show of a text."""
    return {"title": made.title, "lead": made.text[:LEAD].replace("\n\n", " "), "lang": made.lang,
            "length": len(made.text)}


def _version(article: Article, made: Made, position: int) -> Version:
    kept = evidence.keep(made.incoming)
    return Version(
        article=article, position=position, at=made.incoming.at or clock.now(), title=made.title,
        text=made.text, text_digest=made.digest, signature=made.signature or None, how=made.how,
        encoding=made.encoding, evidence_file=kept.file, evidence_offset=kept.offset,
        evidence_length=kept.length, evidence_digest=kept.digest)


def _again(article: Article, made: Made, by: Person | None) -> Taken:
    """The same address once more."""
    same = Taken("unchanged", article.pk, length=article.length)
    if article.state == Article.State.WITHDRAWN:
        return same
    current = article.versions.get(current=True)
    title_same = current.title == made.title or made.incoming.origin != Origin.FETCHED
    if current.text_digest == made.digest and title_same:
        return same
    if intake.digest(letters(current.text)) == made.squeezed and title_same:
        return same
    if len(made.text) < _SHRUNK * article.length and SHORT_TEXT in made.warnings:
        return Taken("refused", article.pk, problem="shrunk", warnings=made.warnings)
    with ledger.fact("article.corrected", article, by=by, number=article.number) as fact:
        version = _version(article, made, current.position + 1)
        article.versions.filter(current=True).update(current=False)
        version.save(force_insert=True)
        shown = _shown(made)
        if (shown["title"], shown["lead"]) != (article.title, article.lead):
            article.vector, article.vector_model = None, ""
        for name, value in shown.items():
            setattr(article, name, value)
        article.warnings, article.versions_count = list(made.warnings), version.position
        article.read = False
        article.save(update_fields=[*shown, "warnings", "versions_count", "read", "vector",
                                    "vector_model"])
        fact.data |= {"version": version.position, "evidence": version.evidence_digest}
    return Taken("corrected", article.pk, length=len(made.text), warnings=made.warnings)


# What officers do


def correct(article: Article, *, by: Person, title: str, lang: str, published: date | None,
            economy: str | None) -> Article:
    """Say better what the house read wrong: title, language, day, country. The text stays."""
    rules.may_correct(by, article).or_raise()
    came = article.taken.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    values = {"title": title.strip()[:500], "lang": lang, "published": published,
              "day": published or came, "economy_id": economy or None}
    if not values["title"]:
        raise Refused(_("An article needs a title."))
    changed = [name for name, value in values.items() if getattr(article, name) != value]
    if not changed:
        return article
    with ledger.fact("article.changed", article, by=by, number=article.number,
                     fields=sorted(changed)):
        if "title" in changed:
            article.vector, article.vector_model = None, ""
        for name, value in values.items():
            setattr(article, name, value)
        article.save(update_fields=[*values, "vector", "vector_model"])
    return article


def withdraw(article: Article, *, by: Person, because: str) -> Article:
    """It stays in the archive with its evidence, and is shown and counted no longer."""
    rules.may_withdraw(by, article).or_raise()
    if not because.strip():
        raise Refused(_("Say why."))
    with ledger.fact("article.withdrawn", article, by=by, number=article.number):
        article.take("withdraw", withdrawn_because=because.strip()[:300])
    return article


def restore(article: Article, *, by: Person) -> Article:
    rules.may_restore(by, article).or_raise()
    with ledger.fact("article.restored", article, by=by, number=article.number):
        article.take("restore", withdrawn_because="")
    return article


def part_from_copy(article: Article, *, by: Person) -> Article:
    """The officer says that it is no copy."""
    rules.may_correct(by, article).or_raise()
    with ledger.fact("article.changed", article, by=by, number=article.number,
                     fields=["copy_of"]):
        article.copy_of = None
        article.save(update_fields=["copy_of"])
    return article
