import pytest

from saphan.engines.language.identify import identify
from saphan.engines.matching.prepare import fit_texts


@pytest.mark.parametrize(
    ("text", "lang", "script"),
    [
        ("需要分拣榴莲的机器", "zh-Hans", "Hans"),
        ("需要分揀榴槤的機器", "zh-Hant", "Hant"),
        ("ต้องการเครื่องคัดทุเรียน", "th", "Thai"),
        ("ຕ້ອງການເຄື່ອງຄັດທຸລຽນ", "lo", "Laoo"),
        ("ត្រូវការម៉ាស៊ីនតម្រៀបធុរេន", "km", "Khmr"),
        ("ဒူးရင်းသီး ခွဲခြားစက် လိုအပ်သည်", "my", "Mymr"),
        ("டுரியன் தரம் பிரிக்கும் இயந்திரம்", "ta", "Taml"),
        ("Cần máy phân loại sầu riêng", "vi", "Latn"),
        ("Precisamos de uma máquina para separar fruta", "pt", "Latn"),
        ("We need a machine that sorts fruit", "en", "Latn"),
        ("Kailangan namin ng makinang nag-uuri ng prutas", "fil", "Latn"),
        ("Kami perlukan perisian untuk kilang kami", "ms", "Latn"),
        ("Kami membutuhkan perangkat lunak untuk pabrik", "id", "Latn"),
        ("Ami presiza mákina ida ne'ebé bele hili ai-fuan", "tet", "Latn"),
    ],
)
def test_a_short_need_is_known_by_its_language_and_script(
    text: str, lang: str, script: str
) -> None:
    found = identify(text)
    assert (found.lang, found.script) == (lang, script)
    assert 0 < found.confidence <= 1


@pytest.mark.parametrize("text", ["", "   ", "12345 -- !!", "🍌🍌"])
def test_text_without_words_is_undetermined_with_no_confidence(text: str) -> None:
    assert identify(text).lang == "und"
    assert identify(text).confidence == 0


@pytest.mark.parametrize("text", ["これはペンです", "안녕하세요", "Привет, мир"])
def test_a_script_that_is_not_ours_is_undetermined(text: str) -> None:
    assert identify(text).lang == "und"


def test_english_names_inside_thai_or_chinese_do_not_change_the_language() -> None:
    assert identify("ใช้ machine learning กับ IoT ในโรงงาน").lang == "th"
    assert identify("我们用 Kubernetes 部署模型").lang == "zh-Hans"


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("ต้องการ OCR ใบ invoice ภาษาลาว", "th"),
        ("要一个 durian grading 的机器", "zh-Hans"),
        ("Kailangan namin ng machine learning para sa quality inspection ng saging", "fil"),
        ("Kami nak guna machine learning untuk quality inspection di kilang", "ms"),
    ],
)
def test_a_mixed_text_is_in_the_language_of_its_small_words(text: str, lang: str) -> None:
    found = identify(text)
    assert found.lang == lang
    assert dict(found.also)["en"] >= 0.25


def test_written_cantonese_is_chinese_and_named_as_what_it_is() -> None:
    found = identify("我哋想搵個系統睇下啲榴槤熟咗未")
    assert (found.lang, found.variety) == ("zh-Hant", "yue")
    assert identify("我們想找一個系統檢查榴槤成熟度").variety == ""


def test_the_readers_language_decides_where_a_short_text_does_not() -> None:
    assert identify("durian", "ms").lang == "ms"
    assert identify("durian", "id").lang == "id"
    assert identify("gạo", "en").lang == "vi"
    assert identify("We need a machine that sorts fruit", "id").lang == "en"


def test_vietnamese_without_marks_is_vietnamese() -> None:
    assert identify("phan loai sau rieng theo do chin").lang == "vi"


@pytest.mark.parametrize(
    "text",
    [
        "Nous cherchons une machine pour trier les fruits",
        "Necesitamos una máquina para clasificar la fruta",
        "Wir suchen eine Maschine zum Sortieren von Obst",
        "हमें मशीन चाहिए",
        "نريد آلة لفرز الفواكه",
    ],
)
def test_a_language_that_is_none_of_ours_is_undetermined(text: str) -> None:
    assert (identify(text).lang, identify(text).confidence) == ("und", 0)


def test_nearly_all_sentences_of_our_own_are_identified() -> None:
    texts = fit_texts()
    right = {
        lang: sum(identify(line).lang == lang for line in lines) / len(lines)
        for lang, lines in texts.items()
    }
    assert min(right.values()) >= 0.85, right
    assert sum(right.values()) / len(right) >= 0.96
