"""A record posted again in another language is told to the reader, in hers."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.utils import translation
from postgres_server import cluster

from saphan.engines.matching.documents import Document
from saphan.house import duplicates, engine, indexing
from saphan.rooms.market import queries, sample
from saphan.rooms.market.models import Listing

pytestmark = pytest.mark.usefixtures("house")
WORDS = {
    "title": "ระบบอ่านป้ายทะเบียนรถบรรทุกที่ด่าน",
    "summary": "อ่านถูกต้อง 98.6% ที่ความเร็ว 45 กม./ชม. กินไฟ 9 วัตต์ ราคา 24,500 บาท",
}
THAI = Document(id="", lang="th", kind="technology_offer", economy="TH", sector="logistics",
                organisation="Paichat", **WORDS)
CHINESE = replace(
    THAI, lang="zh-Hans", title="口岸货车车牌识别系统",
    summary="时速45公里识别率98.6%，功耗9瓦，售价24500泰铢。")


@pytest.fixture
def record() -> str:
    """A published record with the words of `THAI`; its identifier in the index."""
    sample.make_examples(1)
    listing = Listing.objects.get()
    document = replace(queries.document_of(listing), **WORDS, description="", titles={},
                       summaries={}, keywords=(), lang="th", kind="technology_offer",
                       economy="TH", sector="logistics", organisation="Paichat")
    name = f"market.listing.{listing.pk}"
    put(replace(document, id=name))
    return name


def put(document: Document) -> None:
    from saphan.engines.matching.entries import make_entries

    opened = engine.engine()
    opened.index.put(make_entries([document], opened.embedder, opened.terms))


def test_the_same_offer_in_chinese_is_found_with_its_room_and_key(record):
    found = duplicates.find(CHINESE)
    assert [one.id for one in found] == [record]
    assert (found[0].room, found[0].key) == ("market", record.rpartition(".")[2])
    assert found[0].probability > 0.8


def test_reasons_are_sentences(record):
    with translation.override("en"):
        reasons = " ".join(duplicates.find(CHINESE)[0].reasons)
    assert "98.6%" in reasons and "The same organisation: Paichat." in reasons
    assert "The same country or region: Thailand." in reasons


def test_a_record_is_not_its_own_duplicate(record):
    assert duplicates.find(THAI)
    assert duplicates.find(THAI, without=record) == []
    assert duplicates.find(replace(THAI, id=record)) == []


def test_a_need_for_the_same_thing_is_none(record):
    assert duplicates.find(replace(THAI, kind="technology_request")) == []


def test_pairs_of_a_room_are_told(record):
    put(replace(CHINESE, id="market.listing.999", room="market"))
    assert [(first, one.id) for first, one in duplicates.pairs("market")] in (
        [(record, "market.listing.999")], [("market.listing.999", record)])
    assert list(duplicates.pairs("exhibition")) == []


def test_an_index_on_a_server_finds_the_same(settings):
    settings.INDEX_URL = cluster().create("house_duplicates")
    engine.close()
    try:
        put(replace(THAI, id="market.listing.7", room="market"))
        assert [one.id for one in duplicates.find(CHINESE)] == ["market.listing.7"]
        assert duplicates.find(CHINESE, without="market.listing.7") == []
    finally:
        engine.close()


def test_the_command_lists_pairs_with_numbers_and_reasons(record, capsys):
    from saphan.rooms.market.commands import COMMANDS

    indexing.catch_up()
    run = next(one.run for one in COMMANDS if one.name == "duplicates")
    assert run(["--from", "0.9"]) == 0
    assert "0 pairs" in capsys.readouterr().err
    put(replace(CHINESE, id="market.listing.999", room="market"))
    put(replace(THAI, id=record, room="market"))
    assert run([]) == 0
    said = capsys.readouterr()
    assert Listing.objects.get().number in said.out and "98.6%" in said.out
    assert "1 pairs" in said.err
