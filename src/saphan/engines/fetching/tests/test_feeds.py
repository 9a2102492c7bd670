"""Feeds, sitemaps and lists as they are found, not as they should be."""

from __future__ import annotations

import gzip
import tracemalloc
from datetime import UTC, datetime, timedelta, timezone

import pytest

from saphan.engines.fetching import FetchProblem, dates, feeds, pages, sitemaps

AT = "https://news.example.org/feed/"
RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><language>th</language>
<item><title><![CDATA[ข่าว &amp; <b>ใหม่</b>]]></title><link>/1?a=1&amp;b=2</link>
<pubDate>Tue, 22 Apr 2025 09:30:00 +0700</pubDate><description>&lt;p&gt;สรุป&amp;nbsp;ข่าว&lt;/p&gt;
</description></item>
<item><title>Second</title><guid>https://news.example.org/2</guid><dc:date>2025-04-21</dc:date></item>
<item><title>Again</title><link>https://news.example.org/2</link></item>
<item><title>No address</title></item>
<item><title>Bad</title><link>javascript:alert(1)</link></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh-Hans" xml:base="https://x.example/">
<entry><title type="html">南宁&lt;br&gt;新闻</title><link rel="self" href="/self"/>
<link rel="alternate" href="a.html"/><published>2025-04-22T01:02:03.5Z</published></entry></feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns="http://purl.org/rss/1.0/"><channel/><item rdf:about="x"><title>T</title>
 <link>https://x.example/r</link></item></rdf:RDF>"""


def test_rss_is_read_with_its_addresses_made_whole() -> None:
    first, second = feeds.read(RSS.encode(), AT)
    assert first == feeds.Item(
        "https://news.example.org/1?a=1&b=2", "ข่าว & ใหม่",
        datetime(2025, 4, 22, 9, 30, tzinfo=timezone(timedelta(hours=7))), "สรุป ข่าว", "th")
    assert second.url == "https://news.example.org/2"
    assert second.published == datetime(2025, 4, 21, tzinfo=UTC)


def test_atom_and_rdf_are_read_too() -> None:
    (entry,) = feeds.read(ATOM.encode(), AT)
    assert (entry.url, entry.title) == ("https://x.example/a.html", "南宁 新闻")
    assert entry.lang == "zh-Hans"
    assert entry.published == datetime(2025, 4, 22, 1, 2, 3, tzinfo=UTC)
    assert [item.url for item in feeds.read(RDF.encode(), AT)] == ["https://x.example/r"]


@pytest.mark.parametrize("broken", [
    RSS.replace("</channel></rss>", ""), "\n\n  " + RSS, RSS.replace("&amp;b", "&b"),
    RSS.replace("<rss", "<!DOCTYPE rss [<!ENTITY nbsp ' '>]><rss"),
    RSS.replace("<title>Second", "<title>Sec\x0bond &nbsp; &unknown;"),
    RSS.replace('encoding="utf-8"', 'encoding="gb2312"'),
    RSS.replace('encoding="utf-8"', 'encoding="no-such"')])
def test_a_broken_feed_is_forgiven(broken) -> None:
    found = feeds.read(broken.encode(), AT)
    assert [item.url for item in found] == [
        "https://news.example.org/1?a=1&b=2", "https://news.example.org/2"]
    assert found[0].title == "ข่าว & ใหม่"


def test_a_feed_in_an_older_encoding_is_read_whether_it_says_so_or_the_server_does() -> None:
    text = "<rss><item><title>广西经济</title><link>https://x.example/</link></item></rss>"
    said = "<?xml version='1.0' encoding='gb2312'?>" + text
    assert feeds.read(said.encode("gbk"), AT)[0].title == "广西经济"
    assert feeds.read(text.encode("gbk"), AT, "text/xml; charset=GBK")[0].title == "广西经济"
    thai = text.replace("广西经济", "ข่าว").encode("cp874")
    assert feeds.read(thai, AT, "text/xml; charset=tis-620")[0].title == "ข่าว"


def test_entities_neither_swell_nor_open_files() -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 20}">' for n in range(1, 12))
    for inside, body in (('<!ENTITY l0 "ha">' + laughs, "&l11;"),
                         ('<!ENTITY l11 SYSTEM "file:///etc/hostname">', "&l11;")):
        text = (f"<?xml version='1.0'?><!DOCTYPE rss [{inside}]><rss><item>"
                f"<title>T{body}</title><link>https://x.example/</link></item></rss>")
        tracemalloc.start()
        try:
            assert [item.title for item in feeds.read(text.encode(), AT)] == ["T"]
            assert tracemalloc.get_traced_memory()[1] < 5 * 2**20
        finally:
            tracemalloc.stop()


def test_what_is_no_feed_gives_nothing() -> None:
    for body in (b"", b"<html><body>404</body></html>", b"\x00\xff\xfe", b"{}", b"<rss"):
        assert feeds.read(body, AT) == []
    assert feeds.is_feed(RSS.encode()) and not feeds.is_feed(b"<html></html>")


MAP = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc>https://x.example/old</loc><lastmod>2024-01-01</lastmod></url>
<url><loc>https://x.example/new</loc><news:news><news:publication><news:language>vi</news:language>
</news:publication><news:publication_date>2025-04-22T08:00+07:00</news:publication_date>
<news:title>Tin mới</news:title></news:news></url></urlset>"""
INDEX = """<sitemapindex><sitemap><loc>https://x.example/a.xml</loc><lastmod>2023-01</lastmod>
</sitemap><sitemap><loc>/b.xml.gz</loc><lastmod>2025-01-01</lastmod></sitemap></sitemapindex>"""


@pytest.mark.parametrize("body", [MAP.encode(), gzip.compress(MAP.encode())])
def test_a_sitemap_lists_its_newest_pages_first(body) -> None:
    new, old = sitemaps.read(body, "https://x.example/sitemap.xml").items
    assert (new.url, new.title, new.lang) == ("https://x.example/new", "Tin mới", "vi")
    assert old.published == datetime(2024, 1, 1, tzinfo=UTC)


def test_an_index_of_sitemaps_names_the_newest_first() -> None:
    assert sitemaps.read(INDEX.encode(), "https://x.example/s.xml").more == (
        "https://x.example/b.xml.gz", "https://x.example/a.xml")


def test_a_sitemap_that_swells_is_refused() -> None:
    with pytest.raises(FetchProblem) as caught:
        sitemaps.read(gzip.compress(b" " * 60 * 2**20), AT)
    assert caught.value.code == "too_large"


LIST = """<html><head><meta charset="gbk"></head><body><ul class="news">
<li><a href="t20250422_1.html">南宁会展</a> <span>2025-04-22</span></li>
<li><a href="../b.html" title="A long title">A long…</a> 22/04/2568</li>
<li><a href="#top">up</a></li><li><a href="mailto:x@y">mail</a></li></ul>
<a href="/other">other</a></body></html>"""


@pytest.mark.parametrize("recipe", ["ul.news li", ".news a", "li > a[href$=html]"])
def test_a_list_page_gives_the_links_that_its_recipe_names(recipe) -> None:
    first, second = pages.links(LIST.encode("gbk"), "https://x.example/zw/", recipe)
    assert (first.url, first.title) == ("https://x.example/zw/t20250422_1.html", "南宁会展")
    assert (second.url, second.title) == ("https://x.example/b.html", "A long title")
    day = datetime(2025, 4, 22, tzinfo=UTC)
    assert (first.published, second.published) == (day, day)


def test_a_recipe_that_fits_nothing_gives_nothing_and_one_that_is_none_is_refused() -> None:
    assert pages.links(LIST.encode("gbk"), AT, "div.gone a") == []
    for nonsense in ("ul..news", "", "a:nth-child(", "//a[@href]"):
        with pytest.raises(pages.BadSelector):
            pages.links(LIST.encode("gbk"), AT, nonsense)


@pytest.mark.parametrize(("text", "day"), [
    ("2025-04-22", (2025, 4, 22, 0, 0)), ("2025-04-22T09:30:00+08:00", (2025, 4, 22, 1, 30)),
    ("2025年4月22日 09:30", (2025, 4, 22, 9, 30)), ("２０２５年４月２２日", (2025, 4, 22, 0, 0)),
    ("22/04/2568", (2025, 4, 22, 0, 0)), ("22 เมษายน 2568", (2025, 4, 22, 0, 0)),
    ("๒๒ เม.ย. ๒๕๖๘ 09:30", (2025, 4, 22, 9, 30)), ("22 tháng 4", None),
    ("Tue, 22 Apr 2568 09:30:00 GMT", (2025, 4, 22, 9, 30)), ("22 April 2025", (2025, 4, 22, 0, 0)),
    ("April 22, 2025 3:05 PM", (2025, 4, 22, 15, 5)), ("22 de abril de 2025", (2025, 4, 22, 0, 0)),
    ("22 ເມສາ 2025", (2025, 4, 22, 0, 0)), ("2025/4/22 8:05", (2025, 4, 22, 8, 5)),
    ("2025-02-30", None), ("yesterday", None), ("", None), ("0000-00-00", None)])
def test_dates_are_read_in_many_shapes_and_calendars(text, day) -> None:
    assert dates.read(text) == (datetime(*day, tzinfo=UTC) if day else None)


def test_a_moment_without_a_zone_is_in_the_zone_of_its_source() -> None:
    china = timezone(timedelta(hours=8))
    assert dates.read("2025-04-22 07:30", china) == datetime(2025, 4, 21, 23, 30, tzinfo=UTC)
