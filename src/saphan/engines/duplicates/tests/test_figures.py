"""Figures are the same in every script, language and unit, and differ where they differ."""

from __future__ import annotations

import pytest

from saphan.engines.duplicates.figures import Figure, agree, read_figures, weigh


def figures(text: str, lang: str) -> tuple[Figure, ...]:
    return read_figures([(lang, text)])


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("zh-Hans", "每小时1.2万粒，准确率96.5%"), ("vi", "12.000 kén mỗi giờ, đúng 96,5%")),
        (("my", "ပုံ ၂၁,၆၀၀ ဖြင့်"), ("id", "dilatih dengan 21.600 foto")),
        (("en", "0.5 tonnes an hour"), ("zh-Hans", "每小时500公斤")),
        (("th", "ทำได้ ๑๒ ลิตร"), ("en", "12 litres")),
        (("zh-Hans", "预算260万元"), ("en", "2.6 million yuan")),
        (("pt", "menos 12,5% de ração"), ("en", "12.5% less feed")),
    ],
)
def test_a_figure_is_the_same_in_another_language(first, second):
    found = agree(figures(first[1], first[0]), figures(second[1], second[0]))
    assert found.shared
    assert not found.first_only
    assert not found.second_only


def test_other_figures_stand_apart():
    found = agree(figures("6 t, 28%, 430 sold", "en"), figures("6 t, 26%, 75 sold", "en"))
    assert [str(one) for one in found.shared] == ["6 t"]
    assert {str(one) for one in found.first_only} == {"28%", "430"}
    assert {str(one) for one in found.second_only} == {"26%", "75"}


def test_the_same_number_of_another_unit_is_another_figure():
    assert not Figure(40, "kg").same(Figure(40, "%"))
    assert Figure(40, "kg").same(Figure(40))


def test_digits_within_the_name_of_a_model_are_no_figures():
    assert figures("model JG-38 with IP65 and R2", "en") == ()


def test_a_figure_with_many_digits_tells_more():
    assert Figure(98.2, "%").weight > Figure(98, "%").weight > Figure(2, "t").weight
    assert Figure(2026).weight < Figure(2140).weight
    assert weigh([]) == 0


def test_each_figure_is_counted_once():
    assert agree(figures("5 kg and 5 kg", "en"), figures("5 kg", "en")).first_only == ()
