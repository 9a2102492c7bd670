"""The quality gate at the incubator's door: what it finds in a call, and what follows from it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from saphan.ground.access import Refused
from saphan.house import callers, gate
from saphan.house.gate import Finding, Record
from saphan.rooms.incubator.models import Call
from saphan.rooms.incubator.vocabulary import Form

WORDS = ("title", "summary", "scenario", "environment", "data_available", "ip_terms", "support",
         "eligibility")
MEASURED = ("indicators", "budget_amount", "deadline")


class Held(Refused):
    """The gate refuses these words. `findings` are all that it found."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__(_("Please look at what is marked below: change it, or say why you think "
                           "it is right."))
        self.findings = findings

    def invalid(self) -> callers.Invalid:
        """The same for software: field, message, rule, severity, sentence of each."""
        return callers.Invalid([gate.tell(one).to_json() for one in self.findings])


def findings_of(call: Call) -> list[Finding]:
    """What the gate finds in the call as it is, the gravest first."""
    return gate.findings_of(record_of(call))


def refusing(findings: list[Finding]) -> list[Finding]:
    """Those that the author changes, or answers."""
    return [one for one in findings if one.severity == "refuse"]


def record_of(call: Call) -> Record:
    """A call as the gate reads it: every word that strangers will read. Only a challenge is a need;
    for cohorts and grants only the rules about wording hold."""
    passages = [passage for name in WORDS
                for passage in gate.passages_of(name, getattr(call, name))]
    lang = call.lang or "en"
    for name, words in (("keywords", call.keywords),
                        ("indicators", [row.get("name", "") for row in call.indicators])):
        if any(words):
            passages.append(gate.Passage(name, lang, ", ".join(filter(None, words))))
    return Record("need" if call.form == Form.CHALLENGE else "call", tuple(passages),
                  measured=tuple(name for name in MEASURED if getattr(call, name)))


def told(call: Call) -> list[gate.Told]:
    """What was found when it was submitted, in the reader's language."""
    return [gate.tell(one) for one in gate.from_json(call.findings)]
