import pytest

from saphan.engines.language.codes import LANGUAGES, canonical, family


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("zh-CN", "zh-Hans"), ("zh_TW", "zh-Hant"), ("zh-Hant-HK", "zh-Hant"), ("ZH", "zh-Hans"),
        ("pt-BR", "pt"), ("tl", "fil"), ("in", "id"), ("en-SG", "en"), ("sv", "und"),
        ("", "und"), (None, "und"), ("und", "und"),
    ],
)  # fmt: skip
def test_a_tag_of_any_spelling_becomes_a_code_of_the_house(tag: str | None, code: str) -> None:
    assert canonical(tag) == code


def test_both_chinese_scripts_and_malay_with_indonesian_are_compared_by_letters() -> None:
    assert family("zh-Hans") == family("zh-Hant")
    assert family("id") == family("ms")
    assert family("th") != family("lo")


def test_every_language_has_its_own_name_and_script() -> None:
    assert len(LANGUAGES) == 14
    assert len({language.endonym for language in LANGUAGES.values()}) == 14


def test_cantonese_is_searched_as_chinese() -> None:
    assert canonical("yue") == "zh-Hant"
    assert family("yue") == family("zh-Hans")
