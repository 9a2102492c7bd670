from __future__ import annotations

import pytest
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from saphan.ground.access import ALLOWED, Refused, allowed_if, every, refused


def test_a_refusal_raises_with_its_reason_and_permission_does_not():
    ALLOWED.or_raise()
    with pytest.raises(Refused, match="because"):
        refused("because").or_raise()


def test_the_first_refusal_speaks():
    assert (refused("first") & refused("second")).reason == "first"
    assert (ALLOWED & refused("second")).reason == "second"
    assert ALLOWED & ALLOWED


def test_either_may_suffice():
    assert refused("no") | ALLOWED
    assert not refused("no") | refused("neither")


def test_later_rules_are_not_asked_after_a_refusal():
    asked = []

    def never(*_arguments):
        asked.append(1)
        return ALLOWED

    assert every(lambda *_: refused("stop"), never)().reason == "stop"
    assert asked == []


def test_the_reason_is_read_in_the_language_of_the_reader():
    verdict = allowed_if(False, _("Draft"))
    with translation.override("th"):
        assert str(Refused(verdict.reason)) != "Draft"
