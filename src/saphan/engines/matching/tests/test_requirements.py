from datetime import date

import pytest

from saphan.engines.matching.documents import Document, Verdict
from saphan.engines.matching.requirements import RequirementReader

NOW = date(2026, 11, 22)
READER = RequirementReader()


def read(text: str, lang: str) -> dict[str, list[str]]:
    wishes: dict[str, list[str]] = {}
    for wish in READER.read(text, lang, NOW):
        wishes.setdefault(wish.name, []).append(",".join(wish.wanted))
    return wishes


# Each asks for a partner's kind, an economy, a ready product, and a language.
NEEDS = {
    "zh-Hans": ("寻找中国大学合作，已上市的产品，支持泰语", "CN", "university", "th"),
    "zh-Hant": ("尋找泰國企業合作，需現成系統，支援緬甸語", "TH", "company", "my"),
    "en": ("Looking for a Chinese company, ready to use, in Vietnamese", "CN", "company", "vi"),
    "th": ("หาบริษัทจีนที่มีระบบพร้อมใช้ รองรับภาษาลาว", "CN", "company", "lo"),
    "vi": ("Tìm trường đại học Thái Lan, sẵn sàng sử dụng, tiếng Khmer", "TH", "university", "km"),
    "lo": ("ຊອກຫາບໍລິສັດຈີນ ທີ່ມີລະບົບພ້ອມໃຊ້ ຮອງຮັບພາສາລາວ", "CN", "company", "lo"),
    "km": ("ស្វែងរកក្រុមហ៊ុនវៀតណាម ប្រព័ន្ធត្រៀមប្រើ ជាភាសាខ្មែរ", "VN", "company", "km"),
    "my": ("တရုတ်ကုမ္ပဏီ ရှာနေသည်၊ အသင့်သုံး၊ မြန်မာဘာသာ", "CN", "company", "my"),
    "id": ("Mencari perusahaan Malaysia, siap pakai, bahasa Indonesia", "MY", "company", "id"),
    "ms": ("Mencari universiti Thailand, sedia digunakan, bahasa Melayu", "TH", "university", "ms"),
    "fil": ("Naghahanap ng unibersidad sa Singapore, handa nang gamitin, sa wikang Filipino",
            "SG", "university", "fil"),
    "pt": ("Procuramos uma empresa chinesa, produto pronto a usar, em português",
           "CN", "company", "pt"),
    "ta": ("சீன நிறுவனம் தேவை, பயன்படுத்தத் தயாராக, தமிழில்", "CN", "company", "ta"),
    "tet": ("Ami buka universidade husi Xina, prontu atu uza, lian tetun",
            "CN", "university", "tet"),
}  # fmt: skip


@pytest.mark.parametrize("lang", NEEDS)
def test_economy_partner_stage_and_language_are_read_in_every_language(lang: str) -> None:
    text, economy, partner, language = NEEDS[lang]
    assert read(text, lang) == {
        "economy": [economy],
        "partner_type": [partner],
        "stage": ["on_the_market"],
        "language": [language],
    }


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("We are a Thai company and grow durian", "en"),
        ("Our university in Laos teaches farmers", "en"),
        ("我们是老挝的公司", "zh-Hans"),
        ("เราเป็นบริษัทไทย", "th"),
        ("Chúng tôi là công ty Thái Lan", "vi"),
        ("Somos uma empresa timorense", "pt"),
    ],
)
def test_what_the_asker_is_itself_is_not_taken_for_a_wish(text: str, lang: str) -> None:
    assert "partner_type" not in read(text, lang)


def test_the_askers_own_place_is_left_aside_where_a_partners_is_named() -> None:
    wishes = read("We are a factory in Laos looking for a partner from Viet Nam", "en")
    assert wishes["economy"] in (["VN"], ["LA,VN"])
    assert read("我们是老挝工厂，寻找越南企业", "zh-Hans")["economy"] == ["VN"]


def test_a_language_is_not_taken_for_its_economy() -> None:
    assert "economy" not in read("speech recognition in Thai language", "en")
    assert "economy" not in read("ระบบรู้จำภาษาจีน", "th")
    assert "economy" not in read("支持越南语", "zh-Hans")
    assert "language" not in read("farmers in Laos", "en")


def test_each_language_asked_for_is_a_wish_of_its_own() -> None:
    assert read("支持泰语和越南语", "zh-Hans")["language"] == ["th", "vi"]


def test_the_house_may_bring_names_of_its_own() -> None:
    reader = RequirementReader({"JP": ["日本", "Nippon"]})
    (wish,) = reader.read("需要日本的设备", "zh-Hans", NOW)
    assert wish.wanted == ("JP",)


@pytest.mark.parametrize(
    ("text", "lang", "day"),
    [
        ("within 3 months", "en", "2027-02-22"),
        ("needed by 31 December 2026", "en", "2026-12-31"),
        ("by 2027-03-01 please", "en", "2027-03-01"),
        ("ภายใน 31/12/2570", "th", "2027-12-31"),
        ("ภายใน 3 เดือน", "th", "2027-02-22"),
        ("ก่อนวันที่ ๑ มกราคม ๒๕๗๐", "th", "2027-01-01"),
        ("3个月内", "zh-Hans", "2027-02-22"),
        ("2027年3月底前", "zh-Hans", "2027-03-31"),
        ("trong vòng 2 tuần", "vi", "2026-12-06"),
        ("trước tháng 6/2027", "vi", "2027-05-31"),
        ("ພາຍໃນ 3 ເດືອນ", "lo", "2027-02-22"),
        ("ក្នុងរយៈពេល ៣ ខែ", "km", "2027-02-22"),
        ("၃ လအတွင်း", "my", "2027-02-22"),
        ("dalam 1 tahun", "id", "2027-11-22"),
        ("dalam tempoh 2 bulan", "ms", "2027-01-22"),
        ("sa loob ng 3 buwan", "fil", "2027-02-22"),
        ("no prazo de 10 dias", "pt", "2026-12-02"),
        ("até 15 de março de 2027", "pt", "2027-03-15"),
        ("3 மாதங்களுக்குள்", "ta", "2027-02-22"),
    ],
)
def test_a_deadline_is_read_as_a_day(text: str, lang: str, day: str) -> None:
    assert read(text, lang)["deadline"] == [day]


@pytest.mark.parametrize(
    ("text", "lang"),
    [("founded on 1 May 2019", "en"), ("30/2/2027", "en"), ("in 2570 villages", "en")],
)
def test_past_and_impossible_days_are_no_deadline(text: str, lang: str) -> None:
    assert "deadline" not in read(text, lang)


@pytest.mark.parametrize(
    ("text", "lang", "quantity"),
    [
        ("5 tonnes per hour", "en", "5 t/h"),
        ("预算50万元", "zh-Hans", "<=500000 CNY"),
        ("งบ ๒ ล้านบาท", "th", "<=2000000 THB"),
        ("2,5 triệu đồng", "vi", "2500000 VND"),
        ("Rp 1.500.000", "id", "1500000 IDR"),
        ("RM 20,000", "ms", "20000 MYR"),
        ("1,5 hectares", "pt", "1.5 ha"),
        ("至少５０％", "zh-Hans", ">=50 %"),
    ],
)
def test_a_number_is_read_with_its_scale_and_unit(text: str, lang: str, quantity: str) -> None:
    assert read(text, lang)["number"] == [quantity]


OFFER = Document(
    "o", "zh-Hans", "泰语语音识别", "每小时处理5吨", economy="CN", target_economies=("TH", "LA"),
    stage="demonstration", organisation_kind="company", valid_until=date(2027, 1, 15),
)  # fmt: skip


def verdicts(text: str, document: Document, lang: str = "en") -> dict[str, Verdict]:
    checked = READER.check(READER.read(text, lang, NOW), document)
    return {requirement.name: requirement.verdict for requirement in checked}


def test_each_wish_is_checked_against_what_the_document_says() -> None:
    assert verdicts("for use in Thailand", OFFER) == {"economy": Verdict.MET}
    assert verdicts("for use in Malaysia", OFFER) == {"economy": Verdict.NOT_MET}
    assert verdicts("must be on the market", OFFER) == {"stage": Verdict.NOT_MET}
    assert verdicts("a prototype is enough", OFFER) == {"stage": Verdict.MET}
    assert verdicts("looking for a company", OFFER) == {"partner_type": Verdict.MET}
    assert verdicts("looking for a university", OFFER) == {"partner_type": Verdict.NOT_MET}
    assert verdicts("must understand Thai speech", OFFER) == {"language": Verdict.MET}
    assert verdicts("within 1 month", OFFER) == {"deadline": Verdict.UNKNOWN}
    assert verdicts("within 6 months", OFFER) == {"deadline": Verdict.NOT_MET}
    assert verdicts("at least 4 tonnes an hour", OFFER) == {"number": Verdict.MET}
    assert verdicts("at least 6 tonnes an hour", OFFER) == {"number": Verdict.NOT_MET}
    assert verdicts("5 tonnes", OFFER) == {"number": Verdict.UNKNOWN}


def test_what_the_document_does_not_say_is_unknown_never_refused() -> None:
    silent = Document("s", "en", "A thing")
    asked = "Looking for a university in Laos, on the market, in Khmer, within 3 months, 5 tonnes"
    assert set(verdicts(asked, silent).values()) == {Verdict.UNKNOWN}
    assert len(verdicts(asked, silent)) == 6


def test_an_offer_for_anywhere_neither_meets_nor_fails_an_economy() -> None:
    anywhere = Document("a", "en", "A thing", economy="SG")
    assert verdicts("for use in Laos", anywhere) == {"economy": Verdict.UNKNOWN}


def test_a_declared_list_of_languages_is_final() -> None:
    declared = Document("d", "en", "Works with Khmer", languages=("th",))
    assert verdicts("in Khmer", declared) == {"language": Verdict.NOT_MET}


def test_a_text_without_wishes_gives_none() -> None:
    assert READER.read("sorting durians by ripeness", "en", NOW) == ()
    assert READER.read("", "und", NOW) == ()
