"""Any server that speaks as LibreTranslate does: POST /translate, GET /languages."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from threading import Lock
from typing import Any, Final

from saphan.engines.translation.errors import NoSuchPair, Refused, TooLong, Unreadable
from saphan.engines.translation.wire import Line

_CALLED: Final = {
    "zh-Hans": ("zh-Hans", "zh", "zh-CN", "zh_CN"),
    "zh-Hant": ("zh-Hant", "zt", "zh-TW", "zh_TW"),
    "fil": ("fil", "tl"),
    "pt": ("pt", "pb", "pt-PT", "pt-BR"),
}
"""What servers call a language of the house, most exact name first."""
_LASTING: Final = 3600.0
"""Seconds that a list of languages is believed."""
_AT_ONCE: Final = 16
"""Texts in one request."""
MOST_CHARACTERS: Final = 5000
"""Of one text; servers have limits of their own and say so."""


class LibreTranslateCompatible:
    """A client for a LibreTranslate-compatible server. `url` is its root.

    It knows no terms, so `glossary` and `about` are not sent: the comparison shows what is missed.
    Raises ValueError for an address that is not http.
    """

    def __init__(
        self,
        url: str,
        key: str = "",
        *,
        seconds: float = 60.0,
        tries: int = 3,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._line = Line(url, seconds, tries, sleep=sleep)
        self._key = key
        self._known: tuple[float, dict[str, frozenset[str]]] | None = None
        self._lock = Lock()

    @property
    def name(self) -> str:
        return f"libretranslate:{self._line.host}"

    def languages(self) -> frozenset[tuple[str, str]]:
        """The pairs of the house's languages that the server translates now."""
        from saphan.engines.language.codes import CODES

        served = self._served()
        names = {code: name for code in CODES if (name := _called(code, served))}
        return frozenset(
            (source, target)
            for source, ours in names.items()
            for target, theirs in names.items()
            if source != target and theirs in served[ours] and ours != theirs
        )

    def translate(
        self,
        texts: Sequence[str],
        *,
        source: str,
        target: str,
        glossary: Sequence[tuple[str, str]] = (),
        about: str = "",
    ) -> list[str]:
        """See `Provider.translate`. Raises NoSuchPair where the server lacks the pair."""
        served = self._served()
        first, second = _called(source, served), _called(target, served)
        if not first or not second or second not in served[first]:
            raise NoSuchPair(f"{self._line.host} does not translate {source} to {target}")
        longest = max((len(text) for text in texts), default=0)
        if longest > MOST_CHARACTERS:
            raise TooLong(f"a text of {longest} characters; {MOST_CHARACTERS} are sent at most")
        wanted = [number for number, text in enumerate(texts) if text.strip()]
        answers = ["" if number in wanted else text for number, text in enumerate(texts)]
        for start in range(0, len(wanted), _AT_ONCE):
            part = wanted[start : start + _AT_ONCE]
            given = self._ask([texts[number] for number in part], first, second)
            for number, answer in zip(part, given, strict=True):
                answers[number] = answer
        return answers

    def _ask(self, texts: list[str], source: str, target: str) -> list[str]:
        body = {"q": texts, "source": source, "target": target, "format": "text"}
        if self._key:
            body["api_key"] = self._key
        try:
            payload = self._line.ask("/translate", body)
        except Refused as error:
            if "not supported" in error.detail or "not available" in error.detail:
                raise NoSuchPair(error.detail) from None
            raise
        answers = payload.get("translatedText") if isinstance(payload, dict) else None
        if not isinstance(answers, list) or len(answers) != len(texts):
            raise Unreadable("the answer does not hold one translation for each text")
        if not all(isinstance(answer, str) and answer.strip() for answer in answers):
            raise Unreadable("a translation is empty or no text")
        return answers

    def _served(self) -> dict[str, frozenset[str]]:
        """The server's own names of languages, each with those it translates into."""
        with self._lock:
            if self._known and time.monotonic() - self._known[0] < _LASTING:
                return self._known[1]
        served = _read_languages(self._line.ask("/languages"))
        with self._lock:
            self._known = (time.monotonic(), served)
        return served


def _read_languages(payload: Any) -> dict[str, frozenset[str]]:
    if not isinstance(payload, list):
        raise Unreadable("the list of languages is no list")
    rows = [row for row in payload if isinstance(row, dict) and isinstance(row.get("code"), str)]
    every = frozenset(row["code"] for row in rows)
    served = {}
    for row in rows:
        targets = row.get("targets", every)  # older servers do not say: each into each
        if not isinstance(targets, list | frozenset):
            raise Unreadable("the targets of a language are no list")
        served[row["code"]] = frozenset(code for code in targets if isinstance(code, str))
    return served


def _called(code: str, served: dict[str, frozenset[str]]) -> str:
    return next((name for name in _CALLED.get(code, (code,)) if name in served), "")
