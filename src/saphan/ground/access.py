"""May she, and if not, why not: a verdict always carries its reason in the reader's language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise


class Refused(Exception):
    """An action that the rules do not allow. `reason` is translated when it is shown."""

    def __init__(self, reason: str | Promise) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return str(self.reason)


@dataclass(frozen=True)
class Verdict:
    """The answer of a rule. Truthy when allowed; combine with `&` (the first refusal speaks)."""

    allowed: bool
    reason: str | Promise = ""

    def __bool__(self) -> bool:
        return self.allowed

    def __and__(self, other: Verdict) -> Verdict:
        return other if self.allowed else self

    def __or__(self, other: Verdict) -> Verdict:
        return self if self.allowed else other

    def or_raise(self) -> None:
        """Raise `Refused` with the reason unless allowed."""
        if not self.allowed:
            raise Refused(self.reason)


ALLOWED = Verdict(True)


def refused(reason: str | Promise) -> Verdict:
    return Verdict(False, reason)


def allowed_if(condition: bool, otherwise: str | Promise) -> Verdict:
    """Allowed when `condition` holds, else refused with the reason `otherwise`."""
    return ALLOWED if condition else refused(otherwise)


Rule = Callable[..., Verdict]


def every(*rules: Rule) -> Rule:
    """A rule that holds when all of `rules` do; later ones are not asked after a refusal."""

    def combined(*args: Any, **kwargs: Any) -> Verdict:
        for rule in rules:
            verdict = rule(*args, **kwargs)
            if not verdict:
                return verdict
        return ALLOWED

    return combined
