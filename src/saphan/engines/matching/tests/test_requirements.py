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


# -- what is not wanted -------------------------------------------------------------------------

NOT_FROM_CHINA = {
    "zh-Hans": "除中国以外的烘干机",
    "zh-Hant": "非中國製的烘乾機",
    "en": "A dryer, but not from China",
    "th": "เครื่องอบ ไม่เอาของจีน",
    "vi": "Máy sấy, không phải của Trung Quốc",
    "lo": "ເຄື່ອງອົບ ບໍ່ເອົາຂອງຈີນ",
    "km": "ម៉ាស៊ីនសម្ងួត មិនមែនមកពីចិនទេ",
    "my": "အခြောက်ခံစက်၊ တရုတ်နိုင်ငံက မဟုတ်ရ",
    "id": "Mesin pengering, bukan dari Cina",
    "ms": "Mesin pengering, bukan dari China",
    "fil": "Pantuyo, huwag mula sa China",
    "pt": "Um secador que não seja da China",
    "ta": "உலர்த்தி வேண்டும், சீனாவிலிருந்து வேண்டாம்",
}


@pytest.mark.parametrize("lang", NOT_FROM_CHINA)
def test_a_place_that_is_shut_out_is_no_wish_but_a_refusal(lang: str) -> None:
    wishes = read(NOT_FROM_CHINA[lang], lang)
    assert wishes["not_economy"] == ["CN"]
    assert "economy" not in wishes


NO_CAMERA = {
    "zh-Hans": "跌倒报警，不要装摄像头",
    "en": "Fall alarm without any camera",
    "th": "เครื่องเตือนล้มแบบไม่ใช้กล้อง",
    "vi": "Báo té ngã mà không dùng camera",
    "lo": "ເຄື່ອງເຕືອນລົ້ມ ບໍ່ໃຊ້ກ້ອງ",
    "km": "ឧបករណ៍រោទ៍ដួល ដោយមិនប្រើកាមេរ៉ា",
    "my": "လဲကျရင် ကင်မရာမပါဘဲ အသိပေးတဲ့ကိရိယာ",
    "id": "Alarm jatuh tanpa kamera",
    "ms": "Penggera jatuh tanpa kamera",
    "fil": "Alarma sa pagkadapa, walang kamera",
    "pt": "Alarme de quedas sem câmara",
    "ta": "கேமரா இல்லாமல் விழுந்தால் தெரிவிக்கும் கருவி",
}


@pytest.mark.parametrize("lang", NO_CAMERA)
def test_a_thing_that_must_not_be_there_is_read_and_is_no_concept_of_the_question(
    lang: str,
) -> None:
    assert read(NO_CAMERA[lang], lang)["without"] == ["camera"]
    assert READER.excluded(NO_CAMERA[lang], lang) == ("camera",)


def test_only_the_thing_right_after_without_is_shut_out() -> None:
    assert READER.excluded("sweetness meter without cutting the mango", "en") == ()
    assert READER.excluded("we do not know which camera to buy", "en") == ()
    assert READER.excluded("not only a camera", "en") == ()
    assert READER.excluded("without camera or drone", "en") == ("camera", "drone")


def test_a_document_that_has_what_is_shut_out_is_not_met() -> None:
    wanted = "fall alarm without a camera"
    with_one = Document("c", "zh-Hant", "跌倒偵測攝影機", "以鏡頭偵測長者跌倒")
    without = Document("r", "vi", "Radar phát hiện té ngã", "không dùng camera")
    silent = Document("s", "en", "Fall alarm")
    assert verdicts(wanted, with_one) == {"without": Verdict.NOT_MET}
    assert verdicts(wanted, without) == {"without": Verdict.MET}
    assert verdicts(wanted, silent) == {"without": Verdict.UNKNOWN}


def test_a_refused_home_is_judged_by_the_makers_home_alone() -> None:
    sold_there = Document("o", "en", "A thing", economy="SG", target_economies=("CN",))
    assert verdicts("not from China", sold_there) == {"not_economy": Verdict.MET}
    assert verdicts("not from China", OFFER) == {"not_economy": Verdict.NOT_MET}


# -- places -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Chinese tourists break our gates", "en"),
        ("泰国榴莲怎么分级", "zh-Hans"),
        ("We export mangoes to China", "en"),
        ("Nông dân Việt Nam cần máy sấy", "vi"),
        ("ကသြလာခန်းအတွက် မြေစိုထိုင်းဆ တိုင်းကိရိယာ", "my"),
        ("Xe chạy Hà Nội - Bằng Tường", "vi"),
        ("ขนส่งสมุนไพรไทย", "th"),
    ],
)
def test_goods_people_ways_and_markets_are_no_wish_for_a_place(text: str, lang: str) -> None:
    assert "economy" not in read(text, lang)


def test_cities_and_regions_stand_for_their_economies() -> None:
    assert read("寻找南宁的企业", "zh-Hans")["economy"] == ["CN"]
    assert read("a partner in Penang", "en")["economy"] == ["MY"]
    assert read("a firm from the Greater Bay Area", "en")["economy"] == ["CN,HK,MO"]
    (asean,) = read("หาบริษัทในอาเซียน", "th")["economy"]
    assert {"TH", "VN", "LA", "TL"} <= set(asean.split(","))


def test_where_the_makers_home_is_wanted_another_home_is_not_met() -> None:
    anywhere = Document("a", "en", "A thing", economy="SG")
    assert verdicts("Looking for a Thai company", anywhere)["economy"] == Verdict.NOT_MET
    assert verdicts("Looking for a Singaporean company", anywhere)["economy"] == Verdict.MET
    sold = Document("b", "en", "A thing", economy="SG", target_economies=("TH",))
    assert verdicts("Looking for a Thai company", sold)["economy"] == Verdict.UNKNOWN


# -- stages -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "lang", "allowed"),
    [
        ("no prototypes please", "en", "demonstration,on_the_market"),
        ("a pilot is fine", "en", "demonstration,on_the_market"),
        ("已上市，不要样机", "zh-Hans", "on_the_market"),
        ("TRL 7 or more", "en", "demonstration,on_the_market"),
        ("masih tahap uji coba", "id", "concept,under_development,lab_tested,demonstration"),
        ("bukan prototaip atau percubaan", "ms", "on_the_market"),
    ],
)
def test_a_stage_is_read_as_those_that_would_do(text: str, lang: str, allowed: str) -> None:
    assert read(text, lang)["stage"] == [allowed]


def test_a_pilot_site_is_no_stage() -> None:
    assert "stage" not in read("Our university looks for a pilot site", "en")


@pytest.mark.parametrize(
    ("stage", "met"),
    [("market", Verdict.MET), ("Pilot", Verdict.NOT_MET), ("TRL 9", Verdict.MET),
     ("trl 6-7", Verdict.NOT_MET), ("ON_THE_MARKET", Verdict.MET), ("odd", Verdict.UNKNOWN)],
)  # fmt: skip
def test_a_documents_stage_is_understood_in_other_words(stage: str, met: Verdict) -> None:
    document = Document("s", "en", "A thing", stage=stage)
    assert verdicts("must be on the market", document) == {"stage": met}


# -- languages ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "lang", "wanted"),
    [
        ("Lao OCR", "en", ["lo"]),
        ("speaks Khmer and Thai", "en", ["km", "th"]),
        ("Thai, Lao and Khmer speech", "en", ["th", "lo", "km"]),
        ("translate from Chinese to Lao", "en", ["zh", "lo"]),
        ("支持中英双语", "zh-Hans", ["zh", "en"]),
        ("phiên dịch tiếng Trung, Anh và Thái", "vi", ["zh", "en", "th"]),
        ("ล่ามภาษาจีนและพม่า", "th", ["zh", "my"]),
        ("bahasa Khmer dan Thai", "id", ["km", "th"]),
    ],
)
def test_languages_are_read_from_adjectives_and_lists(
    text: str, lang: str, wanted: list[str]
) -> None:
    assert read(text, lang)["language"] == wanted


def test_a_tool_for_another_language_is_not_met_where_the_tool_works_on_language() -> None:
    khmer = Document("k", "en", "Khmer OCR", "Recognises Khmer text")
    market = Document("m", "en", "Market stall app", "Used by Khmer sellers")
    assert verdicts("Lao OCR", khmer) == {"language": Verdict.NOT_MET}
    assert verdicts("Lao OCR", market) == {"language": Verdict.UNKNOWN}
    assert verdicts("screens in Lao language", khmer) == {"language": Verdict.UNKNOWN}


# -- numbers ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "lang", "wanted"),
    [
        ("at least 500 kg an hour", "en", ">=500 kg/h"),
        ("under 50,000 baht", "en", "<50000 THB"),
        ("no more than USD 8,000", "en", "<=8000 USD"),
        ("ความแม่นยำ 95 % ขึ้นไป", "th", ">=95 %"),
        ("预算不超过3万元", "zh-Hans", "<=30000 CNY"),
        ("准确率九成以上", "zh-Hans", ">=90 %"),
        ("ít nhất 2 tấn", "vi", ">=2 t"),
        ("ເດືອນລະບໍ່ເກີນ 2 ລ້ານກີບ", "lo", "<=2000000 LAK/month"),
        ("យ៉ាងតិច ៥០០ គីឡូក្រាមក្នុងមួយម៉ោង", "km", ">=500 kg/h"),
        ("ကျပ် သိန်း ၅၀ ထက်မပိုရ", "my", "<=5000000 MMK"),
        ("2 sampai 4 ton per hari", "id", "2-4 t/day"),
        ("tidak melebihi RM 500 sebulan", "ms", "<=500 MYR/month"),
        ("mga 30 ektarya", "fil", "~30 ha"),
        ("abaixo de 5 mil dólares", "pt", "<5000 USD"),
        ("மணிக்கு குறைந்தது 500 கிலோ", "ta", ">=500 kg/h"),
    ],
)
def test_a_number_is_read_with_its_relation_and_rate(text: str, lang: str, wanted: str) -> None:
    assert read(text, lang)["number"] == [wanted]


def stating(text: str) -> Document:
    return Document("n", "en", "A thing", text)


@pytest.mark.parametrize(
    ("wanted", "said", "verdict"),
    [
        ("at least 500 kg an hour", "0.8 tonnes per hour", Verdict.MET),
        ("at least 500 kg an hour", "300 kg per hour", Verdict.NOT_MET),
        ("at least 500 kg an hour", "up to 600 kg per hour", Verdict.MET),
        ("at least 500 kg an hour", "4 tonnes per day", Verdict.UNKNOWN),
        ("at least 500 kg an hour", "weighs 800 kg", Verdict.UNKNOWN),
        ("accuracy at least 95 %", "accuracy of 97 %", Verdict.MET),
        ("accuracy at least 95 %", "accuracy of 92 %", Verdict.NOT_MET),
        ("accuracy at least 95 %", "saves 97 % of the water", Verdict.UNKNOWN),
        ("accuracy at least 95 %", "accuracy over 90 %", Verdict.UNKNOWN),
        ("under 50,000 baht", "45,000 baht", Verdict.MET),
        ("under 50,000 baht", "50,000 baht", Verdict.NOT_MET),
        ("under 50,000 baht", "USD 900", Verdict.UNKNOWN),
        ("under 50,000 baht", "900 baht a month", Verdict.UNKNOWN),
        ("about 20 hectares", "made for 300 mu", Verdict.MET),
        ("between 2 and 4 tonnes a day", "5 tonnes a day", Verdict.NOT_MET),
        ("between 2 and 4 tonnes a day", "3 tonnes a day", Verdict.MET),
    ],
)
def test_a_number_is_judged_only_against_one_of_the_same_kind(
    wanted: str, said: str, verdict: Verdict
) -> None:
    assert verdicts(wanted, stating(said)) == {"number": verdict}


def test_a_number_that_cannot_be_judged_is_shown_beside_the_wanted_one() -> None:
    wishes = READER.read("under 50,000 baht", "en", NOW)
    (checked,) = READER.check(wishes, stating("costs USD 900"))
    assert (checked.wanted, checked.found) == ("<50000 THB", "900 USD")


def test_numbers_of_what_the_asker_has_are_no_wish() -> None:
    assert "number" not in read("The 80 kW on our school roof yields less every year", "en")
    assert "number" not in read("Kami sudah punya bak 5 ton. Cari alat pengukur", "id")
    assert "number" not in read("a piece of glass in a closed bag of dried fruit", "en")


# -- dates, partners, features ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "lang", "day"),
    [
        ("before Songkran", "en", "2027-04-13"),
        ("by March", "en", "2027-03-31"),
        ("年底前到货", "zh-Hans", "2026-12-31"),
        ("春节前交货", "zh-Hans", "2027-02-06"),
        ("明年3月前", "zh-Hans", "2027-02-28"),
        ("ภายในสิ้นปี 2569", "th", "2026-12-31"),
        ("quý 1 năm 2027", "vi", "2027-03-31"),
        ("trước Tết", "vi", "2027-02-06"),
        ("ກ່ອນປີໃໝ່ລາວ", "lo", "2027-04-14"),
        ("sebelum Lebaran", "id", "2027-03-10"),
        ("bago mag-Pasko", "fil", "2026-12-25"),
        ("தீபாவளிக்கு முன்", "ta", "2027-10-29"),
    ],
)
def test_feasts_quarters_and_months_are_deadlines(text: str, lang: str, day: str) -> None:
    assert read(text, lang)["deadline"] == [day]


def test_a_beginning_asks_for_an_offer_that_still_stands_then() -> None:
    text = "The project starts in July 2027"
    assert read(text, "en") == {"open_on": ["2027-07-31"]}
    lasting = Document("l", "en", "A thing", valid_until=date(2027, 12, 31))
    over = Document("o", "en", "A thing", valid_until=date(2027, 2, 28))
    assert verdicts(text, lasting) == {"open_on": Verdict.MET}
    assert verdicts(text, over) == {"open_on": Verdict.NOT_MET}
    assert verdicts(text, Document("s", "en", "A thing")) == {"open_on": Verdict.UNKNOWN}


def test_partners_may_be_refused_or_asked_to_be_open_to_somebody() -> None:
    assert read("no universities please", "en") == {"not_partner_type": ["university"]}
    wishes = read("Procuramos um fabricante que aceite trabalhar com investidores", "pt")
    assert wishes == {"partner_type": ["company"], "open_to": ["investor"]}
    open_one = Document("o", "en", "A thing", partner_types=("public_body", "investor"))
    assert verdicts("open to investors", open_one) == {"open_to": Verdict.MET}


@pytest.mark.parametrize(
    ("kind", "verdict"),
    [("Start-up", Verdict.MET), ("SME", Verdict.MET), ("research", Verdict.NOT_MET),
     ("guild", Verdict.UNKNOWN), ("", Verdict.UNKNOWN)],
)  # fmt: skip
def test_kinds_of_organisations_are_understood_in_other_words(kind: str, verdict: Verdict) -> None:
    document = Document("k", "en", "A thing", organisation_kind=kind)
    assert verdicts("looking for a company", document) == {"partner_type": verdict}


def test_ways_of_working_are_met_or_unknown() -> None:
    wanted = "开源，离线也能用，在手机上运行"
    document = Document("o", "en", "A tool", "Open-source; runs offline on a phone")
    checked = READER.check(READER.read(wanted, "zh-Hans", NOW), document)
    assert [(r.wanted, r.verdict) for r in checked] == [
        ("open_source", Verdict.MET), ("offline_operation", Verdict.MET), ("phone", Verdict.MET),
    ]  # fmt: skip
    silent = Document("s", "en", "A tool")
    assert {r.verdict for r in READER.check(READER.read(wanted, "zh-Hans", NOW), silent)} == {
        Verdict.UNKNOWN
    }


@pytest.mark.parametrize(
    ("text", "lang"),
    [("กล้องตรวจกุ้ง ไม่เอาโดรน", "th"), ("摄像头不要无人机", "zh-Hans"), ("โดรนไม่เอา", "th")],
)
def test_a_refusal_is_of_what_follows_it_or_else_of_what_it_follows(text: str, lang: str) -> None:
    assert RequirementReader().excluded(text, lang) == ("drone",)
