from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from saphan.engines.language.codes import family
from saphan.engines.language.segment import index_tokens
from saphan.engines.language.terms import TermBase
from saphan.engines.matching.documents import Document, Filters
from saphan.engines.matching.entries import make_entries
from saphan.engines.matching.index import Entry, Index, IndexDamaged
from saphan.engines.matching.sqlite_index import SqliteIndex
from saphan.engines.matching.tests.conftest import DIMENSION, Put, WordEmbedder

DURIAN = Document("durian", "en", "durian sorting machine", economy="TH", room="market")
PORT = Document("port", "en", "seaport crane scheduling", economy="SG", room="market")
THAI = Document("thai", "th", "เครื่องคัดแยกทุเรียน", room="exhibition", economy="TH")


def ids(found: list[tuple[str, float]]) -> list[str]:
    return [name for name, _ in found]


def again(index: SqliteIndex, path: Path) -> SqliteIndex:
    return SqliteIndex(path, model_id=index.model_id, dimension=index.dimension)


def test_what_was_put_is_found_nearest_first(
    index: SqliteIndex, put: Put, embedder: WordEmbedder
) -> None:
    put(DURIAN, PORT)
    found = index.search(embedder.embed_queries(["durian sorting machine"])[0])
    assert ids(found) == ["durian", "port"]
    assert found[0][1] == pytest.approx(1, abs=1e-2)
    assert index.count() == 2


def test_the_embedded_index_keeps_to_the_interface(index: SqliteIndex) -> None:
    kept: Index = index
    assert kept.count() == 0


def test_putting_an_id_again_replaces_it_everywhere(
    index: SqliteIndex, put: Put, embedder: WordEmbedder
) -> None:
    put(DURIAN)
    index.search(embedder.embed_queries(["durian"])[0])
    put(replace(DURIAN, title="seaport crane"))
    assert index.count() == 1
    assert index.search(embedder.embed_queries(["seaport crane"])[0])[0][1] > 0.95
    assert index.lexical(index_tokens("durian"), "en") == {}
    assert index.by_concept({"durian": 1.0}) == {}
    found = index.get("durian")
    assert found is not None
    assert found.title == "seaport crane"


def test_what_was_removed_is_gone_everywhere(
    index: SqliteIndex, put: Put, embedder: WordEmbedder
) -> None:
    put(DURIAN, PORT)
    index.search(embedder.embed_queries(["durian"])[0])
    index.remove(["durian", "never there"])
    assert ids(index.search(embedder.embed_queries(["durian"])[0])) == ["port"]
    assert index.get("durian") is None
    assert index.lexical(index_tokens("durian"), "en") == {}
    assert index.concept_counts() == {}
    assert index.verify() == []


def test_words_are_searched_within_one_language_family(index: SqliteIndex, put: Put) -> None:
    put(DURIAN, PORT, THAI, Document("zh", "zh-Hant", "榴槤分級系統"))
    assert set(index.lexical(index_tokens("durian machine"), "en")) == {"durian"}
    assert set(index.lexical(index_tokens("ทุเรียน"), "th")) == {"thai"}
    assert set(index.lexical(index_tokens("榴梿分级"), family("zh-Hans"))) == {"zh"}
    assert index.lexical([], "en") == {}
    assert index.lexical(index_tokens("durian"), "pt") == {}


def test_the_share_of_words_grows_with_what_is_shared(index: SqliteIndex, put: Put) -> None:
    put(DURIAN, PORT, Document("other", "en", "durian"))
    shares = index.lexical(index_tokens("durian sorting machine"), "en")
    assert 0 < shares["other"] < shares["durian"] <= 1


def test_a_rare_word_weighs_more_than_a_common_one(index: SqliteIndex, put: Put) -> None:
    put(
        *(Document(f"d{n}", "en", "system") for n in range(8)), Document("rare", "en", "mangosteen")
    )
    shares = index.lexical(index_tokens("mangosteen system"), "en")
    assert max(shares, key=lambda name: shares[name]) == "rare"


def test_an_english_title_makes_a_thai_offer_findable_in_english(
    index: SqliteIndex, put: Put
) -> None:
    put(replace(THAI, titles={"en": "durian sorter"}))
    assert set(index.lexical(index_tokens("durian"), "en")) == {"thai"}


def test_concepts_are_found_without_regard_to_language(index: SqliteIndex, put: Put) -> None:
    put(DURIAN, THAI, PORT)
    found = index.by_concept({"durian": 1.0})
    assert set(found) == {"durian", "thai"}
    assert found["thai"]["durian"] == 1.0
    assert index.concept_counts()["durian"] == 2
    assert index.by_concept({}) == {}


@pytest.mark.parametrize(
    ("filters", "left"),
    [
        (Filters(rooms=("market",)), {"durian", "port"}),
        (Filters(economies=("SG", "VN")), {"port"}),
        (Filters(langs=("th",)), {"thai"}),
        (Filters(exclude=("port",)), {"durian", "thai"}),
        (Filters(kinds=("none",)), set()),
        (Filters(rooms=("market",), economies=("TH",)), {"durian"}),
        (Filters(), {"durian", "port", "thai"}),
    ],
)
def test_filters_leave_only_what_passes_all_of_them(
    index: SqliteIndex, put: Put, embedder: WordEmbedder, filters: Filters, left: set[str]
) -> None:
    put(DURIAN, PORT, THAI)
    vector = embedder.embed_queries(["durian"])[0]
    assert {name for name, _ in index.search(vector, filters)} == left


def test_what_is_not_for_the_public_is_hidden_unless_asked_for(
    index: SqliteIndex, put: Put, embedder: WordEmbedder
) -> None:
    put(DURIAN, replace(PORT, audience="staff"))
    vector = embedder.embed_queries(["crane"])[0]
    assert ids(index.search(vector, Filters())) == ["durian"]
    assert "port" in ids(index.search(vector, Filters(audiences=("public", "staff"))))
    assert "port" not in index.lexical(index_tokens("crane"), "en", Filters())


def test_what_is_no_longer_valid_is_left_out(
    index: SqliteIndex, put: Put, embedder: WordEmbedder
) -> None:
    put(DURIAN, replace(PORT, valid_until=date(2026, 1, 1)))
    vector = embedder.embed_queries(["crane"])[0]
    assert ids(index.search(vector, Filters(valid_on=date(2026, 1, 2)))) == ["durian"]
    assert "port" in ids(index.search(vector, Filters(valid_on=date(2026, 1, 1))))


def test_only_the_best_k_are_given(index: SqliteIndex, put: Put, embedder: WordEmbedder) -> None:
    put(*(Document(f"d{n}", "en", f"thing number {n}") for n in range(20)))
    vector = embedder.embed_queries(["thing number 7"])[0]
    every = index.search(vector)
    assert index.search(vector, k=3) == every[:3]
    assert index.search(vector, k=0) == []


def test_the_cursor_moves_with_the_batch_it_belongs_to(index: SqliteIndex, put: Put) -> None:
    assert index.cursor == 0
    put(DURIAN, cursor=7)
    assert index.cursor == 7
    index.remove(["durian"], cursor=8)
    assert index.cursor == 8


def test_a_batch_that_fails_leaves_nothing_and_does_not_move_the_cursor(
    index: SqliteIndex, put: Put, embedder: WordEmbedder, terms: TermBase
) -> None:
    put(DURIAN, cursor=7)
    (good,) = make_entries([PORT], embedder, terms)
    bad = replace(good, document=replace(PORT, id="bad"), concepts={"x": None})  # type: ignore[dict-item]
    with pytest.raises(TypeError):
        index.put([good, bad], cursor=9)
    assert index.count() == 1
    assert index.cursor == 7


def test_a_vector_of_another_size_is_refused(
    index: SqliteIndex, embedder: WordEmbedder, terms: TermBase
) -> None:
    (entry,) = make_entries([DURIAN], embedder, terms)
    with pytest.raises(ValueError, match="durian"):
        index.put([replace(entry, vector=np.zeros(3, np.float32))])
    assert index.count() == 0


def test_vectors_of_another_model_are_not_compared_and_named_as_stale(
    index: SqliteIndex, embedder: WordEmbedder, terms: TermBase, put: Put
) -> None:
    put(DURIAN)
    (entry,) = make_entries([PORT], embedder, terms)
    index.put([replace(entry, model_id="older/1")])
    assert ids(index.search(embedder.embed_queries(["crane"])[0])) == ["durian"]
    assert index.stale() == ["port"]


def test_the_transformation_is_applied_to_what_is_compared_not_to_what_is_stored(
    tmp_path: Path, embedder: WordEmbedder, terms: TermBase
) -> None:
    path = tmp_path / "t.sqlite"
    turned = SqliteIndex(path, model_id="words/1", dimension=DIMENSION, transform=lambda v: -v)
    turned.put(make_entries([DURIAN], embedder, terms))
    vector = embedder.embed_passages([DURIAN.passage()])[0]
    assert turned.search(vector)[0][1] < -0.9
    assert again(turned, path).search(vector)[0][1] > 0.9


def test_another_process_sees_a_write_at_once(
    index: SqliteIndex, put: Put, embedder: WordEmbedder, tmp_path: Path
) -> None:
    other = again(index, tmp_path / "index.sqlite")
    vector = embedder.embed_queries(["durian"])[0]
    assert other.search(vector) == []
    put(DURIAN)
    assert ids(other.search(vector)) == ["durian"]
    put(PORT)
    index.remove(["durian"])
    assert ids(other.search(vector)) == ["port"]
    other.close()


def test_rebuilding_replaces_everything_in_one_step_that_others_see(
    index: SqliteIndex, put: Put, embedder: WordEmbedder, terms: TermBase, tmp_path: Path
) -> None:
    put(DURIAN, PORT, cursor=5)
    other = again(index, tmp_path / "index.sqlite")
    vector = embedder.embed_queries(["durian"])[0]
    other.search(vector)
    index.rebuild(make_entries([THAI, DURIAN], embedder, terms), cursor=12)
    assert {name for name, _ in other.search(vector)} == {"thai", "durian"}
    assert other.search(vector)[0] == ("durian", pytest.approx(index.search(vector)[0][1]))
    assert other.cursor == 12
    assert index.verify() == []
    assert set(index.lexical(index_tokens("durian"), "en")) == {"durian"}
    assert not list(tmp_path.glob("*.fresh*"))
    other.close()


def test_a_rebuild_that_fails_leaves_the_old_entries(
    index: SqliteIndex, put: Put, embedder: WordEmbedder, terms: TermBase
) -> None:
    put(DURIAN, cursor=5)

    def broken() -> object:
        yield from make_entries([PORT], embedder, terms)
        raise RuntimeError("the model went away")

    with pytest.raises(RuntimeError):
        index.rebuild(broken(), cursor=9)  # type: ignore[arg-type]
    assert index.ids() == ["durian"]
    assert index.cursor == 5


def test_a_damaged_file_is_said_to_be_damaged_and_can_be_rebuilt(
    index: SqliteIndex, put: Put, embedder: WordEmbedder, terms: TermBase, tmp_path: Path
) -> None:
    put(DURIAN)
    path = tmp_path / "index.sqlite"
    index.close()
    for name in ("index.sqlite-wal", "index.sqlite-shm"):
        (tmp_path / name).unlink(missing_ok=True)
    path.write_bytes(b"this is no database at all" * 200)
    assert index.verify() != []
    with pytest.raises(IndexDamaged):
        index.count()
    index.rebuild(make_entries([PORT], embedder, terms), cursor=3)
    assert index.ids() == ["port"]
    assert index.verify() == []
    assert (tmp_path / "index.sqlite.damaged").exists()


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        ("DELETE FROM entries WHERE id = 'port'", "belong to no entry"),
        ("DELETE FROM contents", "no contents"),
        ("UPDATE contents SET vector = x'00'", "vector has 1 bytes"),
        ("UPDATE contents SET postings = x'00'", "postings have 1 bytes"),
        ("UPDATE contents SET body = '{'", "cannot be read"),
        ("UPDATE concepts SET documents = 9", "documents by concept"),
    ],
)
def test_verifying_finds_what_does_not_belong_together(
    index: SqliteIndex, put: Put, tmp_path: Path, harm: str, said: str
) -> None:
    put(DURIAN, PORT)
    with sqlite3.connect(tmp_path / "index.sqlite") as connection:
        connection.execute(harm)
    connection.close()
    assert said in " ".join(index.verify())


WRITER = """
import sys
from pathlib import Path
import numpy as np
from saphan.engines.matching.documents import Document
from saphan.engines.matching.index import Entry
from saphan.engines.matching.sqlite_index import SqliteIndex
index = SqliteIndex(Path(sys.argv[1]), model_id="words/1", dimension=64)
number = 0
while True:
    number += 1
    batch = [Entry(Document(f"{number}-{part}", "en", "text"), np.ones(64, np.float32), "words/1",
                   {"en": ["text"]}, {"text": 1.0}) for part in range(5)]
    index.put(batch, cursor=number)
    print(number, flush=True)
"""


def test_a_writer_killed_in_the_middle_leaves_whole_batches(tmp_path: Path) -> None:
    root = Path(__file__).parents[4]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    for attempt in range(3):
        path = tmp_path / f"killed-{attempt}.sqlite"
        process = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, env=environment
        )
        assert process.stdout is not None
        for _ in range(5):
            said = process.stdout.readline()
        time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        index = SqliteIndex(path, model_id="words/1", dimension=64)
        assert index.verify() == []
        assert index.cursor >= int(said)
        assert index.count() % 5 == 0
        assert f"{index.cursor}-4" in index.ids()
        assert f"{index.cursor + 1}-0" not in index.ids()
        index.close()


def test_an_entry_holds_tokens_by_family_and_concepts_by_strength(
    embedder: WordEmbedder, terms: TermBase
) -> None:
    document = replace(THAI, titles={"en": "Durian sorting"}, description="ผลไม้")
    entry: Entry
    (entry,) = make_entries([document], embedder, terms)
    assert set(entry.tokens) == {"th", "en"}
    assert entry.concepts["durian"] == 1.0
    assert entry.concepts["sorting"] == 1.0
    assert 0 < entry.concepts["fruit"] < 1
