"""Every index gives the same answers: in a file, on a server, spread over three servers."""

from __future__ import annotations

import json
import math
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from saphan.engines.language.embed import Vectors, unit
from saphan.engines.language.terms import TermBase
from saphan.engines.matching.documents import Document, Filters
from saphan.engines.matching.entries import make_entries
from saphan.engines.matching.index import Entry, Index, IndexDamaged
from saphan.engines.matching.rank import Matcher
from saphan.engines.matching.sqlite_index import SqliteIndex
from saphan.engines.matching.tests.conftest import DIMENSION, WordEmbedder
from saphan.engines.matching.tests.places import KINDS, Place

NEAR = 5e-3
"""Cosines may differ so much: vectors are kept in 16 bits or fewer."""
DAY = date(2026, 11, 22)


@pytest.fixture(params=KINDS)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    made = Place(request.param, tmp_path)
    yield made
    made.close()


@pytest.fixture
def index(place: Place) -> Index:
    return place.open()


def entry(name: str, seed: int = 0, **fields: object) -> Entry:
    document = Document(name, "en", f"title of {name}", **fields)  # type: ignore[arg-type]
    vector = unit(np.random.default_rng(seed).normal(size=DIMENSION))[0]
    return Entry(document, vector, "words/1", {"en": ["title", name]}, {"thing": 0.5})


def corpus(size: int = 120) -> list[Entry]:
    """Entries with all kinds of attributes, words in three families, and concepts."""
    chance = random.Random(7)
    made = []
    for number in range(size):
        fields = {
            "room": chance.choice(["market", "academy"]),
            "kind": chance.choice(["offer", "need", "course"]),
            "sector": chance.choice(["farming", "health", "ports", ""]),
            "economy": chance.choice(["TH", "LA", "CN", "SG"]),
            "audience": chance.choice(["public", "public", "public", "staff"]),
            "valid_until": chance.choice([None, DAY, DAY - timedelta(1), DAY + timedelta(90)]),
        }
        tokens = {
            family: [f"word{min(chance.randrange(1, 40), chance.randrange(1, 40))}"
                     for _ in range(chance.randrange(0, 30))]
            for family in chance.sample(["en", "th", "zh"], chance.randrange(1, 4))
        }  # fmt: skip
        concepts = {f"concept{n}": chance.choice([0.25, 0.5, 0.8, 1.0])
                    for n in chance.sample(range(12), chance.randrange(0, 5))}  # fmt: skip
        made.append(replace(entry(f"d{number:03}", number, **fields),
                            tokens=tokens, concepts=concepts))  # fmt: skip
    return made


def passes(document: Document, filters: Filters) -> bool:
    """What `Filters` says, in plain words."""
    return (
        (not filters.rooms or document.room in filters.rooms)
        and (not filters.kinds or document.kind in filters.kinds)
        and (not filters.sectors or document.sector in filters.sectors)
        and (not filters.economies or document.economy in filters.economies)
        and (not filters.langs or document.lang in filters.langs)
        and (not filters.audiences or document.audience in filters.audiences)
        and document.id not in filters.exclude
        and (filters.valid_on is None or document.valid_until is None
             or document.valid_until >= filters.valid_on)
    )  # fmt: skip


FILTERS = [
    None,
    Filters(),
    Filters(audiences=()),
    Filters(audiences=("staff",)),
    Filters(rooms=("market",)),
    Filters(kinds=("need", "course")),
    Filters(sectors=("",)),
    Filters(economies=("TH", "LA"), sectors=("health",)),
    Filters(langs=("en",)),
    Filters(langs=("th",)),
    Filters(valid_on=DAY),
    Filters(exclude=("d001", "d002", "unknown")),
    Filters(rooms=("market",), kinds=("offer",), economies=("CN",), audiences=(), valid_on=DAY),
]


def allowed(entries: list[Entry], filters: Filters | None) -> list[Entry]:
    return [e for e in entries if filters is None or passes(e.document, filters)]


# -- one entry after another -----------------------------------------------------------------


def test_a_new_index_is_empty_and_sound(index: Index) -> None:
    vector = unit(np.ones(DIMENSION))[0]
    assert index.count() == 0
    assert index.cursor == 0
    assert index.ids() == []
    assert index.search(vector) == []
    assert index.similarity(vector, ["a"]) == {}
    assert index.lexical(["word"], "en") == {}
    assert index.by_concept({"thing": 1.0}) == {}
    assert dict(index.concept_counts()) == {}
    assert index.get("a") is None
    assert index.stale() == []
    assert index.verify() == []


def test_documents_come_back_as_they_were_put(index: Index) -> None:
    document = Document(
        "full", "th", "เครื่องคัดแยกทุเรียน", "สรุป", "รายละเอียด", {"en": "Durian sorter"},
        {"lo": "ເຄື່ອງຄັດທຸລຽນ"}, ("ทุเรียน",), ("durian",), "market", "offer", "TH", "farming",
        "pilot", ("LA", "KH"), ("buyer",), "Orchard", "company", ("th", "en"), DAY, DAY, 12.5,
        "THB", "public", ("title.en",),
    )  # fmt: skip
    index.put([replace(entry("full"), document=document), entry("other")])
    assert index.get("full") == document
    assert index.get_many(["full", "missing", "other"]) == {
        "full": document, "other": entry("other").document}  # fmt: skip
    assert index.get_many([]) == {}


@pytest.mark.parametrize(
    "text",
    ["榴蓮分級", "ທຸລຽນ ຄັດແຍກ", "ទុរេន", "ဒူးရင်း", "சீரமைப்பு", "máy phân loại", "🥭 mango 👩🏽‍🌾",
     "null\x00byte\x1f", "quote ' \" \\ {s} %s %% ; --", "e\u0301 \u200b \ufeff", "x" * 9000],
)  # fmt: skip
def test_any_text_can_be_a_title_a_word_and_a_concept(index: Index, text: str) -> None:
    concept = text.replace("\x00", "")
    one = entry("odd", 1)
    index.put([
        replace(one, document=replace(one.document, title=text, description=text * 3),
                tokens={"en": [text, text, "word"]}, concepts={concept: 1.0}),
        entry("plain", 2),
    ])  # fmt: skip
    found = index.get("odd")
    assert found is not None
    assert found.title == text
    assert found.description == text * 3
    assert set(index.lexical([text], "en")) == {"odd"}
    assert index.by_concept({concept: 1.0}) == {"odd": {concept: 1.0}}
    assert index.verify() == []


def test_putting_an_id_again_replaces_it_everywhere(index: Index) -> None:
    index.put([entry("a", 1), entry("b", 2)])
    index.put([replace(entry("a", 3, economy="SG"), tokens={"th": ["other"]}, concepts={"new": 1})])
    assert index.count() == 2
    assert index.search(entry("", 3).vector)[0][0] == "a"
    assert "a" not in index.lexical(["title"], "en")
    assert set(index.lexical(["other"], "th")) == {"a"}
    assert dict(index.concept_counts()) == {"thing": 1, "new": 1}
    assert [n for n, _ in index.search(entry("", 3).vector, Filters(economies=("SG",)))] == ["a"]
    assert index.verify() == []


def test_of_one_id_in_one_batch_the_last_stays(index: Index) -> None:
    index.put([entry("a", 1, economy="TH"), entry("b", 2), entry("a", 3, economy="LA")])
    found = index.get("a")
    assert found is not None
    assert found.economy == "LA"
    assert index.count() == 2
    assert index.verify() == []


def test_what_was_removed_is_gone_everywhere(index: Index) -> None:
    index.put([entry("a", 1), entry("b", 2)])
    index.remove(["a", "never there", "a"])
    assert index.ids() == ["b"]
    assert index.get("a") is None
    assert [name for name, _ in index.search(entry("", 1).vector)] == ["b"]
    assert set(index.lexical(["title"], "en")) == {"b"}
    assert dict(index.concept_counts()) == {"thing": 1}
    index.remove(["b"])
    assert index.count() == 0
    assert index.lexical(["title"], "en") == {}
    assert index.verify() == []


def test_ids_are_in_order_of_their_characters(index: Index) -> None:
    names = ["b", "a", "Z", "ก", "a.10", "a.9", "_"]
    index.put(entry(name, n) for n, name in enumerate(names))
    assert index.ids() == sorted(names)


def test_the_cursor_moves_with_the_batch_it_belongs_to(index: Index) -> None:
    index.put([entry("a")], cursor=7)
    assert index.cursor == 7
    index.put([entry("b")])
    assert index.cursor == 7
    index.remove(["a"], cursor=8)
    index.put([], cursor=9)
    assert index.cursor == 9


def test_a_batch_that_fails_leaves_nothing_and_does_not_move_the_cursor(index: Index) -> None:
    index.put([entry("a")], cursor=7)
    bad = replace(entry("bad"), concepts={"x": None})  # type: ignore[dict-item]
    with pytest.raises((TypeError, IndexDamaged)):
        index.put([entry("good"), bad], cursor=9)
    with pytest.raises(ValueError, match="short"):
        index.put([entry("good"), replace(entry("short"), vector=np.zeros(3, np.float32))])
    assert index.ids() == ["a"]
    assert index.cursor == 7
    assert index.verify() == []


def test_after_closing_the_next_call_opens_again(index: Index) -> None:
    index.put([entry("a")])
    index.close()
    assert index.ids() == ["a"]


# -- answers ---------------------------------------------------------------------------------


def test_search_gives_what_comparing_every_vector_gives(index: Index) -> None:
    entries = corpus()
    index.put(entries)
    vector = unit(np.random.default_rng(99).normal(size=DIMENSION))[0]
    true = {e.document.id: float(e.vector @ vector) for e in entries}
    for filters in FILTERS:
        wanted = sorted((true[e.document.id] for e in allowed(entries, filters)), reverse=True)
        names = {e.document.id for e in allowed(entries, filters)}
        every = index.search(vector, filters)
        assert {name for name, _ in every} == names, filters
        assert [score for _, score in every] == pytest.approx(wanted, abs=NEAR), filters
        assert all(abs(true[name] - score) < NEAR for name, score in every)
        best = index.search(vector, filters, 7)
        assert [score for _, score in best] == pytest.approx(wanted[:7], abs=NEAR), filters
    assert index.search(vector, k=0) == []
    assert len(index.search(vector, k=1000)) == len(entries)


def test_similarity_is_the_cosine_of_the_named(index: Index) -> None:
    entries = corpus()
    index.put(entries)
    asked = [e.document.id for e in entries[10:30]]
    true = {e.document.id: float(e.vector @ entries[5].vector) for e in entries[10:30]}
    found = index.similarity(entries[5].vector, [*asked, "unknown"])
    assert found == pytest.approx(true, abs=NEAR)
    assert index.similarity(entries[5].vector, []) == {}


def bm25(entries: list[Entry], asked: list[str], family: str) -> dict[str, float]:
    """The definition, read from the entries: k1 1.2, b 0.6, as a share of the best possible."""
    texts = {e.document.id: Counter(e.tokens[family]) for e in entries if family in e.tokens}
    mean = sum(text.total() for text in texts.values()) / len(texts)

    def idf(count: int) -> float:
        return math.log(1 + (len(texts) - count + 0.5) / (count + 0.5))

    counts = {word: sum(word in text for text in texts.values()) for word in set(asked)}
    best = sum(idf(n) if n else 0.25 * idf(0) for n in counts.values())
    scores: dict[str, float] = {}
    for name, text in texts.items():
        norm = 1.2 * (0.4 + 0.6 * text.total() / mean)
        score = sum(idf(counts[w]) * text[w] / (text[w] + norm) for w in counts if text[w])
        if score:
            scores[name] = min(1.0, score / best)
    return scores


def test_lexical_gives_bm25_within_one_family(index: Index) -> None:
    entries = corpus()
    index.put(entries)
    for family in ("en", "th", "zh"):
        for asked in (["word1"], ["word1", "word2", "word39"], ["word5", "absent", "word5"],
                      [f"word{n}" for n in range(40)]):  # fmt: skip
            true = bm25(entries, asked, family)
            assert index.lexical(asked, family) == pytest.approx(true, abs=1e-6)
            for filters in FILTERS:
                names = {e.document.id for e in allowed(entries, filters)}
                some = {name: score for name, score in true.items() if name in names}
                assert index.lexical(asked, family, filters) == pytest.approx(some, abs=1e-6)
                best = index.lexical(asked, family, filters, k=5)
                assert sorted(best.values()) == pytest.approx(sorted(some.values())[-5:], abs=1e-6)
                assert best.items() <= {**index.lexical(asked, family, filters)}.items()
    assert index.lexical(["absent"], "en") == {}
    assert index.lexical(["word1"], "my") == {}
    assert index.lexical([], "en") == {}


def test_statistics_of_words_follow_what_is_removed_and_replaced(index: Index) -> None:
    entries = corpus()
    index.put(entries)
    index.remove([e.document.id for e in entries[:40]])
    index.put([replace(e, tokens={"en": ["word3", "fresh"]}) for e in entries[40:60]])
    left = [*(replace(e, tokens={"en": ["word3", "fresh"]}) for e in entries[40:60]), *entries[60:]]
    asked = ["word1", "word3", "fresh"]
    assert index.lexical(asked, "en") == pytest.approx(bm25(left, asked, "en"), abs=1e-6)
    assert index.verify() == []


def test_concepts_are_found_with_their_strengths(index: Index) -> None:
    entries = corpus()
    index.put(entries)
    weights = {"concept1": 0.9, "concept2": 0.3, "concept7": 0.5, "nobody": 1.0}
    for filters in FILTERS:
        true = {
            e.document.id: {c: s for c, s in e.concepts.items() if c in weights}
            for e in allowed(entries, filters) if weights.keys() & e.concepts.keys()
        }  # fmt: skip
        assert index.by_concept(weights, filters) == true
        sums = {n: sum(weights[c] * s for c, s in held.items()) for n, held in true.items()}
        best = index.by_concept(weights, filters, k=4)
        assert sorted(sums[name] for name in best) == pytest.approx(sorted(sums.values())[-4:])
        assert all(true[name] == held for name, held in best.items())
    assert index.by_concept({}) == {}
    assert dict(index.concept_counts()) == Counter(c for e in entries for c in e.concepts)


def test_a_whole_answer_is_the_same_as_that_of_the_index_in_a_file(
    place: Place, embedder: WordEmbedder, terms: TermBase, tmp_path: Path
) -> None:
    subjects = ["durian", "chest X-ray", "seaport crane", "fruit sorting", "rice", "ทุเรียน", "榴莲"]
    things = ["machine", "course", "camera", "เครื่อง", "系统", "need", "expert"]
    languages = {"ทุเรียน": "th", "榴莲": "zh-Hans"}
    documents = [
        Document(f"d{n}", languages.get(subject, "en"), f"{subject} {thing} {n % 5}",
                 economy=["TH", "CN", "SG"][n % 3], room="market",
                 titles={"en": f"{subject} {thing}"})
        for n, (subject, thing) in enumerate(
            (s, t) for s in subjects for t in things for _ in range(2))
    ]  # fmt: skip
    reference = SqliteIndex(tmp_path / "reference.sqlite", model_id="words/1", dimension=DIMENSION)
    index = place.open()
    for each in (reference, index):
        each.put(make_entries(documents, embedder, terms))
    asked = Matcher(index, embedder, None, terms)
    expected = Matcher(reference, embedder, None, terms)
    for text in ("durian sorting machine", "เครื่องคัดแยกทุเรียน", "榴莲", "a course on X-ray", "?"):
        for filters in (None, Filters(economies=("TH",))):
            one = expected.ask(text, filters=filters, now=DAY, k=None)
            two = asked.ask(text, filters=filters, now=DAY, k=None)
            assert two.abstained == one.abstained
            scores = {match.id: match.score for match in one.matches}
            assert {m.id: m.score for m in two.matches} == pytest.approx(scores, abs=0.02)
            # In the same order, but for scores that are the same within what 16 bits hold.
            given = [scores[match.id] for match in two.matches]
            assert given == pytest.approx(sorted(given, reverse=True), abs=0.02)
            assert {m.id: m.why.concepts for m in two.matches} == {
                m.id: m.why.concepts for m in one.matches}  # fmt: skip
    reference.close()


# -- models and transforms -------------------------------------------------------------------


def test_vectors_of_another_model_are_not_compared_and_named_as_stale(index: Index) -> None:
    index.put([entry("a", 1), replace(entry("b", 1), model_id="older/1")])
    assert [name for name, _ in index.search(entry("", 1).vector)] == ["a"]
    assert set(index.similarity(entry("", 1).vector, ["a", "b"])) == {"a"}
    assert index.stale() == ["b"]
    index.put([entry("b", 1)])
    assert index.stale() == []
    assert index.count() == 2


def test_with_a_new_model_everything_is_stale_until_it_is_rebuilt(place: Place) -> None:
    place.open().put([entry("a", 1), entry("b", 2)], cursor=3)
    newer = place.open(model_id="words/2", dimension=32)
    assert newer.stale() == ["a", "b"]
    assert newer.cursor == 3
    assert newer.search(unit(np.ones(32))[0]) == []
    vector = unit(np.ones(32))[0]
    newer.rebuild([replace(entry("a"), vector=vector, model_id="words/2")], cursor=4)
    assert newer.stale() == []
    assert newer.search(vector)[0] == ("a", pytest.approx(1, abs=NEAR))
    assert newer.verify() == []


def turned(vectors: Vectors) -> Vectors:
    return -vectors


def test_a_transform_is_applied_to_what_is_compared_not_to_what_is_kept(place: Place) -> None:
    index = place.open(transform=turned, transform_id="turned")
    entries = corpus(30)
    index.put(entries)
    assert index.search(entries[3].vector)[-1] == ("d003", pytest.approx(-1, abs=NEAR))
    index.use(None, "")
    assert index.search(entries[3].vector)[0] == ("d003", pytest.approx(1, abs=NEAR))
    index.put([entry("new", 77)])
    assert index.search(entry("", 77).vector)[0][0] == "new"
    index.use(turned, "turned")
    assert index.similarity(entries[3].vector, ["d003"]) == pytest.approx({"d003": -1}, abs=NEAR)
    assert index.search(entry("", 77).vector)[-1][0] == "new"
    assert index.verify() == []
    assert index.count() == 31
    every = [*entries, entry("new", 77)]
    assert index.lexical(["word1"], "en") == pytest.approx(bm25(every, ["word1"], "en"))


# -- several at once -------------------------------------------------------------------------


def test_another_handle_sees_a_write_at_once(place: Place) -> None:
    one, other = place.open(), place.open()
    vector = entry("", 1).vector
    assert other.search(vector) == []
    one.put([entry("a", 1)])
    assert [name for name, _ in other.search(vector)] == ["a"]
    other.put([entry("b", 2)])
    one.remove(["a"])
    assert [name for name, _ in one.search(vector)] == ["b"]
    assert [name for name, _ in other.search(vector)] == ["b"]
    assert set(one.lexical(["title"], "en")) == {"b"}
    assert dict(other.concept_counts()) == {"thing": 1}


def process(code: str, place: Place, *arguments: str) -> subprocess.Popen[bytes]:
    """Python in a process of its own, with `index` opened on the same place."""
    root = Path(__file__).parents[5]
    paths = os.pathsep.join((str(root / "src"), str(root / "tests")))
    before = (
        "import json, sys\n"
        "from saphan.engines.matching.tests.places import open_index\n"
        "from saphan.engines.matching.tests.test_conformance import entry\n"
        "index = open_index(sys.argv[1])\n"
    )
    return subprocess.Popen(
        [sys.executable, "-c", before + code, json.dumps(place.address), *arguments],
        stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": paths})  # fmt: skip


WRITER = """
for number in range(20):
    index.put([entry(f"{sys.argv[2]}-{number}", number), entry("shared", number)])
    index.remove([f"{sys.argv[2]}-{number - 5}"])
index.close()
"""


def test_two_processes_write_without_losing_anything(place: Place) -> None:
    index = place.open()
    index.count()
    writers = [process(WRITER, place, name) for name in ("one", "two")]
    for writer in writers:
        assert writer.wait(120) == 0
        assert writer.stdout is not None
        writer.stdout.close()
    left = {f"{name}-{number}" for name in ("one", "two") for number in range(15, 20)}
    assert set(index.ids()) == {*left, "shared"}
    assert dict(index.concept_counts()) == {"thing": 11}
    assert index.verify() == []


ENDLESS = """
number = index.cursor
while True:
    number += 1
    index.put((entry(f"{number}-{part}", part) for part in range(5)), cursor=number)
    print(number, flush=True)
"""


def test_a_writer_killed_in_the_middle_leaves_whole_batches(place: Place) -> None:
    index = place.open()
    for attempt in range(3):
        writer = process(ENDLESS, place)
        assert writer.stdout is not None
        for _ in range(4):
            said = int(writer.stdout.readline())
        time.sleep(0.01 * attempt)
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        writer.stdout.close()
        assert index.cursor >= said
        settled = index.count(), index.cursor  # a server may still carry out the last batch
        while settled != (now := (index.count(), index.cursor)):
            settled = now
        assert index.count() == 5 * index.cursor
        assert f"{index.cursor}-4" in index.ids()
        assert index.verify() == []


# -- rebuilding ------------------------------------------------------------------------------


def test_rebuilding_replaces_everything_at_once_for_all(place: Place) -> None:
    index, other = place.open(), place.open()
    index.put(corpus(40), cursor=5)
    other.search(entry("", 1).vector)
    index.rebuild([entry("x", 1), entry("y", 2)], cursor=12)
    for each in (index, other):
        assert each.ids() == ["x", "y"]
        assert each.cursor == 12
        assert each.search(entry("", 1).vector)[0] == ("x", pytest.approx(1, abs=NEAR))
        assert set(each.lexical(["title"], "en")) == {"x", "y"}
        assert dict(each.concept_counts()) == {"thing": 2}
        assert each.verify() == []
    other.put([entry("z", 3)], cursor=13)
    assert index.ids() == ["x", "y", "z"]


def test_a_rebuild_that_fails_leaves_the_old_entries(index: Index) -> None:
    index.put([entry("a")], cursor=5)

    def broken() -> Iterator[Entry]:
        yield entry("b")
        raise RuntimeError("the model went away")

    with pytest.raises(RuntimeError, match="went away"):
        index.rebuild(broken(), cursor=9)
    assert index.ids() == ["a"]
    assert index.cursor == 5
    index.rebuild([entry("b")], cursor=9)
    assert index.ids() == ["b"]


def test_readers_see_the_old_entries_or_the_new_ones_while_it_is_rebuilt(place: Place) -> None:
    index, reader = place.open(), place.open()
    vector = entry("", 1).vector
    generations = [{f"{generation}-{n}" for n in range(30)} for generation in range(5)]
    index.put(entry(name, n) for n, name in enumerate(sorted(generations[0])))
    seen: list[frozenset[str]] = []
    done = threading.Event()
    failures: list[BaseException] = []

    def read() -> None:
        try:
            while not done.is_set():
                seen.append(frozenset(name for name, _ in reader.search(vector)))
                seen.append(frozenset(reader.lexical(["title"], "en")))
        except BaseException as error:
            failures.append(error)
        finally:
            reader.close()

    thread = threading.Thread(target=read)
    thread.start()
    for generation in generations[1:]:
        index.rebuild((entry(name, n) for n, name in enumerate(sorted(generation))), cursor=1)
    done.set()
    thread.join()
    assert failures == []
    assert set(seen) <= {frozenset(generation) for generation in generations}
    assert seen


def test_the_models_own_vectors_are_given_back_so_that_nothing_is_embedded_again(
    place: Place, index: Index
) -> None:
    kept = [entry(f"d{number}", number) for number in range(3)]
    index.put([*kept, replace(entry("other", 9), model_id="another/1")])

    given = index.vectors(["d2", "d0", "other", "nobody"])

    assert sorted(given) == ["d0", "d2"]
    for name, vector in given.items():
        assert np.allclose(vector, kept[int(name[1])].vector, atol=NEAR)
    before = index.search(kept[0].vector)
    index.put([replace(kept[0], vector=given["d0"], concepts={"newer": 1.0})])
    assert [name for name, _ in index.search(kept[0].vector)] == [name for name, _ in before]
    assert index.by_concept({"newer": 1.0}) == {"d0": {"newer": 1.0}}
