"""The term base as TBX, SKOS and CSV, and back."""

from __future__ import annotations

import csv
import io
import json
import re
from xml.etree import ElementTree

import pytest

from saphan.engines.language import terms_export as export
from saphan.engines.language.terms import Concept, TermBase

ORIGIN = export.Origin("A “house” & its <terms>", "https://house.example/terms/")
CORE, MIN, BASIC = (f"{{{name}}}" for name in (export.CORE, export.MIN, export.BASIC))
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
TERMS = TermBase([
    Concept("fruit", "agriculture", (), {"en": ("fruit",), "th": ("ผลไม้",)}),
    Concept("durian", "agriculture", ("fruit", "gone"),
            {"en": ("durian", "durians"), "zh-Hans": ("榴莲",), "lo": ("ທຸລຽນ", 'ໝາກ "x" <&')},
            frozenset({"lo"})),
    Concept("5g", "", (), {"en": ("5G",)}),
])  # fmt: skip


def written(name: str, terms: TermBase = TERMS) -> str:
    return "".join(export.WRITERS[name](terms, ORIGIN))


# TBX


def test_tbx_has_the_structure_of_the_core_and_the_dialect_basic() -> None:
    root = ElementTree.fromstring(written("tbx"))
    assert root.tag == f"{CORE}tbx"
    assert (root.get("type"), root.get("style"), root.get(LANG)) == ("TBX-Basic", "dct", "en")
    assert [child.tag for child in root] == [f"{CORE}tbxHeader", f"{CORE}text"]
    assert root.find(f"{CORE}tbxHeader/{CORE}fileDesc/{CORE}sourceDesc/{CORE}p") is not None
    title = root.findtext(f"{CORE}tbxHeader/{CORE}fileDesc/{CORE}titleStmt/{CORE}title")
    assert title == ORIGIN.title
    entries = root.findall(f"{CORE}text/{CORE}body/{CORE}conceptEntry")
    identifiers = [entry.get("id") or "" for entry in entries]
    assert identifiers == ["fruit", "durian", "_5g"]
    for entry in entries:
        assert re.fullmatch(r"[A-Za-z_][\w.-]*", entry.get("id") or "")  # xs:ID
        tags = [child.tag for child in entry]
        assert tags == sorted(tags, key=lambda tag: tag == f"{CORE}langSec")  # langSec last
        languages = [section.get(LANG) for section in entry.findall(f"{CORE}langSec")]
        assert languages and len(set(languages)) == len(languages)
        for section in entry.findall(f"{CORE}langSec"):
            assert section[-1].tag == f"{CORE}termSec"
            for term in section.findall(f"{CORE}termSec"):
                assert term[0].tag == f"{CORE}term" and term[0].text
                assert term[1].tag == f"{MIN}administrativeStatus"
                assert term[1].text in (export.PREFERRED, export.ADMITTED)
    targets = {one.get("target") for one in root.iter(f"{BASIC}crossReference")}
    assert targets == {"fruit"} <= set(identifiers)  # IDREF: never to what is not there


def test_tbx_says_one_preferred_word_a_language_and_what_needs_review() -> None:
    root = ElementTree.fromstring(written("tbx"))
    [lao] = [one for one in root.iter(f"{CORE}langSec") if one.get(LANG) == "lo"]
    assert [status.text for status in lao.iter(f"{MIN}administrativeStatus")] == [
        export.PREFERRED, export.ADMITTED]  # fmt: skip
    assert lao.findtext(f"{CORE}note") == export.REVIEW_NOTE
    assert sum(1 for _ in root.iter(f"{CORE}note")) == 1


@pytest.mark.parametrize("name", ["tbx", "csv"])
def test_what_is_written_is_read_back_whole(name: str) -> None:
    found = export.read(written(name).encode(), f"terms.{name}")
    assert found.refused == []
    for given, concept in zip(found.given, TERMS.concepts.values(), strict=True):
        assert (given.concept, given.labels, given.unsure) == (
            concept.id, concept.labels, concept.unsure)  # fmt: skip
    assert found.given[1].sector == "agriculture"
    assert "fruit" in (found.given[1].broader or ())


def test_the_shipped_term_base_goes_through_both_files_unharmed() -> None:
    shipped = TermBase.load()
    for name in ("tbx", "csv"):
        found = export.read(written(name, shipped).encode(), f"terms.{name}")
        assert found.refused == []
        assert {given.concept: dict(given.labels) for given in found.given} == {
            concept.id: concept.labels for concept in shipped.concepts.values()}  # fmt: skip


def test_tbx_of_other_tools_is_read_in_the_style_dca() -> None:
    data = f"""<?xml version="1.0"?><tbx style="dca" type="TBX-Basic" xml:lang="en"
      xmlns="{export.CORE}"><tbxHeader><fileDesc><sourceDesc><p>x</p></sourceDesc></fileDesc>
      </tbxHeader><text><body><conceptEntry id="rambutan"><descrip type="subjectField">agriculture
      </descrip><langSec xml:lang="en-US"><termSec><term>hairy fruit</term><termNote
      type="administrativeStatus">admittedTerm-admn-sts</termNote></termSec><termSec><term>rambutan
      </term><termNote type="administrativeStatus">preferredTerm-admn-sts</termNote></termSec>
      <termSec><term>old name</term><termNote type="administrativeStatus">deprecatedTerm-admn-sts
      </termNote></termSec></langSec><langSec xml:lang="sv"><termSec><term>x</term></termSec>
      </langSec></conceptEntry></body></text></tbx>"""
    found = export.read_tbx(data.encode())
    [given] = found.given
    assert given.labels == {"en": ("rambutan", "hairy fruit")}
    assert given.sector == "agriculture" and given.broader is None
    assert [(one.reason, one.text) for one in found.refused] == [
        (export.Reason.LANGUAGE, "sv: x")]  # fmt: skip


@pytest.mark.parametrize(("data", "name", "why"), [
    (b"<tbx", "a.tbx", export.Unreadable.XML),
    (b"<martif/>", "a.tbx", export.Unreadable.NOT_TBX),
    (b"\xff\xff\xff", "a.csv", export.Unreadable.ENCODING),
    (b"id,en\n1,x\n", "a.csv", export.Unreadable.COLUMN),
    (b"", "a.csv", export.Unreadable.COLUMN),
    (b"x", "a.doc", export.Unreadable.ENDING),
    (b'<!DOCTYPE tbx [<!ENTITY a "aaa">]><tbx>&a;</tbx>', "a.tbx", export.Unreadable.DOCTYPE),
])  # fmt: skip
def test_a_file_that_cannot_be_read_says_why(
    data: bytes, name: str, why: export.Unreadable
) -> None:
    with pytest.raises(export.UnreadableFile) as refused:
        export.read(data, name)
    assert refused.value.why is why


def test_a_declaration_hidden_in_another_encoding_is_met_too() -> None:
    data = '<!DOCTYPE tbx [<!ENTITY a "aaa">]><tbx>&a;</tbx>'.encode("utf-16")
    with pytest.raises(export.UnreadableFile):
        export.read_tbx(data)


# CSV


def test_a_spreadsheet_may_order_columns_as_it_likes_and_loses_nothing_in_silence() -> None:
    data = ("th;concept;klingon;en\r\nมังคุด;mangosteen;x;mangosteen | mangosteens ?\r\n"
            "x;Bad Name;;y\r\n;empty;;\r\n;mangosteen;;again\r\n")  # fmt: skip
    found = export.read_csv(data.encode("utf-8"))
    [given] = found.given
    assert given.labels == {"th": ("มังคุด",), "en": ("mangosteen", "mangosteens")}
    assert given.unsure == {"en"} and given.sector is None and given.broader is None
    assert [(one.place, one.reason) for one in found.refused] == [
        ("row 2", export.Reason.LANGUAGE), ("row 3", export.Reason.IDENTIFIER),
        ("row 4", export.Reason.NO_WORDS), ("row 5", export.Reason.REPEATED)]  # fmt: skip
    assert found.refused[1].text == "x | y"


def test_csv_is_one_row_a_concept() -> None:
    rows = list(csv.DictReader(io.StringIO(written("csv").removeprefix("\ufeff"))))
    assert rows[1]["lo"] == 'ທຸລຽນ | ໝາກ "x" <& ?'
    assert rows[1]["broader"] == "fruit gone"


# SKOS


def test_skos_in_json_ld_keeps_the_rules_of_skos() -> None:
    graph = json.loads(written("jsonld"))["@graph"]
    concepts = {one["@id"]: one for one in graph if one["@type"] == "skos:Concept"}
    assert set(concepts) == {ORIGIN.uri(name) for name in TERMS.concepts}
    for one in concepts.values():
        for lang, words in one.get("altLabel", {}).items():
            assert one["prefLabel"][lang] not in words  # S13: no label is both
        assert set(one.get("broader", ())) <= set(concepts)
        assert one["inScheme"] == ORIGIN.base
    assert concepts[ORIGIN.uri("durian")]["editorialNote"].endswith("lo")
    [farm] = [one for one in graph if one["@id"].endswith("#agriculture")]
    assert farm["member"] == [ORIGIN.uri("fruit"), ORIGIN.uri("durian")]


def test_skos_in_turtle_says_the_same() -> None:
    turtle = written("ttl")
    block = turtle.partition("terms/durian/> a skos:Concept ;")[2].partition(" .\n")[0]
    assert 'skos:prefLabel "durian"@en, "榴莲"@zh-Hans, "ທຸລຽນ"@lo' in block
    assert r'skos:altLabel "durians"@en, "ໝາກ \"x\" <&"@lo' in block
    assert "skos:broader <https://house.example/terms/fruit/>" in block
    assert "gone" not in block and "topConceptOf" not in block
    assert "skos:editorialNote" in block
    assert turtle.count("skos:topConceptOf") == 2
    statements = re.findall(r"^<[^>]+> a skos:(\w+)", turtle, re.MULTILINE)
    assert statements == ["ConceptScheme", "Collection", "Collection", *["Concept"] * 3]
