"""Pages of a newsroom with 100,000 articles: stories, topics, lists, against a plain search.

    PYTHONPATH=src SAPHAN_MODELS=DIR python bench/newsroom/topics.py [--articles N] [--keep DIR]

Fills a house of its own with made-up articles in six languages about fifteen subjects (sentences
put together by rule; nobody's texts), lets them find their stories and topics, then asks for pages
as a browser would and notes how long the server took. The baseline is what one would write first:
`title LIKE %word% OR lead LIKE %word%` on every view. `--keep` fills once and measures again later.
Two thousand articles are embedded as in real life and timed; the others get the mean of the vectors
of their words, because what pages cost does not depend on it.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import statistics
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

SUBJECTS = {
    "durian": ("durian", "ทุเรียน", "榴莲", "sầu riêng", "durian", "durian"),
    "rice": ("rice", "ข้าว", "大米", "gạo", "beras", "arroz"),
    "rubber": ("rubber", "ยางพารา", "橡胶", "cao su", "karet", "borracha"),
    "sugar": ("sugar", "น้ำตาล", "食糖", "đường", "gula", "açúcar"),
    "shrimp": ("shrimp", "กุ้ง", "虾", "tôm", "udang", "camarão"),
    "steel": ("steel", "เหล็ก", "钢铁", "thép", "baja", "aço"),
    "batteries": ("batteries", "แบตเตอรี่", "电池", "pin", "baterai", "baterias"),
    "robots": ("robots", "หุ่นยนต์", "机器人", "robot", "robot", "robôs"),
    "ports": ("the port", "ท่าเรือ", "港口", "cảng biển", "pelabuhan", "o porto"),
    "railway": ("the railway", "ทางรถไฟ", "铁路", "đường sắt", "kereta api", "a ferrovia"),
    "hospitals": ("hospitals", "โรงพยาบาล", "医院", "bệnh viện", "rumah sakit", "hospitais"),
    "schools": ("schools", "โรงเรียน", "学校", "trường học", "sekolah", "escolas"),
    "solar": ("solar power", "พลังงานแสงอาทิตย์", "太阳能", "điện mặt trời", "tenaga surya",
              "energia solar"),
    "tourism": ("tourism", "การท่องเที่ยว", "旅游业", "du lịch", "pariwisata", "turismo"),
    "chips": ("semiconductors", "เซมิคอนดักเตอร์", "半导体", "chất bán dẫn", "semikonduktor",
              "semicondutores"),
}  # fmt: skip
LANGS = ("en", "th", "zh-Hans", "vi", "id", "pt")
NEWS = {
    "en": ("{what} and {with_}: {place} reports {number}",
           "{place}: {what}, {with_}, {and_}. Officials spoke of {number} since last spring."),
    "th": ("{what}และ{with_}: {place} {number}",
           "{place}: {what} {with_} {and_} เจ้าหน้าที่กล่าวถึง {number} จากปีก่อน"),
    "zh-Hans": ("{place}{what}与{with_}:{number}",
                "{place}:{what}、{with_}、{and_}。有关部门通报,比去年{number}。"),
    "vi": ("{what} và {with_}: {place} {number}",
           "{place}: {what}, {with_}, {and_}. Cơ quan chức năng nói {number} so với năm trước."),
    "id": ("{what} dan {with_}: {place} {number}",
           "{place}: {what}, {with_}, {and_}. Pejabat menyebut {number} dari tahun lalu."),
    "pt": ("{what} e {with_}: {place} {number}",
           "{place}: {what}, {with_}, {and_}. As autoridades falam de {number} num ano."),
}  # fmt: skip
PLACES = ("Nanning", "Qinzhou", "Chanthaburi", "Rayong", "Hai Phong", "Da Nang", "Vientiane",
          "Boten", "Medan", "Batam", "Davao", "Dili", "Yangon", "Mandalay", "Phnom Penh", "Penang",
          "Chongqing", "Kunming", "Songkhla", "Cebu")
QUESTIONS = ("durian exports", "ทางรถไฟ", "电池 机器人", "shrimp farming in Viet Nam", "pelabuhan",
             "solar power projects", "semicondutores", "bệnh viện", "rice prices", "rubber trade",
             "steel", "การท่องเที่ยว", "学校", "sugar cane mills", "the port of Qinzhou",
             "ports and railways", "battery factories", "hospital equipment", "robots in farming",
             "tourism from China")
TODAY = datetime(2027, 3, 1, 4, 0, tzinfo=UTC)
ROUNDS = 40
EMBEDDED = 2_000
EVENT, EVENT_SIZE = 0.7, 384


def settings_up(home: Path) -> None:
    os.environ["SAPHAN_HOME"] = str(home)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "saphan.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    settings.ALLOWED_HOSTS = ["*"]
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)


def fill(count: int) -> None:
    """Articles over 100 days, fifty sources; about four articles an event, in different languages,
    and half of all events told by one source alone."""
    import numpy as np

    from saphan.house.engine import engine
    from saphan.people import actions as people
    from saphan.people.models import Person, Role
    from saphan.rooms.newsroom import meaning
    from saphan.rooms.newsroom.actions import topics
    from saphan.rooms.newsroom.forms.topics import TopicForm
    from saphan.rooms.newsroom.models import Article, Source, Version

    people.load_economies()
    officer = Person.objects.create_user("officer@example.org", economy_id="TH")
    people.grant_role(officer, Role.Name.LIAISON_OFFICER, by=None, economy=officer.economy)
    sources = [Source.objects.create(key=f"source-{n}", name=f"Source {n}", lang=LANGS[n % 6],
                                     way="feed", economy_id="TH") for n in range(50)]
    random, made, articles = np.random.default_rng(3), 0, []
    words = list(SUBJECTS.values())
    parts = vectors_of_words()
    while made < count:
        three = [words[at] for at in random.choice(len(words), 3, replace=False)]
        place = PLACES[int(random.integers(20))]
        day = date(2027, 3, 1) - timedelta(days=int(random.integers(100)))
        number = f"{int(random.integers(2, 900))}"
        event = random.normal(size=EVENT_SIZE).astype(np.float32)
        event *= EVENT / np.linalg.norm(event)  # what sets one event of a subject apart
        for lang in random.choice(6, 1 if random.random() < 0.5 else int(random.integers(2, 7)),
                                  replace=False):
            title, lead = (part.format(what=three[0][lang], with_=three[1][lang],
                                       and_=three[2][lang], place=place, number=number)
                           for part in NEWS[LANGS[lang]])
            row = event + (parts[place] + parts[three[0][lang]] + parts[three[1][lang]]) / 3
            address = f"https://news.example.org/{made}"
            articles.append(Article(
                number=f"NWS-2027-{made:06}", title=title, lead=lead, lang=LANGS[lang], day=day,
                published=day, taken=TODAY, address=address, length=len(lead), economy_id="TH",
                vector=meaning.packed(row / np.linalg.norm(row)) if made >= EMBEDDED else None,
                vector_model=engine().embedder.model_id if made >= EMBEDDED else "",
                source=sources[int(random.integers(50)) // 6 * 6 % 48 + int(lang) % 2],
                fingerprint=hashlib.sha256(address.encode()).hexdigest()))
            made += 1
    articles = articles[:EMBEDDED] + sorted(articles[EMBEDDED:], key=lambda each: each.day)
    for start in range(0, count, 2000):
        kept = Article.objects.bulk_create(articles[start:start + 2000])
        Version.objects.bulk_create([Version(
            article=each, at=TODAY, title=each.title, text=each.lead, how="plain",
            text_digest=hashlib.sha256(each.lead.encode()).hexdigest()) for each in kept])
    for question in QUESTIONS:
        form = TopicForm({"query": question, "sharing": "desk"})
        assert form.is_valid(), form.errors
        topics.begin(form.cleaned_data, by=officer)


def vectors_of_words() -> dict[str, Any]:
    from saphan.house.engine import engine

    said = [*PLACES, *dict.fromkeys(word for words in SUBJECTS.values() for word in words)]
    return dict(zip(said, engine().embedder.embed_passages(said), strict=True))


def take_up(seconds: float) -> None:
    from saphan.rooms.newsroom.actions import placing
    from saphan.rooms.newsroom.models import Article, Match, Story

    begun, cpu, done, said = time.perf_counter(), time.process_time(), 0, 0
    while time.perf_counter() - begun < seconds and (number := placing.take_up(500)):
        done += number
        if said == 0 and done >= EMBEDDED:
            spent = time.process_time() - cpu
            print(f"{done} articles with embedding, stories and {len(QUESTIONS)} topics: "
                  f"{done / spent:.0f} a CPU-second; 6,000 take {6000 * spent / done:.0f} "
                  "CPU-seconds", flush=True)
            said, cpu = done, time.process_time()
    if done > said:
        print(f"{done - said} more without embedding: "
              f"{(done - said) / (time.process_time() - cpu):.0f} a CPU-second; "
              f"{time.perf_counter() - begun:.0f} s in all", flush=True)
    print(f"{Article.objects.count()} articles, {Story.objects.count()} stories, "
          f"{Match.objects.count()} matches of {len(QUESTIONS)} topics")


def fill_one() -> None:
    from saphan.rooms.newsroom.actions import topics
    from saphan.rooms.newsroom.models import Topic

    topic = Topic.objects.order_by("pk").first()
    assert topic is not None
    topic.matches.all().delete()
    Topic.objects.filter(pk=topic.pk).update(filled=False)
    begun = time.perf_counter()
    topics.fill.func(topic.pk)
    print(f"a new topic is filled from the archive in {time.perf_counter() - begun:.1f} s "
          f"({topic.matches.count()} articles)")


def measure() -> None:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from saphan.people.models import Person
    from saphan.rooms.newsroom.models import Story, Topic

    client = Client()
    client.force_login(Person.objects.get(email="officer@example.org"))
    topics = list(Topic.objects.order_by("pk"))
    stories = list(Story.objects.filter(merged_into=None).order_by("-size", "pk")[:ROUNDS])
    pages: dict[str, list[str]] = {
        "topic": [topic.get_absolute_url() for topic in topics],
        "topic, page 20": [f"{topic.get_absolute_url()}?page=20" for topic in topics],
        "list of topics": ["/en/newsroom/topics/"],
        "story (the largest)": [story.get_absolute_url() for story in stories],
        "list of stories": ["/en/newsroom/stories/"],
        "list of stories in Thai": ["/en/newsroom/stories/?lang=th"],
        "list of stories, words": ["/en/newsroom/stories/?q=durian"],
    }
    print("\n| page | median ms | 95 % ms | queries | KB |\n| --- | --- | --- | --- | --- |")
    for name, addresses in pages.items():
        client.get(addresses[0])
        took, size = [], 0
        for number in range(ROUNDS):
            begun = time.perf_counter()
            page = client.get(addresses[number % len(addresses)])
            took.append(1000 * (time.perf_counter() - begun))
            assert page.status_code == 200, page.status_code
            size = max(size, len(page.content))
        with CaptureQueriesContext(connection) as seen:
            client.get(addresses[0])
        row(name, took, len(seen), size)
    row("baseline: LIKE on title and first words, query alone", baseline(), 2, 0)
    with open("/proc/loadavg") as told:
        print(f"\nload while measuring: {told.read().split()[0]} on {os.cpu_count()} cores")


def row(name: str, took: list[float], queries: int, size: int) -> None:
    ordered = sorted(took)
    print(f"| {name} | {statistics.median(ordered):.0f} | "
          f"{ordered[int(0.95 * (len(ordered) - 1))]:.0f} | {queries} | {size // 1024 or ''} |",
          flush=True)


def baseline() -> list[float]:
    """Newest 30 articles and their number, by words in six languages: the query of one topic."""
    from django.db.models import Q

    from saphan.rooms.newsroom.models import Article

    took = []
    subjects: list[Any] = list(SUBJECTS.values())
    for number in range(ROUNDS):
        narrow = Q()
        for word in dict.fromkeys(subjects[number % len(subjects)]):
            narrow |= Q(title__icontains=word) | Q(lead__icontains=word)
        begun = time.perf_counter()
        found = Article.objects.filter(narrow, state="taken").defer("vector")
        found.count()
        list(found.select_related("source", "story").order_by("-day", "-pk")[:30])
        took.append(1000 * (time.perf_counter() - begun))
    return took


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--keep", type=Path, help="the house, filled at the first call")
    parser.add_argument("--seconds", type=float, default=86_400,
                        help="for placing; what is left is placed at the next call")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as spare:
        home = chosen.keep or Path(spare)
        home.mkdir(parents=True, exist_ok=True)
        settings_up(home)
        from saphan.ground import clock
        from saphan.rooms.newsroom.models import Article

        with clock.stopped_at(TODAY):
            if not Article.objects.exists():
                fill(chosen.articles)
            take_up(chosen.seconds)
            fill_one()
            measure()


if __name__ == "__main__":
    main()
