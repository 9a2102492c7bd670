"""Sealed answers."""

from __future__ import annotations

import dataclasses
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from saphan.engines.sealing import (
    MAX_CONTENT,
    Damaged,
    DoesNotOpen,
    Malformed,
    OtherPlace,
    Sealed,
    TooLarge,
    WrongKey,
    answer_context,
    closing_digest,
    code_of,
    digest,
    key_of,
    open_with_call_key,
    open_with_code,
    padded_size,
    reseal,
    seal,
)
from saphan.engines.sealing.answers import _seal
from saphan.engines.sealing.framing import text_of

PRIVATE = X25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = PRIVATE.public_key().public_bytes_raw()
RAW = PRIVATE.private_bytes_raw()
HERE = answer_context("OC-1", "A-1", 1)
CONTENT = "我们能在三十天内交付。ພວກເຮົາ".encode()


@given(st.binary(max_size=9000))
@settings(deadline=None)
def test_the_panel_and_the_team_read_what_was_sealed(content):
    sealed, key = seal(content, PUBLIC, context=HERE)
    assert open_with_call_key(sealed, RAW, context=HERE) == content
    assert open_with_code(sealed, key_of(code_of(key)), context=HERE) == content


@given(st.binary(max_size=3000).map(lambda rest: b"~secret~" + rest))
@settings(deadline=None)
def test_nothing_stored_holds_the_content_or_the_key(content):
    sealed, key = seal(content, PUBLIC, context=HERE)
    stored = sealed.packed()
    assert content not in stored and key not in stored
    written = json.dumps(sealed.as_json())
    assert text_of(content)[:-2] not in written and text_of(key) not in written
    assert "~secret~" not in repr(sealed) and repr(key)[2:-1] not in repr(sealed)


def test_a_seal_survives_being_stored():
    sealed, key = seal(CONTENT, PUBLIC, context=HERE)
    assert Sealed.unpacked(sealed.packed()) == sealed
    again = Sealed.from_json(json.loads(json.dumps(sealed.as_json())))
    assert again == sealed and digest(again) == digest(sealed)
    assert open_with_code(again, key, context=HERE) == CONTENT


def test_the_same_answer_never_looks_the_same_twice():
    first, one = seal(CONTENT, PUBLIC, context=HERE)
    second, two = seal(CONTENT, PUBLIC, context=HERE)
    third = reseal(first, CONTENT, one, PUBLIC, context=HERE)
    assert one != two
    for field in ("salt", "commitment", "wrapped", "box"):
        assert len({getattr(s, field) for s in (first, second, third)}) == 3


def test_a_changed_answer_opens_with_the_same_code():
    first, key = seal(CONTENT, PUBLIC, context=HERE)
    there = answer_context("OC-1", "A-1", 2)
    second = reseal(first, b"better", key, PUBLIC, context=there)
    assert open_with_code(second, key, context=there) == b"better"
    assert open_with_call_key(second, RAW, context=there) == b"better"
    assert digest(first) != digest(second)


def test_only_who_holds_the_code_can_change_an_answer():
    first, _ = seal(CONTENT, PUBLIC, context=HERE)
    with pytest.raises(WrongKey):
        reseal(first, b"sabotage", bytes(32), PUBLIC, context=HERE)


@pytest.mark.parametrize("place", [
    answer_context("OC-2", "A-1", 1), answer_context("OC-1", "A-2", 1),
    answer_context("OC-1", "A-1", 2), answer_context("OC-1", "A-1", 1, "annex.pdf"),
])
def test_a_seal_opens_only_where_it_belongs(place):
    sealed, key = seal(CONTENT, PUBLIC, context=HERE)
    moved = dataclasses.replace(sealed, context=place)
    for opened in (sealed, moved):
        with pytest.raises(DoesNotOpen) as refused:
            open_with_code(opened, key, context=place)
        assert isinstance(refused.value, OtherPlace) == (opened is sealed)
        with pytest.raises(DoesNotOpen):
            open_with_call_key(opened, RAW, context=place)


def test_places_that_read_alike_are_not_the_same():
    assert answer_context("OC-1", "1A", 1) != answer_context("OC-11", "A", 1)
    assert answer_context("OC-1", "A", 11) != answer_context("OC-1", "A1", 1)


@pytest.mark.parametrize("field", ["salt", "commitment", "wrapped", "box"])
def test_parts_of_two_answers_cannot_be_exchanged(field):
    mine, key = seal(CONTENT, PUBLIC, context=HERE)
    other, _ = seal(b"other", PUBLIC, context=HERE)
    mixed = dataclasses.replace(mine, **{field: getattr(other, field)})
    with pytest.raises(DoesNotOpen):
        open_with_code(mixed, key, context=HERE)
    with pytest.raises(DoesNotOpen):
        open_with_call_key(mixed, RAW, context=HERE)


@pytest.mark.parametrize("field", ["salt", "commitment", "wrapped", "box"])
def test_parts_of_two_versions_of_one_answer_cannot_be_exchanged(field):
    first, key = seal(CONTENT, PUBLIC, context=HERE)
    second = reseal(first, b"better", key, PUBLIC, context=HERE)
    mixed = dataclasses.replace(second, **{field: getattr(first, field)})
    with pytest.raises(DoesNotOpen):
        open_with_code(mixed, key, context=HERE)


@given(st.data())
@settings(deadline=None, max_examples=150)
def test_every_flipped_bit_is_noticed(data):
    sealed, key = seal(CONTENT, PUBLIC, context=HERE)
    field = data.draw(st.sampled_from(["salt", "commitment", "wrapped", "box"]))
    raw = bytearray(getattr(sealed, field))
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    broken = dataclasses.replace(sealed, **{field: bytes(raw)})
    assert digest(broken) != digest(sealed)
    with pytest.raises(DoesNotOpen) as refused:
        open_with_code(broken, key, context=HERE)
    if field == "box":
        assert isinstance(refused.value, Damaged)
    with pytest.raises(DoesNotOpen):
        open_with_call_key(broken, RAW, context=HERE)


@given(st.data())
@settings(deadline=None, max_examples=80)
def test_a_cut_seal_is_refused(data):
    sealed, key = seal(CONTENT, PUBLIC, context=HERE)
    packed = sealed.packed()
    with pytest.raises(Malformed):
        Sealed.unpacked(packed[:data.draw(st.integers(0, len(packed) - 1))])
    field = data.draw(st.sampled_from(["salt", "commitment", "wrapped", "box"]))
    raw = getattr(sealed, field)
    cut = dataclasses.replace(sealed, **{field: raw[:data.draw(st.integers(0, len(raw) - 1))]})
    with pytest.raises(DoesNotOpen):
        open_with_call_key(cut, RAW, context=HERE)
    with pytest.raises(DoesNotOpen):
        open_with_code(cut, key, context=HERE)


@given(st.binary(max_size=300))
def test_strange_bytes_are_no_seal(data):
    with pytest.raises(Malformed):
        Sealed.unpacked(data)


@pytest.mark.parametrize("change", [
    {"form": 2}, {"box": 7}, {"box": "!"}, {"extra": ""}, {"salt": None}])
def test_strange_json_is_no_seal(change):
    sealed, _ = seal(CONTENT, PUBLIC, context=HERE)
    with pytest.raises(Malformed):
        Sealed.from_json(sealed.as_json() | change)


def test_another_calls_key_opens_nothing():
    sealed, _ = seal(CONTENT, PUBLIC, context=HERE)
    other = X25519PrivateKey.generate().private_bytes_raw()
    for key in (other, bytes(31), bytes(32)):
        with pytest.raises(WrongKey):
            open_with_call_key(sealed, key, context=HERE)


def test_one_box_cannot_hold_two_answers_for_two_keys():
    """A team cannot show one text with its code while the panel opens another."""
    key, other = bytes(32), bytes([1]) * 32
    sealed = _seal(CONTENT, key, PUBLIC, HERE)
    forged = dataclasses.replace(sealed, wrapped=_seal(b"x", other, PUBLIC, HERE).wrapped)
    with pytest.raises(WrongKey):
        open_with_call_key(forged, RAW, context=HERE)


@given(st.integers(0, 5000), st.integers(0, 5000))
@settings(deadline=None, max_examples=30)
def test_answers_of_one_size_class_have_one_length(a, b):
    one, two = (seal(bytes(n), PUBLIC, context=HERE)[0] for n in (a, b))
    same = padded_size(a + 8) == padded_size(b + 8)
    assert (len(one.packed()) == len(two.packed())) == same


@given(st.integers(0, 1 << 31), st.integers(0, 1 << 31))
def test_padding_grows_with_the_content_and_little(a, b):
    a, b = sorted((a, b))
    assert a <= padded_size(a) <= padded_size(b)
    assert padded_size(b) <= max(4096, 2 * b)
    if b > 1 << 20:
        assert padded_size(b) <= b * 1.125 + 1
    assert padded_size(padded_size(b)) == padded_size(b)


def test_up_to_a_megabyte_there_are_nine_lengths():
    assert len({padded_size(n) for n in range(0, (1 << 20) + 1, 256)}) == 9


def test_too_much_content_is_refused_with_its_size():
    with pytest.raises(TooLarge) as refused:
        seal(bytes(MAX_CONTENT + 1), PUBLIC, context=HERE)
    assert (refused.value.size, refused.value.limit) == (MAX_CONTENT + 1, MAX_CONTENT)


def test_a_public_key_of_another_length_is_refused():
    with pytest.raises(Malformed):
        seal(CONTENT, PUBLIC[:31], context=HERE)


def test_the_closing_digest_notices_every_change():
    digests = {"A-1": "aa", "A-2": "bb"}
    closed = closing_digest(digests)
    assert closed == closing_digest({"A-2": "bb", "A-1": "aa"})
    for changed in ({"A-1": "aa"}, digests | {"A-3": "cc"}, digests | {"A-2": "aa"},
                    {"A-1": "bb", "A-2": "aa"}, {}):
        assert closing_digest(changed) != closed
