"""Every rule of the gate can be said to people, with an example that they can read."""

from __future__ import annotations

import pytest
from django.utils import translation

from saphan.engines.gate import Finding, rules
from saphan.ground.text import Text
from saphan.house import gate


def finding(rule: str, lang: str = "th", **more: object) -> Finding:
    return Finding(rule, rules()[rule].severity, "description", lang, **more)


def test_every_rule_has_words_and_no_words_are_left_over():
    assert set(gate.WORDINGS) == set(rules())
    assert set(gate.SEVERITY_LABELS) == set(gate.TONES) == {"refuse", "ask", "advise"}


def test_the_example_is_in_the_language_of_the_words():
    told = gate.tell(finding("contact", "lo"))
    assert (told.better, told.better_lang) == (rules()["contact"].better["lo"], "lo")


def test_for_a_language_without_an_example_it_is_in_the_readers():
    with translation.override("vi"):
        told = gate.tell(finding("contact", "tet"))
    assert (told.better, told.better_lang) == (rules()["contact"].better["vi"], "vi")
    with translation.override("xx"):
        assert gate.tell(finding("contact", "tet")).better_lang == "en"
    assert gate.tell(finding("dead_link")).better == ""


@pytest.mark.parametrize(("sentence", "found", "parts"), [
    ("Call 123456 now.", "123456", ("Call ", "123456", " now.")),
    ("All of it.", "All of it.", ("All of it.", "", "")),
    ("Nothing here.", "", ("Nothing here.", "", "")),
    ("Cut off…", "not in it", ("Cut off…", "", "")),
])
def test_what_was_found_is_marked_in_its_sentence(sentence, found, parts):
    assert gate.tell(finding("contact", sentence=sentence, found=found)).parts == parts


def test_software_gets_the_rule_the_sentence_and_the_example():
    told = gate.tell(finding("weapons", "en", sentence="We sell guns.", found="guns")).to_json()
    assert (told["rule"], told["severity"], told["sentence"]) == ("weapons", "ask", "We sell guns.")
    assert told["message"].startswith("Weapons: ")
    assert told["better"] == rules()["weapons"].better["en"]


def test_a_finding_that_was_kept_comes_back_and_one_of_an_old_rule_does_not():
    one = finding("duplicate", data={"id": "MKT-1"})
    kept = [gate.to_json(one), {**gate.to_json(one), "rule": "abolished"}]
    assert gate.from_json(kept) == [one]


def test_only_words_that_people_wrote_are_read():
    text = Text.of({"th": "ก"}).with_words("en", "a", origin="machine").with_words(
        "vi", "ă", origin="house")
    assert [(one.lang, one.origin) for one in gate.passages_of("title", text)] == [
        ("th", "person"), ("vi", "house")]
    machine = Text.of({"en": "a"}, origin="machine")
    assert [(one.lang, one.origin) for one in gate.passages_of("title", machine)] == [
        ("en", "machine")]
    assert gate.passages_of("title", Text()) == []
