"""Evidence: what was sent and what came back, in web archives (ISO 28500), one file a day.

Each fetch is one contiguous piece of the file, the request and the response, so that the piece
with a head of its own is a whole archive that any reader of the format opens.
"""

from __future__ import annotations

import fcntl
import hashlib
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote, urlsplit

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from saphan.engines.fetching.fetcher import Fetched
from saphan.engines.fetching.problems import FetchProblem
from saphan.engines.fetching.unpack import Unpacker

MOST = 64 * 2**20
HOP = frozenset({"transfer-encoding", "connection", "keep-alive", "trailer"})
"""Headers about the way, not about the page: the body is kept without its chunks."""


class EvidenceProblem(Exception):
    """`code`: missing (no such file), broken (it cannot be read there), changed (it is not what
    was kept)."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}")
        self.code, self.detail = code, detail[:300]


@dataclass(frozen=True)
class Evidence:
    """Where a piece lies: file name in the folder, first byte, bytes; and the digest of the body
    as it came (`sha256:` and 64 hexadecimal digits)."""

    file: str
    offset: int
    length: int
    digest: str


@dataclass(frozen=True)
class Kept:
    """A piece that was read again and is what was kept."""

    url: str
    when: datetime
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    digest: str


def digest(raw: bytes) -> str:
    """The digest of a body, as `Evidence.digest` writes it."""
    return f"sha256:{hashlib.sha256(raw).hexdigest()}"


def keep(folder: Path, fetched: Fetched) -> Evidence:
    """Keep a fetch. Safe among threads and processes."""
    sign = digest(fetched.raw)
    date = _date(fetched.when)
    path = urlsplit(fetched.final_url)
    line = (path.path or "/") + (f"?{path.query}" if path.query else "")

    def write(writer: WARCWriter) -> None:
        response = writer.create_warc_record(
            fetched.final_url, "response", payload=io.BytesIO(fetched.raw),
            length=len(fetched.raw), warc_headers_dict={
                "WARC-Date": date, "WARC-Payload-Digest": sign,
                "WARC-IP-Address": fetched.address},
            http_headers=StatusAndHeaders(f"{fetched.status} ", [
                (key if key.lower() not in HOP else f"X-Archive-{key}", _line(value))
                for key, value in fetched.headers], protocol="HTTP/1.1"))
        request = writer.create_warc_record(
            fetched.final_url, "request", http_headers=StatusAndHeaders(
                f"GET {line} HTTP/1.1", list(fetched.request), is_http_request=True))
        writer.write_request_response_pair(request, response)

    return _appended(folder, fetched.when, sign, write)


def keep_file(folder: Path, url: str, body: bytes, content_type: str,
              when: datetime | None = None) -> Evidence:
    """Keep what a person brought: a file, or pasted words. `url` where it comes from, or a `urn:`
    of its own."""
    sign = digest(body)
    when = when or datetime.now(UTC)

    def write(writer: WARCWriter) -> None:
        writer.write_record(writer.create_warc_record(
            quote(url, safe=":/?#[]@!$&'()*+,;=%"), "resource", payload=io.BytesIO(body),
            length=len(body), warc_content_type=_line(content_type) or "application/octet-stream",
            warc_headers_dict={"WARC-Date": _date(when), "WARC-Payload-Digest": sign}))

    return _appended(folder, when, sign, write)


def read(folder: Path, evidence: Evidence) -> Kept:
    """The piece, checked against its own digests and the one of `evidence`. EvidenceProblem where
    it is not there or is not the same."""
    for record in _records(_piece(folder, evidence)):
        if record["type"] in ("response", "resource"):
            if digest(record["raw"]) != evidence.digest:
                raise EvidenceProblem("changed", evidence.file)
            heads = record["heads"]
            coding = next((value for key, value in heads if key.lower() == "content-encoding"), "")
            try:
                body = Unpacker(coding, MOST).feed(record["raw"])
            except FetchProblem as wrong:
                raise EvidenceProblem("broken", wrong.detail) from None
            return Kept(record["url"], record["when"], record["status"], heads, body,
                        evidence.digest)
    raise EvidenceProblem("broken", f"{evidence.file} has no answer at {evidence.offset}")


def export(folder: Path, evidence: Evidence) -> bytes:
    """The piece as a whole archive (.warc.gz) of its own, byte for byte as it was kept."""
    piece = _piece(folder, evidence)
    head = io.BytesIO()
    _info(WARCWriter(head, gzip=True, warc_version="1.1"), evidence.file)
    return head.getvalue() + piece


def _piece(folder: Path, evidence: Evidence) -> bytes:
    name = Path(evidence.file).name  # never outside the folder
    if not 0 < evidence.length <= MOST:
        raise EvidenceProblem("broken", f"{evidence.length} bytes")
    try:
        with (folder / name).open("rb") as file:
            file.seek(evidence.offset)
            piece = file.read(evidence.length)
    except OSError as wrong:
        raise EvidenceProblem("missing", str(wrong)) from None
    if len(piece) < evidence.length:
        raise EvidenceProblem("broken", f"{name} ends early")
    return piece


def _records(piece: bytes) -> Iterator[dict[str, Any]]:
    try:
        for record in ArchiveIterator(io.BytesIO(piece), check_digests="raise"):
            raw = record.raw_stream.read()
            http = record.http_headers
            status = http.get_statuscode() if http and record.rec_type == "response" else "200"
            yield {"type": record.rec_type, "raw": raw,
                   "url": record.rec_headers.get_header("WARC-Target-URI") or "",
                   "when": datetime.fromisoformat(record.rec_headers.get_header("WARC-Date")),
                   "status": int(status) if status.isdecimal() else 0,
                   "heads": tuple(http.headers) if http else (
                       ("Content-Type", record.content_type or ""),)}
    except (ArchiveLoadFailed, ValueError, OSError, EOFError, TypeError) as wrong:
        code = "changed" if "digest" in str(wrong) else "broken"
        raise EvidenceProblem(code, str(wrong)) from None


def _appended(folder: Path, when: datetime, sign: str, write: Any) -> Evidence:
    name = f"{when.astimezone(UTC):%Y-%m-%d}.warc.gz"
    out = io.BytesIO()
    write(WARCWriter(out, gzip=True, warc_version="1.1"))
    piece = out.getvalue()
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder / name) as file:
        start = file.seek(0, os.SEEK_END)
        try:
            if start == 0:
                _info(WARCWriter(file, gzip=True, warc_version="1.1"), name)
                file.flush()
            offset = file.seek(0, os.SEEK_END)
            file.write(piece)
            file.flush()
        except OSError:  # a full disk: what is half there would break the file for readers
            file.truncate(start)
            raise
    return Evidence(name, offset, len(piece), sign)


@contextmanager
def _alone(path: Path) -> Iterator[IO[bytes]]:
    """The file open for appending, by one writer among all threads and processes."""
    with path.open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file


def _info(writer: WARCWriter, name: str) -> None:
    writer.write_record(writer.create_warcinfo_record(name, {
        "software": "Saphan", "format": "WARC File Format 1.1",
        "conformsTo": "https://iipc.github.io/warc-specifications/specifications/warc-format/"
                      "warc-1.1/"}))


def _date(when: datetime) -> str:
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _line(value: str) -> str:
    return " ".join(value.split())
