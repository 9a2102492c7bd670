"""Units of quantities, their words in every language, and which of them may be compared.

Within a kind, units are converted: kg and t, mu, rai and ha. Currencies are never converted: a rate
would have to be known for the day.
"""

from __future__ import annotations

import re
from typing import Final

CURRENCIES: Final = {
    "CNY": "cny|rmb|yuan|人民币|人民幣|元|块钱|塊錢|块(?=以|左|之|[,。]|$)|หยวน|nhân dân tệ|tệ"
    "|ຢວນ|យ័ន|ယွမ်|யுவான்",
    "USD": "usd|us ?dollars?|dollars?|美元|美金|ดอลลาร์|ดอลล่าร์|đô la|đô|ໂດລາ|ដុល្លារ|ဒေါ်လာ|dolar"
    "|dolyar"
    "|dólares|dólar|டாலர்",
    "THB": "thb|baht|bath|บาท|泰铢|泰銖|ບາດ|បាត|ဘတ်|பாட்",
    "VND": "vnd|vnđ|đồng|越南盾|ด่อง|ດົ່ງ|ដុង|ဒေါင်",
    "IDR": "idr|rupiah|印尼盾|รูเปียห์",
    "MYR": "myr|ringgit|马币|馬幣|令吉|ริงกิต|ரிங்கிட்",
    "PHP": "php|piso|pesos?|比索|เปโซ",
    "LAK": "lak|kip|ກີບ|กีบ|基普",
    "KHR": "khr|riel|រៀល|เรียล",
    "MMK": "mmk|kyats?|ကျပ်|จ๊าด|缅元",
    "SGD": "sgd|新元|新币|新幣|singapore dollars?|dolar singapura",
    "TWD": "twd|ntd|新台币|新台幣|新臺幣|台币|台幣|臺幣",
    "HKD": "hkd|港币|港幣|港元",
    "MOP": "mop|patacas?|澳门元|澳門元",
    "EUR": "eur|euros?|欧元|歐元|ยูโร",
    "INR": "inr|rupees?|ரூபாய்|卢比|盧比",
    "JPY": "jpy|日元|日圆|yen",
}
PREFIXES: Final = {"us$": "USD", "s$": "SGD", "hk$": "HKD", "nt$": "TWD", "mop$": "MOP", "$": "USD",
                   "¥": "CNY", "฿": "THB", "rp": "IDR", "rm": "MYR", "€": "EUR", "₱": "PHP",
                   "₫": "VND"}  # fmt: skip
_MEASURES: Final = {
    "kg": "kgs?|kilograms?|kilos?|公斤|千克|กิโลกรัม|กิโล|กก\\.?|ki-lô-gam|ki-lô|cân|ກິໂລກຣາມ|ກິໂລກຼາມ"
    "|ກິໂລ|ກກ"
    "|គីឡូក្រាម|គីឡូ|គ\\.ក|ကီလိုဂရမ်|ကီလို|quilogramas?|quilos?|கிலோகிராம்|கிலோ|கி\\.கி",
    "t": "tonnes?|tons?|t(?![a-z])|吨|噸|ตัน|tấn|ໂຕນ|តោន|တန်|tan|tonelada|toneladas|டன்",
    "g": "grams?|克|กรัม|gam|ກຣາມ|ក្រាម|ဂရမ်|gramo|gramas?|கிராம்|g(?![a-z])",
    "ha": "ha|hectares?|公顷|公頃|เฮกตาร์|เฮกแตร์|héc-ta|hecta|ເຮັກຕາ|ເຮັກຕາຣ໌|ហិកតា|ဟက်တာ|hektare?"
    "|ektarya"
    "|ஹெக்டேர்",
    "rai": "rai|ไร่|ໄຮ່|莱",
    "mu": "亩|畝|mu(?![a-z])",
    "acre": "acres?|英亩|英畝|เอเคอร์|ဧက|ekar|acre|ஏக்கர்",
    "m2": "m2|m²|square met(?:re|er)s?|平方米|平米|ตารางเมตร|ตร\\.ม\\.?|mét vuông|ຕາແມັດ|ម៉ែត្រការ៉េ"
    "|meter persegi"
    "|metros? quadrados?|சதுர மீட்டர்",
    "km": "km|kilomet(?:re|er)s?|公里|千米|กิโลเมตร|กม\\.?|ki-lô-mét|cây số|ກິໂລແມັດ|ກມ|គីឡូម៉ែត្រ|គ\\.ម"
    "|ကီလိုမီတာ"
    "|quilómetros?|quilômetros?|kilometro|கிலோமீட்டர்|கி\\.மீ",
    "m": "met(?:re|er)s?|米|公尺|เมตร|mét|ແມັດ|ម៉ែត្រ|မီတာ|metros?|metro|மீட்டர்|m(?![a-z²])",
    "cm": "cm|centimet(?:re|er)s?|厘米|公分|เซนติเมตร|ซม\\.?|ຊມ|សង់ទីម៉ែត្រ|centímetros?",
    "mm": "mm|millimet(?:re|er)s?|毫米|มิลลิเมตร|มม\\.?|milímetros?",
    "l": "lit(?:re|er)s?|公升|升|ลิตร|lít|ລິດ|លីត្រ|လီတာ|litros?|லிட்டர்",
    "m3": "m3|m³|cubic met(?:re|er)s?|立方米|ลูกบาศก์เมตร|ลบ\\.ม\\.?|mét khối|meter kubik"
    "|metros? cúbicos?",
    "pcs": "颗|顆|件|张|張|片|pieces?|items?|fruits?|bags?|ชิ้น|ลูก|ผล|quả|trái|chiếc|ໜ່ວຍ|ໝາກ|ដុំ|ផ្លែ"
    "|လုံး|ခု|biji|buah"
    "|keping|piraso|peças?|frutos?|துண்டு|பழங்க",
    "kW": "kw|kilowatts?|千瓦|กิโลวัตต์|ki-lô-oát|quilowatts?",
    "MW": "mw|megawatts?|兆瓦|เมกะวัตต์|megavat",
    "%": "%|per ?cent|percent|百分点|เปอร์เซ็นต์|เปอร์เซนต์|phần trăm|ເປີເຊັນ|ສ່ວນຮ້ອຍ|ភាគរយ|ရာခိုင်နှုန်း"
    "|persen|peratus"
    "|por cento|porsiyento|porsyento|சதவீத|விழுக்காடு|சதவிகித",
    "成": "成(?![本功品为為])",
    "°C": "°c|℃|degrees celsius|องศาเซลเซียส|องศา|摄氏度|độ c|ອົງສາ|អង្សា|darjah celsius"
    "|derajat celsius",
    "s": "seconds?|secs?|秒钟|秒鐘|秒|วินาที|giây|ວິນາທີ|វិនាទី|စက္ကန့်|detik|saat|segundos?|segundo"
    "|வினாடி|விநாடி"
    "|நொடி",
    "min": "minutes?|mins?|分钟|分鐘|นาที|phút|ນາທີ|នាទី|မိနစ်|menit|minit|minutos?|minuto|நிமிட",
    "hour": "hours?|hrs?|小时|小時|钟头|ชั่วโมง|ชม\\.?|giờ|tiếng đồng hồ|ຊົ່ວໂມງ|ម៉ោង|နာရီ|jam|oras"
    "|horas?|மணி நேர"
    "|மணிநேர",
}
UNITS: Final = _MEASURES | CURRENCIES
_FACTORS: Final = {
    "mass": {"g": 0.001, "kg": 1.0, "t": 1000.0},
    "area": {"m2": 0.0001, "mu": 1 / 15, "rai": 0.16, "acre": 0.404686, "ha": 1.0},
    "length": {"mm": 0.001, "cm": 0.01, "m": 1.0, "km": 1000.0},
    "volume": {"l": 0.001, "m3": 1.0},
    "power": {"kW": 1.0, "MW": 1000.0},
    "moment": {"s": 1.0, "min": 60.0, "hour": 3600.0},
}
_KIND: Final = {unit: (kind, factor) for kind, units in _FACTORS.items()
                for unit, factor in units.items()}  # fmt: skip
PER: Final = {
    "h": (
        "an hour|per hour|hourly|/ ?h(?:our|r)?(?![a-z])|每小时|每小時|一小时|一小時|/小时"
        "|ต่อชั่วโมง|ชั่วโมงละ|/ ?ชม\\.?"
        "|mỗi giờ|một giờ|/ ?giờ|ຕໍ່ຊົ່ວໂມງ|ຊົ່ວໂມງລະ|ក្នុងមួយម៉ោង|មួយម៉ោង|/ម៉ោង|တစ်နာရီ|per jam|sejam|setiap jam"
        "|/ ?jam|bawat oras|kada oras|isang oras|por hora|à hora|மணிக்கு|ஒரு மணி நேரத்தில்"
    ),
    "day": (
        "an? day|per day|daily|/ ?day|每天|每日|一天|日产|/天|ต่อวัน|วันละ|mỗi ngày|một ngày|/ ?ngày"
        "|ຕໍ່ມື້|ມື້ລະ|ຕໍ່ວັນ"
        "|ក្នុងមួយថ្ងៃ|មួយថ្ងៃ|တစ်ရက်|တစ်နေ့|per hari|sehari|setiap hari|/ ?hari|bawat araw|kada araw"
        "|isang araw"
        "|por dia|ao dia|நாளைக்கு|ஒரு நாளைக்கு|தினமும்"
    ),
    "month": (
        "an? month|per month|monthly|/ ?month|每月|每个月|每個月|一个月|一個月|/月|ต่อเดือน|เดือนละ"
        "|mỗi tháng|một tháng"
        "|/ ?tháng|ຕໍ່ເດືອນ|ເດືອນລະ|ក្នុងមួយខែ|មួយខែ|တစ်လ|per bulan|sebulan|setiap bulan|/ ?bulan"
        "|bawat buwan"
        "|kada buwan|isang buwan|por mês|ao mês|மாதத்திற்கு|மாதம்"
    ),
    "year": (
        "an? year|per year|yearly|annual|/ ?year|每年|一年|年产|ต่อปี|ปีละ|mỗi năm|một năm|ຕໍ່ປີ|ປີລະ"
        "|ក្នុងមួយឆ្នាំ"
        "|တစ်နှစ်|per tahun|setahun|bawat taon|kada taon|por ano|ao ano|ஆண்டுக்கு|வருடத்திற்கு"
    ),
    "min": (
        "an? minute|per minute|/ ?min(?![a-z])|每分钟|每分鐘|ต่อนาที|นาทีละ|mỗi phút|ຕໍ່ນາທີ|ក្នុងមួយនាទី"
        "|တစ်မိနစ်"
        "|per menit|seminit|bawat minuto|por minuto|நிமிடத்திற்கு|நிமிடத்துக்கு"
    ),
    "batch": (
        "an? batch|per batch|a load|per load|at a time|每次|每批|一次|ต่อครั้ง|ครั้งละ|ต่อรอบ|mỗi lần"
        "|mỗi mẻ|một mẻ"
        "|ຕໍ່ຄັ້ງ|ຄັ້ງລະ|ក្នុងមួយលើក|ក្នុងមួយដង|တစ်ကြိမ်|sekali jalan|per kali|setiap kali|bawat batch"
        "|bawat salang"
        "|por lote|de cada vez|ஒரு முறைக்கு|ஒருமுறைக்கு"
    ),
}
"""Words for a rate, before or after the number, by the unit of what it is per."""
PER_PATTERNS: Final = {per: re.compile(words) for per, words in PER.items()}


def comparable(first: str, second: str) -> float | None:
    """What a value in unit `first` is multiplied by to be in unit `second`; None if it cannot be.

    >>> comparable("t/h", "kg/h"), comparable("t/day", "kg/h"), comparable("USD", "THB")
    (1000.0, None, None)
    """
    unit, _, per = first.partition("/")
    other, _, other_per = second.partition("/")
    if per != other_per:
        return None
    if unit == other:
        return 1.0
    kind, factor = _KIND.get(unit, ("", 0.0))
    other_kind, other_factor = _KIND.get(other, ("", 0.0))
    return factor / other_factor if kind and kind == other_kind else None


def is_price(unit: str) -> bool:
    """Whether a unit is money, perhaps by month."""
    return unit.partition("/")[0] in {*CURRENCIES, "元"}
