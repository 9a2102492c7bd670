"""Answers sealed to a call's key, each with a key of its own that its team keeps.

The content goes under ChaCha20-Poly1305 with a key and nonce that HKDF makes from the answer key
and 32 fresh random bytes, so no nonce is ever used twice. The answer key goes to the call's public
key by HPKE. A commitment (HKDF output) ties the content to one answer key: what the team opens and
what the panel opens cannot be two different texts.

Sources: RFC 8439 (ChaCha20-Poly1305), RFC 9180 (HPKE, base mode), RFC 5869 (HKDF); on commitment:
Albertini and others, "How to abuse and fix authenticated encryption without key commitment", 2022.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from saphan.engines.sealing.codes import from_groups, to_groups
from saphan.engines.sealing.errors import Damaged, Malformed, OtherPlace, TooLarge, WrongKey
from saphan.engines.sealing.framing import frame, raw_of, text_of, unframe
from saphan.engines.sealing.holders import KEY_BYTES, SUITE, load_public

MAX_CONTENT = 64 << 20
"""Bytes. Content passes through memory three times; larger files belong in parts."""
SMALLEST = 4 << 10
DOUBLING_UP_TO = 1 << 20
_FORM = b"saphan seal 1"


@dataclass(frozen=True)
class Sealed:
    """One sealed content. Everything in it may be seen by anybody; nothing in it tells the content.

    `context`: where it belongs (`answer_context`); `salt`: 32 random bytes; `commitment`: 32 bytes
    that fit one answer key only; `wrapped`: the answer key, sealed to the call's key; `box`: the
    padded content, sealed to the answer key.
    """

    context: bytes
    salt: bytes
    commitment: bytes
    wrapped: bytes
    box: bytes

    def packed(self) -> bytes:
        """One way to write it as bytes; the digest is taken of these."""
        return frame(_FORM, self.context, self.salt, self.commitment, self.wrapped, self.box)

    @classmethod
    def unpacked(cls, data: bytes) -> Sealed:
        """From `packed`. Malformed if it is anything else."""
        form, *fields = unframe(data, 6)
        if form != _FORM:
            raise Malformed("not a seal of this form")
        return cls(*fields)

    def as_json(self) -> dict[str, Any]:
        """For a JSON column; for files `packed` is a quarter smaller."""
        return {"form": 1} | {name: text_of(getattr(self, name)) for name in self.__annotations__}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Sealed:
        """From `as_json`. Malformed if it is anything else."""
        if set(data) != {"form", *cls.__annotations__} or data["form"] != 1:
            raise Malformed("not a seal of this form")
        return cls(**{name: raw_of(data[name]) for name in cls.__annotations__})


class Fresh(NamedTuple):
    """A new seal and its answer key (32 bytes). The team keeps the key; the house must not."""

    sealed: Sealed
    key: bytes


def call_context(call: str) -> bytes:
    """What a call's slips and key are bound to."""
    return frame("call", call)


def answer_context(call: str, answer: str, version: int, part: str = "") -> bytes:
    """What a seal is bound to: call number, answer number, version, and part (such as a file)."""
    return frame("answer", call, answer, version, part)


def code_of(key: bytes) -> str:
    """An answer key as 13 groups of five characters, for the team to write down."""
    return to_groups(key)


def key_of(code: str) -> bytes:
    """The answer key of a typed code. WrongCode names the group to look at."""
    return from_groups(code, KEY_BYTES)


def seal(content: bytes, call_public: bytes, *, context: bytes) -> Fresh:
    """Seal `content` under a fresh answer key. TooLarge over MAX_CONTENT bytes."""
    key = secrets.token_bytes(KEY_BYTES)
    return Fresh(_seal(content, key, call_public, context), key)


def reseal(previous: Sealed, content: bytes, key: bytes, call_public: bytes, *,
           context: bytes) -> Sealed:
    """A changed version, or a further part, under the answer key of `previous`.

    WrongKey unless `key` is that of `previous`: only who holds the code can change the answer.
    """
    _demand_key(previous, key)
    return _seal(content, key, call_public, context)


def open_with_code(sealed: Sealed, key: bytes, *, context: bytes) -> bytes:
    """The content, opened by its team (`key_of` a typed code, or the raw key of a cookie).

    OtherPlace if the seal is not that of `context`; WrongKey; Damaged.
    """
    _demand_place(sealed, context)
    _demand_key(sealed, key)
    cipher, nonce = _cipher(key, sealed)
    try:
        padded = cipher.decrypt(nonce, sealed.box, _header(sealed))
    except InvalidTag as error:
        raise Damaged("the sealed content was changed") from error
    return _unpad(padded)


def open_with_call_key(sealed: Sealed, call_private: bytes, *, context: bytes) -> bytes:
    """The content, opened after the deadline with the restored key of the call. Errors as above."""
    _demand_place(sealed, context)
    try:
        private = X25519PrivateKey.from_private_bytes(call_private)
        key = SUITE.decrypt(sealed.wrapped, private, frame("saphan answer key 1", context))
    except (InvalidTag, ValueError) as error:
        raise WrongKey("this is not the call's key, or the answer key was changed") from error
    return open_with_code(sealed, key, context=context)


def digest(sealed: Sealed) -> str:
    """SHA-256 of the whole seal, in hexadecimal, for the ledger. Tells nothing of the content."""
    return hashlib.sha256(sealed.packed()).hexdigest()


def closing_digest(digests: Mapping[str, str]) -> str:
    """One SHA-256 over all answers of a call at the deadline: answer number to `digest`.

    Recorded at the deadline, it proves that none was added, taken away or changed later.
    """
    rows = [frame(answer, digests[answer]) for answer in sorted(digests)]
    return hashlib.sha256(frame("saphan closing 1", *rows)).hexdigest()


def padded_size(size: int) -> int:
    """Bytes that a content of `size` bytes takes when padded.

    Up to 1 MiB doubling steps from 4 KiB on: nine classes. Above, eighths of the next power of two,
    so at most an eighth is wasted.
    """
    if size <= DOUBLING_UP_TO:
        return max(SMALLEST, 1 << max(size - 1, 1).bit_length())
    step = 1 << (size - 1).bit_length() - 4
    return -(-size // step) * step


def _seal(content: bytes, key: bytes, call_public: bytes, context: bytes) -> Sealed:
    if len(content) > MAX_CONTENT:
        raise TooLarge(len(content), MAX_CONTENT)
    salt = secrets.token_bytes(32)
    wrapped = SUITE.encrypt(key, load_public(call_public), frame("saphan answer key 1", context))
    bare = Sealed(context, salt, _commitment(key, salt, context), wrapped, b"")
    cipher, nonce = _cipher(key, bare)
    box = cipher.encrypt(nonce, _pad(content), _header(bare))
    return Sealed(context, salt, bare.commitment, wrapped, box)


def _cipher(key: bytes, sealed: Sealed) -> tuple[ChaCha20Poly1305, bytes]:
    made = HKDF(hashes.SHA256(), 44, sealed.salt, frame("saphan box 1", sealed.context)).derive(key)
    return ChaCha20Poly1305(made[:32]), made[32:]


def _commitment(key: bytes, salt: bytes, context: bytes) -> bytes:
    return HKDF(hashes.SHA256(), 32, salt, frame("saphan commitment 1", context)).derive(key)


def _header(sealed: Sealed) -> bytes:
    return frame(_FORM, sealed.context, sealed.salt, sealed.commitment, sealed.wrapped)


def _demand_place(sealed: Sealed, context: bytes) -> None:
    if not hmac.compare_digest(sealed.context, context):
        raise OtherPlace("this seal belongs to another call, answer or version")


def _demand_key(sealed: Sealed, key: bytes) -> None:
    fits = _commitment(key, sealed.salt, sealed.context)
    if len(key) != KEY_BYTES or not hmac.compare_digest(fits, sealed.commitment):
        raise WrongKey("this is not the key of this answer")


def _pad(content: bytes) -> bytes:
    size = len(content) + 8
    return len(content).to_bytes(8, "big") + content + bytes(padded_size(size) - size)


def _unpad(padded: bytes) -> bytes:
    size = int.from_bytes(padded[:8], "big")
    if size > len(padded) - 8:
        raise Damaged("the content's length is wrong")
    return padded[8:8 + size]
