"""What is derived from entries can be lost, cut off or left half done, and answers stay right."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from saphan.engines.language.embed import unit
from saphan.engines.matching import bm25, derived, postings, segments, store, view
from saphan.engines.matching.documents import Document, Filters
from saphan.engines.matching.index import Entry
from saphan.engines.matching.sqlite_index import SqliteIndex

DIMENSION = 16
DAY = date(2026, 11, 22)


def vector_of(number: int) -> np.ndarray:
    return unit(np.random.default_rng(number).normal(size=DIMENSION))[0]


def entry(number: int, **fields: object) -> Entry:
    return Entry(
        Document(f"d{number}", "en", f"title {number}", **fields),  # type: ignore[arg-type]
        vector_of(number), "words/1", {"en": ["title", f"w{number % 7}", f"v{number}"]},
        {f"c{number % 5}": 0.5},
    )  # fmt: skip


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "index.sqlite"


def opened(path: Path) -> SqliteIndex:
    return SqliteIndex(path, model_id="words/1", dimension=DIMENSION)


def folder_of(index: SqliteIndex) -> Path:
    assert index._set is not None
    return index._set.folder


def right(index: SqliteIndex, numbers: range | list[int]) -> None:
    """Everything is found as comparing all of these entries finds it."""
    assert sorted(index.ids()) == sorted(f"d{number}" for number in numbers)
    asked = vector_of(99_999)
    expected = sorted(((float(vector_of(n) @ asked), f"d{n}") for n in numbers), reverse=True)
    found = index.search(asked)
    assert [name for name, _ in found] == [name for _, name in expected]
    assert [cosine for _, cosine in found] == pytest.approx([c for c, _ in expected], abs=2e-3)
    for number in range(7):
        assert set(index.lexical([f"w{number}"], "en")) == {
            f"d{n}" for n in numbers if n % 7 == number
        }
    assert set(index.by_concept({"c2": 1.0})) == {f"d{n}" for n in numbers if n % 5 == 2}
    assert index.verify() == []


def test_the_derived_files_can_be_deleted_at_any_time(path: Path) -> None:
    index = opened(path)
    index.put(entry(n) for n in range(30))
    right(index, range(30))
    shutil.rmtree(path.with_name("index.sqlite.derived"))
    index.put([entry(30)])
    right(index, range(31))
    right(opened(path), range(31))


@pytest.mark.parametrize("kind", ["exact.column", "numbers.column", ".lists", "state.json"])
@pytest.mark.parametrize("cut", [0, 3])
def test_a_derived_file_that_was_cut_off_is_made_anew(path: Path, kind: str, cut: int) -> None:
    index = opened(path)
    index.put(entry(n) for n in range(30))
    for file in folder_of(index).iterdir():
        if file.name.endswith(kind):
            os.truncate(file, cut)
    again = opened(path)
    right(again, range(30))


def test_what_may_not_have_reached_the_disk_is_made_anew_when_the_machine_starts_again(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(derived, "_SYNC_AFTER", 10)
    index = opened(path)
    index.put(entry(n) for n in range(20))  # on the disk
    before = folder_of(index) / "state.json"
    generation = before.read_text().split('"generation": "')[1][:8]
    index.put([entry(20), entry(21)])  # not yet
    index.remove(["d3"])
    column = folder_of(index) / f"{generation}-exact.column"
    with column.open("r+b") as file:
        file.seek(20 * DIMENSION * 2)
        file.write(bytes(2 * DIMENSION * 2))  # the last two vectors are lost
    with (folder_of(index) / f"{generation}-live.column").open("r+b") as file:
        file.write(b"\1" * 20)  # and so is the removal
    monkeypatch.setattr(derived, "_boot", lambda: "another start")
    right(opened(path), [n for n in range(22) if n != 3])
    assert generation in before.read_text()  # what was on the disk was kept


def test_many_small_writes_leave_few_segments(path: Path) -> None:
    index = opened(path)
    for number in range(150):
        index.put([entry(number)])
    assert len(list(folder_of(index).glob("*.lists"))) < 3 * segments.STEP
    right(index, range(150))


def test_a_segment_never_grows_beyond_what_one_merge_may_cost(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(segments, "LARGEST", 20)
    index = opened(path)
    for number in range(100):
        index.put([entry(number)])
    sizes = [int(file.name.split("-")[1]) for file in folder_of(index).glob("*.lists")]
    assert max(sizes) <= 20
    right(index, range(100))


def test_entries_written_over_and_over_do_not_pile_up(path: Path) -> None:
    index = opened(path)
    for turn in range(60):
        index.put(entry(n, summary=str(turn)) for n in range(40))
    assert len(index._view()[0]) < 60 * 40 / 1.5
    right(index, range(40))
    assert index.get("d7").summary == "59"  # type: ignore[union-attr]


def test_a_view_stays_as_it_was_while_the_index_changes(path: Path) -> None:
    index = opened(path)
    index.put(entry(n) for n in range(10))
    held, _ = index._view()
    other = opened(path)
    other.remove(["d1", "d2"])
    other.put([entry(10)])
    slots, _ = held.nearest(vector_of(1), held.compared, None)
    assert sorted(slots.tolist()) == list(range(10))
    right(index, [0, *range(3, 11)])


def test_a_reader_does_not_wait_for_one_who_derives_for_long(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(derived, "PATIENCE", 0.05)
    index, other = opened(path), opened(path)
    other.put([entry(0)])
    index.search(vector_of(0))
    with (folder_of(index) / "lock").open("w") as busy:
        fcntl.flock(busy, fcntl.LOCK_EX)
        with other._store.writing(None) as (connection, version):
            store.add(connection, [entry(1)], version)
        assert [name for name, _ in index.search(vector_of(0))] == ["d0"]
    right(index, range(2))


def test_two_transforms_are_kept_apart_and_both_stay_up_to_date(path: Path) -> None:
    plain = opened(path)
    turned = SqliteIndex(path, model_id="words/1", dimension=DIMENSION, transform=lambda v: -v)
    plain.put([entry(0)])
    turned.put([entry(1)])
    assert plain.search(vector_of(1))[0][0] == "d1"
    assert turned.search(-vector_of(0))[0] == ("d0", pytest.approx(1, abs=1e-3))
    plain.use(lambda v: -v, "turned")
    assert plain.search(-vector_of(1))[0] == ("d1", pytest.approx(1, abs=1e-3))


WORKER = """
import sys, time
from pathlib import Path
from saphan.engines.matching import sqlite_index, store
from saphan.engines.matching.derived import DerivedSet
from saphan.engines.matching.tests.test_derived import entry, opened
append = DerivedSet._append
def slowly(self, *given):
    made = append(self, *given)
    print("appended", flush=True)
    time.sleep(0.02)
    return made
DerivedSet._append = slowly
import saphan.engines.matching.derived as derived
derived.AT_ONCE = 5
opened(Path(sys.argv[1])).put((entry(n) for n in range(200)), cursor=1)
print("all", flush=True)
"""


def test_a_process_killed_while_it_derives_harms_nobody(path: Path) -> None:
    root = Path(__file__).parents[4]
    process = subprocess.Popen(
        [sys.executable, "-c", WORKER, str(path)], stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(root)},
    )  # fmt: skip
    assert process.stdout is not None
    for _ in range(12):
        assert process.stdout.readline() == b"appended\n"
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    index = opened(path)
    assert index.cursor == 1
    right(index, range(200))


def test_rare_words_find_the_same_best_as_all_words(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = opened(path)
    chance = np.random.default_rng(5)
    for number in range(0, 300, 50):
        index.put(
            Entry(Document(f"d{n}", "en", ""), vector_of(n), "words/1",
                  {"en": [f"w{w}" for w in np.minimum(chance.zipf(1.3, 30), 99).tolist()]})
            for n in range(number, number + 50)
        )  # fmt: skip
    index.remove(["d5", "d77"])
    asked = [f"w{w}" for w in (1, 2, 3, 8, 20, 40, 98)]
    every = index.lexical(asked, "en", k=1000)
    monkeypatch.setattr(bm25, "MOST_POSTINGS", 120)
    few = index.lexical(asked, "en", k=10)
    assert few == pytest.approx(dict(list(every.items())[:10]))
    assert list(few.values()) == sorted(few.values(), reverse=True)


# -- filters against looking at every document ------------------------------------------------

ROOMS, KINDS, ECONOMIES = ("market", "school", ""), ("offer", "need"), ("TH", "SG", "CN")
DOCUMENTS = [
    {
        "room": ROOMS[n % 3], "kind": KINDS[n % 2], "economy": ECONOMIES[n * 5 % 3],
        "sector": f"s{n % 20}", "audience": "staff" if n % 11 == 0 else "public",
        "valid_until": None if n % 4 else DAY + timedelta(days=n % 9 - 4),
    }
    for n in range(400)
]  # fmt: skip


def choice(*values: str) -> some.SearchStrategy[tuple[str, ...]]:
    return some.lists(some.sampled_from(values), max_size=2, unique=True).map(tuple)


FILTERS = some.builds(
    Filters, rooms=choice(*ROOMS, "none"), kinds=choice(*KINDS), economies=choice(*ECONOMIES),
    sectors=some.one_of(
        choice("s1", "s2"), some.just(tuple(f"s{n}" for n in range(0, 20, 2)))
    ),
    audiences=choice("public", "staff"), langs=choice("en", "th"),
    exclude=choice("d1", "d7", "d8", "nobody"),
    valid_on=some.one_of(some.none(), some.just(DAY), some.just(DAY + timedelta(days=2))),
)  # fmt: skip


def passes(number: int, filters: Filters) -> bool:
    document = Document(f"d{number}", "en", "", **DOCUMENTS[number])  # type: ignore[arg-type]
    pairs = ((filters.rooms, document.room), (filters.kinds, document.kind),
             (filters.economies, document.economy), (filters.sectors, document.sector),
             (filters.audiences, document.audience), (filters.langs, document.lang))  # fmt: skip
    late = (filters.valid_on and document.valid_until
            and document.valid_until < filters.valid_on)  # fmt: skip
    return (
        all(not wanted or value in wanted for wanted, value in pairs)
        and document.id not in filters.exclude and not late
    )  # fmt: skip


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> SqliteIndex:
    index = opened(tmp_path_factory.mktemp("filled") / "index.sqlite")
    index.put(entry(n, **DOCUMENTS[n]) for n in range(400))
    index.remove(["d10", "d11"])
    return index


@pytest.mark.parametrize("bits", [False, True])
@settings(max_examples=60, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(filters=FILTERS, asked=some.integers(0, 10_000))
def test_filters_let_through_what_looking_at_each_document_does(
    filled: SqliteIndex, bits: bool, filters: Filters, asked: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        if bits:  # as in a large index: candidates by bits, 50 of them compared
            patch.setattr(view, "COMPARE_ALL", 20)
            patch.setattr(view, "FOR_EACH", 2)
            patch.setattr(view, "CANDIDATES", 400)
        left = {f"d{n}" for n in range(400) if n not in (10, 11) and passes(n, filters)}
        asked_for = vector_of(asked)
        order = sorted(left, key=lambda name: -float(vector_of(int(name[1:])) @ asked_for))
        found = [name for name, _ in filled.search(asked_for, filters, 8)]
        assert found == order[:8] or _tied(found, order[:8], asked_for)
        assert set(filled.lexical(["w3"], "en", filters)) == {
            name for name in left if int(name[1:]) % 7 == 3
        }
        assert set(filled.by_concept({"c1": 1.0}, filters)) == {
            name for name in left if int(name[1:]) % 5 == 1
        }


def _tied(found: list[str], expected: list[str], asked: np.ndarray) -> bool:
    cosines = [[float(vector_of(int(name[1:])) @ asked) for name in names]
               for names in (found, expected)]  # fmt: skip
    return np.allclose(*cosines, atol=2e-3)


# -- keys --------------------------------------------------------------------------------------


def test_names_have_keys_of_their_own() -> None:
    names = [f"{part}{n}" for part in ("a", "b", "ທຸລຽນ", "榴") for n in range(25_000)]
    for space in ("word en", "concept"):
        assert len(np.unique(postings.keys(names, space))) == len(names)
    both = np.concatenate([postings.keys(names, space) for space in ("word en", "concept")])
    assert len(np.unique(both)) == 2 * len(names)


@given(some.lists(some.text(some.characters(codec=None), max_size=300)))
def test_a_key_does_not_depend_on_the_names_beside_it(names: list[str]) -> None:
    alone = [int(postings.keys([name], "word en")[0]) for name in names]
    assert postings.keys(names, "word en").tolist() == alone


def test_what_is_packed_says_how_often_how_long_and_how_strong() -> None:
    many = Entry(Document("m", "en", ""), vector_of(1), "words/1",
                 {"en": ["a", "b", "a"] + 70_000 * ["c"], "th": ["a"]}, {"x": 0.8})  # fmt: skip
    none = Entry(Document("n", "en", ""), vector_of(1), "words/1")
    packed = postings.pack([none, many, none])
    assert [len(data) for data in packed] == [0, 8 * 7, 0]
    found = dict(zip(*(part.tolist() for part in postings.unpack(packed[1])), strict=True))
    a, b, c = postings.word_keys(["a", "b", "c"], "en").tolist()
    assert (found[a], found[b], found[c]) == (2, 1, postings.MOST)
    assert found[int(postings.word_keys(["a"], "th")[0])] == 1
    assert found[postings.length_key("th")] == 1
    assert found[int(postings.concept_keys(["x"])[0])] == 8_000
