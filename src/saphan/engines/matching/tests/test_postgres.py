"""What only the served index does: its server, its schema, its graph, its shards."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import psycopg
import pytest
from postgres_server import cluster

from saphan.engines.language.embed import Vectors, unit
from saphan.engines.matching import postgres_fresh, postgres_search
from saphan.engines.matching.documents import Filters
from saphan.engines.matching.index import IndexDamaged, IndexUnavailable
from saphan.engines.matching.postgres_index import PostgresIndex
from saphan.engines.matching.postgres_shards import main, spread
from saphan.engines.matching.tests.conftest import DIMENSION
from saphan.engines.matching.tests.places import Place
from saphan.engines.matching.tests.test_conformance import corpus, entry, turned


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    made = Place("served", tmp_path)
    yield made
    made.close()


@pytest.fixture
def index(place: Place) -> Any:
    return place.open()


def execute(place: Place, statement: str, *values: object) -> list[tuple[Any, ...]]:
    """SQL past the index; `{s}` is its schema."""
    with psycopg.connect(place.address["dsn"], autocommit=True) as connection:
        cursor = connection.execute(
            statement.replace("{s}", place.address["schema"]).encode(), values or None)  # fmt: skip
        return cursor.fetchall() if cursor.description else []


# -- the server ------------------------------------------------------------------------------


def test_a_server_that_does_not_answer_is_named_and_nothing_is_opened_before() -> None:
    index = PostgresIndex("postgresql://somebody:secret@127.0.0.1:1/house", model_id="words/1",
                          dimension=DIMENSION)  # fmt: skip
    with pytest.raises(IndexUnavailable, match=r"127\.0\.0\.1:1, .*house does not answer") as e:
        index.count()
    assert "secret" not in str(e.value)
    assert "does not answer" in index.verify()[0]


def test_a_connection_cut_while_idle_is_opened_again(index: PostgresIndex, place: Place) -> None:
    index.put([entry("a")], cursor=3)
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
    execute(place, cut)
    assert index.ids() == ["a"]
    execute(place, cut)
    index.put([entry("b")], cursor=4)
    assert index.cursor == 4


def test_a_server_that_comes_back_is_used_again() -> None:
    server = cluster(3)
    dsn = server.create("restarted")
    index = PostgresIndex(dsn, model_id="words/1", dimension=DIMENSION)
    index.put([entry("a")], cursor=3)
    server.stop()
    with pytest.raises(IndexUnavailable):
        index.search(entry("", 1).vector)
    with pytest.raises(IndexUnavailable):
        index.put([entry("b")])
    server.start()
    assert index.ids() == ["a"]
    assert index.verify() == []
    index.close()
    server.stop()


def test_a_missing_extension_is_named_with_what_to_install(place: Place) -> None:
    dsn = cluster().create("bare")
    execute(place, "DROP ROLE IF EXISTS guest")
    execute(place, "CREATE ROLE guest LOGIN")
    index = PostgresIndex(dsn.replace("saphan@", "guest@"), model_id="words/1", dimension=DIMENSION)
    with pytest.raises(IndexUnavailable, match=r"postgresql-\d+-pgvector.*CREATE EXTENSION"):
        index.count()
    with psycopg.connect(dsn) as connection:
        connection.execute("CREATE EXTENSION vector")
    with pytest.raises(IndexUnavailable, match="GRANT CREATE ON DATABASE"):
        index.count()
    with psycopg.connect(dsn) as connection:
        connection.execute("GRANT CREATE ON DATABASE bare TO guest")
    index.put([entry("a")])
    assert index.verify() == []
    index.close()


def test_the_extension_may_live_in_a_schema_of_its_own(place: Place) -> None:
    dsn = cluster().create("elsewhere")
    with psycopg.connect(dsn) as connection:
        connection.execute("CREATE SCHEMA extensions")
        connection.execute("CREATE EXTENSION vector SCHEMA extensions")
    index = PostgresIndex(dsn, model_id="words/1", dimension=DIMENSION)
    index.put(corpus(10))
    index.use(turned, "turned")
    assert index.search(corpus(10)[4].vector)[-1][0] == "d004"
    assert index.verify() == []
    index.close()


def test_a_schema_needs_a_plain_name() -> None:
    with pytest.raises(ValueError, match="schema"):
        PostgresIndex("", model_id="m", dimension=2, schema='x"; DROP')


def test_a_child_process_uses_connections_of_its_own(index: PostgresIndex) -> None:
    index.put([entry("a")])
    child = os.fork()
    if child == 0:
        os._exit(0 if index.ids() == ["a"] else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert index.ids() == ["a"]


# -- damage ----------------------------------------------------------------------------------


def test_missing_tables_are_said_to_be_damage_and_mended_by_rebuilding(
    index: PostgresIndex, place: Place
) -> None:
    index.put([entry("a")])
    execute(place, "DROP TABLE {s}.entries CASCADE")
    with pytest.raises(IndexDamaged, match="rebuild"):
        index.search(entry("", 1).vector)
    assert "rebuild" in index.verify()[0]
    index.rebuild([entry("b")], cursor=2)
    assert index.ids() == ["b"]
    execute(place, "DROP SCHEMA {s} CASCADE")
    with pytest.raises(IndexDamaged, match="rebuild"):
        index.ids()
    with pytest.raises(IndexDamaged, match="missing"):
        index.put([entry("b")])
    index.rebuild([entry("c")], cursor=3)
    assert index.verify() == []


def test_tables_of_another_format_are_not_touched_until_rebuilt(place: Place) -> None:
    place.open().put([entry("a")])
    execute(place, "UPDATE {s}.settings SET format = 99")
    newer = place.open()
    with pytest.raises(IndexDamaged, match="format 99"):
        newer.count()
    newer.rebuild([entry("b")], cursor=1)
    assert newer.ids() == ["b"]


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE {s}.token_counts SET documents = documents + 1", "token_counts"),
        ("DELETE FROM {s}.concept_counts", "concept_counts"),
        ("DELETE FROM {s}.family_counts", "family_counts"),
        ("DELETE FROM {s}.entries WHERE id = 'd001'", "29 entries, while 30"),
        ("UPDATE {s}.entries SET vector = NULL WHERE id = 'd002'", "d002: the vector"),
        ("UPDATE {s}.entries SET raw = '[1,2]' WHERE id = 'd003'", "d003: the vector has 2"),
        ("UPDATE {s}.entries SET times = '' WHERE id = 'd004'", "d004: words"),
        ("UPDATE {s}.entries SET body = '[]' WHERE id = 'd005'", "d005: the document"),
        ("UPDATE {s}.entries SET id = 'other' WHERE id = 'd006'", "calls itself d006"),
    ],
)
def test_verifying_finds_what_does_not_fit(
    index: PostgresIndex, place: Place, statement: str, said: str
) -> None:
    index.put(corpus(30))
    assert index.verify() == []
    execute(place, statement)
    assert said in " ".join(index.verify())


# -- the graph -------------------------------------------------------------------------------


def clustered(size: int) -> Vectors:
    chance = np.random.default_rng(5)
    centres = chance.normal(size=(40, DIMENSION))
    return unit(centres[chance.integers(40, size=size)] + chance.normal(size=(size, DIMENSION)))


@pytest.fixture
def large(place: Place, monkeypatch: pytest.MonkeyPatch) -> PostgresIndex:
    """An index of 3,000 entries that behaves as a far larger one."""
    place.address["dsn"] += "?options=-c%20enable_seqscan%3Doff"
    monkeypatch.setattr(postgres_search, "EXACT_BELOW", 100)
    index = place.open()
    assert isinstance(index, PostgresIndex)
    index.rebuild((entry_with(n, v) for n, v in enumerate(clustered(3000))), cursor=1)
    return index


def test_through_the_graph_nearly_all_of_the_nearest_are_found(
    large: PostgresIndex, place: Place
) -> None:
    index, vectors = large, clustered(3000)
    found = 0
    for n in range(0, 3000, 100):
        nearest = set(np.argsort(-(vectors @ vectors[n]))[:20].tolist())
        answer = index.search(vectors[n], None, 20)
        assert [score for _, score in answer] == sorted((s for _, s in answer), reverse=True)
        found += len({int(name[1:]) for name, _ in answer} & nearest)
    assert found >= 0.99 * 20 * 30
    assert scans(place, "entries_vector") >= 30


def test_few_that_pass_a_filter_are_compared_one_by_one(
    large: PostgresIndex, place: Place
) -> None:
    index, vectors = large, clustered(3000)
    before = scans(place, "entries_vector")
    rare = Filters(economies=("LA",))
    nearest = sorted(range(0, 3000, 100), key=lambda n: -float(vectors[n] @ vectors[7]))
    assert [name for name, _ in index.search(vectors[7], rare, 20)] == [
        f"d{n}" for n in nearest[:20]]  # fmt: skip
    assert len(index.search(vectors[7], rare, 500)) == 30
    assert scans(place, "entries_vector") == before


def test_a_search_that_asks_for_more_than_the_graph_gives_is_answered_whole(
    large: PostgresIndex,
) -> None:
    index, vectors = large, clustered(3000)
    assert len(index.search(vectors[0], None, 1000)) == 1000
    assert len(index.search(vectors[0], None, 2999)) == 2999
    assert len(index.search(vectors[0], Filters(economies=("TH",)), 1000)) == 1000


def entry_with(number: int, vector: Vectors) -> Any:
    made = entry(f"d{number}", economy="LA" if number % 100 == 0 else "TH")
    return replace(made, vector=vector, tokens={}, concepts={})


def scans(place: Place, index: str) -> int:
    """How often an index of the database was read; backends tell it when they end."""
    place.close_handles()
    while execute(place, "SELECT 1 FROM pg_stat_activity WHERE application_name = 'saphan index'"):
        time.sleep(0.01)
    (row,) = execute(
        place, "SELECT idx_scan FROM pg_stat_user_indexes WHERE schemaname = '{s}'"
               " AND indexrelname = %s", index)  # fmt: skip
    return int(row[0])


def test_of_a_word_in_very_many_documents_some_are_looked_at(
    index: PostgresIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.put(corpus())
    whole = index.lexical(["word1", "word39", "word38"], "en")
    monkeypatch.setattr(postgres_search, "CANDIDATES", 4)
    best = index.lexical(["word1", "word39", "word38"], "en", k=1)
    assert best.items() <= whole.items()
    assert len(index.lexical(["word1"], "en", k=1)) == 1
    assert index.lexical(["word1", "word39", "word38"], "en") == whole
    found = index.by_concept({"concept1": 1.0, "concept2": 0.1}, k=1)
    assert len(found) == 1


# -- transforms ------------------------------------------------------------------------------


def test_deriving_vectors_anew_goes_on_where_it_was_interrupted(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_fresh, "AT_ONCE", 10)
    index = place.open()
    entries = corpus(100)
    index.put(entries, cursor=4)
    seen: list[int] = []

    def failing(vectors: Vectors) -> Vectors:
        if len(seen) == 6:
            raise RuntimeError("the power went")
        seen.append(len(vectors))
        return -vectors

    with pytest.raises(RuntimeError, match="power"):
        place.open(transform=failing, transform_id="turned").count()
    assert index.search(entries[3].vector, k=1)[0][0] == "d003"  # the old ones are still there
    index.put([entry("late", 1)], cursor=5)
    index.remove(["d007"], cursor=6)
    counted: list[int] = []

    def counting(vectors: Vectors) -> Vectors:
        counted.append(len(vectors))
        return -vectors

    again = place.open(transform=counting, transform_id="turned")
    assert again.cursor == 6
    assert sum(counted) <= 42  # not the sixty that were done, but the late one
    assert again.search(entries[3].vector)[-1][0] == "d003"
    assert set(again.ids()) == {e.document.id for e in entries} - {"d007"} | {"late"}
    assert again.verify() == []


def test_a_process_with_an_older_transform_is_told_instead_of_answering_wrong(
    place: Place,
) -> None:
    older = place.open()
    older.put([entry("a")])
    place.open(transform=turned, transform_id="turned").count()
    with pytest.raises(IndexUnavailable, match="start this process anew"):
        older.search(entry("", 1).vector)
    with pytest.raises(IndexUnavailable, match="start this process anew"):
        older.put([entry("b")])
    assert set(older.lexical(["title"], "en")) == {"a"}


# -- shards ----------------------------------------------------------------------------------


@pytest.fixture
def shards() -> list[str]:
    return [cluster(1).dsn(), cluster(2).dsn()]


def test_an_index_is_spread_over_servers_and_gathered_again(
    index: PostgresIndex, place: Place, shards: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    entries = corpus()
    index.put(entries, cursor=9)
    vector = entries[3].vector
    before = (index.search(vector), index.lexical(["word1"], "en"), index.ids(), index.cursor)
    schema, dsn = place.address["schema"], place.address["dsn"]
    arguments = ["--coordinator", dsn, "--schema", schema]
    assert main([*arguments, "--shard", shards[0], "--shard", shards[1]]) == 0
    assert "2 servers" in capsys.readouterr().out
    held = []
    for shard in shards:
        with psycopg.connect(shard) as connection:
            found = connection.execute(
                f"SELECT count(*) FROM {schema}_g2.entries").fetchone()  # fmt: skip
            held.append(found[0] if found else 0)
    assert sum(held) == 120
    assert min(held) > 30
    after = (index.search(vector), index.lexical(["word1"], "en"), index.ids(), index.cursor)
    assert after == before
    index.put([entry("new", 500)], cursor=10)
    assert index.search(entry("", 500).vector, k=1)[0][0] == "new"
    assert index.verify() == []
    assert main([*arguments, "--gather"]) == 0
    assert index.count() == 121
    assert index.verify() == []
    for shard in shards:
        with psycopg.connect(shard) as connection:
            left = connection.execute(
                "SELECT nspname FROM pg_namespace WHERE nspname ~ %s", (f"^{schema}",))  # fmt: skip
            assert left.fetchall() == []


def test_a_dead_shard_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    place = Place("served", tmp_path)
    index = place.open()
    index.put(corpus(40), cursor=1)
    other = cluster(3)
    other.stop()
    other.start()
    spread(place.address["dsn"], [cluster(1).dsn(), other.dsn()], place.address["schema"])
    other.stop()
    with pytest.raises(IndexUnavailable, match="a shard does not answer"):
        index.search(entry("", 1).vector)
    with pytest.raises(IndexUnavailable, match="a shard does not answer"):
        index.put([entry(f"n{n}", n) for n in range(20)], cursor=2)
    assert index.cursor == 1
    other.start()
    assert index.count() == 40
    assert index.verify() == []
    spread(place.address["dsn"], [], place.address["schema"])
    assert index.verify() == []
    place.close()
    other.stop()


def test_shards_that_cannot_be_reached_are_told_on_one_line(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--coordinator", place.address["dsn"], "--shard",
                 "postgresql://saphan@127.0.0.1:1/x"]) == 2  # fmt: skip
    said = capsys.readouterr().err
    assert "127.0.0.1:1" in said
    assert said.count("\n") == 1
    with pytest.raises(SystemExit):
        main(["--coordinator", place.address["dsn"]])
