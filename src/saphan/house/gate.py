"""What the quality gate says to people: each finding with its rule, why, what to do, and an example
of a better one in the author's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from saphan.engines.gate import Duplicate, Finding, Passage, Record, check, rules
from saphan.engines.gate.records import SEVERITIES, Severity
from saphan.ground.text import Text, reader_language

__all__ = ["Duplicate", "Finding", "Record", "Told", "findings_of", "passages_of", "tell"]


@dataclass(frozen=True)
class Wording:
    """What people call a rule, why it is there, and what to do."""

    label: str | Promise
    why: str | Promise
    todo: str | Promise


WORDINGS: Mapping[str, Wording] = {
    "thin": Wording(
        _("Too short to judge"),
        _("Nobody can tell from so few words whether it fits."),
        _("Say what you have today, how much of it, and what should change.")),
    "no_requirement": Wording(
        _("Nothing that can be measured"),
        _("Nobody can tell when an answer would be good enough."),
        _("Add a number: an indicator, a specification, a budget or a day.")),
    "no_task": Wording(
        _("It does not say what the partner should do"),
        _("Who reads this cannot know whether you look for a buyer, a tester or a developer."),
        _("Fill in “What the partner should do”.")),
    "direct_selling": Wording(
        _("Advertising or prices"),
        _("The market is for finding partners. Prices and special offers belong in a shop."),
        _("Describe what it can do and which partner you look for. Leave the prices out.")),
    "weapons": Wording(
        _("Weapons"),
        _("The house does not publish weapons, ammunition or explosives. A person reads this "
          "record before it goes on."),
        _("If it is not about weapons, nothing is to be done. Else please withdraw it.")),
    "contact": Wording(
        _("Contact data in public words"),
        _("Machines that send spam read it, and it goes round the people who introduce you."),
        _("Take it out. Who is interested presses a button, and you decide whether to meet.")),
    "own_name": Wording(
        _("Your own name"),
        _("You chose to keep your organisation's name back, and here it stands."),
        _("Say what you are instead: “a tea company in the Mekong region”.")),
    "vague": Wording(
        _("A claim without a number"),
        _("Everybody says so. A reader believes what could be checked."),
        _("Say how much, measured where and by whom.")),
    "machine_text": Wording(
        _("Words of a chat assistant"),
        _("This is what a chat assistant said to you, not what you say to your reader."),
        _("Take it out, and read over what the assistant wrote: you stand behind it.")),
    "placeholder": Wording(
        _("A gap that was not filled in"),
        _("This looks like a template."),
        _("Write what belongs there, or take it out.")),
    "markup": Wording(
        _("Signs of formatting"),
        _("Stars, hashes and angle brackets are shown to the reader as they are."),
        _("Take them out. An empty line begins a new paragraph.")),
    "language": Wording(
        _("Another language"),
        _("Search and translation go by the language that the record says."),
        _("Choose the right language, or write this part in the same one.")),
    "duplicate": Wording(
        _("It may be here already"),
        _("A record that says much the same stands here, perhaps in another language."),
        _("Look at it. If it is yours, change that one; if not, say what is different.")),
    "dead_link": Wording(
        _("A link that does not answer"),
        _("The page was not there twice, a day apart."),
        _("Correct the address, or take it out.")),
}

SEVERITY_LABELS: Mapping[Severity, str | Promise] = {
    "refuse": _("Please change this"),
    "ask": _("A person decides"),
    "advise": _("Advice"),
}
TONES: Mapping[Severity, str] = {"refuse": "wrong", "ask": "warn", "advise": "info"}


@dataclass(frozen=True)
class Told:
    """A finding as its author reads it. `better` is an example in the language of `better_lang`."""

    finding: Finding
    better: str
    better_lang: str

    @property
    def label(self) -> str | Promise:
        return WORDINGS[self.finding.rule].label

    @property
    def why(self) -> str | Promise:
        return WORDINGS[self.finding.rule].why

    @property
    def todo(self) -> str | Promise:
        return WORDINGS[self.finding.rule].todo

    @property
    def severity_label(self) -> str | Promise:
        return SEVERITY_LABELS[self.finding.severity]

    @property
    def tone(self) -> str:
        return TONES[self.finding.severity]

    @property
    def message(self) -> str:
        """Rule, reason and remedy in one line, for software and reports."""
        return f"{self.label}: {self.why} {self.todo}"

    @property
    def parts(self) -> tuple[str, str, str]:
        """The sentence before, at and after what was found, to mark it; all before if it is not
        one place in it."""
        sentence, found = self.finding.sentence, self.finding.found
        if not found or found == sentence or found not in sentence:
            return sentence, "", ""
        before, _found, after = sentence.partition(found)
        return before, found, after

    def to_json(self) -> dict[str, Any]:
        """For software: field, rule, severity, message, sentence, what was found, an example."""
        return {"field": self.finding.field, "message": self.message, "rule": self.finding.rule,
                "severity": self.finding.severity, "sentence": self.finding.sentence,
                "found": self.finding.found, "better": self.better}


def tell(finding: Finding) -> Told:
    """A finding in the reader's language; the example in that of the passage, if there is one."""
    examples = rules()[finding.rule].better
    lang = next((lang for lang in (finding.lang, reader_language(), "en") if lang in examples), "")
    return Told(finding, examples.get(lang, ""), lang)


def findings_of(record: Record, *, only: Iterable[Severity] = SEVERITIES) -> list[Finding]:
    """What the gate finds in a record, of these severities, the gravest first."""
    wanted = set(only)
    return check(record, [rule for rule in rules().values() if rule.severity in wanted])


def passages_of(field: str, text: Text) -> list[Passage]:
    """The words of a field that people wrote; without any, the source's. What a machine made of
    them says nothing new."""
    written = [Passage(field, lang, words.text, words.origin) for lang, words in text.items()
               if words.origin != "machine" and words.text]
    if written or text.source not in text:
        return written
    return [Passage(field, text.source, text[text.source].text, "machine")]


def to_json(finding: Finding) -> dict[str, Any]:
    """A finding to keep with its record."""
    return {"rule": finding.rule, "severity": finding.severity, "field": finding.field,
            "lang": finding.lang, "sentence": finding.sentence, "start": finding.start,
            "end": finding.end, "found": finding.found, "data": dict(finding.data)}


def from_json(kept: Iterable[Mapping[str, Any]]) -> list[Finding]:
    """Findings that were kept; those of rules that are no more are left out."""
    return [Finding(**one) for one in kept if one.get("rule") in rules()]
