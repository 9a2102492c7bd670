"""A record posted again is found in the index, whatever language and words it is in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from saphan.engines.duplicates.features import compare
from saphan.engines.duplicates.finder import Finder
from saphan.engines.duplicates.model import Model, WeightsError
from saphan.engines.duplicates.profile import kinds_beside, read_facts, side
from saphan.engines.language.terms import TermBase, read_terms
from saphan.engines.matching.documents import Document
from saphan.engines.matching.entries import make_entries
from saphan.engines.matching.sqlite_index import SqliteIndex
from saphan.engines.matching.tests.conftest import WordEmbedder

TERMS = TermBase(
    read_terms(
        """\
drying
  en: dryer | drying
  zh-Hans: 烘干机
  th: เครื่องอบ

paddy
  en: paddy
  zh-Hans: 稻谷
  th: ข้าวเปลือก

maize
  en: maize
""".splitlines()
    )
)
DRYER = Document(
    id="dryer", lang="zh-Hans", title="移动式稻谷烘干机 GF-6", kind="technology_offer",
    summary="每批6吨，水分从28%降到14%，约需9小时。", description="已售430台，质保18个月。",
    organisation="Yulin Gufeng Machinery", economy="CN", sector="agriculture",
)  # fmt: skip
AGAIN = Document(
    id="again", lang="th", title="เครื่องอบข้าวเปลือกเคลื่อนที่ GF-6", kind="business_offer",
    summary="อบครั้งละ 6 ตัน ลดความชื้นจาก 28% เหลือ 14% ใน 9 ชั่วโมง ขายแล้ว 430 เครื่อง",
    organisation="Yulin Gufeng", economy="CN", sector="agriculture",
)  # fmt: skip
OTHER = Document(
    id="other", lang="en", title="Maize dryer MD-2", kind="technology_offer",
    summary="4 tonnes a batch, from 26% to 13.5% in 11 hours; 75 sold.",
    organisation="Tan Lua", economy="VN", sector="agriculture",
)  # fmt: skip
NEED = replace(DRYER, id="need", kind="technology_request")


@pytest.fixture
def index(tmp_path: Path) -> Iterator[SqliteIndex]:
    made = SqliteIndex(tmp_path / "i.sqlite", model_id="words/1", dimension=64)
    yield made
    made.close()


def finder(index: SqliteIndex, documents: Sequence[Document]) -> Finder:
    embedder = WordEmbedder()
    index.put(make_entries(documents, embedder, TERMS))
    return Finder(index, embedder, None, TERMS)


def test_a_translated_record_is_found_and_another_maker_is_not(index):
    found = finder(index, [DRYER, OTHER]).alike(AGAIN)
    assert [one.document.id for one in found] == ["dryer"]
    assert 0.8 < found[0].probability <= 1


def test_reasons_say_what_is_shared(index):
    why = finder(index, [DRYER]).alike(AGAIN)[0].reasons
    shared = {one.name: one.values for one in why if one.same}
    assert {"28%", "14%", "430"} <= set(shared["figures"])
    assert shared["names"][0] == "GF-6"
    assert set(shared["concepts"]) == {"drying", "paddy"}
    assert shared["organisation"] == ("Yulin Gufeng", "Yulin Gufeng Machinery")
    assert shared["economy"] == ("CN",)


def test_reasons_say_what_differs(index):
    asked = replace(AGAIN, economy="TH", organisation="Khon Kaen Dryers", deadline=date(2027, 1, 1),
                    title="เครื่องอบข้าวเปลือก KK-9")  # fmt: skip
    records = finder(index, [replace(DRYER, deadline=date(2027, 5, 1))])
    why = records.alike(asked, threshold=0)[0].reasons
    apart = {one.name: one.values for one in why if not one.same}
    assert apart["economy"] == ("TH", "CN")
    assert apart["organisation"] == ("Khon Kaen Dryers", "Yulin Gufeng Machinery")
    assert apart["model"] == ("kk-9", "gf-6")
    assert apart["deadline"] == ("2027-01-01", "2027-05-01")


def test_a_need_is_never_the_same_as_an_offer(index):
    records = finder(index, [DRYER])
    assert records.alike(replace(DRYER, id="x"), threshold=0)
    assert records.alike(NEED, threshold=0) == []


def test_the_record_itself_is_left_out_where_it_is_named(index):
    records = finder(index, [DRYER, OTHER])
    assert records.alike(DRYER)[0].document.id == "dryer"
    assert records.alike(DRYER, without=["dryer"]) == []


def test_no_more_than_asked_for_and_the_most_probable_first(index):
    copies = [replace(DRYER, id=f"copy{number}") for number in range(4)]
    near = replace(DRYER, id="near", summary="每批6吨，水分从26%降到13%，约需11小时。")
    records = finder(index, [near, *copies])
    found = records.alike(DRYER, limit=5, threshold=0)
    assert [one.probability for one in found] == sorted(
        (one.probability for one in found), reverse=True
    )
    assert found[-1].document.id == "near"
    assert len(records.alike(DRYER, limit=2)) == 2


def test_every_pair_of_an_index_is_told_once(index):
    records = finder(index, [DRYER, AGAIN, OTHER])
    found = [frozenset((one.id, alike.document.id)) for one, alike in records.pairs()]
    assert found == [frozenset(("dryer", "again"))]
    assert list(records.pairs(["other"])) == []


def test_a_record_that_was_changed_is_read_anew(index):
    records = finder(index, [DRYER])
    before = records.alike(AGAIN, threshold=0)[0].probability
    changed = replace(DRYER, summary="每批4吨，水分从26%降到13%，约需11小时。", description="75台")
    index.put(make_entries([changed], WordEmbedder(), TERMS))
    assert records.alike(AGAIN, threshold=0)[0].probability < before


def test_an_empty_index_holds_no_duplicate(index):
    assert finder(index, []).alike(DRYER) == []


def test_it_does_not_matter_which_record_is_asked_about():
    one, two = (read_facts(each, TERMS) for each in (DRYER, AGAIN))
    def rarity(concept: str) -> float:
        return 0.5

    assert dict(compare(one, two, rarity).values) == dict(compare(two, one, rarity).values)


def test_sides_of_kinds():
    assert side("rd_request") == "need" and side("research_result") == "offer"
    assert set(kinds_beside("business_offer")) == {
        "business_offer", "technology_offer", "research_result"}  # fmt: skip
    assert kinds_beside("exhibit") == ("exhibit",)
    assert kinds_beside("") == ()


def test_no_weight_speaks_against_what_it_means():
    weights = Model.load().with_meaning
    by_name = dict(zip(weights.names, weights.weights, strict=True))
    assert all(by_name[name] >= 0 for name in ("meaning", "figures_cover", "concepts_cover"))
    assert all(by_name[name] <= 0 for name in ("figures_apart", "other_models", "budget_other"))
    assert weights.threshold >= 0.5


def test_a_damaged_file_of_weights_is_named(tmp_path):
    path = tmp_path / "weights.json"
    path.write_text('{"model_id": "x"}')
    with pytest.raises(WeightsError, match=r"weights\.json"):
        Model.load(path)
