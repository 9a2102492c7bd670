from saphan.engines.language.segment import GRAM, index_tokens, words


def test_thai_without_spaces_is_cut_into_words() -> None:
    assert words("ต้องการระบบคัดแยกทุเรียน") == ["ต้องการ", "ระบบ", "คัด", "แยก", "ทุเรียน"]


def test_punctuation_is_no_word() -> None:
    assert words("Hello, World! (AI)") == ["hello", "world", "ai"]


def test_traditional_and_simplified_chinese_give_the_same_tokens() -> None:
    assert index_tokens("水質監測系統") == index_tokens("水质监测系统")


def test_chinese_is_held_as_single_characters_and_pairs() -> None:
    assert sorted(index_tokens("水质")) == sorted(["水", "质", GRAM + "水质"])


def test_burmese_is_held_in_pieces_of_three() -> None:
    assert GRAM + "စက်" in index_tokens("စက်ရုံ")


def test_a_piece_of_a_word_is_never_taken_for_a_word() -> None:
    tokens = index_tokens("thesis the")
    assert "the" in tokens
    assert GRAM + "the" in tokens


def test_zero_width_spaces_do_not_split_what_is_compared() -> None:
    assert index_tokens("ភាសា\u200bខ្មែរ") == index_tokens("ភាសាខ្មែរ")


def test_tokens_hold_letters_digits_and_marks_only() -> None:
    for token in index_tokens('5G "quoted" a-b c_d ทุเรียน 100% ເຂົ້າ'):
        assert token.removeprefix(GRAM)
        assert not set(token) & set(' "-_%')


def test_no_text_has_no_tokens() -> None:
    assert index_tokens("") == []
    assert words(" \n ") == []
