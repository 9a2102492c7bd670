"""Codes that people copy by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saphan.engines.sealing import WrongCode
from saphan.engines.sealing.codes import ALPHABET, from_groups, to_groups

SECRETS = st.one_of(st.binary(min_size=16, max_size=16), st.binary(min_size=32, max_size=32))
SLIP = bytes(range(16))


@given(SECRETS)
def test_a_code_says_its_secret_again(secret):
    code = to_groups(secret)
    groups = code.split("-")
    assert len(groups) == (7 if len(secret) == 16 else 13)
    assert {len(group) for group in groups} == {5}
    assert from_groups(code, len(secret)) == secret


@given(SECRETS, st.data())
def test_a_code_typed_sloppily_is_understood(secret, data):
    code = to_groups(secret)
    typed = ""
    for sign in code:
        look_alikes = {"0": "0Oo๐໐０", "1": "1IilL１၁", "V": "VvUu", "-": " -–—‐−.\u3000\n ー_"}
        full_width = [chr(ord(sign) + 0xFEE0)] if sign != "-" else []
        typed += data.draw(st.sampled_from([*look_alikes.get(sign, sign + sign.lower()),
                                            *full_width]))
        typed += data.draw(st.sampled_from(["", "", "", "\u200b"]))
    assert from_groups("  " + typed + "\n", len(secret)) == secret


@given(SECRETS, st.data())
def test_groups_run_together_or_torn_apart_are_understood(secret, data):
    signs = to_groups(secret).replace("-", "")
    typed = "".join(sign + data.draw(st.sampled_from(["", " "])) for sign in signs)
    assert from_groups(typed, len(secret)) == secret


@given(SECRETS, st.data())
def test_one_wrong_character_names_its_group(secret, data):
    code = to_groups(secret)
    at = data.draw(st.integers(0, len(code) - 1).filter(lambda i: code[i] != "-"))
    other = data.draw(st.sampled_from([sign for sign in ALPHABET if sign != code[at]]))
    with pytest.raises(WrongCode) as wrong:
        from_groups(code[:at] + other + code[at + 1:], len(secret))
    assert (wrong.value.reason, wrong.value.groups) == ("check", (at // 6 + 1,))


@given(SECRETS, st.data())
def test_two_characters_exchanged_within_a_group_name_it(secret, data):
    groups = to_groups(secret).split("-")
    at = data.draw(st.integers(0, len(groups) - 1))
    i, j = sorted(data.draw(st.lists(st.integers(0, 4), min_size=2, max_size=2, unique=True)))
    signs = list(groups[at])
    if signs[i] == signs[j]:
        return
    signs[i], signs[j] = signs[j], signs[i]
    groups[at] = "".join(signs)
    with pytest.raises(WrongCode) as wrong:
        from_groups(" ".join(groups), len(secret))
    assert wrong.value.groups == (at + 1,)


@given(SECRETS, st.data())
def test_two_groups_exchanged_are_both_named(secret, data):
    groups = to_groups(secret).split("-")
    i, j = sorted(data.draw(st.lists(
        st.integers(0, len(groups) - 1), min_size=2, max_size=2, unique=True)))
    if groups[i] == groups[j]:
        return
    groups[i], groups[j] = groups[j], groups[i]
    with pytest.raises(WrongCode) as wrong:
        from_groups("-".join(groups), len(secret))
    assert wrong.value.groups == (i + 1, j + 1)


def test_a_missing_character_names_the_group_it_is_missing_from():
    groups = to_groups(SLIP).split("-")
    groups[2] = groups[2][:4]
    with pytest.raises(WrongCode) as wrong:
        from_groups("-".join(groups), 16)
    assert (wrong.value.reason, wrong.value.groups) == ("length", (3,))
    assert (wrong.value.expected, wrong.value.found) == (35, 34)


def test_a_missing_group_says_how_many_there_should_be():
    groups = to_groups(SLIP).split("-")
    with pytest.raises(WrongCode) as wrong:
        from_groups("-".join(groups[:3] + groups[4:]), 16)
    assert wrong.value.reason == "length"
    assert (wrong.value.expected, wrong.value.found) == (7, 6)
    assert wrong.value.groups == (4,)


def test_a_sign_that_no_code_has_names_its_group():
    with pytest.raises(WrongCode) as wrong:
        from_groups(to_groups(SLIP)[:6] + "ກ" + to_groups(SLIP)[7:], 16)
    assert (wrong.value.reason, wrong.value.groups) == ("character", (2,))


@pytest.mark.parametrize("nothing", ["", "  ", "---", "\u200b"])
def test_nothing_typed_is_said(nothing):
    with pytest.raises(WrongCode) as wrong:
        from_groups(nothing, 16)
    assert wrong.value.reason == "empty"


def test_an_answers_code_is_no_slip():
    with pytest.raises(WrongCode) as wrong:
        from_groups(to_groups(bytes(32)), 16)
    assert wrong.value.reason == "length"


@given(st.text(max_size=80))
def test_any_text_is_refused_kindly(text):
    with pytest.raises(WrongCode):
        from_groups(text, 16)


def test_an_error_does_not_repeat_what_was_typed():
    code = to_groups(SLIP)
    with pytest.raises(WrongCode) as wrong:
        from_groups(code[:-1] + ("0" if code[-1] != "0" else "1"), 16)
    assert not any(group in str(wrong.value) for group in code.split("-"))
