"""An exhibit as a tool of an assistant, in a house that is really open, by the protocol's own
client."""

from __future__ import annotations

import pytest
from served import Served
from test_mcp import over_stdio, talk


def test_an_assistant_finds_an_exhibit_among_the_tools_and_runs_it(served: Served) -> None:
    described = served.get("/api/v1/exhibition/which_language/schema")
    if described.status == 403:
        pytest.skip(described.json["title"])
    names, [(failed, told), (wrong, reason), (_, listed)] = talk(
        over_stdio(served),
        ("try_which_language", {"text": "Chào buổi sáng, hôm nay trời đẹp quá", "lang": "th"}),
        ("try_which_language", {}),
        ("list_exhibits", {"sector": "education"}))
    assert {"list_exhibits", "read_exhibit", "try_which_language"} <= set(names)
    assert not failed and told["outcome"] == "done" and told["answer"], told
    assert told["label"]["joules"]["low"] < told["label"]["joules"]["high"]
    assert wrong and "text" in reason
    assert "which_language" in {each["slug"] for each in listed["exhibits"]}
