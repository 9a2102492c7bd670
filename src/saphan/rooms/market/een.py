"""Partnering profiles as the Enterprise Europe Network writes them: read into rows, and written.

The tree is that of the Network's public profiles (`reference`, `content`, `cooperation`, `keyword`,
`datum`, `company`), as XML or as JSON of the same names; the mapping is ours and described in
docs/market.md. Rows go through the one validation of all imports. What a record here has no place
for is named in the report (`Left`); contact data is never taken in. XML with a document type is
refused, so no entity is ever defined or fetched, and neither is nesting deeper than `DEEPEST`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any
from xml.etree import ElementTree as Xml

from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from saphan.rooms.market.checking import Left, Problem, Rows
from saphan.rooms.market.vocabulary import NEEDS, IPStatus, Kind, Partnership, Stage

Tree = dict[str, Any]

DEEPEST = 20
PUBLIC_SEARCH = "https://een.ec.europa.eu/partnering-opportunities"
CODE = re.compile(r"^(RDR|BO|BR|TO|TR)([A-Z]{2})(\d{4,14})$")
KINDS = {"BO": Kind.BUSINESS_OFFER, "BR": Kind.BUSINESS_REQUEST, "TO": Kind.TECHNOLOGY_OFFER,
         "TR": Kind.TECHNOLOGY_REQUEST, "RDR": Kind.RD_REQUEST}
CODES = {**{str(kind): code for code, kind in KINDS.items()}, "research_result": "TO"}
PLACES = {"EL": "GR", "UK": "GB"}

# The Network's words, folded (see `_folded`); the first of each line is what we write.
STAGES = {Stage.CONCEPT: ("concept stage", "proposal under development"),
          Stage.UNDER_DEVELOPMENT: ("under development",),
          Stage.LAB_TESTED: ("lab tested", "under development lab tested",
                             "field tested evaluated"),
          Stage.DEMONSTRATION: ("available for demonstration",
                                "prototype available for demonstration"),
          Stage.ON_THE_MARKET: ("already on the market", "on the market")}
RIGHTS = {IPStatus.SECRET_KNOW_HOW: ("secret know how",),
          IPStatus.APPLIED: ("patent applied for but not yet granted",
                             "patents applied for but not yet granted", "patent applied for"),
          IPStatus.GRANTED: ("patents granted", "patent granted",
                             "granted patent or patent application essential"),
          IPStatus.OPEN_SOURCE: ("open source",),
          IPStatus.NONE_APPLIED: ("no rights applied for", "ipr not applied for")}
PARTNERSHIPS = {
    Partnership.COMMERCIAL: ("commercial agreement", "commercial agency agreement",
                             "distribution services agreement", "franchise agency agreement",
                             "services agreement"),
    Partnership.INVESTMENT: ("investment agreement", "financial agreement",
                             "acquisition agreement"),
    Partnership.OUTSOURCING: ("outsourcing agreement", "subcontracting",
                              "subcontracting agreement"),
    Partnership.SUPPLIER: ("supplier agreement", "manufacturing agreement"),
    Partnership.LICENCE: ("licence agreement", "license agreement"),
    Partnership.JOINT_RD: ("research and development cooperation agreement",
                           "research cooperation agreement"),
    Partnership.TECHNICAL_ASSISTANCE: ("commercial agreement with technical assistance",
                                       "technical cooperation agreement"),
    Partnership.TRAINING: ("training",), Partnership.JOINT_VENTURE: ("joint venture agreement",
                                                                     "joint venture"),
    Partnership.PROCUREMENT: ("procurement",)}
# Parts that a row takes; any other leaf of a profile is named as left out.
TAKEN = frozenset({"reference/external", "reference/internal", "reference/link", "content/lang",
                   "content/title", "content/summary", "content/description",
                   "cooperation/stagedev/stage", "cooperation/stagedev/trl",
                   "cooperation/ipr/status", "cooperation/partnerships/partnership",
                   "cooperation/partner/sought", "cooperation/partner/area",
                   "keyword/technologies/technology", "datum/submit", "datum/deadline",
                   "company/country", "company/name", "company/kind"})
CONTENT = {"title": "title", "summary": "summary", "description": "description",
           "plusvalue": "advantages", "expertise": "technical_specification",
           "sought": "partner_role"}


# -- reading ---------------------------------------------------------------------------------


def read(content: str) -> Rows:
    """Rows of profiles in XML or JSON, numbered by profile; before each row what it leaves out."""
    try:
        profiles = _from_xml(content) if content.lstrip().startswith("<") else _from_json(content)
    except (ValueError, RecursionError, Xml.ParseError) as error:
        yield 1, Problem(1, "", _("These profiles cannot be read: %(why)s.") % {"why": error})
        return
    for number, profile in enumerate(profiles, 1):
        if not isinstance(profile, dict):
            yield number, Problem(number, "", _("A profile must be one object."))
            continue
        row, taken = _row_of(profile)
        for path in sorted({path for path, _value in _leaves(profile)} - taken):
            yield number, Left(number, path, _("Contact data is not taken in.") if path.startswith(
                "contact") else _("A record here has no place for this. It was left out."))
        yield number, row


def _from_json(content: str) -> list[Any]:
    given = json.loads(content)
    if isinstance(given, dict):
        given = given.get("profiles", [given])
    if not isinstance(given, list):
        raise ValueError("no list of profiles")
    return given


class _Shallow(Xml.TreeBuilder):
    """Builds a tree, up to a depth."""

    depth = 0

    def start(self, tag: Any, attrs: Any) -> Any:
        self.depth += 1
        if self.depth > DEEPEST:
            raise ValueError("too many levels")
        return super().start(tag, attrs)

    def end(self, tag: Any) -> Any:
        self.depth -= 1
        return super().end(tag)


def _from_xml(content: str) -> list[Tree]:
    if re.search(r"<!\s*(DOCTYPE|ENTITY)", content, re.IGNORECASE):
        raise ValueError("a document type is not allowed")
    parser = Xml.XMLParser(target=_Shallow())  # noqa: S314 (no document type, so no entities)
    parser.feed(content)
    root = parser.close()
    found = [root] if _name(root) == "profile" else [
        element for element in root.iter() if _name(element) == "profile"]
    if not found:
        raise ValueError("no profile in it")
    return [tree for element in found if isinstance(tree := _tree(element), dict)]


def _name(element: Any) -> str:
    return str(element.tag).rpartition("}")[2].lower()


def _tree(element: Any) -> Any:
    """An element as plain data; a name that comes again makes a list."""
    if not len(element):
        lang = element.get("lang") or element.get("{http://www.w3.org/XML/1998/namespace}lang")
        text = (element.text or "").strip()
        return {"lang": lang, "text": text} if lang else text
    tree: Tree = {key.rpartition("}")[2]: value for key, value in element.attrib.items()}
    for child in element:
        name, value = _name(child), _tree(child)
        if name in tree:
            known = tree[name]
            tree[name] = [*(known if isinstance(known, list) else [known]), value]
        else:
            tree[name] = value
    return tree


def _leaves(tree: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(tree, list):
        for item in tree:
            yield from _leaves(item, path)
    elif isinstance(tree, dict) and not set(tree) <= {"lang", "text"}:
        for name, value in tree.items():
            yield from _leaves(value, f"{path}/{name}".lstrip("/"))
    elif tree not in (None, "", {}):
        yield path, _text(tree)


def _text(value: Any) -> str:
    return str(value.get("text", "") if isinstance(value, dict) else value).strip()


def _all(tree: Tree, path: str) -> list[str]:
    return [value for found, value in _leaves(tree) if found == path and value]


def _first(tree: Tree, path: str) -> str:
    return next(iter(_all(tree, path)), "")


def _row_of(profile: Tree) -> tuple[dict[str, Any], set[str]]:
    """The row, and the paths of the profile that went into it."""
    code = _first(profile, "reference/external").upper().replace(" ", "")
    parts, taken = CODE.match(code), set(TAKEN)
    kind = KINDS.get(parts[1]) if parts else None
    home = (_first(profile, "company/country") or (parts[2] if parts else "")).upper()
    row: dict[str, Any] = {
        "key": slugify(_first(profile, "reference/internal")) or slugify(f"een-{code}")[:80],
        "kind": str(kind or _first(profile, "type")), "economy": PLACES.get(home, home),
        "source": {"url": _first(profile, "reference/link") or PUBLIC_SEARCH,
                   "title": f"Enterprise Europe Network, {code}"}}
    needs = kind in NEEDS
    taken |= {"type"} | ({"cooperation/expertise"} if needs else {"cooperation/plusvalue"})
    row |= _words(profile, needs=needs)
    row |= _choices(profile, taken, needs=needs)
    keywords = _all(profile, "keyword/technologies/technology")
    row["keywords"] = [word[:60] for word in keywords[:5]]
    if len(keywords) > 5:
        taken.discard("keyword/technologies/technology")
    row["target_economies"] = [PLACES.get(place, place) for place in _all(
        profile, "cooperation/partner/area")]
    if name := _first(profile, "company/name"):
        row["organisation"] = {"name": {"": name}, "economy": row["economy"],
                               "kind": _first(profile, "company/kind").lower() or "company"}
    elif _first(profile, "company/kind"):
        taken.discard("company/kind")
    for path, field in (("datum/submit", "published"),
                        ("datum/deadline", "deadline" if needs else "valid_until")):
        if day := _first(profile, path):
            row[field] = day[:10]
    return {name: value for name, value in row.items() if value not in ("", [], {})}, taken


def _words(profile: Tree, *, needs: bool) -> dict[str, Any]:
    """The words by language: `content` may come once for each."""
    row: dict[str, dict[str, str]] = {}
    given = profile.get("content") or {}
    first = ""
    for content in given if isinstance(given, list) else [given]:
        if isinstance(content, dict):
            lang = str(content.get("lang") or "")
            first = first or lang
            for name in ("title", "summary", "description"):
                if text := _text(content.get(name) or ""):
                    row.setdefault(name, {})[lang] = text
    held = profile.get("cooperation") or {}
    partner = held.get("partner") if isinstance(held, dict) else None
    beside = [("plusvalue", held), ("sought", partner)]
    if needs:
        beside = [("expertise", held), ("sought", partner)]
    for name, place in beside:
        values = place.get(name) if isinstance(place, dict) else None
        for value in values if isinstance(values, list) else [values]:
            if value and (text := _text(value)):
                lang = str(value.get("lang", first)) if isinstance(value, dict) else first
                row.setdefault(CONTENT[name], {})[lang] = text
    return {**row, **({"lang": first} if first else {})}


def _choices(profile: Tree, taken: set[str], *, needs: bool) -> dict[str, Any]:
    """Stage, rights and partnerships in our terms; what we have no term for is not taken."""
    row: dict[str, Any] = {}
    for path, field, terms in (("cooperation/stagedev/stage", "stage", STAGES),
                               ("cooperation/ipr/status", "ip_status", RIGHTS)):
        found = [_known(value, terms) for value in _all(profile, path)]
        if needs or not all(found) or len(found) > 1:
            taken.discard(path)
        if not needs and any(found):
            row[field] = next(filter(None, found))
    path = "cooperation/partnerships/partnership"
    kinds = [_known(value, PARTNERSHIPS) for value in _all(profile, path)]
    distinct = list(dict.fromkeys(filter(None, kinds)))
    if not all(kinds) or len(distinct) > 3:
        taken.discard(path)
    row["partnership"] = distinct[:3]
    level = _first(profile, "cooperation/stagedev/trl")
    if needs or not level.isdecimal():
        taken.discard("cooperation/stagedev/trl")
    else:
        row["trl"] = int(level)
    return row


def _folded(text: str) -> str:
    return " ".join(re.sub(r"\(s\)|[^a-z]+", " ", text.lower()).split())


def _known(value: str, terms: Mapping[Any, tuple[str, ...]]) -> str:
    folded = _folded(value)
    return next((str(term) for term, names in terms.items() if folded in names), "")


# -- writing ---------------------------------------------------------------------------------


def profile_of(row: Mapping[str, Any]) -> Tree:
    """A row of the export as a profile. What a profile has no place for stays behind: budget,
    indicators, patents, licence, translations' origins (JSONL keeps them all)."""
    lang, number = str(row.get("lang", "")), str(row.get("number", ""))
    words = {name: dict(row.get(name) or {}) for name in CONTENT.values()}
    langs = sorted({code for name in ("title", "summary", "description") for code in words[name]},
                   key=lambda code: (code != lang, code))
    organisation = row.get("organisation") or {}
    names = organisation.get("name", {})
    digits = "".join(filter(str.isdigit, number))
    tree = {
        "reference": {"external": f"{CODES[str(row['kind'])]}{row.get('economy', '')}{digits}",
                      "internal": row.get("key"),
                      "link": (row.get("source") or {}).get("url")},
        "content": [{"lang": code, **{name: words[name].get(code) for name in (
            "title", "summary", "description")}} for code in langs],
        "cooperation": {
            "plusvalue": _spoken(words["advantages"]),
            "expertise": _spoken(words["technical_specification"]),
            "stagedev": {"stage": _said(row.get("stage"), STAGES), "trl": row.get("trl")},
            "ipr": {"status": _said(row.get("ip_status"), RIGHTS)},
            "partnerships": {"partnership": [_said(one, PARTNERSHIPS)
                                             for one in row.get("partnership", [])]},
            "partner": {"sought": _spoken(words["partner_role"]),
                        "area": list(row.get("target_economies", []))}},
        "keyword": {"technologies": {"technology": list(row.get("keywords", []))}},
        "datum": {"submit": _day(row.get("published")),
                  "deadline": row.get("deadline") or row.get("valid_until")},
        "company": {"country": row.get("economy"), "kind": organisation.get("kind"),
                    "name": names.get(lang) or next(iter(names.values()), "")}}
    return _without_gaps(tree) or {}


def _day(moment: Any) -> str:
    """The day, at the centre, of an instant as a row has it."""
    return timezone.localdate(datetime.fromisoformat(moment)).isoformat() if moment else ""


def _spoken(words: Mapping[str, str]) -> list[Tree]:
    return [{"lang": lang, "text": text} for lang, text in words.items()]


def _said(value: Any, terms: Mapping[Any, tuple[str, ...]]) -> str:
    return next((names[0].capitalize() for term, names in terms.items() if str(term) == value), "")


def _without_gaps(tree: Any) -> Any:
    if isinstance(tree, dict):
        kept = {name: part for name, value in tree.items()
                if (part := _without_gaps(value)) not in (None, "", [], {})}
        return kept or None
    if isinstance(tree, list):
        return [part for value in tree if (part := _without_gaps(value)) not in (None, "", {})]
    return tree


def write_xml(rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<profiles>\n'
    for row in rows:
        yield Xml.tostring(_element("profile", profile_of(row)), encoding="unicode") + "\n"
    yield "</profiles>\n"


def write_json(rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    yield '{"profiles": ['
    for position, row in enumerate(rows):
        yield (",\n" if position else "\n") + json.dumps(profile_of(row), ensure_ascii=False)
    yield "\n]}\n"


def _element(name: str, value: Any) -> Xml.Element:
    element = Xml.Element(name)
    if not isinstance(value, dict):
        element.text = _NOT_IN_XML.sub("", str(value))
        return element
    for part, held in value.items():
        if part == "lang":
            element.set("lang", held)
        elif part == "text":
            element.text = _NOT_IN_XML.sub("", str(held))
        else:
            for one in held if isinstance(held, list) else [held]:
                element.append(_element(part, one))
    return element


_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
