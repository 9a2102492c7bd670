"""What was fetched can be shown again, unchanged, and read by others."""

from __future__ import annotations

import gzip
import io
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import pytest
from warcio.archiveiterator import ArchiveIterator

from saphan.engines.fetching import Fetched, warc

WHEN = datetime(2025, 4, 22, 23, 59, tzinfo=UTC)


def page(body: bytes = b"<p>19,000</p>", url: str = "https://x.example/a?b=1",
         **heads: str) -> Fetched:
    return Fetched(url, url, 200, tuple({"Content-Type": "text/html", **heads}.items()), body, body,
                   "text/html", False, 0.1, "93.184.215.14", (("Host", "x.example"),), WHEN)


def test_a_fetch_is_kept_and_read_again(tmp_path: Path) -> None:
    packed = gzip.compress("广西".encode())
    first = warc.keep(tmp_path, page())
    second = warc.keep(tmp_path, replace(
        page(), raw=packed, body="广西".encode(),
        headers=(("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked"))))
    assert (first.file, second.file) == ("2025-04-22.warc.gz",) * 2
    assert second.offset == first.offset + first.length
    kept = warc.read(tmp_path, first)
    assert (kept.url, kept.when, kept.status, kept.body) == (
        "https://x.example/a?b=1", WHEN, 200, b"<p>19,000</p>")
    assert warc.read(tmp_path, second).body.decode() == "广西"
    assert second.digest == warc.digest(packed)


def test_another_reader_finds_request_and_answer_with_true_digests(tmp_path: Path) -> None:
    evidence = warc.keep(tmp_path, page())
    warc.keep_file(tmp_path, "urn:saphan:upload:ข่าว.pdf", b"%PDF", "application/pdf", WHEN)
    with (tmp_path / evidence.file).open("rb") as file:
        kinds = [(record.rec_type, record.content_stream().read())
                 for record in ArchiveIterator(file, check_digests="raise")]
    assert [kind for kind, _body in kinds] == ["warcinfo", "response", "request", "resource"]
    assert kinds[3][1] == b"%PDF"
    alone = list(ArchiveIterator(io.BytesIO(warc.export(tmp_path, evidence))))
    assert [record.rec_type for record in alone] == ["warcinfo", "response", "request"]


def test_an_uploaded_file_is_kept_and_read_again(tmp_path: Path) -> None:
    evidence = warc.keep_file(tmp_path, "urn:saphan:upload:1", b"words", "text/plain", WHEN)
    kept = warc.read(tmp_path, evidence)
    assert (kept.body, kept.headers) == (b"words", (("Content-Type", "text/plain"),))


def test_a_changed_byte_is_noticed(tmp_path: Path) -> None:
    evidence = warc.keep_file(tmp_path, "urn:x", bytes(range(256)) * 40, "text/plain", WHEN)
    path = tmp_path / evidence.file
    whole = bytearray(path.read_bytes())
    whole[evidence.offset + evidence.length // 2] ^= 1
    path.write_bytes(whole)
    with pytest.raises(warc.EvidenceProblem) as caught:
        warc.read(tmp_path, evidence)
    assert caught.value.code in ("changed", "broken")


@pytest.mark.parametrize(("wrong", "code"), [
    ({"file": "2024-01-01.warc.gz"}, "missing"), ({"length": 10**9}, "broken"),
    ({"digest": "sha256:" + "0" * 64}, "changed"), ({"offset": 5}, "broken"),
    ({"file": "../../etc/passwd"}, "missing")])
def test_evidence_that_does_not_fit_is_named(tmp_path: Path, wrong, code) -> None:
    evidence = replace(warc.keep(tmp_path, page()), **wrong)
    with pytest.raises(warc.EvidenceProblem) as caught:
        warc.read(tmp_path, evidence)
    assert caught.value.code == code


def test_many_who_keep_at_once_do_not_write_into_each_other(tmp_path: Path) -> None:
    kept = []

    def work(number: int) -> None:
        kept.extend((warc.keep(tmp_path, page(f"{number}-{each}".encode())), f"{number}-{each}")
                    for each in range(10))

    threads = [Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(kept) == 60
    for evidence, body in kept:
        assert warc.read(tmp_path, evidence).body == body.encode()
