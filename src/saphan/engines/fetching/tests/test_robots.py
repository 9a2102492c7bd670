"""robots.txt is read as RFC 9309 says."""

from __future__ import annotations

import pytest

from saphan.engines.fetching.robots import read


def may(text: str, path: str) -> bool:
    return read(text.encode(), "saphan").may(f"https://news.example.org{path}")


@pytest.mark.parametrize(("rules", "path", "allowed"), [
    ("Disallow: /", "/a", False), ("Disallow:", "/a", True), ("", "/a", True),
    ("Disallow: /\nAllow: /news", "/news/1", True),
    ("Allow: /news\nDisallow: /news/old", "/news/old/1", False),
    ("Allow: /p\nDisallow: /p", "/p", True),
    ("Disallow: /*.pdf$", "/a/b.pdf", False), ("Disallow: /*.pdf$", "/a/b.pdf?x", True),
    ("Disallow: /*.pdf$", "/a.pdf/b.pdf", False), ("Disallow: /a$", "/a", False),
    ("Disallow: /a$", "/ab", True), ("Disallow: /a*b*c", "/a-b-c-d", False),
    ("Disallow: /a*b*c$", "/a-c", True), ("Disallow: /*a$", "/aa", False),
    ("Disallow: /ข่าว", "/%E0%B8%82%E0%B9%88%E0%B8%B2%E0%B8%A7/1", False),
    ("Disallow: /%7Ejoe", "/~joe/x", False), ("Disallow: /?q=", "/?q=1", False),
    ("Disallow: /", "/robots.txt", True)])
def test_the_longest_rule_wins_and_stars_fit_anything(rules, path, allowed) -> None:
    assert may(f"User-agent: *\n{rules}", path) is allowed


def test_our_own_groups_are_joined_and_the_general_one_is_left_aside() -> None:
    text = ("User-agent: *\nDisallow: /\n\nUser-agent: Saphan/2.0\nUser-agent: other\n"
            "Disallow: /a # not this\n\nUSER-AGENT: saphan\ndisallow: /b\nCrawl-delay: 2.5\n"
            "Sitemap: https://news.example.org/map.xml")
    assert [may(text, path) for path in ("/a", "/b", "/c")] == [False, False, True]
    said = read(text.encode(), "saphan")
    assert (said.delay, said.sitemaps) == (2.5, ("https://news.example.org/map.xml",))


def test_no_pattern_is_slow() -> None:
    rules = "Disallow: /" + "*a" * 500 + "*b$"
    assert may(f"User-agent: *\n{rules}", "/" + "a" * 1_900)


def test_nonsense_closes_nothing() -> None:
    assert may("<html>not found</html>\nDisallow: /\nUser-agent\n\x00", "/a")
