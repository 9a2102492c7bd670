"""How long a day's reading takes, and how much memory: many sources, served on this machine.

    python bench/newsroom/crawl.py [--sources 300] [--articles 20] [--delay 1.0]

One process serves the sources, each at an address of its own (127.0.a.b), with robots.txt, a feed
and articles of some 30 KB in three languages. Another reads them as the house does: politely, with
evidence, facts and all. Then a second round, in which nothing is new. For comparison a plain loop
that does the same one after the other, on a few sources; what it would take for all is
reckoned from that.

What the house does with an article afterwards (stories, figures, the search index) is not in here.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORDS = {lang: words.split() for lang, words in {
    "en": "port bridge customs camera harbour factory rice insurer export licence hospital drone "
          "warehouse parcel ministry engineer sensor language model agreement province exhibition",
    "th": "ท่าเรือ สะพาน ศุลกากร กล้อง โรงงาน ข้าว ส่งออก ใบอนุญาต โรงพยาบาล โดรน คลังสินค้า "
          "กระทรวง วิศวกร เซ็นเซอร์ ภาษา ข้อตกลง จังหวัด นิทรรศการ งบประมาณ รถไฟ เกษตรกร",
    "zh": "港口 大桥 海关 摄像头 工厂 大米 出口 许可证 医院 无人机 仓库 部门 工程师 传感器 语言 "
          "协议 省份 展览 预算 铁路 农民 诊所 园区 企业 项目"}.items()}
GLUE = {"en": " ", "th": "", "zh": ""}
FURNITURE = "".join(f'<li><a href="/section/{each}">Section {each} of the paper</a></li>'
                    for each in range(250))


def sentence(dice: random.Random, lang: str) -> str:
    words = GLUE[lang].join(dice.choices(WORDS[lang], k=dice.randint(8, 18)))
    return words + {"en": ". ", "th": " ", "zh": "。"}[lang]


def page(host: int, number: int) -> bytes:
    """An article that no other one is like, among a good deal of furniture."""
    dice = random.Random(host * 1000 + number)
    lang = ("en", "th", "zh")[host % 3]
    body = "".join(f"<p>{''.join(sentence(dice, lang) for _ in range(5))}</p>" for _ in range(8))
    title = sentence(dice, lang)
    return (f"<html lang='{lang}'><head><meta charset='utf-8'><title>{title} - Paper {host}</title>"
            f"</head><body><nav><ul>{FURNITURE}</ul></nav><main><article><h1>{title}</h1>"
            f"<time datetime='2026-11-{number % 20 + 1:02}'></time>{body}</article></main>"
            f"<footer><ul>{FURNITURE[:6000]}</ul></footer></body></html>").encode()


def serve(articles: int) -> None:
    """Serve every source; the host of the request says which. Prints the port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            where = self.headers["Host"]
            octets = where.split(":")[0].split(".")
            host = int(octets[2]) * 250 + int(octets[3])
            if self.path == "/robots.txt":
                self.reply(200, b"User-agent: *\nDisallow: /private\n")
            elif self.path == "/feed.xml":
                items = "".join(f"<item><title>A {host} {each}</title><link>http://{where}/a/{each}"
                                "</link></item>" for each in range(articles))
                self.reply(200, f"<rss><channel>{items}</channel></rss>".encode(), '"same"')
            else:
                self.reply(200, page(host, int(self.path.rpartition("/")[2])))

        def reply(self, status: int, body: bytes, mark: str = "") -> None:
            if mark and self.headers.get("If-None-Match") == mark:
                status, body = 304, b""
            self.send_response(status)
            if mark:
                self.send_header("ETag", mark)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *words: object) -> None:
            return

    made = ThreadingHTTPServer(("0.0.0.0", 0), Handler)
    made.request_queue_size = 256
    print(made.server_address[1], flush=True)
    made.serve_forever()


def host(number: int, port: int) -> str:
    return f"http://127.0.{number // 250}.{number % 250 + 1}:{port}"


def measured(work: object) -> dict[str, float]:
    """Wall and CPU seconds of `work()`, and the process's peak memory so far in MB."""
    began, cpu = time.perf_counter(), time.process_time()
    work()  # type: ignore[operator]
    return {"seconds": round(time.perf_counter() - began, 1),
            "cpu": round(time.process_time() - cpu, 1),
            "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)}


def begin(sources: int, port: int, delay: float) -> None:
    """A new house with these sources."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "saphan.settings"
    os.environ["SAPHAN_NEWS_INSIDE"] = ",".join(host(each, port) for each in range(sources))
    django.setup()
    from django.core.management import call_command

    from saphan.rooms.newsroom.actions import outward
    from saphan.rooms.newsroom.actions import sources as actions

    call_command("migrate", verbosity=0)
    outward.DELAY = delay
    for each in range(sources):
        actions.add(f"paper-{each}", {
            "name": f"Paper {each}", "way": "feed", "address": f"{host(each, port)}/feed.xml",
            "lang": "", "every_minutes": 60, "at_most": 40}, by=None)


def house(sources: int, port: int, delay: float) -> None:
    """Two rounds as the house reads. Prints what they took."""
    begin(sources, port, delay)
    from saphan.rooms.newsroom.actions import rounds
    from saphan.rooms.newsroom.models import Article, Look, Source

    def one_round() -> None:
        Source.objects.update(next_look=None)
        rounds.ask_for()
        rounds.line.do_all()

    first = measured(one_round)
    articles = Article.objects.count()
    second = measured(one_round)
    print(json.dumps({
        "first": first, "second": second, "articles": articles,
        "new_in_second": Article.objects.count() - articles,
        "trouble": Look.objects.exclude(problem="").count(),
        "failed": sum(Look.objects.values_list("failed", flat=True))}))


def plain(sources: int, port: int, delay: float) -> None:
    """The same with a loop: ask, wait, read, keep, one after the other."""
    begin(sources, port, delay)
    import urllib.request

    from saphan.engines.fetching import feeds
    from saphan.rooms.newsroom import intake
    from saphan.rooms.newsroom.actions import articles

    def loop() -> None:
        for each in range(sources):
            home = host(each, port)
            asked = [f"{home}/feed.xml"]
            body = urllib.request.urlopen(asked[0], timeout=30).read()
            for item in feeds.read(body, asked[0]):
                time.sleep(delay)
                with urllib.request.urlopen(item.url, timeout=30) as answer:
                    made = intake.read(intake.Incoming(
                        answer.read(), answer.headers["Content-Type"], address=item.url))
                articles.keep(made)

    print(json.dumps(measured(loop)))


def child(what: str, sources: int, port: int, delay: float) -> dict:
    """Run one of the above in a process and a house of its own."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, __file__, "--child", what, "--sources", str(sources), "--port",
             str(port), "--delay", str(delay)], check=True, capture_output=True, text=True,
            env={**os.environ, "SAPHAN_HOME": folder, "PYTHONPATH": str(ROOT / "src"),
                 "SAPHAN_LOG": "ERROR"})
    return json.loads(done.stdout.splitlines()[-1])


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--sources", type=int, default=300)
    asked.add_argument("--articles", type=int, default=20)
    asked.add_argument("--delay", type=float, default=1.0)
    asked.add_argument("--plain", type=int, default=4, help="sources of the plain loop")
    asked.add_argument("--child", default="")
    asked.add_argument("--port", type=int, default=0)
    given = asked.parse_args()
    if given.child == "serve":
        serve(given.articles)
    elif given.child:
        {"house": house, "plain": plain}[given.child](given.sources, given.port, given.delay)
    else:
        report(given)


def report(given: argparse.Namespace) -> None:
    server = subprocess.Popen([sys.executable, __file__, "--child", "serve", "--articles",
                               str(given.articles)], stdout=subprocess.PIPE, text=True)
    try:
        port = int(server.stdout.readline())  # type: ignore[union-attr]
        load = os.getloadavg()[0]
        found = child("house", given.sources, port, given.delay)
        loop = child("plain", given.plain, port, given.delay)
    finally:
        server.terminate()
        server.wait()
    times = given.sources / given.plain
    print(f"{given.sources} sources x {given.articles} articles, {given.delay:g} s between two "
          f"requests to one host; {os.cpu_count()} cores, load before {load:.1f}, after "
          f"{os.getloadavg()[0]:.1f}")
    print(f"| | wall s | CPU s | peak MB |\n| --- | --- | --- | --- |\n"
          f"| first round, {found['articles']} articles | {found['first']['seconds']} | "
          f"{found['first']['cpu']} | {found['first']['peak_mb']} |\n"
          f"| second round, {found['new_in_second']} new | {found['second']['seconds']} | "
          f"{found['second']['cpu']} | {found['second']['peak_mb']} |\n"
          f"| plain loop on {given.plain} sources | {loop['seconds']} | {loop['cpu']} | "
          f"{loop['peak_mb']} |\n"
          f"| plain loop, reckoned for {given.sources} | {loop['seconds'] * times:.0f} | "
          f"{loop['cpu'] * times:.0f} | |")
    print(f"looks in trouble: {found['trouble']}, pages that failed: {found['failed']}")


if __name__ == "__main__":
    main()
