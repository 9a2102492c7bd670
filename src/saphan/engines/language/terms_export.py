"""The term base as files that other tools read, and such files read back.

Written are TBX (ISO 30042:2019, dialect TBX-Basic, style DCT), SKOS (Turtle and JSON-LD) and CSV.
Read are TBX (either style) and CSV. A reader refuses what it cannot take with its place and its
words, and goes on: nothing is dropped in silence.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final
from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr

from saphan.engines.language.codes import CODES, LANGUAGES, UNDETERMINED, canonical
from saphan.engines.language.terms import Concept, TermBase

CORE: Final = "urn:iso:std:iso:30042:ed-2"
MIN: Final = "http://www.tbxinfo.net/ns/min"
BASIC: Final = "http://www.tbxinfo.net/ns/basic"
PREFERRED: Final = "preferredTerm-admn-sts"
ADMITTED: Final = "admittedTerm-admn-sts"
REVIEW_NOTE: Final = "Needs review by a native speaker."
BROADER_NOTE: Final = "broader concept: "

_IDENTIFIER: Final = re.compile(r"[a-z0-9][a-z0-9_]{0,63}")
_XML_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_FIRST: Final = ("concept", "sector", "broader")
_UNXML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Origin:
    """Whose term base it is; `base` is the address that its concepts' addresses begin with."""

    title: str
    base: str

    def uri(self, concept: str) -> str:
        return f"{self.base}{concept}/"


class Reason(StrEnum):
    """Why something in a file was not taken."""

    IDENTIFIER = "identifier"
    LANGUAGE = "language"
    NO_WORDS = "no_words"
    REPEATED = "repeated"


@dataclass(frozen=True)
class Refusal:
    """Something that was not taken: where it stands, and its own words."""

    place: str
    concept: str
    text: str
    reason: Reason


@dataclass(frozen=True)
class Given:
    """A concept as a file has it; `sector` and `broader` are None if it does not say."""

    place: str
    concept: str
    labels: Mapping[str, tuple[str, ...]]
    unsure: frozenset[str] = frozenset()
    sector: str | None = None
    broader: tuple[str, ...] | None = None


@dataclass
class FileRead:
    """What a file holds, and what of it cannot be used."""

    given: list[Given] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)


class Unreadable(StrEnum):
    """Why a file cannot be read at all."""

    ENDING = "expected a file that ends in .tbx, .xml or .csv"
    ENCODING = "not UTF-8 text"
    CSV = "not CSV"
    COLUMN = "the first row has no column 'concept'"
    XML = "not well-formed XML"
    DOCTYPE = "a document type declaration is not accepted"
    NOT_TBX = "not a TBX file of 2019: its first element is not <tbx>"


class UnreadableFile(ValueError):
    """A file that is no TBX or no CSV of the kind written here; `detail` says where."""

    def __init__(self, why: Unreadable, detail: object = "") -> None:
        super().__init__(f"{why} ({detail})" if detail else str(why))
        self.why, self.detail = why, str(detail)


# Writing


def write_tbx(terms: TermBase, origin: Origin) -> Iterator[str]:
    """TBX-Basic in pieces of text, one a concept."""
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<tbx style="dct" type="TBX-Basic" xml:lang="en" xmlns="{CORE}" xmlns:min="{MIN}" '
        f'xmlns:basic="{BASIC}">\n<tbxHeader>\n<fileDesc>\n'
        f"<titleStmt><title>{_xml(origin.title)}</title></titleStmt>\n"
        f"<sourceDesc><p>{_xml(origin.base)}</p></sourceDesc>\n</fileDesc>\n</tbxHeader>\n"
        "<text>\n<body>\n"
    )
    for concept in terms.concepts.values():
        yield _tbx_entry(concept, terms)
    yield "</body>\n</text>\n</tbx>\n"


def _tbx_entry(concept: Concept, terms: TermBase) -> str:
    lines = [f"<conceptEntry id={quoteattr(_xml_id(concept.id))}>"]
    if concept.sector:
        lines.append(f"<min:subjectField>{_xml(concept.sector)}</min:subjectField>")
    lines += [
        f"<basic:crossReference target={quoteattr(_xml_id(name))}>{BROADER_NOTE}{_xml(name)}"
        "</basic:crossReference>"
        for name in concept.broader
        if name in terms.concepts
    ]
    for lang, labels in concept.labels.items():
        lines.append(f"<langSec xml:lang={quoteattr(lang)}>")
        if lang in concept.unsure:
            lines.append(f"<note>{REVIEW_NOTE}</note>")
        for place, label in enumerate(labels):
            status = ADMITTED if place else PREFERRED
            lines.append(
                f"<termSec><term>{_xml(label)}</term>"
                f"<min:administrativeStatus>{status}</min:administrativeStatus></termSec>"
            )
        lines.append("</langSec>")
    return "\n".join([*lines, "</conceptEntry>\n"])


def _xml(text: str) -> str:
    return escape(_UNXML.sub("", text))


def _xml_id(concept: str) -> str:
    """An XML identifier begins with a letter or `_`; ours may begin with a digit, never so."""
    return f"_{concept}" if concept[0].isdigit() else concept


def write_turtle(terms: TermBase, origin: Origin) -> Iterator[str]:
    """SKOS in Turtle, one piece a concept; fields are collections."""
    scheme = f"<{origin.base}>"
    yield (
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
        "@prefix dct: <http://purl.org/dc/terms/> .\n\n"
        f"{scheme} a skos:ConceptScheme ;\n  dct:title {_literal(origin.title)} .\n"
    )
    for sector, members in _by_sector(terms).items():
        listed = ",\n    ".join(f"<{origin.uri(name)}>" for name in members)
        yield (
            f"\n<{origin.base}#{sector}> a skos:Collection ;\n"
            f"  skos:prefLabel {_literal(sector.replace('_', ' '), 'en')} ;\n"
            f"  skos:member {listed} .\n"
        )
    for concept in terms.concepts.values():
        yield f"\n<{origin.uri(concept.id)}> a skos:Concept ;\n" + " ;\n".join(
            f"  {name} {', '.join(values)}"
            for name, values in _turtle_of(concept, terms, origin, scheme)
        ) + " .\n"


def _turtle_of(
    concept: Concept, terms: TermBase, origin: Origin, scheme: str
) -> Iterator[tuple[str, list[str]]]:
    above = [f"<{origin.uri(name)}>" for name in concept.broader if name in terms.concepts]
    yield "skos:inScheme", [scheme]
    if not above:
        yield "skos:topConceptOf", [scheme]
    yield "skos:notation", [_literal(concept.id)]
    yield "skos:prefLabel", [_literal(words[0], lang) for lang, words in concept.labels.items()]
    if also := [_literal(word, lang) for lang, word in _variants(concept)]:
        yield "skos:altLabel", also
    if above:
        yield "skos:broader", above
    if concept.unsure:
        yield "skos:editorialNote", [_literal(_review_note(concept), "en")]


def _review_note(concept: Concept) -> str:
    return f"{REVIEW_NOTE[:-1]}: {', '.join(sorted(concept.unsure))}"


def _variants(concept: Concept) -> list[tuple[str, str]]:
    return [(lang, word) for lang, words in concept.labels.items()
            for word in dict.fromkeys(words[1:]) if word != words[0]]  # fmt: skip


def _literal(text: str, lang: str = "") -> str:
    """A Turtle string; JSON escapes are Turtle escapes for all that can stand in a label."""
    quoted = json.dumps(text, ensure_ascii=False)
    return f"{quoted}@{lang}" if lang else quoted


def _by_sector(terms: TermBase) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for concept in terms.concepts.values():
        found.setdefault(concept.sector or "general", []).append(concept.id)
    return found


def write_jsonld(terms: TermBase, origin: Origin) -> Iterator[str]:
    """SKOS in JSON-LD, one piece."""
    context = {
        "skos": "http://www.w3.org/2004/02/skos/core#", "dct": "http://purl.org/dc/terms/",
        "prefLabel": {"@id": "skos:prefLabel", "@container": "@language"},
        "altLabel": {"@id": "skos:altLabel", "@container": "@language"},
        "broader": {"@id": "skos:broader", "@type": "@id"},
        "inScheme": {"@id": "skos:inScheme", "@type": "@id"},
        "member": {"@id": "skos:member", "@type": "@id"},
        "notation": "skos:notation", "editorialNote": "skos:editorialNote",
    }  # fmt: skip
    graph: list[dict[str, Any]] = [
        {"@id": origin.base, "@type": "skos:ConceptScheme", "dct:title": origin.title}
    ]
    for sector, members in _by_sector(terms).items():
        graph.append({"@id": f"{origin.base}#{sector}", "@type": "skos:Collection",
                      "prefLabel": {"en": sector.replace("_", " ")},
                      "member": [origin.uri(name) for name in members]})  # fmt: skip
    for concept in terms.concepts.values():
        also: dict[str, list[str]] = {}
        for lang, word in _variants(concept):
            also.setdefault(lang, []).append(word)
        entry = {
            "@id": origin.uri(concept.id), "@type": "skos:Concept", "inScheme": origin.base,
            "notation": concept.id, "altLabel": also,
            "prefLabel": {lang: words[0] for lang, words in concept.labels.items()},
            "broader": [origin.uri(name) for name in concept.broader if name in terms.concepts],
            "editorialNote": _review_note(concept) if concept.unsure else "",
        }  # fmt: skip
        graph.append({name: value for name, value in entry.items() if value})
    yield json.dumps({"@context": context, "@graph": graph}, ensure_ascii=False, indent=1) + "\n"


def write_csv(terms: TermBase, origin: Origin | None = None) -> Iterator[str]:
    """One row a concept, one column a language; cells as in term files: `label | label ?`."""
    line = io.StringIO()
    writer = csv.writer(line, lineterminator="\r\n")

    def row(cells: Iterable[str]) -> str:
        writer.writerow(cells)
        text = line.getvalue()
        line.seek(0)
        line.truncate()
        return text

    yield "\ufeff" + row([*_FIRST, *CODES])
    for concept in terms.concepts.values():
        yield row([concept.id, concept.sector, " ".join(concept.broader),
                   *(_cell(concept, lang) for lang in CODES)])  # fmt: skip


def _cell(concept: Concept, lang: str) -> str:
    words = " | ".join(concept.labels.get(lang, ()))
    return f"{words} ?" if words and lang in concept.unsure else words


WRITERS: Final[dict[str, Callable[[TermBase, Origin], Iterator[str]]]] = {
    "tbx": write_tbx, "ttl": write_turtle, "jsonld": write_jsonld, "csv": write_csv,
}  # fmt: skip


# Reading


def read(data: bytes, name: str) -> FileRead:
    """What a file holds, by the ending of its name. Raises UnreadableFile."""
    ending = name.rpartition(".")[2].lower()
    if ending in ("tbx", "xml"):
        return read_tbx(data)
    if ending == "csv":
        return read_csv(data)
    raise UnreadableFile(Unreadable.ENDING)


def _text_of(data: bytes) -> str:
    wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    try:
        return data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableFile(Unreadable.ENCODING, f"byte {error.start}") from error


def read_csv(data: bytes) -> FileRead:
    """The CSV that `write_csv` writes; columns may lack or stand in another order."""
    text = _text_of(data)
    first = text.partition("\n")[0]
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""),
                               delimiter=max(",;\t", key=first.count), strict=True))  # fmt: skip
    except csv.Error as error:
        raise UnreadableFile(Unreadable.CSV, error) from error
    head = [name.strip() for name in rows[0]] if rows else []
    if "concept" not in head:
        raise UnreadableFile(Unreadable.COLUMN)
    found = FileRead()
    columns = [name if name in _FIRST else canonical(name) for name in head]
    for number, row in enumerate(rows[1:], 2):
        if any(cell.strip() for cell in row):
            _read_row(f"row {number}", head, columns, row, found)
    return found


def _read_row(
    place: str, head: list[str], columns: list[str], row: list[str], found: FileRead
) -> None:
    cells = dict(zip(columns, (cell.strip() for cell in row), strict=False))
    name = cells.get("concept", "")
    labels: dict[str, tuple[str, ...]] = {}
    unsure = set()
    for title, column, cell in zip(head, columns, row, strict=False):
        cell = cell.strip()
        if column == UNDETERMINED and cell:
            found.refused.append(Refusal(place, name, f"{title}: {cell}", Reason.LANGUAGE))
        if column not in LANGUAGES or not cell:
            continue
        if cell.endswith("?"):
            unsure.add(column)
            cell = cell[:-1]
        labels[column] = tuple(part.strip() for part in cell.split("|") if part.strip())
    _take(Given(place, name, labels, frozenset(unsure), cells.get("sector") or None,
                tuple(cells["broader"].split()) if "broader" in cells else None),
          found)  # fmt: skip


def _take(given: Given, found: FileRead) -> None:
    said = " | ".join(word for words in given.labels.values() for word in words)
    if not _IDENTIFIER.fullmatch(given.concept):
        reason = Reason.IDENTIFIER
    elif not any(given.labels.values()):
        reason = Reason.NO_WORDS
    elif any(other.concept == given.concept for other in found.given):
        reason = Reason.REPEATED
    else:
        found.given.append(given)
        return
    found.refused.append(Refusal(given.place, given.concept, said, reason))


def read_tbx(data: bytes) -> FileRead:
    """TBX of 2019, in style DCT or DCA. A document type declaration is not accepted."""
    text = _text_of(data)
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise UnreadableFile(Unreadable.DOCTYPE)
    try:
        # Without declarations there are no entities to expand; expat bounds the rest.
        root = ElementTree.fromstring(text)  # noqa: S314
    except ElementTree.ParseError as error:
        raise UnreadableFile(Unreadable.XML, error) from error
    if _local(root) != "tbx":
        raise UnreadableFile(Unreadable.NOT_TBX)
    found = FileRead()
    for number, entry in enumerate(_named(root, "conceptEntry"), 1):
        _read_entry(f"entry {number}", entry, found)
    return found


def _read_entry(place: str, entry: ElementTree.Element, found: FileRead) -> None:
    name = (entry.get("id") or "").removeprefix("_")
    labels: dict[str, tuple[str, ...]] = {}
    unsure = set()
    for section in _named(entry, "langSec"):
        words = _words(section)
        lang = canonical(section.get(_XML_LANG))
        if lang == UNDETERMINED:
            said = f"{section.get(_XML_LANG) or '–'}: {' | '.join(words)}"
            found.refused.append(Refusal(place, name, said, Reason.LANGUAGE))
            continue
        labels[lang] = tuple(dict.fromkeys((*labels.get(lang, ()), *words)))
        if any("review" in _said(note) for note in _named(section, "note")):
            unsure.add(lang)
    sector = next((_said(one) for one in entry if _category(one) == "subjectField"), None)
    # A reference to another kind of relation than ours is not taken for one.
    above = tuple(
        (one.get("target") or "").removeprefix("_")
        for one in entry
        if _category(one) == "crossReference" and _said(one).startswith(BROADER_NOTE.strip())
    )
    _take(Given(place, name, labels, frozenset(unsure), sector or None, above or None), found)


def _words(section: ElementTree.Element) -> list[str]:
    """Terms of a language section, the preferred one first, without superseded ones."""
    ranked = []
    for term in _named(section, "termSec"):
        word = next((_said(one) for one in _named(term, "term")), "")
        status = next((_said(one) for one in term.iter()
                       if _category(one) == "administrativeStatus"), "")  # fmt: skip
        if word and not status.startswith(("deprecated", "superseded")):
            ranked.append((not status.startswith("preferred"), word))
    ranked.sort(key=lambda row: row[0])
    return [word for _rank, word in ranked]


def _local(element: ElementTree.Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _category(element: ElementTree.Element) -> str:
    """The data category of an element: its name in DCT, its attribute `type` in DCA."""
    return element.get("type") or _local(element)


def _named(element: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [one for one in element.iter() if _local(one) == name]


def _said(element: ElementTree.Element) -> str:
    return " ".join("".join(element.itertext()).split())
