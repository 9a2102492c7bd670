"""480 texts with personal data in known places, made by a seeded generator.

Sentences were written for the bench; numbers are drawn, with check digits computed here once more
(not by the exhibit's code) and deliberately wrong ones among the numbers that are not private.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

DIGITS = {"th": "๐๑๒๓๔๕๖๗๘๙", "lo": "໐໑໒໓໔໕໖໗໘໙", "km": "០១២៣៤៥៦៧៨៩", "my": "၀၁၂၃၄၅၆၇၈၉"}


@dataclass(frozen=True)
class Made:
    """A text, its language, and (start, end, kind) of the personal data in it."""

    text: str
    lang: str
    spans: tuple[tuple[int, int, str], ...]


def digits(rng: random.Random, count: int) -> str:
    return "".join(rng.choice("0123456789") for _ in range(count))


def day(rng: random.Random) -> tuple[int, int, int]:
    return rng.randint(1950, 2005), rng.randint(1, 12), rng.randint(1, 28)


def cn_id(rng: random.Random) -> str:
    year, month, date = day(rng)
    body = rng.choice(["110105", "450103", "310115", "530102"]) + f"{year}{month:02}{date:02}"
    body += digits(rng, 3)
    total = sum(int(digit) * (2 ** (17 - at) % 11) for at, digit in enumerate(body))
    return body + "0123456789X"[(12 - total) % 11]


def th_id(rng: random.Random) -> str:
    body = rng.choice("12345678") + digits(rng, 11)
    total = sum(int(digit) * (13 - at) for at, digit in enumerate(body))
    body += str((11 - total % 11) % 10)
    if rng.random() < 0.5:
        return f"{body[0]}-{body[1:5]}-{body[5:10]}-{body[10:12]}-{body[12]}"
    return body


def my_id(rng: random.Random) -> str:
    year, month, date = day(rng)
    place = rng.choice(["01", "10", "14", "08"])
    return f"{year % 100:02}{month:02}{date:02}-{place}-{digits(rng, 4)}"


def sg_id(rng: random.Random) -> str:
    first, body = rng.choice("STFG"), digits(rng, 7)
    total = sum(int(a) * b for a, b in zip(body, (2, 7, 6, 5, 4, 3, 2), strict=True))
    total += 4 if first in "TG" else 0
    letters = "ABCDEFGHIZJ" if first in "ST" else "KLMNPQRTUWX"
    return first + body + letters[10 - total % 11]


def hk_id(rng: random.Random) -> str:
    letter, body = rng.choice("ABCDEFGHK"), digits(rng, 6)
    total = 324 + 8 * (ord(letter) - 55) + sum(int(a) * b for a, b in zip(body, range(7, 1, -1),
                                                                          strict=True))
    return f"{letter}{body}({'0123456789A'[-total % 11]})"


def tw_id(rng: random.Random) -> str:
    body = rng.choice("12") + digits(rng, 7)
    total = 1 + sum(int(a) * b for a, b in zip(body, range(8, 0, -1), strict=True))  # A counts 1
    return f"A{body}{-total % 10}"


def id_nik(rng: random.Random) -> str:
    year, month, date = day(rng)
    date += rng.choice((0, 40))
    return f"{rng.choice(['3171', '3273', '5171'])}{rng.randint(1, 20):02}" \
           f"{date:02}{month:02}{year % 100:02}{rng.randint(1, 99):04}"


def vn_id(rng: random.Random) -> str:
    return f"{rng.choice(['001', '079', '048'])}{rng.choice('01')}{rng.randint(50, 99)}" \
           f"{rng.randint(1, 999999):06}"


def card(rng: random.Random) -> str:
    body = rng.choice(["4", "51", "62"])
    body += digits(rng, 15 - len(body))
    total = sum(sum(divmod(int(digit) * (2 - at % 2), 10)) for at, digit in enumerate(body))
    body += str(-total % 10)
    return " ".join(body[at:at + 4] for at in range(0, 16, 4)) if rng.random() < 0.6 else body


PHONES: dict[str, Callable[[random.Random], str]] = {
    "zh-Hans": lambda r: f"13{digits(r, 1)}{r.choice(['', ' ', '-'])}{digits(r, 8)}",
    "zh-Hant": lambda r: f"09{digits(r, 2)}-{digits(r, 3)}-{digits(r, 3)}",
    "en": lambda r: f"+65 9{digits(r, 3)} {digits(r, 4)}",
    "th": lambda r: f"08{digits(r, 1)}-{digits(r, 3)}-{digits(r, 4)}",
    "vi": lambda r: f"09{digits(r, 2)} {digits(r, 3)} {digits(r, 3)}",
    "lo": lambda r: f"020 {digits(r, 4)} {digits(r, 4)}",
    "km": lambda r: f"012 {digits(r, 3)} {digits(r, 3)}",
    "my": lambda r: f"09 {digits(r, 3)} {digits(r, 3)} {digits(r, 3)}",
    "id": lambda r: f"08{r.randint(12, 59)}-{digits(r, 4)}-{digits(r, 4)}",
    "ms": lambda r: f"01{r.choice('2379')}-{digits(r, 3)} {digits(r, 4)}",
    "fil": lambda r: f"09{digits(r, 2)} {digits(r, 3)} {digits(r, 4)}",
    "pt": lambda r: f"+351 9{digits(r, 2)} {digits(r, 3)} {digits(r, 3)}",
}


def birth(rng: random.Random, lang: str) -> str:
    year, month, date = day(rng)
    if lang.startswith("zh"):
        return f"{year}年{month}月{date}日"
    return f"{date:02}/{month:02}/{year + 543 if lang == 'th' else year}"


def mail(rng: random.Random) -> str:
    return f"{rng.choice(['lan', 'somchai', 'wei.z', 'b_udi'])}{digits(rng, 2)}@example." \
           f"{rng.choice(['com', 'co.th', 'cn', 'vn'])}"


def passport(rng: random.Random) -> str:
    return rng.choice(["E", "AA", "B", "EJ"]) + digits(rng, 7)


def place(rng: random.Random) -> str:
    return f"{rng.uniform(1, 25):.5f}, {rng.uniform(95, 120):.5f}"


OTHER = {
    "order": lambda r: digits(r, 13), "long": lambda r: digits(r, 18),
    "mid": lambda r: digits(r, 16),
    "money": lambda r: f"{r.randint(1, 900)},{digits(r, 3)}.00", "year": lambda r: "2026",
    "day": lambda r: f"{r.randint(10, 28)}/05/2026", "box": lambda r: f"CSQU{digits(r, 7)}",
    "isbn": lambda r: f"978{digits(r, 10)}", "code": lambda r: f"S{digits(r, 7)}{r.choice('XYW')}",
}

SENTENCES: dict[str, list[str]] = {
    "zh-Hans": ["我的身份证号码是{cn_id}，手机{phone}。",
                "请联系邮箱{email}，订单号{order}已发货。",
                "出生于{birth}，护照{passport}。", "卡号 {card}，金额 {money} 元。",
                "车在 {place}，车牌 {plate_cn}。", "货柜 {box} 于 {day} 到港，提单 {long}。"],
    "zh-Hant": ["身分證字號 {tw_id}，電話 {phone}。", "香港身份證 {hk_id}，生日 {birth}。",
                "信用卡 {card} 已扣款 {money} 元。", "請寄到 {email}，書號 {isbn}。",
                "護照 {passport}，位置 {place}。", "發票 {order} 日期 {day}。"],
    "en": ["NRIC {sg_id}, mobile {phone}.", "Passport {passport}, date of birth {birth}.",
           "Pay with card {card}; the total is {money}.", "Write to {email} about order {order}.",
           "The truck stands at {place}.", "Part {code}, ISBN {isbn}, shipped on {day}."],
    "th": ["เลขประจำตัวประชาชน {th_id} โทร {phone}", "เกิดวันที่ {birth} หนังสือเดินทาง {passport}",
           "บัตรเครดิต {card} ยอด {money} บาท", "อีเมล {email} ทะเบียนรถ {plate_th}",
           "พิกัด {place}", "เลขพัสดุ {order} ส่งวันที่ {day}"],
    "vi": ["Số CCCD {vn_id}, điện thoại {phone}.", "Sinh ngày {birth}, hộ chiếu {passport}.",
           "Thẻ {card}, số tiền {money} đồng.", "Thư điện tử {email}, biển số {plate_vn}.",
           "Vị trí {place}.", "Mã đơn {order}, công-te-nơ {box}, ngày {day}."],
    "lo": ["ໂທ {phone} ເກີດວັນທີ {birth}", "ໜັງສືຜ່ານແດນ {passport}", "ອີເມວ {email} ຈຳນວນ {money} ກີບ",
           "ບັດ {card}", "ຈຸດ {place}", "ເລກສັ່ງຊື້ {order} ວັນທີ {day}"],
    "km": ["ទូរស័ព្ទ {phone} ថ្ងៃកំណើត {birth}", "លិខិតឆ្លងដែន {passport}", "អ៊ីមែល {email} ចំនួន {money} រៀល",
           "កាត {card}", "ទីតាំង {place}", "លេខបញ្ជាទិញ {order} ថ្ងៃ {day}"],
    "my": ["ဖုန်း {phone} မွေးနေ့ {birth}", "နိုင်ငံကူးလက်မှတ် {passport}", "အီးမေးလ် {email} ငွေ {money} ကျပ်",
           "ကတ် {card}", "မှတ်ပုံတင် {my_nrc}", "အော်ဒါ {order} ရက်စွဲ {day}"],
    "id": ["NIK {id_nik}, HP {phone}.", "Lahir {birth}, paspor {passport}.",
           "Kartu {card}, total Rp {money}.", "Surel {email}, nomor resi {order}.",
           "Lokasi {place}.", "Faktur {mid} tanggal {day}."],
    "ms": ["MyKad {my_id}, telefon {phone}.", "Lahir pada {birth}, pasport {passport}.",
           "Kad kredit {card}, jumlah RM {money}.", "E-mel {email}, no. pesanan {order}.",
           "Lokasi {place}.", "Kontena {box}, invois {mid}, {day}."],
    "fil": ["Tawagan mo ako sa {phone}.", "Ipinanganak noong {birth}, pasaporte {passport}.",
            "Card {card}, kabuuan {money} piso.", "Email {email}, order {order}.",
            "SSS {ph_id}, lugar {place}.", "Lalagyan {box}, petsa {day}."],
    "pt": ["O telefone é {phone}.", "Nascido em {birth}, passaporte {passport}.",
           "Cartão {card}, total {money}.", "Correio {email}, encomenda {order}.",
           "O camião está em {place}.", "Fatura {mid} de {day}, livro {isbn}."],
}
PRIVATE: dict[str, Callable[[random.Random], str]] = {
    "cn_id": cn_id, "th_id": th_id, "my_id": my_id, "sg_id": sg_id, "hk_id": hk_id, "tw_id": tw_id,
    "id_nik": id_nik, "vn_id": vn_id, "card": card, "email": mail, "passport": passport,
    "coordinates": place, "ph_id": lambda r: f"{digits(r, 2)}-{digits(r, 7)}-{digits(r, 1)}",
    "my_nrc": lambda r: f"{r.randint(1, 14)}/မကန(နိုင်){digits(r, 6)}",
    "plate_cn": lambda r: f"桂A·{digits(r, 5)}", "plate_th": lambda r: f"กข {digits(r, 4)}",
    "plate_vn": lambda r: f"51F-{digits(r, 3)}.{digits(r, 2)}",
}


def text(rng: random.Random, lang: str, pattern: str, native: bool) -> Made:
    """Fill a sentence; `native` writes its digits in the language's own."""
    out, spans = "", []
    for at, part in enumerate(pattern.replace("{place}", "{coordinates}").replace("}", "{")
                              .split("{")):
        if at % 2 == 0:
            out += part
            continue
        made = PHONES[lang](rng) if part == "phone" else birth(rng, lang) if part == "birth" \
            else (PRIVATE.get(part) or OTHER[part])(rng)
        if native and part not in ("email", "passport", "card", "coordinates", "box"):
            made = made.translate(str.maketrans("0123456789", DIGITS[lang]))
        if part in PRIVATE or part in ("phone", "birth"):
            spans.append((len(out), len(out) + len(made), part.split("_")[0]
                          if part.startswith("plate") else part))
        out += made
    return Made(out, lang, tuple(spans))


def all_texts(count: int = 480, seed: int = 5) -> list[Made]:
    """`count` texts, the languages in turn; half of those in Thai, Lao, Khmer, Burmese have native
    digits."""
    rng = random.Random(seed)
    langs = list(SENTENCES)
    made = []
    for at in range(count):
        lang = langs[at % len(langs)]
        pattern = SENTENCES[lang][at // len(langs) % len(SENTENCES[lang])]
        made.append(text(rng, lang, pattern, lang in DIGITS and rng.random() < 0.5))
    return made
