"""What a page says about its article: title, author, language."""

from __future__ import annotations

import json
import re
from itertools import islice
from typing import Any, Final

from saphan.engines.extraction.page import Node, weight
from saphan.engines.language.codes import UNDETERMINED, canonical
from saphan.engines.language.identify import identify

_SPACE: Final = re.compile(r"\s+")
_PARTED: Final = re.compile(
    r"\s+[|–—_»·-]+\s+|[_|｜»]+|(?<=[\u3400-\u9fff])-+(?=[\u3400-\u9fff])|--+"
)
_WORD: Final = re.compile(r"\W+")
_MOST_TITLE: Final = 500
_MOST_BYLINE: Final = 200
_PARAGRAPHS: Final = 12
_CREDIT: Final = re.compile(
    r"(?:^|[\s（(【\[|])(?:作者|记者|記者|本报记者|撰文|文)\s*[:：/／|]\s*([^\s|，。；:：（）()【】\]]{2,30})|"
    r"^(?:By|Oleh|Por|Ni)\s+([A-Z][^,|.;]{2,60})$|^(?:ผู้เขียน|Tác giả|Penulis|"
    r"Author)\s*[:：]\s*(.{2,60})$"
)
_AUTHOR_JSON: Final = re.compile(
    r'"author"\s*:\s*\[?\s*(?:"([^"]{2,100})"|\{[^{}]{0,400}?"name"\s*:\s*\[?\s*"([^"]{2,100})")'
)
_HEADLINE_JSON: Final = re.compile(r'"headline"\s*:\s*"((?:[^"\\]|\\.){2,400})"')
_SAVED_FROM: Final = re.compile(r"<!--\s*saved from url=\(\d+\)(https?://[^\s>]{4,900})")
_GENERIC: Final = frozenset(
    {"admin", "administrator", "editor", "unknown", "author", "未知", "佚名"}
)


def title(root: Node) -> str:
    """The article's title without the name of the site; empty if there is none."""
    whole = _line(root.findtext(".//title") or "")
    headings = [_line(item.text_content()) for item in islice(root.iter("h1"), 6)]
    # A heading that the page's title repeats is the article's; the first one is often a logo.
    for heading in headings:
        if len(_bare(heading)) > 3 and _bare(heading) in _bare(whole):
            return heading[:_MOST_TITLE]
    social = _meta(root, ("og:title", "twitter:title", "articletitle", "dc.title", "title"))
    best = _without_site(social or whole, whole)
    if not best and headings:
        best = max(headings, key=len)
    return (best or _of_json(root, _HEADLINE_JSON))[:_MOST_TITLE]


def _without_site(text: str, whole: str) -> str:
    """`Durian exports rise | The Nation` without the paper; both halves of a real dash stay."""
    parts = [part.strip() for part in _PARTED.split(text) if part and part.strip()]
    if len(parts) < 2:
        return text.strip()
    if text != whole and _bare(parts[-1]) != _bare(_PARTED.split(whole)[-1]):
        return text.strip()
    first = parts[0]
    return (
        first if len(first) >= 8 or len(first) >= len(max(parts, key=len)) else max(parts, key=len)
    )


def byline(root: Node, lines: list[str]) -> str:
    """Who wrote it, as the page names them; `lines` are those around the head of the text."""
    found = _meta(root, ("author", "article:author", "dc.creator", "byl", "parsely-author"))
    if not found or found.startswith("http"):
        found = _of_json(root, _AUTHOR_JSON)
    if not found:
        marked = (
            item
            for item in root.iter("a", "span", "div", "p")
            if item.get("rel") == "author" or item.get("itemprop") == "author"
        )
        found = next((_line(item.text_content()) for item in marked), "")
    if not found:
        for line in lines:
            if len(line) < 300 and (match := _CREDIT.search(line)):
                found = next(group for group in match.groups() if group)
                break
    found = re.sub(r"^(?:by|作者|记者|記者)[\s:：]+", "", found.strip(), flags=re.I)
    return "" if found.lower() in _GENERIC or len(found) > _MOST_BYLINE else found


def language(root: Node | None, text: str) -> str:
    """The language of the text itself; what the page claims decides only where that does not."""
    claimed = canonical(root.get("lang") or root.get("xml:lang") or "") if root is not None else ""
    hint = "" if claimed == UNDETERMINED else claimed
    found = identify(text, hint=hint)
    lang = found.lang if not found.also else _by_paragraphs(text, hint)
    return lang if lang != UNDETERMINED else (claimed or UNDETERMINED)


def _by_paragraphs(text: str, hint: str) -> str:
    """The language of most of a text that begins in several: quotes and letterheads are others."""
    longest = sorted(text.split("\n\n"), key=len, reverse=True)[:_PARAGRAPHS]
    sizes: dict[str, int] = {}
    for part in longest:
        lang = identify(part, hint=hint).lang
        sizes[lang] = sizes.get(lang, 0) + weight(part)
    return max(sizes, key=lambda lang: sizes[lang])


def address(root: Node, source: str) -> str:
    """Where the page says that it stands on the web: what the browser that saved it wrote at its
    head, or its canonical link. Only whole addresses of the web."""
    if saved := _SAVED_FROM.search(source[:4096]):
        return saved[1]
    links = (item for item in root.iter("link") if (item.get("rel") or "").lower() == "canonical")
    said = next((item.get("href") or "" for item in links), "") or _meta(root, ("og:url",))
    return said.strip() if re.match(r"https?://[^\s/]+/\S", said.strip()) else ""


def _meta(root: Node, names: tuple[str, ...]) -> str:
    values: dict[str, str] = {}
    for meta in root.iter("meta"):
        name = (meta.get("property") or meta.get("name") or "").lower()
        if name in names and name not in values:
            values[name] = _line(meta.get("content") or "")
    return next((values[name] for name in names if values.get(name)), "")


def _of_json(root: Node, pattern: re.Pattern[str]) -> str:
    for script in root.iter("script"):
        if script.get("type") != "application/ld+json" or not script.text:
            continue
        if match := pattern.search(script.text[:200_000]):
            return _line(_unescaped(next(group for group in match.groups() if group)))
    return ""


def _unescaped(text: str) -> str:
    try:
        value: Any = json.loads(f'"{text}"')
    except ValueError:
        return text
    return str(value)


def _line(text: str) -> str:
    return _SPACE.sub(" ", text).strip()


def _bare(text: str) -> str:
    return _WORD.sub("", text).lower()
