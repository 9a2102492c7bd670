"""Why a provider gave no translation. `kind` names the reason, for the house's own words."""

from __future__ import annotations


class TranslationError(Exception):
    """`detail` says in English what happened, for the log; it may quote the other side."""

    kind = "failed"

    def __init__(self, detail: str) -> None:
        super().__init__(f"{self.kind}: {detail}")
        self.detail = detail[:300]


class Unreachable(TranslationError):
    """No connection, a connection that broke off, or a server that says it is resting."""

    kind = "unreachable"


class TooSlow(Unreachable):
    """Nothing complete within the time limit."""

    kind = "too_slow"


class KeyRefused(TranslationError):
    """The key is missing, wrong, or may not do this."""

    kind = "refused_key"


class NoSuchPair(TranslationError):
    """The provider does not translate between these two languages."""

    kind = "no_pair"


class TooLong(TranslationError):
    """A text is longer than the provider or this house sends at once."""

    kind = "too_long"


class Unreadable(TranslationError):
    """An answer came that is not what was agreed: no JSON, texts missing, a text cut off."""

    kind = "unreadable"


class Refused(TranslationError):
    """The provider would not do it for another reason, such as an unknown model."""

    kind = "refused"


class RateLimited(TranslationError):
    """Too many requests. `retry_after`: seconds to wait, None where the provider does not say."""

    kind = "rate_limited"

    def __init__(self, detail: str, retry_after: float | None = None) -> None:
        super().__init__(detail)
        self.retry_after = retry_after
