"""How each language is set: fonts by name, sizes, line spacing, language tags.

The fonts named for .docx are those that readers' machines have; beside each stands the free one
that a machine without it may take instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

LATIN: Final = "Arial"
LATIN_ELSEWHERE: Final = "Liberation Sans"


@dataclass(frozen=True, slots=True)
class Setting:
    """`kind`: which of a .docx's fonts the script uses (`latin`, `complex` or `east`); `office`:
    its language tag there; `size`: points of running text; `spacing`: of lines, as a factor in
    .docx; `leading`: between lines in the PDF, in em; `typst`: language and region."""

    kind: str
    office: str
    font: str
    elsewhere: str
    size: float
    spacing: float
    leading: float
    typst: tuple[str, str]
    printed: tuple[str, ...]
    css: str = ""
    bold: bool = True


def _latin(office: str, typst: tuple[str, str]) -> Setting:
    return Setting("latin", office, LATIN, LATIN_ELSEWHERE, 10.5, 1.15, 0.75, typst, ())


_SETTINGS: Final[dict[str, Setting]] = {
    "en": _latin("en-GB", ("en", "gb")),
    "vi": _latin("vi-VN", ("vi", "vn")),
    "id": _latin("id-ID", ("id", "id")),
    "ms": _latin("ms-MY", ("ms", "my")),
    "fil": _latin("fil-PH", ("fil", "ph")),
    "pt": _latin("pt-PT", ("pt", "pt")),
    "tet": _latin("tet-TL", ("tet", "tl")),
    "th": Setting("complex", "th-TH", "Leelawadee UI", "Noto Sans Thai", 11, 1.15, 1.0,
                  ("th", "th"), ("Saphan Thai",), "'Noto Sans Thai','Leelawadee UI',Thonburi"),
    "lo": Setting("complex", "lo-LA", "Leelawadee UI", "Noto Sans Lao", 11, 1.15, 1.0,
                  ("lo", "la"), ("Saphan Lao",),
                  "'Noto Sans Lao','Leelawadee UI','Lao Sangam MN',Phetsarath OT"),
    "km": Setting("complex", "km-KH", "Leelawadee UI", "Noto Sans Khmer", 11, 1.2, 0.9,
                  ("km", "kh"), ("Saphan Khmer",),
                  "'Noto Sans Khmer','Leelawadee UI','Khmer Sangam MN'"),
    "my": Setting("complex", "my-MM", "Myanmar Text", "Noto Sans Myanmar", 11, 1.1, 0.95,
                  ("my", "mm"), ("Saphan Burmese",),
                  "'Noto Sans Myanmar','Myanmar Text',Pyidaungsu,'Myanmar Sangam MN'", bold=False),
    "ta": Setting("complex", "ta-IN", "Nirmala UI", "Noto Sans Tamil", 10.5, 1.15, 0.95,
                  ("ta", "in"), ("Saphan Tamil",), "'Noto Sans Tamil','Nirmala UI',InaiMathi"),
    "zh-Hans": Setting("east", "zh-CN", "Microsoft YaHei", "Noto Sans CJK SC", 10.5, 1.25, 0.95,
                       ("zh", "cn"), (), "'Microsoft YaHei','PingFang SC','Noto Sans CJK SC'"),
    "zh-Hant": Setting("east", "zh-TW", "Microsoft JhengHei", "Noto Sans CJK TC", 10.5, 1.25, 0.95,
                       ("zh", "tw"), (), "'Microsoft JhengHei','PingFang TC','Noto Sans CJK TC'"),
    "ja": Setting("east", "ja-JP", "Yu Gothic", "Noto Sans CJK JP", 10.5, 1.25, 0.95,
                  ("ja", "jp"), (), "'Yu Gothic','Hiragino Sans','Noto Sans CJK JP'"),
}
CODES: Final = tuple(_SETTINGS)
_LANGS: Final = {"zh": "zh-Hans", "zh-cn": "zh-Hans", "zh-hans": "zh-Hans", "zh-tw": "zh-Hant",
                 "zh-hk": "zh-Hant", "zh-hant": "zh-Hant", "zh-mo": "zh-Hant"}


def setting(lang: str) -> Setting:
    """How a language is set; an unknown language as English."""
    tag = _LANGS.get(lang.lower(), lang)
    return _SETTINGS.get(tag) or _SETTINGS.get(tag.partition("-")[0]) or _SETTINGS["en"]


def substitutes() -> dict[str, str]:
    """Every font named in a .docx, with the one to take where it is missing."""
    found = {LATIN: LATIN_ELSEWHERE}
    for one in _SETTINGS.values():
        found.setdefault(one.font, one.elsewhere)
    return found


def css_fonts(lang: str) -> str:
    """A CSS font list for mail: only fonts that readers may have, nothing fetched."""
    own = setting(lang).css
    latin = "Arial,Helvetica,sans-serif"
    return f"{own},{latin}" if own else latin
