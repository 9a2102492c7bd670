"""Words of the calendar in every language, as patterns over folded text with ASCII digits."""

from __future__ import annotations

import re
from typing import Final

UNITS: Final = {
    "day": "days?|天|日|วัน|ngày|ມື້|ວັນ|ថ្ងៃ|ရက်|hari|araw|dias?|நாட்கள|நாள|loron",
    "week": "weeks?|周|週|个星期|個星期|星期|个礼拜|個禮拜|สัปดาห์|อาทิตย์|tuần|ອາທິດ|ສັບປະດາ|សប្ដាហ៍"
    "|សប្តាហ៍|အပတ်"
    "|ပတ်|minggu|linggo|semanas?|வார|semana",
    "month": "months?|个月|個月|เดือน|tháng|ເດືອນ|ខែ|လ|bulan|buwan|mês|meses|மாத|fulan",
    "year": "years?|年|ปี|năm|ປີ|ឆ្នាំ|နှစ်|tahun|taon|anos?|ஆண்டு|வருட|tinan",
}
WITHIN: Final = (
    r"within|in the next|ภายใน|trong vòng|trong|ພາຍໃນ|ក្នុងរយៈពេល|ក្នុង|dalam waktu|dalam tempoh|dalam"
    r"|sa loob ng|dentro de|em até|no prazo de|iha"
)
AFTER_NUMBER: Final = r"(?:之?[内內]|以[内內]|အတွင်း|க்குள்|ங்களுக்குள்|த்திற்குள்|த்துக்குள்|ளுக்குள்)"

MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "january|janeiro|januari|enero|มกราคม|ม.ค.|ມັງກອນ|មករា|ဇန်နဝါရီ|ஜனவரி|janeiru",
            "february|fevereiro|februari|pebrero|กุมภาพันธ์|ก.พ.|ກຸມພາ|កុម្ភៈ|ဖေဖော်ဝါရီ|பிப்ரவரி",
            "march|março|maret|mac|marso|มีนาคม|มี.ค.|ມີນາ|មីនា|မတ်|மார்ச்",
            "april|abril|เมษายน|เม.ย.|ເມສາ|មេសា|ဧပြီ|ஏப்ரல்",
            "may|maio|mei|mayo|พฤษภาคม|พ.ค.|ພຶດສະພາ|ឧសភា|မေ|மே",
            "june|junho|juni|jun|hunyo|มิถุนายน|มิ.ย.|ມິຖຸນາ|មិថុនា|ဇွန်|ஜூன்",
            "july|julho|juli|julai|hulyo|กรกฎาคม|ก.ค.|ກໍລະກົດ|ກໍລະກົດ|កក្កដា|ဇူလိုင်|ஜூலை",
            "august|agosto|agustus|ogos|สิงหาคม|ส.ค.|ສິງຫາ|សីហា|ဩဂုတ်|ஆகஸ்ட்",
            "september|setembro|septiyembre|setyembre|กันยายน|ก.ย.|ກັນຍາ|កញ្ញា|စက်တင်ဘာ|செப்டம்பர்",
            "october|outubro|oktober|oktubre|ตุลาคม|ต.ค.|ຕຸລາ|តុលា|အောက်တိုဘာ|அக்டோபர்",
            "november|novembro|nobyembre|พฤศจิกายน|พ.ย.|ພະຈິກ|វិច្ឆិកា|နိုဝင်ဘာ|நவம்பர்",
            "december|dezembro|desember|disember|disyembre|ธันวาคม|ธ.ค.|ທັນວາ|ធ្នូ|ဒီဇင်ဘာ|டிசம்பர்",
        ),
        1,
    )
    for name in names.split("|")
}
_MONTH: Final = "|".join(re.escape(name) for name in sorted(MONTHS, key=len, reverse=True))
DATES: Final = (
    re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})"),
    re.compile(r"(?P<d>\d{1,2})[/.](?P<m>\d{1,2})[/.](?P<y>\d{4})"),
    re.compile(r"(?P<y>\d{4}) ?年 ?(?P<m>\d{1,2}) ?月(?:[份]?)(?: ?(?P<d>\d{1,2}) ?[日号號])?"),
    re.compile(r"(?:(?:ngày )?(?P<d>\d{1,2}) )?tháng (?P<m>\d{1,2})(?:[ /](?:năm )?)(?P<y>\d{4})"),
    re.compile(rf"(?:(?P<d>\d{{1,2}})(?:st|nd|rd|th)? ?(?:de |ng )?)?(?P<name>{_MONTH})\.?,?"
               rf"(?: (?:de|ng|tahun|ปี|พ\.ศ\.|ค\.ศ\.))? ?(?P<y>\d{{4}})"),
    re.compile(rf"(?P<y>\d{{4}}) ?(?:ခုနှစ်|ஆம் ஆண்டு)?[ ,၊]*(?P<name>{_MONTH})"),
)  # fmt: skip

_BY: Final = (
    r"\bby|\bbefore|\buntil|\btill|no later than|end of|\bin|\bfrom|ภายใน|ก่อน|ถึง|สิ้น|ใน|ພາຍໃນ|ກ່ອນ"
    r"|ໃນ|ທ້າຍ|ຮອດ|មុន|ត្រឹម|ក្នុង"
    r"|នៅ|sebelum|paling lambat|selewat-lewatnya|akhir|pada|mulai|bago|hanggang|\bsa|antes de"
    r"|antes do|até|em|fim de|final de|finais de"
)
BARE_MONTHS: Final = (
    re.compile(
        rf"(?:{_BY})(?: (?:the|a|ao|o|mag|ang|ng|end of|fim de|final de|akhir|bulan|dulo ng))*"
        rf" ?(?:เดือน|ເດືອນ|ខែ)?(?P<name>{_MONTH})(?![a-zà-ỹ])(?! ?\d{{4}})"
    ),
    re.compile(r"(?:trước|đến|hết|cuối|trong|vào"
    r"|từ) (?:cuối )?tháng (?P<m>\d{1,2})(?![\d/])(?! năm \d)"),
    re.compile(r"(?<!\d年)(?<!\d)(?P<m>\d{1,2}) ?月(?:份)?(?=[底末中初旬之以前内內])"),
    re.compile(rf"(?P<name>{_MONTH}) ?(?:လ|မாத|மாத)?(?=[^\d]{{0,10}}?(?:မတိုင်|အတွင်း|နောက်ဆုံး|க்குள்"
    rf"|முன்))"),
)
BEFORE_BEFORE: Final = re.compile(
    r"(?:\bbefore|ก่อน|trước|ກ່ອນ|មុន|sebelum|bago|antes d[eo])[^\d,.;]{0,14}$|^(?:before|ก่อน|trước"
    r"|ກ່ອນ|មុន|sebelum"
    r"|bago|antes d[eo])"
)
BEFORE_AFTER: Final = re.compile(
    r"(?:份)?(?:之|以)?前|(?:လ|လတွင်)? ?(?:မ)?တိုင်|လမတိုင်|[^\d,.;]{0,16}முன்"
)
END_BEFORE: Final = re.compile(
    r"(?:end of|สิ้น|ปลาย|cuối|ທ້າຍ|ສິ້ນ|ចុង|akhir|hujung|fim de|final de|finais de|dulo ng"
    r"|katapusan ng)[^\d,.;]{0,8}$"
)
END_AFTER: Final = re.compile(r"[底末中]|下旬|中旬|လကုန်|இறுதி| இறுதி|လ နောက်ဆုံး")
END_INSIDE: Final = re.compile(r"end of|สิ้น|cuối|hết|ທ້າຍ|akhir|fim de|final de|dulo ng")
CLAUSE: Final = re.compile(r"[!?;。၊။\n]|,(?!\d)|\.(?=\s|$)")
OPENS: Final = re.compile(
    r"\bstarts?\b|\bstarting\b|\bbegins?\b|\blaunch(?:es)?\b|kick-?off|only then"
    r"|still (?:be )?open|still valid|开始|開始|启动|啟動|开工|開工"
    r"|才能签|立项|立項|เริ่ม|จะเปิด|ยังเปิดรับ|khởi động|bắt đầu|triển khai từ|còn hiệu lực|ເລີ່ມ"
    r"|ເປີດໂຄງການ|ចាប់ផ្តើម|ចាប់ផ្ដើម|စတင်|စမည်|စမယ်|စပါမည်"
    r"|mulai|dimulai|diteken|masih berlaku|bermula|masuk pada|masih dibuka|masih terbuka"
    r"|magsisimula|sisimulan|umpisa"
    r"|começa|arranca|inicia|início|assinar|ainda (?:estar )?abert[ao]|தொடங்கு|ஆரம்பி"
)
_YEAR: Final = (
    r"(?:[ ,/]*(?:of |de |do ano de |ปี |năm |ປີ |ឆ្នាំ |tahun |taong "
    r"|พ\.ศ\. ?)?(?P<y>\d{4}))?"
)
_YEAR_FIRST: Final = r"(?:(?P<y2>\d{4}) ?(?:年|ခုနှစ်|ஆம் ஆண்டு)?[ ,]*(?:的)?)?"
_ORDINALS: Final = (
    r"1|i|一|first|หนึ่ง|nhất|pertama|unang|primeiro|முதல்",
    r"2|ii|二|second|สอง|hai|kedua|ikalawang|segundo|இரண்டாம்",
    r"3|iii|三|third|สาม|ba|ketiga|ikatlong|terceiro|மூன்றாம்",
    r"4|iv|四|fourth|last|สี่|tư|bốn|keempat|ikaapat na|quarto|நான்காம்",
)
QUARTERS: Final = tuple(
    (
        number,
        re.compile(
            rf"{_YEAR_FIRST}(?:\bq ?(?:{o})(?![a-z\d])|quarter (?:{o})\b|\b(?:{o}) quarter"
            rf"|第?(?:{o})季度?"
            rf"|ไตรมาส(?:ที่)? ?(?:{o})|quý (?:{o})(?![a-z\d])|ໄຕມາດ(?:ທີ)? ?(?:{o})|ត្រីមាសទី ?(?:{o})"
            rf"|(?:kuartal|triwulan|suku tahun|suku) (?:ke-?)?(?:{o})(?![a-z\d])"
            rf"|\b(?:{o}) (?:kwarter|quarter)"
            rf"|\b(?:{o})[.ºo]* trimestre|(?:{o}) காலாண்டு){_YEAR}"
        ),
    )
    for number, o in enumerate(_ORDINALS, 1)
)
YEAR_END: Final = re.compile(
    rf"{_YEAR_FIRST}(?:end of (?:the|this|next) year|year[- ]end|end of(?= \d{{4}})|สิ้นปี(?:นี้|หน้า)?"
    rf"|ปลายปี(?:นี้|หน้า)?|cuối năm"
    rf"|hết năm|ທ້າຍປີ|ສິ້ນປີ|ចុងឆ្នាំ|နှစ်ကုန်|akhir tahun|hujung tahun|(?:katapusan|dulo) ng taon|(?:fim"
    rf"|final) d[oe](?: ano)?(?= ?de \d{{4}}| ano)"
    rf"|年底|年末|年内|年內|岁末|ஆண்டு இறுதி|ஆண்டின் இறுதி){_YEAR}"
)
MID_YEAR: Final = re.compile(
    rf"{_YEAR_FIRST}(?:上半年|first half of (?:the|next) year|กลางปี(?:หน้า)?|ครึ่งปีแรก|nửa đầu năm"
    rf"|giữa năm|ກາງປີ|ពាក់កណ្តាលឆ្នាំ"
    rf"|pertengahan tahun|年中|primeiro semestre){_YEAR}"
)
NEXT_YEAR: Final = re.compile(
    r"next year|明年|ปีหน้า|năm sau|năm tới|ປີໜ້າ|ឆ្នាំក្រោយ|នៅឆ្នាំក្រោយ|နောက်နှစ်|tahun depan"
    r"|susunod na taon|próximo ano|do ano que vem"
    r"|அடுத்த ஆண்டு"
)
NEXT_MONTH: Final = re.compile(
    r"next month|下个月|下個月|下月|เดือนหน้า|tháng sau|tháng tới|ເດືອນໜ້າ|ខែក្រោយ|နောက်လ|bulan depan"
    r"|susunod na buwan"
    r"|próximo mês|mês que vem|அடுத்த மாத"
)
MONTH_END: Final = re.compile(
    r"end of (?:the|this) month|本月底|这个月底|這個月底|(?<![\d年])月底|สิ้นเดือนนี้|สิ้นเดือน(?=\s|$)"
    r"|cuối tháng này|ທ້າຍເດືອນນີ້"
    r"|ចុងខែនេះ|လကုန်|akhir bulan ini|hujung bulan ini|katapusan ng buwan|fim d[eo] mês|இம்மாத இறுதி"
)
