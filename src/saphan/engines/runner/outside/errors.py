"""Why an exhibit that runs outside the hall gave no answer, each with a plain reason."""

from __future__ import annotations


class OutsideError(Exception):
    """`key` names the reason for the house's words, `detail` says it in English for the log and
    the person who looks after the exhibit. `detail` may quote the other side: show it as text."""

    def __init__(self, key: str, detail: str) -> None:
        super().__init__(f"{key}: {detail}")
        self.key, self.detail = key, detail[:300]


class OutsideNotAllowed(OutsideError):
    """This house does not let the call go out. Keys: bad_address, not_listed, not_https,
    private_address."""


class OutsideUnreachable(OutsideError):
    """Nothing came back. Keys: unknown_host, no_connection, no_trust (its certificate), too_slow,
    broken_off, resting (it says itself that it is not ready)."""


class OutsideRefused(OutsideError):
    """The other side would not do it. Keys: refused (its own words in `detail`), unknown_exhibit,
    elsewhere (it sends callers to another address)."""


class OutsideAnsweredBadly(OutsideError):
    """What came back cannot be used. Keys: too_big, not_as_agreed, unknown_input (the house has
    no such kind of input), failed."""
