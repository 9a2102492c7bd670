"""The catalogue of open data, after DCAT-AP 3: what there is, whose it is, under which licence, of
which places and times, and where, with checksums. In JSON-LD and Turtle from one description."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db.models import Max, Min
from django.utils import translation

from saphan.ground import clock
from saphan.ground.text import Text
from saphan.house.centre import centre
from saphan.rooms.observatory import opendata, queries
from saphan.rooms.observatory.models import Indicator, Observation

PREFIXES = {
    "dcat": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/", "spdx": "http://spdx.org/rdf/terms#",
    "xsd": "http://www.w3.org/2001/XMLSchema#", "adms": "http://www.w3.org/ns/adms#",
}
Node = dict[str, Any]
_COUNTRY = "http://publications.europa.eu/resource/authority/country/"
_FILE_TYPE = "http://publications.europa.eu/resource/authority/file-type/"
_MEDIA_TYPE = "https://www.iana.org/assignments/media-types/"
_THREE = {"BN": "BRN", "KH": "KHM", "ID": "IDN", "LA": "LAO", "MY": "MYS", "MM": "MMR", "PH": "PHL",
          "SG": "SGP", "TH": "THA", "TL": "TLS", "VN": "VNM", "CN": "CHN", "HK": "HKG", "MO": "MAC",
          "TW": "TWN"}
TITLE = {"en": "Numbers of the centre and its field"}


def link(address: str) -> Node:
    return {"@id": address}


def words(text: Text | dict[str, str]) -> list[Node]:
    plain = text.plain() if isinstance(text, Text) else text
    return [{"@value": said, "@language": lang} for lang, said in plain.items() if said]


def typed(value: str, kind: str) -> Node:
    return {"@value": value, "@type": f"xsd:{kind}"}


def catalogue() -> Node:
    """The whole catalogue as one nested node."""
    datasets = [dataset(None), *(dataset(one) for one in
                                 queries.visible_to(None).order_by("slug"))]
    return {
        "@id": f"{settings.BASE_URL}{opendata.API}/catalogue", "@type": "dcat:Catalog",
        "dct:title": words(TITLE), "dct:description": words(centre().description),
        "dct:publisher": publisher(), "dct:license": link(centre().data_licence),
        "foaf:homepage": link(f"{settings.BASE_URL}/en/observatory/data/"),
        "dct:conformsTo": link("http://data.europa.eu/r5r/"),
        "dct:modified": typed(clock.today().isoformat(), "date"), "dcat:dataset": datasets}


def publisher() -> Node:
    return {"@id": f"{settings.BASE_URL}/#centre", "@type": "foaf:Agent",
            "foaf:name": words(centre().names), "foaf:homepage": link(settings.BASE_URL)}


def dataset(of: Indicator | None) -> Node:
    """An indicator, or everything together."""
    name = of.slug if of else opendata.WHOLE
    found: Node = {
        "@id": opendata.address(name), "@type": "dcat:Dataset", "dct:identifier": name,
        "dct:title": words(of.name if of else TITLE),
        "dct:description": words(of.meaning if of and of.meaning else centre().description),
        "dct:publisher": link(f"{settings.BASE_URL}/#centre"),
        "dcat:landingPage": link(f"{settings.BASE_URL}/en/observatory/"
                                 + (f"indicators/{name}/" if of else "data/"))}
    if of:
        with translation.override("en"):
            found["dcat:keyword"] = [{"@value": str(of.get_sector_display()), "@language": "en"}]
        found["dct:modified"] = typed(of.changed.isoformat(timespec="seconds"), "dateTime")
    found |= _covered(of)
    found["dcat:distribution"] = [distribution(of, ending) for ending in ("csv", "json")]
    return found


def _covered(of: Indicator | None) -> Node:
    """The places and the time that the numbers are about."""
    seen = Observation.objects.filter(state=Observation.State.CURRENT,
                                      indicator__in=queries.visible_to(None).values("pk"))
    if of:
        seen = seen.filter(indicator=of)
    codes = sorted({code for row in seen.order_by().values_list(
        "economy_id", "place__economy_id").distinct() for code in row if code})
    found: Node = {}
    if codes:
        found["dct:spatial"] = [link(_COUNTRY + _THREE.get(code, code)) for code in codes]
    span = seen.aggregate(first=Min("begins"), last=Max("ends"))
    if span["first"]:
        found["dct:temporal"] = {
            "@type": "dct:PeriodOfTime", "dcat:startDate": typed(span["first"].isoformat(), "date"),
            "dcat:endDate": typed(span["last"].isoformat(), "date")}
    return found


def distribution(of: Indicator | None, ending: str) -> Node:
    name = of.slug if of else opendata.WHOLE
    digest, length = opendata.measured(of, ending)
    found: Node = {
        "@id": opendata.address(name, ending), "@type": "dcat:Distribution",
        "dct:title": words({"en": f"{name}.{ending}"}),
        "dcat:accessURL": link(opendata.address(name, ending)),
        "dcat:downloadURL": link(opendata.address(name, ending)),
        "dct:format": link(_FILE_TYPE + ending.upper()),
        "dcat:mediaType": link(_MEDIA_TYPE + {"csv": "text/csv",
                                              "json": "application/json"}[ending]),
        "dct:license": link(centre().data_licence),
        "dcat:byteSize": typed(str(length), "nonNegativeInteger"),
        "spdx:checksum": {"@type": "spdx:Checksum",
                          "spdx:algorithm": link(PREFIXES["spdx"] + "checksumAlgorithm_sha256"),
                          "spdx:checksumValue": typed(digest, "hexBinary")}}
    if ending == "csv":
        found["dct:conformsTo"] = link(opendata.address(name, "csv-metadata.json"))
    return found


def json_ld(node: Node) -> str:
    return json.dumps({"@context": PREFIXES, **node}, ensure_ascii=False, indent=1) + "\n"


def turtle(node: Node) -> str:
    """The same in Turtle."""
    head = "".join(f"@prefix {name}: <{address}> .\n" for name, address in PREFIXES.items())
    said: list[str] = []
    _subject(node, said)
    return head + "\n" + "\n".join(said)


def _subject(node: Node, said: list[str]) -> None:
    """A node with an address stands on its own; what it holds stands behind it."""
    lines = _properties(node, said)
    said.insert(0, f"<{_iri(node['@id'])}> " + " ;\n    ".join(lines) + " .\n")


def _properties(node: Node, said: list[str]) -> list[str]:
    lines = [f"a {node['@type']}"] if "@type" in node else []
    for name, values in node.items():
        if not name.startswith("@"):
            listed: Iterable[Any] = values if isinstance(values, list) else [values]
            objects = [_object(value, said) for value in listed]
            if objects:
                lines.append(f"{name} " + ", ".join(objects))
    return lines


def _object(value: Any, said: list[str]) -> str:
    if not isinstance(value, dict):
        return _literal(str(value))
    if "@value" in value:
        text = _literal(value["@value"])
        if "@language" in value:
            return f"{text}@{value['@language'].lower()}"
        return f"{text}^^{value['@type']}"
    if "@id" in value:
        if len(value) > 1:
            _subject(value, said)
        return f"<{_iri(value['@id'])}>"
    return "[ " + " ; ".join(_properties(value, said)) + " ]"


def _literal(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace(
        "\r", "\\r").replace("\t", "\\t")
    return f'"{escaped}"'


def _iri(address: str) -> str:
    return re.sub(r"[\x00-\x20<>\"{}|^`\\]", lambda found: f"%{ord(found[0]):02X}", address)
