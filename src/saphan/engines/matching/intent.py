"""Does somebody seek something or offer something? The answer to an offer is a need.

Seeking is the rule: a question is taken for an offer only where it says so, in words of selling,
making, providing, or looking for buyers.
"""

from __future__ import annotations

import re
from typing import Final

from saphan.engines.language.normalise import fold

SEEKS: Final = "seeks"
OFFERS: Final = "offers"

_SAYS_SO: Final = (
    # English
    r"\bwe (?:also )?(?:offer|sell|make|produce|provide|supply|manufacture|have developed)\b",
    r"\bour (?:company|firm|lab|team) (?:offers|sells|makes|produces|provides|supplies)\b",
    r"\blooking for (?:\w+ ){0,2}(?:buyers?|customers?|clients?|distributors?|pilot sites?)\b",
    # Chinese, folded to simplified characters
    r"(?:我们|我司|本公司|我公司|我厂)(?:提供|生产|销售|研发了|开发了|供应|制造)",
    r"(?:寻找|找|寻求|想找)(?:\w{0,6})(?:客户|买家|采购商|经销商|代理商|试点单位)",
    # Thai
    r"(?:เรา|บริษัท(?:ของ)?เรา)(?:ขาย|ผลิต|จำหน่าย|ให้บริการ|พัฒนา|มีบริการ)",
    r"(?:หา|มองหา)(?:ลูกค้า|ผู้ซื้อ|ตัวแทนจำหน่าย)",
    # Vietnamese
    r"\bchúng tôi (?:cung cấp|sản xuất|bán|phát triển|chào bán)\b",
    r"\btìm (?:kiếm )?(?:khách hàng|người mua|nhà phân phối|đại lý)\b",
    # Lao, Khmer, Burmese
    r"ພວກເຮົາ(?:ສະໜອງ|ຜະລິດ|ຂາຍ|ໃຫ້ບໍລິການ|ພັດທະນາ)",
    r"ຊອກຫາ(?:ລູກຄ້າ|ຜູ້ຊື້|ຕົວແທນຈຳໜ່າຍ)",
    r"(?:យើង|ក្រុមហ៊ុនយើង)(?:ផ្តល់|ផ្ដល់|ផលិត|លក់|បង្កើត)",
    r"(?:រក|ស្វែងរក)(?:អតិថិជន|អ្នកទិញ|អ្នកចែកចាយ)",
    r"(?:ကျွန်ုပ်တို့|ကျွန်တော်တို့|ကျွန်မတို့|ကုမ္ပဏီ)[^။]{0,40}(?:ထုတ်လုပ်ပါသည်|ရောင်းချ|ပေးပါသည်|ထုတ်လုပ်သည်)",
    r"(?:ဝယ်သူ|ဖောက်သည်)(?:များ)?(?:ကို)? ?ရှာ",
    # Indonesian and Malay
    r"\bkami (?:juga )?(?:menawarkan|menjual|memproduksi|menyediakan|mengeluarkan|membekalkan|"
    r"mengembangkan|membuat)\b",
    r"\b(?:mencari|cari) (?:pembeli|pelanggan|distributor|pengedar)\b",
    # Filipino
    r"\b(?:nag-?aalok|nagbebenta|gumagawa|nagbibigay|nagsusuplay) (?:po )?(?:kami|ang aming)\b",
    r"\b(?:naghahanap|hanap) (?:kami )?ng (?:mamimili|customer|kliyente|buyer)\b",
    # Portuguese
    r"\b(?:oferecemos|vendemos|produzimos|fornecemos|fabricamos|desenvolvemos)\b",
    r"\bprocura(?:mos)? (?:clientes|compradores|distribuidores)\b",
    # Tamil
    r"(?:வழங்குகிறோம்|விற்கிறோம்|தயாரிக்கிறோம்)",
)
_PATTERN: Final = re.compile("|".join(f"(?:{pattern})" for pattern in _SAYS_SO))


def intent(text: str) -> str:
    """`seeks` or `offers`; `seeks` where nothing is said."""
    return OFFERS if _PATTERN.search(fold(text)) else SEEKS
