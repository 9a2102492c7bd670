"""A file of terms becomes proposals: what differs is proposed, what cannot be is reported."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy

from saphan.engines.language import terms_export
from saphan.engines.language.terms_export import Given, Reason, Unreadable, UnreadableFile
from saphan.ground.access import Refused
from saphan.house import engine
from saphan.house.wording import actions, cleaning, rules
from saphan.house.wording.models import TermChange
from saphan.people.models import Person

REASONS = {
    Reason.IDENTIFIER: gettext_lazy("The identifier may hold only small Latin letters, digits "
                                    "and underscores."),
    Reason.LANGUAGE: gettext_lazy("The term base has no such language."),
    Reason.NO_WORDS: gettext_lazy("There are no words."),
    Reason.REPEATED: gettext_lazy("This concept stands in the file before."),
}

UNREADABLE = {
    Unreadable.ENDING: gettext_lazy("Send a file that ends in .tbx, .xml or .csv."),
    Unreadable.ENCODING: gettext_lazy(
        "This file is not UTF-8 text. Save it as UTF-8 and send it again."),
    Unreadable.CSV: gettext_lazy("This file is not CSV: %(detail)s"),
    Unreadable.COLUMN: gettext_lazy("The first row needs a column named “concept”."),
    Unreadable.XML: gettext_lazy("This file is not well-formed XML: %(detail)s"),
    Unreadable.DOCTYPE: gettext_lazy(
        "A document type declaration is not accepted. Save the file as TBX of 2019 without one."),
    Unreadable.NOT_TBX: gettext_lazy("This is not a TBX file of 2019 (version 3)."),
}


@dataclass(frozen=True)
class Line:
    """Something that was not taken, and why, in the reader's language."""

    place: str
    concept: str
    text: str
    why: str


@dataclass
class Report:
    """What became of a file."""

    file_name: str
    concepts: int = 0
    unchanged: int = 0
    proposed: list[TermChange] = field(default_factory=list)
    refused: list[Line] = field(default_factory=list)


def take_in(data: bytes, *, file_name: str, by: Person | None) -> Report:
    """Propose all that a file says otherwise than the term base. Raises `Refused` for a file that
    cannot be read at all."""
    rules.may_decide(by).or_raise()
    try:
        held = terms_export.read(data, file_name)
    except UnreadableFile as error:
        raise Refused(str(UNREADABLE[error.why]) % {"detail": error.detail}) from error
    report = Report(file_name, concepts=len(held.given) + sum(
        refusal.reason is not Reason.LANGUAGE for refusal in held.refused))
    report.refused = [Line(refusal.place, refusal.concept, refusal.text,
                           str(REASONS[refusal.reason])) for refusal in held.refused]
    for given in held.given:
        _take(given, report, by)
    return report


def _take(given: Given, report: Report, by: Person | None) -> None:
    how: dict[str, Any] = {"by": by, "source": report.file_name, "only_propose": True}
    before = len(report.proposed), len(report.refused)
    known = engine.terms().concepts.get(given.concept)
    if known is None:
        labels = {lang: _good(given, lang, words, report) for lang, words in given.labels.items()}
        _try(given, report, lambda: actions.add(
            labels, sector=given.sector or "general", broader=given.broader or (),
            reviewed=set(labels) - given.unsure, concept=given.concept, **how))
        return
    for lang, words in given.labels.items():
        good = _good(given, lang, words, report, kept=known.labels.get(lang, ()))
        reviewed = lang not in given.unsure
        same = good == list(known.labels.get(lang, ()))
        if good and not (same and (lang not in known.unsure or not reviewed)):
            _try(given, report, lambda lang=lang, good=good, reviewed=reviewed:  # type: ignore[misc]
                 actions.put_labels(given.concept, lang, good, reviewed=reviewed, **how))
    sector = known.sector if given.sector is None else given.sector
    broader = known.broader if given.broader is None else given.broader
    if (sector, broader) != (known.sector, known.broader):
        _try(given, report, lambda: actions.place(
            given.concept, sector=sector, broader=broader, **how))
    if before == (len(report.proposed), len(report.refused)):
        report.unchanged += 1


def _good(given: Given, lang: str, words: Iterable[str], report: Report, *,
          kept: Iterable[str] = ()) -> list[str]:
    """The labels that can be taken; the others go into the report."""
    kept = tuple(kept)
    clean = cleaning.tidy(words, kept)
    bad = cleaning.faults(clean, lang, engine.terms(), concept=given.concept, kept=kept)
    for fault in bad:
        other = f" ({fault.other})" if fault.other else ""
        report.refused.append(Line(given.place, given.concept, f"{lang}: {fault.label}",
                                   fault.message + other))
    faulty = {fault.label for fault in bad}
    return [word for word in clean if word not in faulty]


def _try(given: Given, report: Report, act: Callable[[], TermChange]) -> None:
    try:
        report.proposed.append(act())
    except Refused as refusal:
        said = " | ".join(word for words in given.labels.values() for word in words)
        report.refused.append(Line(given.place, given.concept, said, str(refusal.reason)))
