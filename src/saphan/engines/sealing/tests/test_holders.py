"""The key of a call and the people who hold it."""

from __future__ import annotations

import copy
import itertools
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saphan.engines.sealing import (
    Malformed,
    PartsDisagree,
    SealingError,
    TooFewHolders,
    UnknownHolder,
    WrongCode,
    WrongKey,
    answer_context,
    call_context,
    holder_parts,
    holder_public,
    make_call_key,
    new_slip,
    open_with_call_key,
    restore,
    seal,
)
from saphan.engines.sealing.codes import from_groups
from saphan.engines.sealing.framing import raw_of, text_of

CALL = call_context("OC-2026-0007")
SIZES = st.integers(1, 7).flatmap(lambda n: st.tuples(st.just(n), st.integers(1, n)))


def a_call(count=3, needed=2, context=CALL):
    slips = {f"holder {at}": new_slip() for at in range(count)}
    publics = {name: holder_public(slip, context=context, holder=name)
               for name, slip in slips.items()}
    return make_call_key(publics, needed, context), slips


def release(parts, slips, names):
    return [json.loads(json.dumps(holder_parts(parts, name, slips[name]))) for name in names]


@settings(max_examples=28, deadline=None)
@given(SIZES, st.data())
def test_any_that_are_needed_open_and_one_fewer_do_not(size, data):
    count, needed = size
    key, slips = a_call(count, needed)
    parts = json.loads(json.dumps(key.parts))
    context = answer_context("OC-2026-0007", "A-1", 1)
    sealed, _ = seal("ຄຳຕອບ".encode(), key.public, context=context)
    names = data.draw(st.permutations(sorted(slips)))
    private = restore(parts, release(parts, slips, names[:needed]))
    assert open_with_call_key(sealed, private, context=context) == "ຄຳຕອບ".encode()
    assert restore(parts, release(parts, slips, names)) == private
    with pytest.raises(TooFewHolders) as few:
        restore(parts, release(parts, slips, names[:needed - 1]))
    assert (few.value.have, few.value.needed) == (needed - 1, needed)


@settings(max_examples=28, deadline=None)
@given(SIZES)
def test_one_holder_too_few_lacks_a_whole_random_piece(size):
    count, needed = size
    key, slips = a_call(count, needed)
    every = {name for one in release(key.parts, slips, slips) for name in one["pieces"]}
    for few in itertools.combinations(sorted(slips), needed - 1):
        have = {name for one in release(key.parts, slips, few) for name in one["pieces"]}
        assert len(every - have) == 1


def test_all_but_one_piece_tell_nothing_of_the_key():
    """Joined without the missing piece they give another key, a different one each time."""
    seen = set()
    for _ in range(20):
        key, slips = a_call(3, 2)
        first = release(key.parts, slips, ["holder 0"])[0]["pieces"]
        joined = bytes(a ^ b for a, b in zip(*map(raw_of, first.values()), strict=True))
        private = restore(key.parts, release(key.parts, slips, ["holder 0", "holder 1"]))
        assert joined != private
        assert private not in map(raw_of, first.values())
        seen.add(joined)
    assert len(seen) == 20


def test_stored_parts_hold_neither_slip_nor_key():
    key, slips = a_call()
    private = restore(key.parts, release(key.parts, slips, ["holder 0", "holder 2"]))
    stored = b"".join(raw_of(text) for text in key.parts["sealed"].values())
    pieces = [raw_of(p) for one in release(key.parts, slips, slips) for p in one["pieces"].values()]
    for secret in (private, *pieces, *(from_groups(slip, 16) for slip in slips.values())):
        assert secret not in stored
        assert text_of(secret) not in json.dumps(key.parts)


def test_a_forgiven_slip_gives_the_same_key():
    slip = new_slip()
    assert holder_public(slip, context=CALL, holder="x") == \
        holder_public(slip.lower().replace("-", "  "), context=CALL, holder="x")


def test_one_slip_gives_other_keys_for_another_call_or_holder():
    slip = new_slip()
    keys = {holder_public(slip, context=call_context(call), holder=holder)
            for call in ("a", "b") for holder in ("x", "y")}
    assert len(keys) == 4


def test_another_holders_slip_opens_nothing():
    key, slips = a_call()
    with pytest.raises(WrongKey):
        holder_parts(key.parts, "holder 0", slips["holder 1"])


def test_a_mistyped_slip_is_told_from_a_wrong_one():
    key, slips = a_call()
    slip = slips["holder 0"]
    with pytest.raises(WrongCode):
        holder_parts(key.parts, "holder 0", slip[:-1] + ("0" if slip[-1] != "0" else "1"))


def test_a_stranger_is_named():
    key, _ = a_call()
    with pytest.raises(UnknownHolder):
        holder_parts(key.parts, "nobody", new_slip())


@pytest.mark.parametrize(("field", "value"), [
    ("needed", 1), ("needed", 3), ("context", text_of(b"other")), ("public", text_of(bytes(32))),
    ("form", 2), ("needed", 0), ("context", "=="),
])
def test_parts_that_somebody_changed_do_not_open(field, value):
    key, slips = a_call()
    parts = copy.deepcopy(key.parts)
    parts[field] = value
    with pytest.raises((WrongKey, Malformed)):
        holder_parts(parts, "holder 0", slips["holder 0"])


def test_a_part_given_to_another_name_does_not_open():
    key, slips = a_call()
    parts = copy.deepcopy(key.parts)
    parts["sealed"]["holder 1"] = parts["sealed"]["holder 0"]
    with pytest.raises(WrongKey):
        holder_parts(parts, "holder 1", slips["holder 1"])


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_a_flipped_bit_or_a_cut_in_a_part_is_refused(data):
    key, slips = a_call()
    parts = copy.deepcopy(key.parts)
    raw = bytearray(raw_of(parts["sealed"]["holder 0"]))
    if data.draw(st.booleans()):
        raw[data.draw(st.integers(0, len(raw) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    else:
        raw = raw[:data.draw(st.integers(0, len(raw) - 1))]
    parts["sealed"]["holder 0"] = text_of(bytes(raw))
    with pytest.raises(WrongKey):
        holder_parts(parts, "holder 0", slips["holder 0"])


def test_parts_released_for_another_call_do_not_fit():
    key, slips = a_call()
    other, others = a_call()
    with pytest.raises(PartsDisagree):
        restore(key.parts, [*release(key.parts, slips, ["holder 0"]),
                            *release(other.parts, others, ["holder 1"])])


def test_one_wrong_release_among_enough_right_ones_does_no_harm():
    key, slips = a_call()
    released = release(key.parts, slips, ["holder 0", "holder 1", "holder 2"])
    released[0]["pieces"] = {name: text_of(bytes(32)) for name in released[0]["pieces"]}
    assert restore(key.parts, released) == restore(key.parts, released[1:])
    with pytest.raises(PartsDisagree):
        restore(key.parts, released[:2])


def test_one_holder_twice_is_still_one():
    key, slips = a_call()
    with pytest.raises(TooFewHolders):
        restore(key.parts, release(key.parts, slips, ["holder 0", "holder 0"]))


@pytest.mark.parametrize("strange", [
    {}, {"form": 1, "holder": "holder 0"}, {"form": 1, "holder": "holder 0", "pieces": 7},
    {"form": 1, "holder": "holder 0", "pieces": {"not:0": "AA"}},
    {"form": 1, "holder": "holder 0", "pieces": {"not:0": 5}},
])
def test_a_strange_release_is_refused(strange):
    key, slips = a_call()
    with pytest.raises(SealingError):
        restore(key.parts, [strange, *release(key.parts, slips, ["holder 1"])])


@pytest.mark.parametrize(("count", "needed"), [(0, 0), (3, 0), (3, 4), (8, 2)])
def test_numbers_that_cannot_be_are_refused(count, needed):
    with pytest.raises(ValueError, match="holders"):
        a_call(count, needed)


def test_two_holders_with_one_key_are_refused():
    public = holder_public(new_slip(), context=CALL, holder="a")
    with pytest.raises(ValueError, match="same key"):
        make_call_key({"a": public, "b": public}, 2, CALL)


def test_every_call_gets_a_key_of_its_own():
    slip = new_slip()
    publics = {"a": holder_public(slip, context=CALL, holder="a")}
    assert make_call_key(publics, 1, CALL).public != make_call_key(publics, 1, CALL).public
