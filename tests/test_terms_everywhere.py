"""The term base through every door of a house that is really open, corrected by another process."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from conftest import call, environment
from served import Served
from test_mcp import over_http, talk

TBX = "{urn:iso:std:iso:30042:ed-2}"


def elsewhere(served: Served, code: str) -> str:
    """Run code in a process of its own, on the home of the open house."""
    done = subprocess.run(
        [sys.executable, "-c", "import django; django.setup()\n" + code], check=False,
        capture_output=True, text=True, timeout=120,
        env={**environment(served.home), "DJANGO_SETTINGS_MODULE": "saphan.settings"})
    assert done.returncode == 0, done.stderr
    return done.stdout


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.2)


def test_a_correction_of_another_process_counts_in_an_open_house(served: Served) -> None:
    question = {"question": "หมากหนามแหลม", "lang": "en", "limit": 50}
    assert served.post("/api/v1/ask", question).json["concepts"] == []
    elsewhere(served, "from saphan.house.wording import actions\n"
                      "actions.put_labels('durian', 'th', ['ทุเรียน', 'หมากหนามแหลม'], by=None)")
    assert served.post("/api/v1/ask", question).json["concepts"] == ["durian"]
    assert served.get("/api/v1/terms/durian").json["labels"]["th"] == ["ทุเรียน", "หมากหนามแหลม"]
    assert "หมากหนามแหลม" in served.get("/th/terms/durian/").text


def test_its_worker_brings_the_documents_up_to_date(served: Served) -> None:
    record = served.get("/api/v1/market/listings/offers").json["records"][0]
    title = record["title"]["text"][:60].strip(" .:,")
    elsewhere(served, f"""
from saphan.house.wording import actions
actions.add({{"en": ["zzyzx device", {title!r}.replace("|", " ").replace("?", "")]}}, by=None)""")
    found = served.get("/api/v1/terms/?q=zzyzx").json["concepts"]
    assert [concept["id"] for concept in found] == ["zzyzx_device"]
    wait_until(lambda: record["number"] in served.get("/en/terms/zzyzx_device/").text)


def test_software_looks_words_up(served: Served) -> None:
    answer = served.get("/api/v1/terms/?q=ทุเรียน&lang=km").json
    durian = next(concept for concept in answer["concepts"] if concept["id"] == "durian")
    assert durian["label"] == durian["labels"]["km"][0]
    assert served.get(durian["url"].removeprefix(served.url)).status == 200
    whole = served.get("/api/v1/terms/").json
    assert whole["count"] > 1000 and len(whole["concepts"]) == 50
    assert served.get("/api/v1/terms/nosuch").status == 404
    assert served.get("/api/v1/terms/?lang=xx").status == 422
    assert "/api/v1/terms/{concept}" in served.get("/api/openapi.json").text or (
        "/api/v1/terms/{concept}" in served.get("/api/v1/openapi.json").text)


def test_an_assistant_looks_words_up(served: Served) -> None:
    names, [(failed, answer)] = talk(
        over_http(served), ("find_terms", {"word": "榴莲", "lang": "th"}))
    assert "find_terms" in names and not failed
    assert answer["concepts"][0]["label"] == "ทุเรียน"


def test_downloads_are_whole(served: Served) -> None:
    for ending, kind in (("tbx", "application/x-tbx+xml"), ("ttl", "text/turtle"),
                         ("jsonld", "application/ld+json"), ("csv", "text/csv")):
        answer = served.get(f"/en/terms/export.{ending}")
        assert answer.headers["content-type"].startswith(kind)
        assert f"terms.{ending}" in answer.headers["content-disposition"]
        assert "榴莲" in answer.text
    assert served.get("/en/terms/export.exe").status == 404
    # An address without a language leads there too, as addresses in the files promise.
    assert served.get("/terms/durian/").status == 200


def test_changes_are_a_feed(served: Served) -> None:
    elsewhere(served, "from saphan.house.wording import actions\n"
                      "actions.put_labels('mango', 'tet', ['haas-tetum'], by=None)")
    feed = ElementTree.fromstring(served.get("/feeds/th/house/terms.atom").content)
    atom = "{http://www.w3.org/2005/Atom}"
    entries = feed.findall(f"{atom}entry")
    assert "haas-tetum" in entries[0].findtext(f"{atom}summary")
    link = entries[0].find(f"{atom}link").get("href")
    assert link == f"{served.url}/th/terms/mango/"
    assert served.get("/feeds/th/house/terms.json").json["items"]


def test_every_chip_leads_to_its_term(served: Served) -> None:
    for page in ("/en/ask/?q=durian", "/en/market/offers/"):
        assert 'class="chips"' in served.get(page).text
        assert '<li><a href="/en/terms/' in served.get(page).text


def test_the_market_is_narrowed_by_a_concept(served: Served) -> None:
    import re

    page = served.get("/en/market/offers/").text
    concept, label, number = re.search(
        r'<a href="\?concept=(\w+)">([^<]+) <span class="soft">(\d+)', page).groups()
    narrowed = served.get(f"/en/market/offers/?concept={concept}").text
    assert f"{number} records" in narrowed
    assert f"Remove the filter Concept: {label}" in narrowed
    assert f'name="concept" value="{concept}"' in narrowed  # another filter keeps it
    assert "Nothing fits" in served.get("/en/market/offers/?concept=no_such_thing").text


# The command line


@pytest.fixture
def home(sample_home: Path, tmp_path: Path) -> Path:
    from served import copy_home

    return copy_home(sample_home, tmp_path / "home")


def test_an_operator_exports_imports_and_checks(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "terms.csv"
    assert "concepts in" in call("terms", "export", str(file), home=home).stdout
    same = call("terms", "import", str(file), home=home).stdout
    assert " 0 proposals, 0 refused" in same
    rows = list(csv.reader(io.StringIO(file.read_text("utf-8-sig"), newline="")))
    at = {name: place for place, name in enumerate(rows[0])}
    durian = next(row for row in rows if row[0] == "durian")
    durian[at["lo"]], durian[at["th"]] = "ທຸລຽນ | ໝາກໃໝ່", "ทุเรียน | mangoes | ໝາກ"
    rows.append(["new_fruit", "agriculture", "fruit", *[""] * (len(rows[0]) - 3)])
    rows[-1][at["en"]] = "quite new fruit"
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([rows[0], durian, rows[-1]])
    done = call("terms", "import", str(file), home=home, check=False)
    assert done.returncode == 1
    assert "2 refused" in done.stdout and "mangoes" in done.stdout
    listed = json.loads(call("terms", "export", "-", "--format", "jsonld", home=home).stdout)
    assert "ໝາກໃໝ່" not in json.dumps(listed, ensure_ascii=False)  # proposed, not accepted
    assert "twin" in call("terms", "check", home=home, check=False).stdout
