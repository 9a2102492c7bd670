"""Every rule is held to its own examples, in every language that it has them in."""

from __future__ import annotations

import pytest

from saphan.engines.gate import Passage, Record, Rule, check, rules
from saphan.engines.language.codes import CODES

LANGUAGES = ["zh-Hans", "zh-Hant", "en", "th", "vi", "lo", "km", "my", "id", "ms", "fil", "pt"]
ABOUT_WORDS = [rule for rule in rules().values() if rule.method not in ("duplicates", "dead_links")]
BAD = [(rule.name, lang) for rule in ABOUT_WORDS for lang in rule.bad]
BETTER = [(rule.name, lang) for rule in ABOUT_WORDS for lang in rule.better]


def record_of(rule: Rule, lang: str, text: str) -> Record:
    """A record that consists of one example, of the kind that the rule is about."""
    name = rule.settings.get("example_names", {}).get(lang, "")
    return Record(rule.settings.get("example_kind", "need"), (
        Passage(rule.settings.get("example_field", "description"), lang, text),),
                  names=(name,) if name else ())


@pytest.mark.parametrize(("name", "lang"), BAD)
def test_a_bad_example_is_caught_by_its_rule(name, lang):
    rule = rules()[name]
    found = [finding.rule for finding in check(record_of(rule, lang, rule.bad[lang]))]
    assert name in found


@pytest.mark.parametrize(("name", "lang"), BETTER)
def test_a_better_example_is_caught_by_no_rule(name, lang):
    rule = rules()[name]
    found = check(record_of(rule, lang, rule.better[lang]))
    assert [(finding.rule, finding.found) for finding in found] == []


@pytest.mark.parametrize("rule", ABOUT_WORDS, ids=lambda rule: rule.name)
def test_a_rule_has_examples_in_every_language_of_the_readers(rule):
    assert set(LANGUAGES) <= set(rule.bad) <= set(CODES)
    assert set(rule.bad) == set(rule.better)


@pytest.mark.parametrize("rule", ABOUT_WORDS, ids=lambda rule: rule.name)
def test_what_a_finding_quotes_stands_where_it_says(rule):
    for lang, text in rule.bad.items():
        passage = Passage("description", lang, text)
        record = Record("need", (passage,), names=tuple(
            filter(None, [rule.settings.get("example_names", {}).get(lang)])))
        for finding in check(record):
            assert passage.text[finding.start:finding.end] == finding.found
            assert finding.sentence
            assert finding.sentence.strip("…") in passage.text
