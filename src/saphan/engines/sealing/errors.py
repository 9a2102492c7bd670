"""What can go wrong with slips, keys and seals. The house says it in the reader's language."""

from __future__ import annotations


class SealingError(Exception):
    """Base of everything this engine raises on purpose. Messages never hold secrets."""


class WrongCode(SealingError):
    """A slip or an answer code was typed wrongly.

    `reason` is "empty", "length" (`expected` and `found` groups or characters differ), "character"
    (a sign that no code has) or "check" (a group does not fit its check character).
    `groups` names the groups to look at again, counted from 1; it may be empty.
    """

    def __init__(self, reason: str, groups: tuple[int, ...] = (), *,
                 expected: int = 0, found: int = 0) -> None:
        where = f" in group {', '.join(map(str, groups))}" if groups else ""
        super().__init__(f"code: {reason}{where}")
        self.reason, self.groups, self.expected, self.found = reason, groups, expected, found


class Malformed(SealingError):
    """The stored value is not one that this engine wrote, or a part of it is missing."""


class TooLarge(SealingError):
    """The content is larger than `limit` bytes."""

    def __init__(self, size: int, limit: int) -> None:
        super().__init__(f"{size} bytes; at most {limit} can be sealed")
        self.size, self.limit = size, limit


class DoesNotOpen(SealingError):
    """Base: the seal did not open. Nothing of the content has been given out."""


class WrongKey(DoesNotOpen):
    """The key, code or slip is not the one this was sealed with (or the key part was changed)."""


class Damaged(DoesNotOpen):
    """The key fits, yet the sealed content was changed or cut."""


class OtherPlace(DoesNotOpen):
    """The seal belongs to another call, answer or version than the one asked for."""


class UnknownHolder(SealingError):
    """The call has no key holder of this name."""

    def __init__(self, holder: str) -> None:
        super().__init__(f"no key holder {holder!r}")
        self.holder = holder


class TooFewHolders(SealingError):
    """`have` holders released their parts; `needed` are."""

    def __init__(self, have: int, needed: int) -> None:
        super().__init__(f"{have} of {needed} key holders")
        self.have, self.needed = have, needed


class PartsDisagree(SealingError):
    """Released parts do not give the call's key: `holders` were used, one of them is not right."""

    def __init__(self, holders: tuple[str, ...]) -> None:
        super().__init__("released parts do not fit: " + ", ".join(holders))
        self.holders = holders
