"""One function answers, in the reader's language, with reasons."""

from __future__ import annotations

import pytest
from django.utils import translation

from saphan.ground import limits
from saphan.ground.access import Refused
from saphan.house import ask

pytestmark = pytest.mark.usefixtures("sample_centre")


def test_a_thai_question_finds_a_vietnamese_record_and_says_why_in_thai():
    with translation.override("th"):
        answer = ask.ask("ชุดภาพโรคใบทุเรียน", lang="th")
    best = answer.hits[0]
    assert best.plate.economy_code == "VN"
    assert "ทุเรียน" in best.concepts
    assert answer.question_lang == "th"


@pytest.mark.parametrize("question", [
    "wedding photographer in Paris", "แหวนหมั้นเพชรราคาเท่าไร", "足球比赛昨晚几比几"])
def test_nothing_that_fits_is_said_to_fit(question):
    answer = ask.ask(question, lang="en")
    assert answer.abstained
    assert answer.count == 0


def test_the_words_come_first_and_the_meaning_completes_them():
    stages = [answer.stage for answer in ask.stream("Lao word segmentation", lang="en")]
    assert stages == ["words", "meaning"]


def test_who_seeks_is_shown_offers_and_who_offers_is_shown_needs():
    seeking = ask.ask("camera grading of durian", lang="en")
    offering = ask.ask("we sell cameras that grade durian", lang="en")
    assert {hit.plate.side for hit in seeking.hits} == {"offer"}
    assert {hit.plate.side for hit in offering.hits} == {"need"}
    assert {hit.plate.side for hit in seeking.alike} <= {"need"}


def test_what_a_record_does_not_mention_is_said():
    answer = ask.ask("grading durian by camera", lang="en")
    assert any(hit.missing for hit in answer.hits)
    assert all(set(hit.missing).isdisjoint(hit.concepts) for hit in answer.hits)


def test_a_requirement_is_met_not_met_or_unknown_in_words_of_the_reader():
    with translation.override("en"):
        answer = ask.ask("ระบบถอดเสียงจากประเทศไทย ที่พร้อมใช้งาน", lang="en")
    verdicts = {requirement.verdict for hit in answer.hits for requirement in hit.requirements}
    wanted = {requirement.wanted for hit in answer.hits for requirement in hit.requirements}
    assert verdicts <= {"met", "not_met", "unknown"}
    assert "Thailand" in wanted


@pytest.mark.parametrize("question", ["", "   ", "?!…", "\u200b\u200b", "\x01\x02"])
def test_a_question_without_words_is_refused_with_what_to_do(question):
    with pytest.raises(Refused) as refusal:
        ask.ask(question)
    with translation.override("th"):
        assert "ภาษาใดก็ได้" in str(refusal.value)


def test_a_question_that_is_too_long_is_refused_with_the_limit():
    with pytest.raises(Refused, match=str(limits.QUESTION_CHARACTERS)):
        ask.ask("a " * limits.QUESTION_CHARACTERS)
    with pytest.raises(Refused):
        ask.ask("a" * 1_000_000)


def test_zawgyi_burmese_is_read_as_unicode():
    zawgyi = ask.ask("ျမန္မာစာ", lang="my")
    assert zawgyi.question == "မြန်မာစာ"
    assert zawgyi.question_lang == "my"


def test_questions_of_mixed_scripts_are_answered():
    assert ask.ask("ทุเรียน 榴莲 ດູລຽນ grading ကင်မရာ", lang="km").hits


def test_fewer_than_the_limit_is_given():
    assert len(ask.ask("language model", lang="en", limit=2).hits) <= 2
