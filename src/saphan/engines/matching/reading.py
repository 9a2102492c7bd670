"""Read documents and queries from JSON lines, tolerant in form and strict about what is needed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from saphan.engines.language.codes import UNDETERMINED, canonical
from saphan.engines.language.identify import identify
from saphan.engines.language.normalise import clean
from saphan.engines.matching.documents import Document, Query
from saphan.engines.matching.economies import canonical_economy
from saphan.engines.matching.stages import canonical_stage
from saphan.engines.matching.tongues import named_language


class BadInput(ValueError):
    """A line that cannot be used; the message names file and line."""


def read_documents(path: Path) -> Iterator[Document]:
    """Documents of a JSON-lines file. Raises BadInput at the first bad line or repeated id."""
    seen: set[str] = set()
    for place, record in _objects(path):
        document = to_document(record, place)
        if document.id in seen:
            raise BadInput(f"{place}: the id {document.id!r} was there before")
        seen.add(document.id)
        yield document


def read_queries(path: Path) -> Iterator[Query]:
    """Queries of a JSON-lines file: `id`, `text` and, if known, `lang`."""
    for place, record in _objects(path):
        text = _words(record.get("text"), _string(record.get("lang")), place, "text")
        name = _identifier(record, place)
        if not text:
            raise BadInput(f"{place}: 'text' is missing or empty")
        yield Query(clean(text), canonical(_string(record.get("lang"))), name)


def _objects(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise BadInput(f"{path}: not UTF-8 text ({error.reason} at byte {error.start})") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        place = f"{path}:{number}"
        try:
            record = json.loads(line)
        except ValueError as error:
            raise BadInput(f"{place}: not JSON ({error})") from error
        if not isinstance(record, dict):
            raise BadInput(f"{place}: expected an object")
        yield place, record


def to_document(record: Mapping[str, Any], place: str = "record") -> Document:
    """A document from a record of the market's exchange format, or of a simpler one.

    Words may be a string in `lang` or an object from language code to text. Unknown fields are
    left aside. Raises BadInput if there is no id (or `key`) or no title.
    """
    lang = canonical(_string(record.get("lang")))
    titles = _by_language(record.get("title"), lang, place, "title")
    summaries = _by_language(record.get("summary"), lang, place, "summary")
    if _string(record.get("title_en")):
        titles.setdefault("en", clean(record["title_en"]))
    if lang not in titles and titles:
        lang = next(iter(titles))
    title = titles.get(lang, "")
    if not title:
        raise BadInput(f"{place}: 'title' is missing or empty")
    if lang == UNDETERMINED:
        lang = identify(f"{title} {summaries.get(lang, '')}").lang
    organisation = record.get("organisation")
    firm = organisation if isinstance(organisation, Mapping) else {}
    names = firm.get("name") if firm else organisation
    budget = record.get("budget")
    money = budget if isinstance(budget, Mapping) else {}
    return Document(
        id=_identifier(record, place),
        lang=lang,
        title=title,
        summary=summaries.pop(lang, "") or summaries.pop(UNDETERMINED, ""),
        description=_words(record.get("description"), lang, place, "description"),
        titles={code: text for code, text in titles.items() if code not in (lang, UNDETERMINED)},
        summaries=summaries,
        keywords=_strings(record.get("keywords")),
        concepts=_strings(record.get("concepts")),
        room=_string(record.get("room")),
        kind=_string(record.get("kind")),
        economy=_economy(record.get("economy") or firm.get("economy")),
        sector=_string(record.get("sector")),
        stage=_stage(record.get("stage")),
        target_economies=tuple(map(_economy, _strings(record.get("target_economies")))),
        partner_types=_strings(record.get("partner_types")),
        organisation=_words(names, lang, place, "organisation"),
        organisation_kind=_string(record.get("organisation_kind") or firm.get("kind")),
        languages=tuple(map(_language, _strings(record.get("languages")))),
        valid_until=_day(record.get("valid_until"), place, "valid_until"),
        deadline=_day(record.get("deadline"), place, "deadline"),
        budget=_number(money.get("amount")),
        currency=_string(money.get("currency")),
        audience=_string(record.get("audience")) or "public",
    )


def _identifier(record: Mapping[str, Any], place: str) -> str:
    value = record.get("id", record.get("key"))
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str) or not value.strip():
        raise BadInput(f"{place}: 'id' is missing or empty")
    return value


def _by_language(value: Any, lang: str, place: str, name: str) -> dict[str, str]:
    if value is None:
        return {}
    if isinstance(value, str):
        return {lang: clean(value).strip()} if value.strip() else {}
    if isinstance(value, Mapping):
        found: dict[str, str] = {}
        for code, text in value.items():
            if not isinstance(text, str):
                raise BadInput(f"{place}: {name!r} in {code!r} is no text")
            if text.strip():
                found.setdefault(canonical(str(code)), clean(text).strip())
        return found
    raise BadInput(f"{place}: {name!r} is neither text nor an object of texts")


def _words(value: Any, lang: str, place: str, name: str) -> str:
    texts = _by_language(value, canonical(lang), place, name)
    return texts.get(canonical(lang), "") or texts.get("en", "") or next(iter(texts.values()), "")


def _string(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _strings(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value.strip(),) if value.strip() else ()
    if isinstance(value, list | tuple):
        return tuple(
            clean(item).strip() for item in value if isinstance(item, str) and item.strip()
        )
    return ()


def _economy(value: Any) -> str:
    """The alpha-2 code for a code or a name; what is not known in upper case."""
    return canonical_economy(_string(value))


def _stage(value: Any) -> str:
    """The market's stage for a word, or for a technology readiness level such as 7 or "TRL 7"."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(int(value))
    return canonical_stage(_string(value))


def _language(value: str) -> str:
    """The code for a tag or a name in any language; what is not known stays as it is."""
    code = canonical(value)
    return named_language(value) or value if code == UNDETERMINED else code


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _day(value: Any, place: str, name: str) -> date | None:
    if value in (None, ""):
        return None
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError as error:
        raise BadInput(f"{place}: {name!r} is no date like 2026-11-22") from error
