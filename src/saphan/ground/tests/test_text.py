from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from saphan.design.formats import bcp47
from saphan.ground.text import ORIGINS, Text, TextField, Words


def test_the_first_language_written_is_the_source_and_stays_it():
    text = Text().with_words("lo", "ທຸລຽນ").with_words("en", "durian")
    assert text.source == "lo"
    assert text.with_words("lo", "ໝາກທຸລຽນ").source == "lo"


def test_a_reader_gets_her_own_language_and_is_told_that_it_is_not_the_source():
    text = Text.of({"th": "ทุเรียน", "en": "durian"}, source="th")
    reading = text.best("en")
    assert (reading.text, reading.lang, reading.is_source, reading.is_asked) == (
        "durian", "en", False, True)


@pytest.mark.parametrize(("asked", "got"), [
    ("zh-Hant", "zh-Hans"),  # the neighbour comes before the source
    ("ms", "id"),
    ("km", "en"),            # then English
])
def test_reading_falls_back_to_the_neighbour_then_to_english(asked: str, got: str):
    text = Text.of({"vi": "a", "zh-Hans": "b", "id": "c", "en": "d"}, source="vi")
    assert text.best(asked).lang == got
    assert not text.best(asked).is_asked
    assert text.best(asked).source == "vi"


def test_without_english_the_reader_gets_the_source():
    assert Text.of({"lo": "a", "my": "b"}, source="my").best("th").lang == "my"


def test_the_active_language_is_the_reader_unless_said_otherwise():
    text = Text.of({"th": "ก", "zh-Hans": "字"})
    with translation.override("zh-hans"):
        assert str(text) == "字"


def test_new_source_words_drop_machine_translations_and_keep_what_people_wrote():
    text = (Text.of({"th": "เก่า"}).with_words("en", "old", origin="machine")
            .with_words("lo", "ເກົ່າ", origin="person"))
    changed = text.with_words("th", "ใหม่")
    assert set(changed) == {"th", "lo"}
    assert set(text.with_words("th", "เก่า")) == {"th", "lo", "en"}


def test_approval_says_who_and_when_and_needs_words():
    text = Text.of({"th": "ก"}).with_words("en", "a", origin="machine").approved(
        "en", by="p_1", at="2026-11-22T00:00:00+00:00")
    assert text["en"].approved_by == "p_1"
    with pytest.raises(KeyError):
        text.approved("km", by="p_1", at="2026-11-22T00:00:00+00:00")


def test_an_origin_nobody_knows_is_refused():
    with pytest.raises(ValueError, match="origin"):
        Words("x", origin="rumour")


@given(st.dictionaries(st.sampled_from(["th", "en", "km", "zh-Hant"]), st.tuples(
    st.text(min_size=1), st.sampled_from(ORIGINS)), min_size=1))
def test_whatever_is_kept_comes_back_as_it_was(given_words):
    text = Text()
    for lang, (words, origin) in given_words.items():
        text = text.with_words(lang, words, origin=origin)
    assert Text.from_json(text.to_json()) == text


def test_a_field_refuses_words_over_its_limit_in_any_language():
    field = TextField(limit=5)
    field.validate(Text.of({"en": "short"}), None)
    with pytest.raises(ValidationError, match="5"):
        field.validate(Text.of({"en": "short", "th": "ยาวเกินไป"}), None)


@pytest.mark.parametrize(("code", "tag"), [
    ("zh-hans", "zh-Hans"), ("zh_Hant", "zh-Hant"), ("TH", "th"), ("fil", "fil")])
def test_language_tags_have_the_case_that_html_wants(code: str, tag: str):
    assert bcp47(code) == tag
