"""Lines that stand at the edges of an article and are not of it: dates, credits, notices."""

from __future__ import annotations

import re
from typing import Final

_LEGAL: Final = re.compile(
    r"copyright|©|all rights reserved|\bICP\b|许可证|許可證|备案|版权(所有|声明|"
    r"归)|版權所有|未经(授权|许可)|未經授權|"
    r"免责声明|免責聲明|不良信息|举报(电话|邮箱)|举报|侵权|本网站?(所有|注明)|转载(请|须|或)|信息存储空间|"
    r"网站声明|法律责任|仅代表作者|不代表本|特此声明|联系我们|สงวนลิขสิทธิ์|Bản "
    r"quyền|Giấy phép số|Hak cipta",
    re.I,
)
_CREDIT: Final = re.compile(
    r"^[\[【(（]?\s*(责任?编辑|責任編輯|编辑|編輯|审核|校对|来源|來源|稿源|作者|记者|文章来源|发布(时间|日期|者)?|更新|"
    r"原标题|关键[词字]|标签|上一篇|下一篇|分享|打印|字号|阅读|浏览|点击|评论|相关(新闻|阅读|文章|链接)|"
    r"推荐阅读|返回|關閉|关闭|当前位置|您(现在|当前)的?位置|参与评论|发表评论|"
    r"share|tags?|filed under|read more|related|see also|advertisement|print|email this)"
    r"\s*([:：/|》>\]】)）]|$|\d)",
    re.I,
)
_DATE_LINE: Final = re.compile(
    r"^\D{0,24}\d{2,4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,4}\s*日?.{0,60}$"
)
_ENDS_CLAUSE: Final = re.compile(r"[。！？!?;；，,]|\.\s|\.$")
_CELLS: Final = re.compile(r"^\|.*\|?\s*$|\s\|\s.*\s\|\s")
_NARROW: Final = 120


def without(paragraphs: list[str], title: str = "") -> list[str]:
    """The paragraphs without such lines at the head and at the foot, and without rows of menus."""
    kept = [line for line in (_cells(text.strip()) for text in paragraphs) if line]
    bare = _bare(title)
    for _ in range(8):
        if not kept:
            break
        first = kept[0]
        if (
            bare and _bare(first) and _bare(first) in bare and len(_bare(first)) * 2 > len(bare)
        ) or (_is_head(first)):
            kept.pop(0)
        else:
            break
    while len(kept) > 1 and _is_foot(kept[-1]):
        kept.pop()
    return kept


def is_notice(text: str) -> bool:
    """Whether a paragraph is about rights, licences and complaints, as pages have at their foot."""
    return len(_LEGAL.findall(text)) > 1 and len(text) < 4 * _NARROW


def _cells(text: str) -> str:
    """A row of a table, as sentences; empty where it is a row of menu entries."""
    if not _CELLS.search(text):
        return text
    cells = [cell.strip() for cell in text.split("|")]
    cells = [cell for cell in cells if cell]
    if len(cells) == 1 and (len(cells[0]) >= 20 or _ENDS_CLAUSE.search(cells[0])):
        return cells[0]
    if any(len(cell) > 60 and _ENDS_CLAUSE.search(cell) for cell in cells):
        return max(cells, key=len)
    if any(char.isdigit() for cell in cells for char in cell) and len(cells) > 1:
        return " | ".join(cells)  # a row of figures
    return ""


def _is_head(text: str) -> bool:
    if len(text) > _NARROW:
        return False
    if _CREDIT.match(text) or (_DATE_LINE.match(text) and not _ENDS_CLAUSE.search(text)):
        return True
    return text.count(">") > 1 or text.count("»") > 1 or text.count("›") > 1


def _is_foot(text: str) -> bool:
    if _LEGAL.search(text) and len(text) < 4 * _NARROW:
        return True
    return len(text) < _NARROW and bool(_CREDIT.match(text) or _is_head(text))


def _bare(text: str) -> str:
    return re.sub(r"\W+", "", text).lower()
