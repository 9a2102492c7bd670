"""The key of a call, and the people who hold it together.

Every holder has a slip: 128 random bits, shown once. Her X25519 key pair follows from it; the
house keeps the public half. The private half of the call's key is split by exclusive or into one
piece for each set of `needed` - 1 holders, and each piece goes to everybody outside that set. So
`needed` holders have all pieces between them, while any fewer lack the piece of the set they are
in, and without it the others are random bits.

Sources: Ito, Saito, Nishizeki, "Secret sharing scheme realizing general access structure", IEEE
Globecom 1987; RFC 9180 (HPKE); RFC 5869 (HKDF); RFC 7748 (X25519).
"""

from __future__ import annotations

import hmac
import itertools
import secrets
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TypedDict

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from saphan.engines.sealing.codes import from_groups, to_groups
from saphan.engines.sealing.errors import (
    Malformed,
    PartsDisagree,
    TooFewHolders,
    UnknownHolder,
    WrongKey,
)
from saphan.engines.sealing.framing import frame, raw_of, text_of

SLIP_BYTES = 16
KEY_BYTES = 32
MOST_HOLDERS = 7
SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)


class Parts(TypedDict):
    """What the house stores of a call's key, as JSON. It opens nothing without the slips."""

    form: int
    context: str
    public: str
    needed: int
    holders: list[str]
    sealed: dict[str, str]


class Released(TypedDict):
    """What one holder gives out after the deadline, as JSON. Secret until `needed` have done so."""

    form: int
    holder: str
    pieces: dict[str, str]


@dataclass(frozen=True)
class CallKey:
    """A call's public key (32 bytes) and its private half in sealed parts."""

    public: bytes
    parts: Parts


def new_slip() -> str:
    """Seven groups of five characters, to be shown once and stored nowhere."""
    return to_groups(secrets.token_bytes(SLIP_BYTES))


def holder_public(slip: str, *, context: bytes, holder: str) -> bytes:
    """The holder's public key, 32 bytes; `context` is that of the call. WrongCode."""
    return _public(_holder_private(slip, context, holder))


def make_call_key(public_keys: Mapping[str, bytes], needed: int, context: bytes) -> CallKey:
    """A fresh key for a call that any `needed` of the holders restore together.

    `public_keys`: name of each of 1 to 7 holders to her `holder_public`, made with the same
    `context`. ValueError for numbers that cannot be, or for two holders with one key. The private
    half is in nobody's hands when this returns.
    """
    holders = sorted(public_keys)
    if not 1 <= len(holders) <= MOST_HOLDERS or not 1 <= needed <= len(holders):
        raise ValueError(f"{needed} of {len(holders)} holders; 1 to {MOST_HOLDERS} can hold a key")
    if len(set(public_keys.values())) < len(holders):
        raise ValueError("two holders have the same key")
    private = X25519PrivateKey.generate()
    public = _public(private)
    pieces = _split(private.private_bytes_raw(), _sets(holders, needed))
    sealed = {}
    for holder in holders:
        hers = frame(*(piece for without, piece in pieces.items() if holder not in without))
        info = _info(context, public, needed, holders, holder)
        sealed[holder] = text_of(SUITE.encrypt(hers, load_public(public_keys[holder]), info))
    return CallKey(public, Parts(
        form=1, context=text_of(context), public=text_of(public), needed=needed,
        holders=holders, sealed=sealed))


def holder_parts(parts: Parts, holder: str, slip: str) -> Released:
    """What `holder` releases with her slip. Also the rehearsal: call it, throw the answer away.

    UnknownHolder; WrongCode if the slip is mistyped; WrongKey if it is another slip, or if the
    stored parts were changed; Malformed.
    """
    context, public, holders = _read(parts)
    if holder not in parts["sealed"]:
        raise UnknownHolder(holder)
    info = _info(context, public, parts["needed"], holders, holder)
    try:
        hers = SUITE.decrypt(
            raw_of(parts["sealed"][holder]), _holder_private(slip, context, holder), info)
    except (InvalidTag, ValueError) as error:
        raise WrongKey("this slip does not open this part") from error
    names = [_name(s, holders) for s in _sets(holders, parts["needed"]) if holder not in s]
    size = 8 + KEY_BYTES
    if len(hers) != size * len(names):
        raise Malformed("parts of another length")
    return Released(form=1, holder=holder, pieces={
        name: text_of(hers[at * size + 8:(at + 1) * size]) for at, name in enumerate(names)})


def restore(parts: Parts, released: Collection[Released]) -> bytes:
    """The call's private key, 32 bytes, from what `needed` or more holders released.

    With more than `needed`, a wrong one among them does no harm. TooFewHolders; PartsDisagree if no
    `needed` of them give the key that belongs to the public one; UnknownHolder; Malformed.
    """
    _, public, holders = _read(parts)
    given = dict(map(_pieces_of, released))
    for holder in given:
        if holder not in holders:
            raise UnknownHolder(holder)
    if len(given) < parts["needed"]:
        raise TooFewHolders(len(given), parts["needed"])
    names = [_name(without, holders) for without in _sets(holders, parts["needed"])]
    for some in itertools.combinations(sorted(given), parts["needed"]):
        pieces: dict[str, bytes] = {}
        for holder in some:
            pieces |= given[holder]
        if set(pieces) != set(names):
            continue
        private = _joined(pieces.values())
        if hmac.compare_digest(_public(X25519PrivateKey.from_private_bytes(private)), public):
            return private
    raise PartsDisagree(tuple(sorted(given)))


def _pieces_of(released: Released) -> tuple[str, dict[str, bytes]]:
    try:
        holder = str(released["holder"])
        pieces = {name: raw_of(text) for name, text in released["pieces"].items()}
    except (KeyError, TypeError, AttributeError) as error:
        raise Malformed("not a released part") from error
    if any(len(piece) != KEY_BYTES for piece in pieces.values()):
        raise Malformed("a piece of another length")
    return holder, pieces


def _read(parts: Parts) -> tuple[bytes, bytes, list[str]]:
    """Context, public key and holders of stored parts; Malformed if something is missing."""
    try:
        if parts["form"] != 1:
            raise Malformed(f"parts of form {parts['form']}")
        context, public = raw_of(parts["context"]), raw_of(parts["public"])
        holders = parts["holders"]
        if sorted(parts["sealed"]) != holders or not 1 <= parts["needed"] <= len(holders):
            raise Malformed("holders and parts differ")
    except (KeyError, TypeError) as error:
        raise Malformed("not a call's parts") from error
    return context, public, holders


def _holder_private(slip: str, context: bytes, holder: str) -> X25519PrivateKey:
    # HKDF without stretching: the slip holds 128 random bits, nobody chose it.
    derived = HKDF(hashes.SHA256(), KEY_BYTES, None, frame("saphan holder 1", context, holder))
    return X25519PrivateKey.from_private_bytes(derived.derive(from_groups(slip, SLIP_BYTES)))


def _sets(holders: list[str], needed: int) -> list[tuple[str, ...]]:
    """Sets of holders that are one too few: each lacks exactly one piece."""
    return list(itertools.combinations(holders, needed - 1))


def _split(secret: bytes, sets: list[tuple[str, ...]]) -> dict[tuple[str, ...], bytes]:
    pieces = {without: secrets.token_bytes(len(secret)) for without in sets[1:]}
    return {sets[0]: _joined([secret, *pieces.values()])} | pieces


def _name(without: tuple[str, ...], holders: list[str]) -> str:
    """A piece's name: the numbers of the holders who do not have it."""
    return "not:" + ",".join(str(holders.index(holder)) for holder in without)


def _info(context: bytes, public: bytes, needed: int, holders: list[str], holder: str) -> bytes:
    return frame("saphan part 1", context, public, needed, frame(*holders), holder)


def _public(private: X25519PrivateKey) -> bytes:
    return private.public_key().public_bytes_raw()


def load_public(raw: bytes) -> X25519PublicKey:
    """A public key from its 32 bytes; Malformed otherwise."""
    if len(raw) != KEY_BYTES:
        raise Malformed("a public key has 32 bytes")
    return X25519PublicKey.from_public_bytes(raw)


def _joined(pieces: Iterable[bytes]) -> bytes:
    """Exclusive or of all pieces."""
    total = 0
    for piece in pieces:
        total ^= int.from_bytes(piece, "big")
    return total.to_bytes(KEY_BYTES, "big")
