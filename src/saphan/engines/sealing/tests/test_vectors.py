"""What was sealed with the first version opens for ever."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from saphan.engines.sealing import (
    Sealed,
    answer_context,
    call_context,
    closing_digest,
    code_of,
    digest,
    holder_parts,
    holder_public,
    key_of,
    open_with_call_key,
    open_with_code,
    restore,
)
from saphan.engines.sealing.codes import to_groups
from saphan.engines.sealing.framing import raw_of

KEPT = json.loads(Path(__file__).with_name("vectors.json").read_text(encoding="utf-8"))


def test_codes_are_written_as_they_were():
    assert KEPT["slips"]["Ada"] == "040GW-2081W-040GY-2081T-040GR-2081R-06ZSN"
    assert to_groups(bytes([1]) * 16) == KEPT["slips"]["Ada"]
    assert code_of(key_of(KEPT["code"])) == KEPT["code"]


@pytest.mark.parametrize("holder", sorted(KEPT["slips"]))
def test_slips_still_give_their_holders_keys(holder):
    public = holder_public(KEPT["slips"][holder], context=call_context(KEPT["call"]), holder=holder)
    assert public == raw_of(KEPT["publics"][holder])


def test_two_slips_still_restore_the_calls_key():
    released = [holder_parts(KEPT["parts"], name, KEPT["slips"][name]) for name in ("Ada", "陈")]
    assert released == KEPT["released"]
    assert restore(KEPT["parts"], released) == raw_of(KEPT["private"])
    others = [holder_parts(KEPT["parts"], name, KEPT["slips"][name]) for name in ("Ada", "ບຸນ")]
    assert restore(KEPT["parts"], others) == raw_of(KEPT["private"])


@pytest.mark.parametrize("version", [1, 2])
def test_old_seals_still_open(version):
    sealed = Sealed.from_json(KEPT["seals"][version - 1])
    place = answer_context(KEPT["call"], KEPT["answer"], version)
    content = KEPT["contents"][version - 1].encode()
    assert open_with_call_key(sealed, raw_of(KEPT["private"]), context=place) == content
    assert open_with_code(sealed, key_of(KEPT["code"]), context=place) == content
    assert digest(sealed) == KEPT["digests"][version - 1]


def test_the_closing_digest_is_what_it_was():
    assert closing_digest({KEPT["answer"]: KEPT["digests"][1]}) == KEPT["closing"]
