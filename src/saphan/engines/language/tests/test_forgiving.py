import pytest

from saphan.engines.language.forgiving import edits
from saphan.engines.language.terms import Concept, Hit, TermBase


@pytest.fixture
def terms() -> TermBase:
    return TermBase(
        [
            Concept("durian", labels={"en": ("durian",), "vi": ("sầu riêng",), "th": ("ทุเรียน",)}),
            Concept("classification", labels={"en": ("classification",), "vi": ("phân loại",)}),
            Concept("logistics", labels={"en": ("logistics",)}),
            Concept("dragon_fruit", labels={"vi": ("thanh long",), "en": ("dragon fruit",)}),
            Concept("ricer", labels={"en": ("ricer plant", "plane")}),
            Concept("planet", labels={"en": ("planet",)}),
            Concept("machine", labels={"th": ("เครื่องคัด",)}),
        ]
    )


def found(terms: TermBase, text: str, lang: str | None = None) -> list[tuple[str, bool]]:
    return [(hit.concept, hit.exact) for hit in terms.find(text, lang, forgiving=True)]


def test_vietnamese_without_marks_is_understood_but_not_as_exact(terms: TermBase) -> None:
    assert found(terms, "phan loai sau rieng", "vi") == [
        ("classification", False),
        ("durian", False),
    ]
    assert found(terms, "phân loại sầu riêng", "vi") == [("classification", True), ("durian", True)]


def test_a_text_with_marks_is_taken_by_its_marks(terms: TermBase) -> None:
    assert found(terms, "máy phan loai", "vi") == []


@pytest.mark.parametrize(
    ("text", "lang", "concept"),
    [
        ("duriann", "en", "durian"),
        ("druian", "en", "durian"),
        ("logistcs", "en", "logistics"),
        ("clasificaton", "en", "classification"),
        ("ทุเรียณ", "th", "durian"),
        ("เครื่องคัดทุเรียณ", "th", "durian"),
    ],
)
def test_a_mistyped_term_is_found(terms: TermBase, text: str, lang: str, concept: str) -> None:
    assert (concept, False) in found(terms, text, lang)


def test_a_word_that_the_term_base_knows_is_not_corrected(terms: TermBase) -> None:
    assert found(terms, "plant", "en") == []


def test_a_word_between_two_labels_is_left_alone(terms: TermBase) -> None:
    assert found(terms, "planes", "en") == [("ricer", True)]
    assert found(terms, "planez", "en") == []


def test_documents_are_read_as_they_stand(terms: TermBase) -> None:
    assert terms.find("duriann", "en") == []


def test_the_place_of_a_mistyped_word_is_told(terms: TermBase) -> None:
    assert terms.find("a duriann", "en", forgiving=True) == [Hit("durian", 2, 9, False)]


def test_new_terms_are_forgiven_too(terms: TermBase) -> None:
    found(terms, "x")
    terms.extend([Concept("rambutan", labels={"en": ("rambutan",)})])
    assert found(terms, "rambutann", "en") == [("rambutan", False)]


def test_edits_count_letters_put_dropped_changed_and_swapped() -> None:
    assert [edits("abcdef", other, 2) for other in ("abcdef", "abcde", "abxdef", "abdcef")] == [
        0,
        1,
        1,
        1,
    ]
    assert edits("rice", "mango", 1) == 2
