"""The house with its search index on a server: PostgreSQL, named by SAPHAN_INDEX."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from postgres_server import cluster

from saphan.engines.matching.postgres_index import PostgresIndex
from saphan.house import ask, check, engine, indexing
from saphan.house.engine import NotReady
from saphan.rooms.market import sample
from saphan.rooms.market.models import Listing

pytestmark = pytest.mark.usefixtures("house")


@pytest.fixture
def address(house: None, settings: Any) -> Iterator[str]:
    settings.INDEX_URL = cluster().create("house_index")
    engine.close()
    yield settings.INDEX_URL
    engine.close()


def state() -> check.Finding:
    return next(finding for finding in check.run() if finding.name == "index")


def test_records_are_found_through_the_server(address: str) -> None:
    sample.make_examples(3)
    indexing.catch_up()
    found = {hit.plate.number for hit in ask.ask("durian grading by camera", lang="en").hits}
    assert Listing.objects.order_by("pk")[0].number in found
    assert isinstance(engine.engine().index, PostgresIndex)
    assert indexing.verify() == []
    assert "house_index" in state().message
    assert indexing.rebuild() == 3


def test_a_server_that_does_not_answer_is_told_to_people_and_to_the_operator(
    settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    sample.make_examples(1)
    settings.INDEX_URL = "postgresql://house:secret@127.0.0.1:1/index"
    engine.close()
    with pytest.raises(NotReady, match="ask again"):
        ask.ask("durian grading", lang="en")
    assert indexing.catch_up() == 0
    assert state().level == "error"
    assert "127.0.0.1:1" in state().message
    assert "127.0.0.1:1" in caplog.text
    assert "secret" not in caplog.text + state().message
    engine.close()
