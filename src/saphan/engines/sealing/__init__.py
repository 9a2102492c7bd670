"""Sealing: answers that nobody can read before the deadline. Plain Python, no Django."""

from saphan.engines.sealing.answers import (
    MAX_CONTENT,
    Fresh,
    Sealed,
    answer_context,
    call_context,
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
from saphan.engines.sealing.errors import (
    Damaged,
    DoesNotOpen,
    Malformed,
    OtherPlace,
    PartsDisagree,
    SealingError,
    TooFewHolders,
    TooLarge,
    UnknownHolder,
    WrongCode,
    WrongKey,
)
from saphan.engines.sealing.holders import (
    CallKey,
    Parts,
    Released,
    holder_parts,
    holder_public,
    make_call_key,
    new_slip,
    restore,
)

__all__ = ["MAX_CONTENT", "CallKey", "Damaged", "DoesNotOpen", "Fresh", "Malformed", "OtherPlace",
           "Parts", "PartsDisagree", "Released", "Sealed", "SealingError", "TooFewHolders",
           "TooLarge", "UnknownHolder", "WrongCode", "WrongKey", "answer_context", "call_context",
           "closing_digest", "code_of", "digest", "holder_parts", "holder_public", "key_of",
           "make_call_key", "new_slip", "open_with_call_key", "open_with_code", "padded_size",
           "reseal", "restore", "seal"]
