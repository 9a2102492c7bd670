"""Examples for tests that compare pages with few and many records."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from saphan.ground import accession, clock
from saphan.people import actions as people_actions
from saphan.people.models import Economy
from saphan.rooms.newsroom.models import Article, Brief, Source, Story, Topic, Version
from saphan.rooms.newsroom.vocabulary import Sharing


def make_examples(count: int) -> None:
    """`count` each of sources, stories of two articles, public topics and public briefs."""
    if not Economy.objects.exists():
        people_actions.load_economies()
    for _one in range(count):
        number = accession.next_number("STY")
        source = Source.objects.create(key=f"example-{number.lower()}", name=f"ข่าว {number}",
                                       lang="th", economy_id="TH", example=True, articles=2)
        day = clock.today() - timedelta(days=count % 5)
        story = Story.objects.create(number=number, title=f"ท่าเรือเปิด {number}", lang="th",
                                     first_day=day, last_day=day, size=2, languages=["th"],
                                     example=True)
        for _telling in range(2):
            _article(source, story)
        Topic.objects.create(number=accession.next_number("TPC"), name=f"ท่าเรือ {number}",
                             query="ท่าเรือ", lang="th", sharing=Sharing.PUBLIC, example=True)
        Brief.objects.create(number=accession.next_number("BRF"), state=Brief.State.APPROVED,
                             lang="th", title=f"สรุปข่าว {number}", public=True, edition=1,
                             standfirst="ท่าเรือเปิดวันจันทร์", approved=clock.now(), example=True)


def _article(source: Source, story: Story) -> None:
    number, text = accession.next_number("NWS"), "ท่าเรือเปิดวันจันทร์ มีเรือ 12 ลำ"
    article = Article.objects.create(
        number=number, source=source, story=story, title=story.title, lead=text, lang="th",
        economy_id="TH", day=story.last_day, published=story.last_day, taken=clock.now(),
        address=f"https://example.org/{number}", length=len(text), placed=True, read=True,
        fingerprint=hashlib.sha256(number.encode()).hexdigest(), example=True)
    Version.objects.create(article=article, at=clock.now(), title=article.title, text=text,
                           how="plain", text_digest=hashlib.sha256(text.encode()).hexdigest())
