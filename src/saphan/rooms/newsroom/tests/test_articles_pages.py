"""Articles through the front: the list, one article, bringing some in, evidence, software."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from warcio.archiveiterator import ArchiveIterator

from saphan.people import actions as people_actions
from saphan.people.models import Person
from saphan.rooms.newsroom import copies
from saphan.rooms.newsroom.models import Article, Figure, Source
from saphan.rooms.newsroom.queries import articles as queries
from saphan.rooms.newsroom.queries.articles import quote
from saphan.rooms.newsroom.tests.test_articles import ADDRESS, TEXT, coming, page

BRING = "/en/newsroom/articles/bring/"
CHINESE = (
    "广西人工智能企业增长\n\n广西壮族自治区大数据发展局星期二在南宁公布，2024年全区人工智能企业数量比上一年增长19.77%。\n\n"
    "这位负责人说，截至2023年底，全区共有303家智能工厂和197个数字化车间，覆盖汽车、机械和食品等行业。")


@pytest.fixture(autouse=True)
def apart(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.MEDIA_ROOT = tmp_path
    copies.forget()
    yield
    copies.forget()


@pytest.fixture
def taken(source: Source) -> Article:
    from saphan.rooms.newsroom.actions import articles as actions

    return Article.objects.get(pk=actions.take(coming(source)).article)


def html(response: Any, status: int = 200) -> str:
    assert response.status_code == status, response.content[:500]
    return str(response.content.decode())


def file(name: str, body: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, body)


def test_the_list_goes_on_where_it_ended(client: Client, article: Callable[..., Article]) -> None:
    for at in range(65):
        article(f"Text number {at}.", title=f"Title {at:02}", day=date(2027, 1, 1 + at // 3))
    seen: list[str] = []
    address = "/en/newsroom/articles/"
    for _page in range(4):
        content = html(client.get(address))
        seen += [line for line in content.split('"') if "/newsroom/articles/NWS-" in line]
        if 'rel="next"' not in content:
            break
        address = "/en/newsroom/articles/" + content.split('rel="next" href="')[1].split('"')[0]
    assert len(seen) == len(set(seen)) == 65


def test_the_list_is_narrowed_by_source_language_and_days(
        client: Client, article: Callable[..., Article], source: Source) -> None:
    article(title="Mango", day=date(2027, 2, 1))
    article(title="ทุเรียน", lang="th", day=date(2027, 2, 20), source=None)
    article(title="Copy", copy_of=Article.objects.get(title="Mango"))
    address = "/en/newsroom/articles/"
    assert "ทุเรียน" not in html(client.get(f"{address}?source={source.key}"))
    assert "Mango" not in html(client.get(f"{address}?lang=th"))
    assert "Mango" not in html(client.get(f"{address}?since=2027-02-10"))
    assert ">Copy<" not in html(client.get(address))
    assert "Nothing fits" in html(client.get(f"{address}?economy=LA"))


def test_the_public_reads_a_quote_and_where_the_rest_is(client: Client, taken: Article) -> None:
    content = html(client.get(taken.get_absolute_url()))
    assert ADDRESS in content and "River Daily" in content
    assert TEXT[0][:80] in content
    assert TEXT[2] not in content and "WARC" not in content
    assert client.get(f"{taken.get_absolute_url()}versions/").status_code == 302
    assert client.get(f"{taken.get_absolute_url()}evidence/1.warc.gz").status_code == 404


def test_a_quote_ends_with_a_sentence_where_it_can() -> None:
    text = "The first sentence is long enough to stand here alone, it says what there is to say. "
    assert quote(Article(lead=(text * 5)[:300], length=2000)).count("say.") == 2
    assert quote(Article(lead="字" * 300, length=900)) == "字" * 66 + "…"


def test_of_a_short_text_no_more_than_half_is_quoted() -> None:
    assert quote(Article(lead="One sentence. Two sentences. Three.", length=35)) == "One sentence."


def test_an_officer_reads_the_whole_with_its_figures_as_anchors(
        at_the_desk: Client, taken: Article) -> None:
    version = taken.versions.get()
    start = version.text.index("41,200")
    Figure.objects.create(
        key="FIG-2027-0001", article=taken, version=version, value=41200, unit="t", start=start,
        end=start + 6, quote="41,200 tonnes", extractor="test", day=taken.day, lang="en")
    content = html(at_the_desk.get(taken.get_absolute_url()))
    assert '<a class="stated" id="f-FIG-2027-0001"' in content and ">41,200</a>" in content
    assert "220 million baht" in content


def test_an_address_leads_to_a_quote_across_a_figure(
        at_the_desk: Client, taken: Article) -> None:
    version = taken.versions.get()
    start = version.text.index("moved 41,200")
    content = html(at_the_desk.get(f"{taken.get_absolute_url()}?quote={start}-{start + 12}"))
    assert '<mark id="quote">moved 41,200</mark>' in content
    assert html(at_the_desk.get(f"{taken.get_absolute_url()}?quote=9-99999999"))


def test_versions_show_what_changed_word_by_word(
        at_the_desk: Client, taken: Article, source: Source) -> None:
    from saphan.rooms.newsroom.actions import articles as actions

    actions.take(coming(source, TEXT[0].replace("41,200", "14,200"), *TEXT[1:]))
    content = html(at_the_desk.get(f"{taken.get_absolute_url()}versions/"))
    assert "<del>41,200</del><ins>14,200</ins>" in content
    assert "2 paragraphs unchanged" in content
    assert "41,200" in html(at_the_desk.get(f"{taken.get_absolute_url()}?version=1"))
    assert at_the_desk.get(f"{taken.get_absolute_url()}?version=9").status_code == 404


def test_evidence_is_read_again_and_can_be_taken_away(
        at_the_desk: Client, taken: Article, tmp_path: Path) -> None:
    address = f"{taken.get_absolute_url()}evidence/1"
    assert "its digest is the one that was kept" in html(at_the_desk.get(f"{address}/"))
    archive = at_the_desk.get(f"{address}.warc.gz")
    bodies = [each.content_stream().read() for each in ArchiveIterator(io.BytesIO(archive.content))
              if each.rec_type == "resource"]
    assert bodies == [page(*TEXT)]
    kept = tmp_path / "evidence" / taken.versions.get().evidence_file
    kept.unlink()
    assert "The snapshot is not there." in html(at_the_desk.get(f"{address}/"))


def test_several_files_come_in_and_each_says_what_became_of_it(
        at_the_desk: Client, taken: Article) -> None:
    report = io.BytesIO()
    document = docx.Document()
    document.add_heading("Cold chain report", 0)
    document.add_paragraph("The cold chain from Nong Khai to Nanning took 31 hours in January.")
    document.save(report)
    content = html(at_the_desk.post(BRING, {"upload": [
        file("report.docx", report.getvalue()), file("bad.pdf", b"%PDF-1.4 torn"),
        file("nothing.txt", b" "), file("中文.txt", CHINESE.encode("gbk"))]}))
    assert "Cold chain report" in content and "广西人工智能企业增长" in content
    assert "It is damaged, or not what its name says." in content
    assert Article.objects.filter(origin="uploaded").count() == 2
    assert Article.objects.get(lang="zh-Hans").versions.get().encoding == "gb18030"


def test_a_saved_page_with_its_address_is_the_article_of_that_address(
        at_the_desk: Client, taken: Article) -> None:
    body = page(TEXT[0].replace("41,200", "14,200"), *TEXT[1:])
    response = at_the_desk.post(BRING, {"upload": file("port.html", body), "address": ADDRESS})
    assert response.status_code == 302 and response["Location"] == taken.get_absolute_url()
    assert Article.objects.get().versions_count == 2


def test_a_page_that_a_browser_saved_knows_its_own_address(
        at_the_desk: Client, taken: Article) -> None:
    saved = f"<!-- saved from url=(0044){ADDRESS} -->\n".encode() + page(*TEXT)
    response = at_the_desk.post(BRING, {"upload": file("port.html", saved)})
    assert response["Location"] == taken.get_absolute_url()
    assert Article.objects.get().versions_count == 1


def test_ask_the_house_knows_what_was_brought_or_is_official(
        article: Callable[..., Article], source: Source) -> None:
    fetched, pasted = article(title="Fetched"), article(title="Pasted", origin="pasted")
    entries = queries.ArticleEntries()
    assert [each.id for each in entries.documents()] == [str(pasted.pk)]
    source.official = True
    source.save()
    assert {each.id for each in entries.documents()} == {str(fetched.pk), str(pasted.pk)}
    assert entries.plates([str(pasted.pk)], asker=None)[str(pasted.pk)].title.text == "Pasted"


def test_a_pasted_text_comes_with_its_address_and_day(at_the_desk: Client, db: None) -> None:
    response = at_the_desk.post(BRING, {
        "text": CHINESE, "address": "https://news.example.cn/a.html", "published": "2025-04-16"})
    found = Article.objects.get()
    assert response["Location"] == found.get_absolute_url()
    assert (found.title, found.lang, found.published, found.origin, found.outlet) == (
        "广西人工智能企业增长", "zh-Hans", date(2025, 4, 16), "pasted", "news.example.cn")


@pytest.mark.parametrize(("sent", "says"), [
    ({}, "Choose a file or paste a text."),
    ({"text": "a", "address": "ftp://x"}, "Enter a valid URL."),
    ({"text": "a", "published": "2031-01-01"}, "This day lies ahead."),
])
def test_what_is_missing_is_said(at_the_desk: Client, sent: dict[str, str], says: str) -> None:
    assert says in html(at_the_desk.post(BRING, sent), 422)
    assert not Article.objects.exists()


def test_visitors_bring_nothing_in(client: Client, person: Callable[..., Person]) -> None:
    assert client.get(BRING).status_code == 302
    client.force_login(person("visitor"))
    assert client.post(BRING, {"text": CHINESE}).status_code == 302
    assert not Article.objects.exists()


def test_an_officer_corrects_and_withdraws(
        at_the_desk: Client, client: Client, taken: Article) -> None:
    address = taken.get_absolute_url()
    assert at_the_desk.post(f"{address}edit/", {
        "title": "Port of Nong Khai", "published": "2027-02-25", "lang": "en", "economy": "LA",
    }).status_code == 302
    taken.refresh_from_db()
    assert (taken.title, taken.day, taken.economy_id) == (
        "Port of Nong Khai", date(2027, 2, 25), "LA")
    at_the_desk.post(f"{address}do/withdraw/", {"because": "A mistake."})
    assert client.get(address).status_code == 404
    assert "A mistake." in html(at_the_desk.get(address))
    at_the_desk.post(f"{address}do/restore/")
    assert client.get(address).status_code == 200


def test_new_articles_of_a_language_as_a_feed(
        client: Client, article: Callable[..., Article]) -> None:
    article(title="Mango")
    article(title="ทุเรียน", lang="th")
    atom = html(client.get("/en/newsroom/articles/feed.atom?lang=th"))
    assert "ทุเรียน" in atom and "Mango" not in atom
    items = json.loads(html(client.get("/en/newsroom/articles/feed.json")))["items"]
    assert {each["title"] for each in items} == {"Mango", "ทุเรียน"}


def test_software_reads_and_brings_in_what_its_person_may(
        client: Client, officer: Person, taken: Article) -> None:
    secret = people_actions.issue_token(officer, name="t", scope="write", by=officer)
    officers: dict[str, Any] = {"HTTP_AUTHORIZATION": f"Bearer {secret}"}
    address = "/api/v1/newsroom/articles"
    public = json.loads(html(client.get(f"{address}/{taken.number}")))
    assert "text" not in public and public["quote"]
    mine = json.loads(html(client.get(f"{address}/{taken.number}", **officers)))
    assert mine["text"] == "\n\n".join(TEXT)
    sound = json.loads(html(client.get(f"{address}/{taken.number}/evidence/1", **officers)))
    assert sound["sound"] and sound["digest"] == mine["evidence"]
    assert client.get(f"{address}/{taken.number}/evidence/1").status_code == 404
    made = json.loads(html(client.post(
        address, json.dumps({"text": CHINESE, "published": "2025-04-16"}),
        content_type="application/json", **officers)))
    assert made["outcome"] == "new"
    sent = json.loads(html(client.post(f"{address}/file", {
        "file": file("port.html", page(*TEXT)), "address": ADDRESS}, **officers)))
    assert sent["outcome"] == "unchanged" and sent["article"] == taken.number
    assert client.post(address, json.dumps({"text": CHINESE}),
                       content_type="application/json").status_code == 401
    assert len(json.loads(html(client.get(f"{address}?lang=en")))["articles"]) == 1
