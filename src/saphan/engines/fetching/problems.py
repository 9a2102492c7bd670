"""Why something could not be fetched: one exception with a code of a closed set."""

from __future__ import annotations

from typing import Literal, get_args

Code = Literal[
    "bad_address", "private_address", "unknown_host", "unreachable", "no_trust", "timeout",
    "too_large", "too_many_redirects", "robots", "asked_to_wait", "not_found", "forbidden",
    "http_error", "bad_answer"]
CODES: frozenset[str] = frozenset(get_args(Code))


class FetchProblem(Exception):
    """`code` names the reason for the house's words; `detail` says it in English for the log.

    bad_address         no web address, or a port that no pages come from
    private_address     the name leads into a private network; not called
    unknown_host        the name has no address
    unreachable         no connection, or it broke off
    no_trust            its certificate is not valid
    timeout             not finished in the time given
    too_large           more bytes than agreed, on the wire or unpacked
    too_many_redirects  sent on more often than agreed, or in a circle
    robots              its robots.txt asks us not to, or cannot be read
    asked_to_wait       the host wants to be left alone for `wait` seconds
    not_found           404, 410
    forbidden           401, 403, 451
    http_error          any other status that is no success, in `status`
    bad_answer          no valid HTTP, a packing that nobody asked for, a broken one

    `detail` may quote the other side: show it as text. `wait` is in seconds.
    """

    def __init__(self, code: Code, detail: str = "", *, status: int = 0,
                 wait: float = 0.0) -> None:
        super().__init__(f"{code}: {detail}")
        self.code: Code = code
        self.detail, self.status, self.wait = detail[:300], status, wait
