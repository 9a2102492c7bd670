from pathlib import Path

import pytest

from saphan.engines.language.codes import CODES
from saphan.engines.language.terms import Concept, TermBase, TermFileError, read_terms

FILE = """\
# fruit
durian
  sector: agriculture
  broader: fruit
  en: durian | durians
  th: ทุเรียน
  zh-Hans: 榴莲
  my: ဒူးရင်းသီး ?

fruit
  en: fruit
  th: ผลไม้

durian_grading
  broader: durian
  en: durian grading
  id: pemilahan durian

artificial_intelligence
  en: artificial intelligence | AI
  vi: trí tuệ nhân tạo
  km: បញ្ញាសិប្បនិម្មិត
  my: ဉာဏ်ရည် တု

pomegranate
  en: pomegranate
  pt: romã

sugar
  pt: ai
"""


@pytest.fixture
def terms() -> TermBase:
    return TermBase(read_terms(FILE.splitlines()))


def found(terms: TermBase, text: str, lang: str | None = None, nested: bool = False) -> list[str]:
    return [hit.concept for hit in terms.find(text, lang, nested=nested)]


def test_the_same_concept_is_met_in_every_language(terms: TermBase) -> None:
    for text in ("We grow durians.", "เครื่องคัดทุเรียน", "榴莲分级", "榴蓮分級"):
        assert "durian" in found(terms, text)


def test_a_hit_says_where_it_stands_in_the_text_as_given(terms: TermBase) -> None:
    text = "Ｗe sell ทุเรียน here"
    (hit,) = terms.find(text)
    assert text[hit.start : hit.end] == "ทุเรียน"


def test_places_stay_true_when_folding_changes_the_length(terms: TermBase) -> None:
    text = "tri\u0301 tue\u0323\u0302 nha\u0302n ta\u0323o cho nông dân"
    (hit,) = terms.find(text, "vi")
    assert text[hit.start : hit.end] == "tri\u0301 tue\u0323\u0302 nha\u0302n ta\u0323o"


def test_the_longest_name_wins_and_the_shorter_can_be_asked_for(terms: TermBase) -> None:
    assert found(terms, "durian grading") == ["durian_grading"]
    assert sorted(found(terms, "durian grading", nested=True)) == ["durian", "durian_grading"]


def test_a_name_inside_another_word_is_not_met(terms: TermBase) -> None:
    assert found(terms, "email and maintain") == []
    assert found(terms, "AI") == ["artificial_intelligence", "sugar"]


def test_a_tamil_name_is_met_at_the_start_of_a_word_only() -> None:
    terms = TermBase(read_terms(["wound", "  ta: காயம்"]))
    assert found(terms, "காயம்", "ta") == ["wound"]
    assert found(terms, "சின்ன வெங்காயம்", "ta") == []


@pytest.mark.parametrize(
    ("label", "lang", "inside", "beside"),
    [
        ("葡萄", "zh-Hans", "葡萄牙的港口", "种葡萄的人"),
        ("法规", "zh-Hans", "无法规范化", "查询法规条文"),
        ("กุ้ง", "th", "ย่างกุ้ง", "เลี้ยงกุ้ง"),
        ("รถติด", "th", "สามารถติดต่อ", "แก้ปัญหารถติด"),
        ("ម្រេច", "km", "បានសម្រេច", "ដាំម្រេច"),
        ("បង្គា", "km", "បង្គាប់", "ចិញ្ចឹមបង្គា"),
        ("ນາເຂົ້າ", "lo", "ກະລຸນາເຂົ້າສູ່ລະບົບ", "ທົ່ງນາເຂົ້າ"),
    ],
)
def test_a_name_in_an_unspaced_script_is_met_as_a_word_only(
    label: str, lang: str, inside: str, beside: str
) -> None:
    terms = TermBase([Concept("thing", labels={lang: (label,)})])
    assert found(terms, inside, lang) == []
    assert found(terms, beside, lang) == ["thing"]


def test_an_abbreviation_is_met_in_capitals_or_where_nobody_writes_any(terms: TermBase) -> None:
    terms.extend([Concept("interface", labels={"en": ("API",)})])
    terms.extend([Concept("device", labels={"en": ("IoT", "IOT")})])
    assert found(terms, "API cho nông dân", "vi") == ["interface"]
    assert found(terms, "Kebakaran: api di kilang", "ms") == []
    assert found(terms, "iot sensors for farms", "en") == ["device"]
    assert found(terms, "Ai có thể giúp tôi?", "vi") == []
    assert found(terms, "ai có thể giúp tôi?", "vi") == []


def test_a_name_spelled_like_an_ordinary_word_is_no_concept() -> None:
    labels = {"storm": "typhoon", "works": "factory"}
    terms = TermBase(Concept(name, labels={"en": (label,)}) for name, label in labels.items())
    names = ("Typhoon ASR", "โมเดล Typhoon 2 ภาษาไทย", "Typhoon: speech", "LLaMA-Factory")
    for text in names:
        assert found(terms, text) == [], text
    for text in ("Warn of typhoons", "Typhoon warning for fishers", "Factory AI", "Smart Factory"):
        assert found(terms, text) != [], text


def test_a_name_at_the_end_of_a_text_is_not_longer_than_the_text(terms: TermBase) -> None:
    terms.extend([Concept("short", labels={"zh-Hans": ("茶",)})])
    (hit,) = [one for one in terms.find("榴莲茶", "zh-Hans") if one.concept == "short"]
    assert (hit.start, hit.end) == (2, 3)


def test_a_plural_is_met(terms: TermBase) -> None:
    assert found(terms, "pomegranates") == ["pomegranate"]


def test_names_of_other_languages_are_left_aside_when_the_language_is_known(
    terms: TermBase,
) -> None:
    assert found(terms, "AI", "th") == ["artificial_intelligence"]


def test_an_accent_typed_for_a_word_is_not_ignored(terms: TermBase) -> None:
    assert found(terms, "roma", "pt") == []
    assert found(terms, "romã", "pt") == ["pomegranate"]


def test_spaces_that_people_set_freely_in_burmese_and_khmer_do_not_hide_a_name(
    terms: TermBase,
) -> None:
    assert found(terms, "ဉာဏ်ရည်တု") == ["artificial_intelligence"]
    assert found(terms, "ဉာဏ် ရည် တု") == ["artificial_intelligence"]
    assert found(terms, "បញ្ញា\u200bសិប្បនិម្មិត") == ["artificial_intelligence"]


@pytest.mark.parametrize(
    ("label", "text"),
    [
        ("th: งาดำ", "เงาดำบนภาพ"),
        ("my: သစ်တော", "လင့်ခ်အသစ် တောင်းပါ"),
        ("km: ដើមតែ", "ចាប់ផ្ដើមតែមួយ"),
        ("km: បង្គា", "សេចក្ដីបង្គាប់"),
        ("th: อาจาร", "อาจารย์"),
    ],
)
def test_a_name_that_begins_or_ends_inside_a_syllable_is_not_met(label: str, text: str) -> None:
    terms = TermBase(read_terms(["plant", f"  {label}"]))
    assert found(terms, text) == []
    assert found(terms, label[4:]) == ["plant"]


def test_a_line_break_or_hyphen_inside_a_name_does_not_hide_it(terms: TermBase) -> None:
    assert found(terms, "artificial\nintelligence") == ["artificial_intelligence"]


def test_readers_see_the_first_label_and_english_where_theirs_is_missing(terms: TermBase) -> None:
    assert terms.label("durian", "th") == "ทุเรียน"
    assert terms.label("durian", "lo") == "durian"
    assert terms.label("durian", "zh-Hant") == "榴莲"
    with pytest.raises(KeyError):
        terms.label("no_such_concept", "en")


def test_what_a_concept_is_a_kind_of_is_given_from_near_to_far(terms: TermBase) -> None:
    assert terms.ancestors("durian_grading") == ("durian", "fruit")
    assert terms.ancestors("fruit") == ()


def test_labels_that_wait_for_a_native_speaker_are_marked(terms: TermBase) -> None:
    assert terms.concepts["durian"].unsure == {"my"}
    assert terms.concepts["durian"].labels["my"] == ("ဒူးရင်းသီး",)


def test_a_correction_counts_at_once(terms: TermBase) -> None:
    assert found(terms, "raja buah", "ms") == []
    terms.extend(read_terms(["durian", "  ms: raja buah"]))
    assert found(terms, "raja buah", "ms") == ["durian"]
    assert terms.label("durian", "th") == "ทุเรียน"


def test_a_change_replaces_the_labels_of_the_languages_it_names(terms: TermBase) -> None:
    change = Concept("durian", "agriculture", ("fruit",), {"th": ("ราชาผลไม้",), "my": ()})
    changed = terms.with_changes([change])
    assert found(changed, "ราชาผลไม้", "th") == ["durian"]
    assert found(changed, "ทุเรียน", "th") == []
    assert found(changed, "榴莲", "zh-Hans") == ["durian"]
    assert "my" not in changed.concepts["durian"].labels
    assert changed.concepts["durian"].unsure == frozenset()
    assert found(terms, "ทุเรียน", "th") == ["durian"]


def test_a_change_can_bring_a_new_concept_and_take_one_out(terms: TermBase) -> None:
    new = Concept("rambutan", "agriculture", ("fruit",), {"en": ("rambutan",)})
    changed = terms.with_changes([new], removed=["durian_grading", "never_there"])
    assert found(changed, "rambutan", "en") == ["rambutan"]
    assert found(changed, "durian grading", "en") == ["durian"]
    assert changed.ancestors("rambutan") == ("fruit",)


def test_a_concept_without_any_label_left_is_dropped(terms: TermBase) -> None:
    assert "sugar" not in terms.with_changes([Concept("sugar", labels={"pt": ()})]).concepts


def test_labels_can_be_added_beside_those_there(terms: TermBase) -> None:
    more = terms.with_changes([Concept("sugar", labels={"en": ("sugar",)})], replace=False)
    assert more.concepts["sugar"].labels == {"pt": ("ai",), "en": ("sugar",)}


def test_a_circle_of_broader_concepts_does_no_harm() -> None:
    circle = TermBase(read_terms(["a", "  broader: b", "  en: a", "b", "  broader: a", "  en: b"]))
    assert circle.ancestors("a") == ("b",)


def test_an_empty_term_base_finds_nothing() -> None:
    assert TermBase().find("durian") == []


@pytest.mark.parametrize(
    ("lines", "place"),
    [
        (["durian", "  xx: word"], "t.txt:2"),
        (["durian", "  no colon here"], "t.txt:2"),
        (["  en: label before any concept"], "t.txt:1"),
        (["Not An Identifier", "  en: x"], "t.txt:1"),
        (["empty", "  sector: ai"], "t.txt:1"),
    ],
)
def test_a_broken_line_is_named_by_file_and_number(lines: list[str], place: str) -> None:
    with pytest.raises(TermFileError, match=place):
        list(read_terms(lines, "t.txt"))


def test_the_term_base_of_the_house_can_be_read_and_its_own_labels_are_found() -> None:
    terms = TermBase.load()
    assert len(terms) > 500
    missed = []
    for concept in terms.concepts.values():
        for lang, labels in concept.labels.items():
            hits = {hit.concept for hit in terms.find(labels[0], lang, nested=True)}
            if concept.id not in hits:
                missed.append((concept.id, lang, labels[0]))
    assert missed == []
    assert {lang for concept in terms.concepts.values() for lang in concept.labels} <= set(CODES)


def test_broader_concepts_of_the_house_exist() -> None:
    terms = TermBase.load()
    unknown = {
        (concept.id, name)
        for concept in terms.concepts.values()
        for name in concept.broader
        if name not in terms.concepts
    }
    assert unknown == set()


def test_a_folder_and_a_file_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text("a_thing\n  en: thing one\n", encoding="utf-8")
    (tmp_path / "two.txt").write_text("b_thing\n  en: thing two\n", encoding="utf-8")
    assert set(TermBase.load(tmp_path).concepts) == {"a_thing", "b_thing"}
    assert set(TermBase.load(tmp_path / "two.txt").concepts) == {"b_thing"}


def test_the_folded_labels_are_kept_beside_the_models_and_taken_from_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAPHAN_MODELS", str(tmp_path))
    first = TermBase.load()
    (kept,) = tmp_path.glob("labels-*.txt")
    again = TermBase.load()
    text = "ระบบคัดแยกทุเรียน 榴蓮分級 durian"
    assert again.find(text) == first.find(text) != []
    kept.write_text("broken", encoding="utf-8")
    assert TermBase.load().find(text) == first.find(text)


def test_labels_are_found_where_nothing_can_be_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("SAPHAN_MODELS", str(tmp_path / "file"))
    assert found(TermBase.load(), "durian", "en") == ["durian"]
