"""Work for outside translators as files: XLIFF 1.2, XLIFF 2.0, CSV. Plain data in and out.

Each sentence is a unit whose identifier says rendering, field and place: `12.title.0`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree

V12 = "urn:oasis:names:tc:xliff:document:1.2"
V20 = "urn:oasis:names:tc:xliff:document:2.0"
SPACE = "{http://www.w3.org/XML/1998/namespace}space"
JOINED = "(joined)"  # what a file says of a sentence that is said with the one before
COLUMNS = ("id", "record", "field", "source_lang", "lang", "source", "translation", "note")


class UnreadableFile(ValueError):
    """A file of another kind; `args[0]` is one of ending, encoding, csv, column, xml, doctype,
    not_xliff; `args[1]` says where."""


@dataclass(frozen=True)
class Unit:
    """One sentence. `target` is None while there is no translation, `JOINED` where it is said
    together with the sentence before."""

    id: str
    source: str
    target: str | None
    note: str = ""


@dataclass
class Sheet:
    """One record in one language; `groups` are its fields: (name, label, units)."""

    name: str
    source_lang: str
    lang: str
    url: str = ""
    groups: list[tuple[str, str, list[Unit]]] = field(default_factory=list)


# Writing


def write_12(sheets: Iterable[Sheet]) -> str:
    """XLIFF 1.2: any number of records and languages in one file."""
    ElementTree.register_namespace("", V12)
    root = ElementTree.Element(_q(V12, "xliff"), version="1.2")
    for sheet in sheets:
        file = ElementTree.SubElement(root, _q(V12, "file"), {
            "original": sheet.name, "source-language": sheet.source_lang,
            "target-language": sheet.lang, "datatype": "plaintext"})
        body = ElementTree.SubElement(file, _q(V12, "body"))
        for name, label, units in sheet.groups:
            group = ElementTree.SubElement(body, _q(V12, "group"), id=name, resname=label)
            for unit in units:
                made = ElementTree.SubElement(group, _q(V12, "trans-unit"),
                                              {"id": unit.id, SPACE: "preserve"})
                _text(made, V12, "source", unit.source)
                state = "needs-translation" if unit.target is None else "translated"
                _text(made, V12, "target", unit.target or "").set("state", state)
                if unit.note:
                    _text(made, V12, "note", unit.note)
    return _document(root)


def write_20(sheet: Sheet) -> str:
    """XLIFF 2.0: one record in one language, because a file has one pair of languages."""
    ElementTree.register_namespace("", V20)
    root = ElementTree.Element(_q(V20, "xliff"), version="2.0", srcLang=sheet.source_lang,
                               trgLang=sheet.lang)
    file = ElementTree.SubElement(root, _q(V20, "file"), id="f1", original=sheet.name)
    for name, label, units in sheet.groups:
        group = ElementTree.SubElement(file, _q(V20, "group"), id=name, name=label)
        for unit in units:
            made = ElementTree.SubElement(group, _q(V20, "unit"), {"id": unit.id,
                                                                   SPACE: "preserve"})
            if unit.note:
                notes = ElementTree.SubElement(made, _q(V20, "notes"))
                _text(notes, V20, "note", unit.note)
            segment = ElementTree.SubElement(made, _q(V20, "segment"), state=(
                "initial" if unit.target is None else "translated"))
            _text(segment, V20, "source", unit.source)
            if unit.target is not None:
                _text(segment, V20, "target", unit.target)
    return _document(root)


def write_csv(sheets: Iterable[Sheet]) -> str:
    """One sentence a row; cells that a spreadsheet would calculate are kept from it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for sheet in sheets:
        for _name, label, units in sheet.groups:
            for unit in units:
                writer.writerow([unit.id, sheet.name, label, sheet.source_lang, sheet.lang,
                                 _inert(unit.source), _inert(unit.target or ""), unit.note])
    return "\ufeff" + out.getvalue()


def _inert(cell: str) -> str:
    return "'" + cell if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def _q(space: str, name: str) -> str:
    return f"{{{space}}}{name}"


def _text(parent: Any, space: str, name: str, text: str) -> Any:
    made = ElementTree.SubElement(parent, _q(space, name))
    made.text = text
    return made


def _document(root: Any) -> str:
    ElementTree.indent(root, " ")
    return ('<?xml version="1.0" encoding="UTF-8"?>\n'
            + ElementTree.tostring(root, encoding="unicode") + "\n")


# Reading


def read(data: bytes, file_name: str) -> list[Unit]:
    """The units of a file that `write_…` made and a translator filled. Raises `UnreadableFile`."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableFile("encoding", "") from error
    if file_name.lower().endswith(".csv"):
        return list(_read_csv(text))
    if file_name.lower().endswith((".xlf", ".xliff", ".xml")):
        return list(_read_xml(text))
    raise UnreadableFile("ending", "")


def _read_csv(text: str) -> Iterator[Unit]:
    try:
        rows = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        if not {"id", "source", "translation"} <= set(rows.fieldnames or ()):
            raise UnreadableFile("column", "")
        for row in rows:
            yield Unit(row["id"] or "", _plain(row["source"]), _plain(row["translation"]) or None)
    except csv.Error as error:
        raise UnreadableFile("csv", str(error)) from error


def _plain(cell: str | None) -> str:
    """A cell without the sign that kept it from being calculated."""
    cell = cell or ""
    return cell[1:] if cell[:1] == "'" and _inert(cell[1:]) == cell else cell


def _read_xml(text: str) -> Iterator[Unit]:
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise UnreadableFile("doctype", "")
    try:
        # Without declarations there are no entities to expand; expat bounds the rest.
        root = ElementTree.fromstring(text)  # noqa: S314
    except ElementTree.ParseError as error:
        raise UnreadableFile("xml", str(error)) from error
    if root.tag == _q(V12, "xliff"):
        for unit in root.iter(_q(V12, "trans-unit")):
            yield Unit(unit.get("id", ""), _said(unit.find(_q(V12, "source"))),
                       _said(unit.find(_q(V12, "target"))) or None)
    elif root.tag == _q(V20, "xliff"):
        for unit in root.iter(_q(V20, "unit")):
            segments = list(unit.iter(_q(V20, "segment")))
            yield Unit(unit.get("id", ""),
                       "".join(_said(one.find(_q(V20, "source"))) for one in segments),
                       "".join(_said(one.find(_q(V20, "target"))) for one in segments) or None)
    else:
        raise UnreadableFile("not_xliff", "")


def _said(element: Any) -> str:
    """All text of an element, also inside inline marks that a tool put there."""
    return "" if element is None else "".join(element.itertext())
