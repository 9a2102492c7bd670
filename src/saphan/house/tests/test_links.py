"""An address counts as gone only where that is known."""

from __future__ import annotations

import pytest

from saphan.engines.runner.outside.errors import OutsideUnreachable
from saphan.house import links

PUBLIC = {"here.example.com": ["93.184.215.14"], "inside.example.com": ["10.0.0.7"],
          "other.example.com": ["93.184.215.15"]}


def resolve(host: str) -> list[str]:
    if host not in PUBLIC:
        raise OutsideUnreachable("unknown_host", host)
    return PUBLIC[host]


class Web:
    """Answers by address, and remembers whom it was asked for."""

    def __init__(self, **answers: tuple[int, str]) -> None:
        self.answers, self.asked = answers, list[tuple[str, str, str]]()

    def __call__(self, method: str, url: str, address: str) -> tuple[int, str]:
        self.asked.append((method, url, address))
        return self.answers[url.rpartition("/")[2]]


def look(web: Web, *urls: str) -> dict[str, str]:
    return links.look(urls, fetch=web, resolve=resolve)


def test_a_page_that_answers_is_there():
    web = Web(page=(200, ""))
    assert look(web, "https://here.example.com/page") == {"https://here.example.com/page": "there"}
    assert web.asked == [("HEAD", "https://here.example.com/page", "93.184.215.14")]


def test_a_page_is_gone_only_when_get_says_so_too():
    web = Web(page=(404, ""))
    assert look(web, "https://here.example.com/page")["https://here.example.com/page"] == "gone"
    assert [method for method, *_ in web.asked] == ["HEAD", "GET"]


@pytest.mark.parametrize(("status", "state"), [(500, "unknown"), (403, "there"), (429, "there"),
                                               (410, "gone")])
def test_other_answers_are_judged_with_care(status, state):
    url = "https://here.example.com/page"
    assert look(Web(page=(status, "")), url)[url] == state


def test_a_moved_page_is_followed_and_its_new_host_is_looked_at():
    url = "https://here.example.com/old"
    web = Web(old=(301, "https://other.example.com/new"), new=(200, ""))
    assert look(web, url)[url] == "there"
    assert web.asked[-1][2] == "93.184.215.15"
    inside = Web(old=(302, "https://inside.example.com/new"), new=(200, ""))
    assert look(inside, url)[url] == "unknown"
    assert len(inside.asked) == 1


@pytest.mark.parametrize("url", ["https://inside.example.com/x", "http://127.0.0.1/x",
                                 "http://[::1]/x", "http://localhost/x", "ftp://here.example.com/",
                                 "https://here.example.com:8443/x"])
def test_the_houses_own_network_is_never_asked(url):
    web = Web(x=(404, ""))
    if ":8443" in url:
        assert links.look([url], resolve=resolve)[url] == "unknown"
    else:
        assert look(web, url)[url] == "unknown"
        assert web.asked == []


def test_without_the_internet_nothing_is_gone():
    url = "https://nowhere.example.com/page"
    assert look(Web(), url)[url] == "unknown"
    web = Web(page=(200, ""))
    found = look(web, url, "https://here.example.com/page")
    assert found[url] == "gone"
