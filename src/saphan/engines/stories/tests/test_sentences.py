"""Which sentences of a story a brief begins from."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from saphan.engines.language.embed import Vectors
from saphan.engines.stories.sentences import Candidate, candidates, pick, score, split

DAY = date(2025, 4, 1)


def said(article: str, place: int, text: str, *, lang: str = "en", day: date = DAY) -> Candidate:
    return Candidate(article, lang, day, place, 0, len(text), text)


def rows(*axes: int) -> Vectors:
    return np.eye(6, dtype=np.float32)[list(axes)]


def test_sentences_keep_their_place_in_the_article() -> None:
    text = "Nanning opens a hall\n\nIt covers 19,000 m². The city paid.\n\n第二展厅秋季建成。"

    found = split(text)

    assert [each.text for each in found] == [
        "Nanning opens a hall", "It covers 19,000 m².", "The city paid.",
        "第二展厅秋季建成。"]  # fmt: skip
    assert all(text[each.start : each.end] == each.text for each in found)


def test_what_is_too_short_to_quote_is_no_candidate_but_chinese_says_more_in_less() -> None:
    text = "Read more.\n\n展厅面积一万九千平方米。\n\nThe hall covers 19,000 square metres."

    assert [each.place for each in candidates("a", "zh-Hans", DAY, text)] == [1, 2]


def test_a_late_figure_is_looked_at_in_a_long_article() -> None:
    plain = [f"This is plain sentence {word} of the article." for word in "abcdefghijkl"]
    text = "\n\n".join([*plain, "In all, 1,788 patents were granted."])

    found = candidates("a", "en", DAY, text)

    assert len(found) == 10
    assert found[-1].text == "In all, 1,788 patents were granted."


def test_what_several_languages_say_ranks_above_what_one_source_says() -> None:
    found = [
        said("a", 1, "The hall opened in Nanning on Monday."),
        said("a", 1, "The mayor wore a blue hat that day."),
        said("b", 1, "ห้องจัดแสดงเปิดที่หนานหนิงเมื่อวันจันทร์", lang="th"),
    ]

    scored = score(found, rows(0, 1, 0))

    assert scored[0].central > scored[1].central
    assert scored[0].score > scored[1].score


def test_ten_articles_of_one_language_outvote_no_other() -> None:
    found = [said(f"en{number}", 1, "The mayor wore a blue hat.") for number in range(10)]
    found += [said("th", 1, "ห้องจัดแสดงเปิดแล้ว", lang="th"),
              said("vi", 1, "Khai trương", lang="vi"), said("x", 1, "It opened"),
              said("y", 1, "The mayor had a hat", lang="ms")]  # fmt: skip
    scored = score(found, rows(*[1] * 10, 0, 0, 0, 1))

    by_article = {each.candidate.article: each for each in scored}
    assert by_article["x"].central > by_article["y"].central


def test_early_newer_and_figures_count_where_all_else_is_equal() -> None:
    late = said("a", 5, "The hall opened and people came.")
    old = date(2025, 3, 30)

    def better(other: Candidate, than: Candidate) -> bool:
        one, two = score([other, than], rows(0, 0))
        return one.score > two.score

    assert better(said("a", 0, late.text), late)
    assert better(said("a", 5, "The hall of 19,000 m² opened."), late)
    assert better(late, said("a", 5, late.text, day=old))


def test_the_same_thing_is_not_said_twice() -> None:
    found = [
        said("a", 0, "The hall opened in Nanning on Monday."),
        said("b", 0, "In Nanning the hall was opened on Monday."),
        said("c", 3, "Growers in Chanthaburi sold more durian."),
    ]

    chosen = pick(found, rows(0, 0, 1), 2)

    assert {each.candidate.article for each in chosen} == {"a", "c"}


def test_what_an_earlier_brief_said_gives_way_to_what_is_new() -> None:
    found = [said("a", 0, "The hall opened in Nanning on Monday."),
             said("a", 0, "Growers in Chanthaburi sold more durian.")]  # fmt: skip

    chosen = pick(found, rows(0, 1), 1, taken=rows(0))

    assert chosen[0].candidate.text.startswith("Growers")


@pytest.mark.parametrize("most", [0, 3])
def test_nothing_is_chosen_of_nothing(most: int) -> None:
    assert pick([], np.zeros((0, 6), np.float32), most) == []
