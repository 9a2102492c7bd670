"""The words that tell how a number is meant: at least, at most, about, per hour."""

from __future__ import annotations

import re
from typing import Final

from saphan.engines.matching.units import PER_PATTERNS

TO: Final = (
    r"(?: ?[-–~～—] ?| ?(?:to|至|到|ถึง|đến|tới|ຫາ|ເຖິງ|ទៅ|ដល់|မှ|ကနေ|sampai|hingga|hanggang|and|และ"
    r"|và|dan"
    r"|a|e|முதல்|s/d|s\.d\.) ?)"
)
"""Between the two ends of a range."""

_BEFORE: Final = {
    ">=": r"at least|no less than|not less than|minimum(?: of)?|min\.|from|至少|不少于|不少於"
    r"|不低于|不低於|起码"
    r"|最少|อย่างน้อย|ไม่น้อยกว่า|ไม่ต่ำกว่า|ขั้นต่ำ|ít nhất|tối thiểu|không dưới|từ|ຢ່າງໜ້ອຍ|ຢ່າງນ້ອຍ|ບໍ່ໜ້ອຍກວ່າ"
    r"|ບໍ່ຕ່ຳກວ່າ"
    r"|យ៉ាងតិច|យ៉ាងហោច|មិនតិចជាង|មិនក្រោម|အနည်းဆုံး|minimal|minimum|paling sedikit|setidaknya"
    r"|sekurang-kurangnya"
    r"|tidak kurang dari|tidak kurang daripada|hindi bababa sa|kahit|pelo menos|no mínimo"
    r"|mínimo de|não menos de"
    r"|குறைந்தது|குறைந்தபட்சம்",
    "<=": r"budget(?: of| is)?|预算|預算|งบประมาณ|งบ|ngân sách|ງົບປະມານ|ງົບ|ថវិកា|ဘတ်ဂျက်|anggaran"
    r"|bajet|badyet|orçamento"
    r"(?: de)?|பட்ஜெட்|at most|no more than|not more than|not over|not exceed(?:ing)?"
    r"|maximum(?: of)?|max\.?|up to|within"
    r"|不超过|不超過|不高于|不高於|最多|至多|不多于|ไม่เกิน|ไม่มากกว่า|สูงสุด|อย่างมาก|không quá|tối đa"
    r"|không vượt quá"
    r"|nhiều nhất|đến|trong|ບໍ່ເກີນ|ສູງສຸດ|ບໍ່ຫຼາຍກວ່າ|មិនលើស|យ៉ាងច្រើន|មិនលើសពី|រហូតដល់|အများဆုံး"
    r"|maksimal|maksimum|paling banyak|tidak lebih dari|tidak lebih daripada|tidak melebihi"
    r"|tak lebih dari"
    r"|hingga|sampai|sehingga|hindi hihigit sa|hindi lalampas sa|hanggang|no máximo|máximo de|até"
    r"|não mais de"
    r"|não (?:custe|exceda|ultrapasse)(?: mais de)?|அதிகபட்சம்|அதிகபட்சமாக",
    ">": r"over|more than|above|greater than|exceeding|超过|超過|高于|高於|大于|大於|多于|มากกว่า"
    r"|เกิน|สูงกว่า|trên|hơn"
    r"|vượt|ຫຼາຍກວ່າ|ເກີນ|ສູງກວ່າ|លើសពី|ច្រើនជាង|លើស|lebih dari|lebih daripada|di atas|melebihi|higit sa"
    r"|mahigit"
    r"|mais de|acima de|superior a",
    "<": r"under|below|less than|lower than|fewer than|cheaper than|低于|低於|小于|小於|少于|少於"
    r"|ต่ำกว่า|น้อยกว่า"
    r"|ถูกกว่า|dưới|ít hơn|thấp hơn|nhỏ hơn|ຕ່ຳກວ່າ|ໜ້ອຍກວ່າ|ក្រោម|តិចជាង|ទាបជាង|di bawah|bawah|kurang dari"
    r"|kurang daripada|di bawah harga|mas mababa sa|bababa sa|mababa sa|kulang sa|abaixo de"
    r"|menos de|inferior a",
    "~": r"about|around|roughly|approximately|约|約|大约|大約|大概|左右|ประมาณ|ราว|ราวๆ|khoảng"
    r"|chừng|ປະມານ|ປະມານວ່າ"
    r"|ប្រហែល|ប្រមាណ|ခန့်မှန်း|sekitar|kira-kira|lebih kurang|mga|humigit-kumulang|cerca de"
    r"|aproximadamente|por volta de|சுமார்|ஏறக்குறைய",
}
_AFTER: Final = {
    ">=": r"or (?:more|better|above|higher|over)|and (?:above|up|over)|minimum|at least|\+|以上"
    r"|起|及以上|ขึ้นไป|เป็นอย่างน้อย"
    r"|trở lên|ຂຶ້ນໄປ|ឡើងទៅ|និងលើស|နှင့်အထက်|နဲ့အထက်|ထက်မနည်း|အနည်းဆုံး|ke atas|atau lebih|pataas|o higit pa"
    r"|ou mais|ou superior|அல்லது அதற்கு மேல்|குறையாமல்",
    "<=": r"or (?:less|under|below|lower)|at (?:the )?most|maximum|max\b|以内|以內|之内|之內|内"
    r"|內|封顶|เป็นอย่างมาก|trở xuống"
    r"|trở lại|ລົງມາ|ចុះក្រោម|ထက်မပို|ထက် မပို|အတွင်း|အများဆုံး|ke bawah|atau kurang|pababa|o mas mababa"
    r"|ou menos"
    r"|no máximo|(?:உ?க்)?க்குள்|டுக்குள்|த்திற்குள்|க்கு மிகாமல்|டுக்கு மிகாமல்|க்கு மேல் (?:போகக்|இருக்கக்)கூடாது",
    ">": r"အထက်|ကျော်|ထက်ပို|(?:த்திற்கு|த்துக்கு|க்கு|ட்டுக்கு)?ம? மேல்|க்கும் மேல்|plus\b",
    "<": r"以下|အောက်|ထက်နည်း|(?:த்திற்கு|த்துக்கு|க்கு|ட்டுக்கு)? கீழ்|(?:க்கும்|ட்டுக்கும்)? குறைவ",
    "~": r"左右|上下|သာသာ|ခန့်|ဝန်းကျင်|or so\b|lang\b|அளவு",
}
_ANY_BEFORE: Final = tuple(
    (sign, re.compile(rf"(?:{words})(?=[^\d]{{0,8}}$)")) for sign, words in _BEFORE.items()
)
_ANY_AFTER: Final = tuple(
    (sign, re.compile(rf"[\s\w]{{0,4}}?(?:{words})")) for sign, words in _AFTER.items()
)
_DIGIT: Final = re.compile(r"\d")
_BOUND: Final = re.compile(r"[!?;。၊။\n]|,(?!\d)|\.(?=\s|$)")
_GAP: Final = 8
"""Characters that may stand between a word like 'at least' and the number, such as a currency."""
_REACH: Final = 30
_PER_BEFORE: Final = 18
_PER_AFTER: Final = 4


def clause_before(text: str, start: int, reach: int) -> str:
    """What stands before a place, back to the end of the clause before it."""
    window = text[max(0, start - reach) : start]
    ends = list(_BOUND.finditer(window))
    return window[ends[-1].end() :] if ends else window


def clause_after(text: str, start: int, reach: int) -> str:
    """What follows a place, up to the end of its clause."""
    window = text[start : start + reach]
    end = _BOUND.search(window)
    return window[: end.start()] if end else window


def relation(text: str, start: int, end: int) -> str:
    """How the number at a place in folded text is meant; empty where nothing is said."""
    following = clause_after(text, end, _REACH)
    for sign, words in _ANY_AFTER:
        if words.match(following):
            return sign
    window = clause_before(text, start, _REACH)
    found = [
        (match.end(), len(match.group()), sign)
        for sign, words in _ANY_BEFORE
        for match in _last(words, window)
    ]
    # Of "no more than" and "more than", which end at the same place, the longer one.
    return max(found)[2] if found else ""


def _last(words: re.Pattern[str], window: str) -> list[re.Match[str]]:
    return [match for match in words.finditer(window) if len(window) - match.end() <= _GAP]


def rate(text: str, start: int, end: int) -> str:
    """`/h`, `/day` and the like where a number is one; an empty string otherwise."""
    following = clause_after(text, end, _PER_AFTER + 24)
    before = clause_before(text, start, _PER_BEFORE + 12)
    best: tuple[int, str] | None = None
    for per, words in PER_PATTERNS.items():
        match = words.search(following)
        if match and match.start() <= _PER_AFTER and (best is None or match.start() < best[0]):
            best = (match.start(), per)
    if best:
        return f"/{best[1]}"
    found = [
        (match.end(), per)
        for per, words in PER_PATTERNS.items()
        for match in words.finditer(before)
        if len(before) - match.end() <= _PER_BEFORE
        and not _DIGIT.search(before, match.end())  # else it is the rate of the number between
    ]
    return f"/{max(found)[1]}" if found else ""
