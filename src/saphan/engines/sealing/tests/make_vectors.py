"""Writes vectors.json: seals of today that every later version must open. Run once per form.

    PYTHONPATH=src python -m saphan.engines.sealing.tests.make_vectors

Slips and content are made up; the rest is random and kept in the file.
"""

from __future__ import annotations

import json
from pathlib import Path

from saphan.engines.sealing import (
    answer_context,
    call_context,
    closing_digest,
    code_of,
    digest,
    holder_parts,
    holder_public,
    make_call_key,
    reseal,
    restore,
    seal,
)
from saphan.engines.sealing.codes import to_groups
from saphan.engines.sealing.framing import text_of

FILE = Path(__file__).with_name("vectors.json")
CALL = "OC-2026-0001"
FIRST = "Kami akan menghantar dalam 30 hari. 三十天内交付。".encode()
SECOND = "ພວກເຮົາຈະສົ່ງພາຍໃນ 25 ວັນ.".encode()


def main() -> None:
    context = call_context(CALL)
    slips = {name: to_groups(bytes([at]) * 16) for at, name in enumerate(("Ada", "ບຸນ", "陈"), 1)}
    publics = {name: holder_public(slip, context=context, holder=name)
               for name, slip in slips.items()}
    key = make_call_key(publics, 2, context)
    released = [holder_parts(key.parts, name, slips[name]) for name in ("Ada", "陈")]
    first, answer = seal(FIRST, key.public, context=answer_context(CALL, "A-1", 1))
    second = reseal(first, SECOND, answer, key.public, context=answer_context(CALL, "A-1", 2))
    FILE.write_text(json.dumps({
        "call": CALL, "answer": "A-1", "slips": slips,
        "publics": {name: text_of(public) for name, public in publics.items()},
        "parts": key.parts, "released": released, "private": text_of(restore(key.parts, released)),
        "code": code_of(answer), "seals": [first.as_json(), second.as_json()],
        "contents": [FIRST.decode(), SECOND.decode()],
        "digests": [digest(first), digest(second)],
        "closing": closing_digest({"A-1": digest(second)}),
    }, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
