"""Find personal data in a text of any of the house's languages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from . import checks

HOLDS, FAILS, NONE = "holds", "fails", "none"
NEAR = 24
"""Letters before a number in which a word such as "passport" speaks of it."""


@dataclass(frozen=True)
class Found:
    """Characters [start, end) that are, or may be, personal data.

    `check`: holds, fails (it looks like one, but its check digit or date does not fit) or none.
    `doubtful`: nothing but its shape speaks for it, and it is not blacked out.
    """

    start: int
    end: int
    kind: str
    check: str = NONE
    doubtful: bool = False


def ascii_digits(text: str) -> str:
    """The text with digits of every script as 0 to 9, letter for letter in the same places."""
    return "".join(str(unicodedata.digit(sign)) if not sign.isascii() and sign.isdigit()
                   and unicodedata.category(sign) == "Nd" else sign for sign in text)


ID_WORDS = re.compile(
    r"身份证|身分證|證件|证件|บัตรประชาชน|เลขประจำตัว|CCCD|CMND|căn cước|NIK|KTP|MyKad|kad pengenalan"
    r"|\bIC\b|NRIC|\bFIN\b|HKID|PhilSys|PhilID|National ID|identity"
    r"|ບັດປະຈຳຕົວ|អត្តសញ្ញាណ|မှတ်ပုံတင်"
    r"|bilhete de identidade|\bID\b", re.I)
PASSPORT = re.compile(r"passport|护照|護照|หนังสือเดินทาง|พาสปอร์ต|hộ chiếu|paspor|pasport"
                      r"|pasaporte|passaporte"
                      r"|ໜັງສືຜ່ານແດນ|ពាស្ព័រ|លិខិតឆ្លងដែន|နိုင်ငံကူးလက်မှတ်|ພາສປອດ", re.I)
PHONE = re.compile(r"phone|\btel\b|mobile|call|whatsapp|wechat|电话|電話|手机|手機"
                   r"|โทร|เบอร์|điện thoại|\bSĐT|gọi|telepon|\bHP\b"
                   r"|hubungi|telefon|tumawag|tawagan|cellphone|ligue"
                   r"|ໂທ|ទូរស័ព្ទ|ဖုန်း", re.I)
BORN = re.compile(r"born|birth|\bDOB\b|出生|生日|生于|生於|เกิด|sinh|lahir|ipinanganak|kapanganakan"
                  r"|nasc|ເກີດ|កំណើត|កើត|မွေး", re.I)
PLATE = re.compile(r"plate|licen[cs]e no|车牌|車牌|ทะเบียน|biển số|plat nomor|nopol|nombor plat"
                   r"|plaka|matrícula|ທະບຽນ|ផ្លាកលេខ|ယာဉ်နံပါတ်|ကားနံပါတ်", re.I)
CARD = re.compile(r"card|卡号|卡號|银行卡|บัตรเครดิต|thẻ|kartu|kad kredit|cartão|ບັດ|កាត|ကတ်", re.I)

_A, _Z = r"(?<![0-9A-Za-z])", r"(?![0-9A-Za-z])"
_GAP = r"[ \-]?"


@dataclass(frozen=True)
class Rule:
    """A shape. `check` gets the number without spaces and hyphens. `word` must, where `needs` is
    set, stand just before; where it is not, it speaks for a number whose check fails."""

    kind: str
    shape: re.Pattern[str]
    check: Callable[[str], bool] | None = None
    word: re.Pattern[str] | None = None
    needs: bool = False


def _rule(kind: str, shape: str, check: Callable[[str], bool] | None = None,
          word: re.Pattern[str] | None = None, needs: bool = False) -> Rule:
    return Rule(kind, re.compile(shape), check, word, needs)


def _digits(*groups: int) -> str:
    return _GAP.join(rf"\d{{{size}}}" for size in groups)


_DATE = (r"(?:\d{4}[-/.年]\s?\d{1,2}[-/.月]\s?\d{1,2}日?|\d{1,2}[-/.]\d{1,2}[-/.]\d{4}"
         r"|\d{1,2}(?:st|nd|rd|th)?\s(?:de\s|tháng\s)?[^\W\d]{2,12}\.?,?"
         r"(?:\sde|\snăm|\sพ\.ศ\.)?\s\d{4}"
         r"|\d{1,2}\stháng\s\d{1,2}\snăm\s\d{4})")


def _date_ok(raw: str) -> bool:
    numbers = [int(part) for part in re.findall(r"\d+", raw)]
    if len(numbers) == 2:  # the month is a word
        return checks.valid_date(numbers[1], 1, numbers[0])
    year, month, day = numbers if numbers[0] > 31 else numbers[::-1]
    return checks.valid_date(year, month, day) or checks.valid_date(year, day, month)


RULES = (
    _rule("email", r"(?<![\w.+-])[\w.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"),
    _rule("cn_id", _A + _digits(6, 8) + _GAP + r"\d{3}[0-9Xx]" + _Z, checks.china, ID_WORDS),
    _rule("my_nrc", _A + r"\d{1,2}/[\u1000-\u109fA-Za-z]{3,14}\s?\([^)\d]{1,8}\)\s?\d{6}(?!\d)"),
    _rule("tw_id", _A + r"[A-Z][1289]\d{8}" + _Z, checks.taiwan, ID_WORDS),
    _rule("sg_id", _A + r"[STFGM]\d{7}[A-Z]" + _Z, checks.singapore, ID_WORDS),
    _rule("hk_id", _A + r"[A-Z]{1,2}\d{6}\([0-9A]\)", checks.hong_kong, ID_WORDS),
    _rule("ph_id", _A + r"\d{4}-\d{4}-\d{4}-\d{4}" + _Z, None, ID_WORDS, True),
    _rule("ph_id", _A + r"\d{2}-\d{7}-\d" + _Z),
    _rule("ph_id", _A + r"\d{3}-\d{3}-\d{3}(?:-\d{3,5})?" + _Z, None, re.compile(r"\bTIN\b"), True),
    _rule("id_nik", _A + r"\d{16}" + _Z, checks.indonesia, ID_WORDS, True),
    _rule("card", _A + r"[2-6]\d{3}" + _GAP + _digits(4, 4, 4) + r"(?:[ \-]?\d{1,3})?" + _Z,
          checks.luhn, CARD),
    _rule("card", _A + r"3[47]\d{2}" + _GAP + _digits(6, 5) + _Z, checks.luhn, CARD),
    _rule("th_id", _A + _digits(1, 4, 5, 2, 1) + _Z, checks.thailand, ID_WORDS),
    _rule("my_id", _A + r"\d{6}-\d{2}-\d{4}" + _Z, checks.malaysia, ID_WORDS),
    _rule("my_id", _A + r"\d{12}" + _Z, checks.malaysia,
          re.compile(r"MyKad|pengenalan|\bIC\b", re.I), True),
    _rule("vn_id", _A + r"\d{12}" + _Z, checks.vietnam,
          re.compile(r"CCCD|CMND|căn cước|định danh", re.I), True),
    _rule("passport", _A + r"[A-Z]{1,2}\d{6,8}[A-Z]?" + _Z, None, PASSPORT, True),
    _rule("birth", _DATE, _date_ok, BORN, True),
    _rule("coordinates", r"(?<![\d.])-?\d{1,2}\.\d{3,},\s?-?\d{1,3}\.\d{3,}(?!\d)"),
    _rule("coordinates", r"\d{1,2}°\s?\d{1,2}['′]\s?[\d.]*[\"″]?\s?[NS],?\s?\d{1,3}°\s?\d{1,2}['′]"
                         r"\s?[\d.]*[\"″]?\s?[EW]"),
    _rule("phone", r"(?<!\w)\+\d{1,3}[ \-]?(?:\(\d{1,4}\)[ \-]?)?\d(?:[ \-]?\d){6,11}" + _Z),
    _rule("phone", _A + r"1[3-9]\d" + _GAP + _digits(4, 4) + _Z),
    _rule("phone", _A + r"0[2-9]\d?" + _GAP + r"\d{3,4}" + _GAP + r"\d{3,5}" + _Z
          + r"(?![ \-]\d{2})"),
    _rule("phone", _A + r"0\d(?:[ \-]?\d){6,10}" + _Z, None, PHONE, True),
    _rule("phone", _A + r"\(?\d(?:[ \-()]{0,2}\d){6,11}" + _Z, None, PHONE, True),
    _rule("plate", r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]"
                   r"[A-Z][·\s]?[A-Z0-9]{5,6}" + _Z),
    _rule("plate", _A + r"\d{2}[A-Z]\d?-\d{3}\.?\d{2}" + _Z),
    _rule("plate", r"\d?[\u0e01-\u0e2e\u0e81-\u0eae]{2}\s?\d{1,4}(?!\d)", None, PLATE, True),
    _rule("plate", _A + r"(?:[A-Z]{1,3}[ \-]?\d{1,4}(?:[ \-]?[A-Z]{1,3})?|\d[A-Z]{1,2}[ \-]\d{4})"
          + _Z, None, PLATE, True),
    _rule("name", r"(?:\b(?:Mr|Mrs|Ms|Dr|Sr|Sra)\.?\s|\b(?:Ông|Bà|Bapak|Ibu|Encik|Puan|Ginoong"
                  r"|Ginang|Senhor|Senhora)\s)[^\W\d_][\w'’-]*"
                  r"(?:\s(?!và\b|dan\b)[A-ZĐÀ-Ỹ][\w'’-]*){0,3}"),
    _rule("name", r"(?:นาย|นางสาว|นาง|คุณ|ທ້າວ|ນາງ|លោកស្រី|លោក|ဦး|ဒေါ်)\s?[\u0e00-\u0eff\u1000-\u109f"
                  r"\u1780-\u17ff]{2,14}\s[\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff]{3,16}"),
    _rule("name", r"[王李张張刘劉陈陳杨楊黄黃赵趙吴吳周徐孙孫马馬朱胡林"
                  r"郭何高罗羅郑鄭梁谢謝宋唐许許邓鄧韩韓冯馮曹彭曾肖田董潘袁蔡蒋余于杜叶葉程魏苏蘇"
                  r"吕丁任卢姚钟姜崔谭陆范汪廖石金韦韋贾夏付方邹熊白孟秦邱江尹薛闫段雷侯龙黎史陶贺毛郝顾龚邵"
                  r"万覃武钱戴严莫孔向常][\u4e00-\u9fff]{0,2}(?:先生|女士|小姐|太太|经理|經理)"),
)


def find(text: str) -> list[Found]:
    """What is found, in order and without overlap; the sure before the doubtful, then by rule."""
    plain = ascii_digits(text)
    met: list[tuple[bool, int, Found]] = []
    for order, rule in enumerate(RULES):
        for match in rule.shape.finditer(plain):
            found = _judged(rule, plain, match.start(), match.end())
            if found:
                met.append((found.doubtful, order, found))
    chosen: list[Found] = []
    for _doubtful, _order, found in sorted(met, key=lambda each: each[:2]):
        if all(found.end <= other.start or found.start >= other.end for other in chosen):
            chosen.append(found)
    return sorted(chosen, key=lambda each: each.start)


def _judged(rule: Rule, plain: str, start: int, end: int) -> Found | None:
    spoken = rule.word is not None and rule.word.search(plain[max(0, start - NEAR):start])
    if rule.needs and not spoken:
        return None
    if rule.check is None:
        return Found(start, end, rule.kind)
    number = plain[start:end]
    if rule.kind != "birth":
        number = re.sub(r"[^0-9A-Z]", "", number.upper())
    holds = rule.check(number)
    return Found(start, end, rule.kind, HOLDS if holds else FAILS, not holds and not spoken)


def blacked(text: str, found: list[Found]) -> str:
    """The text with letters and digits of what is surely found turned into blocks."""
    signs = list(text)
    for each in found:
        if not each.doubtful:
            signs[each.start:each.end] = ["█" if not sign.isspace() else sign
                                          for sign in text[each.start:each.end]]
    return "".join(signs)
