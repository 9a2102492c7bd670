"""Secrets as groups of letters and digits that people in twelve languages can copy by hand.

The alphabet is Crockford's base 32 (https://www.crockford.com/base32.html): digits and capital
letters without I, L, O and U. A group is four characters and a check character. The check is a
weighted sum in the field of 32 elements plus the group's number. Because the weights differ from
each other and from zero, every single wrong character and every two exchanged characters of a
group are noticed, and so are two exchanged groups.
"""

from __future__ import annotations

import hashlib
import unicodedata

from saphan.engines.sealing.errors import WrongCode

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
DATA = 4
"""Characters of a group that carry bits; one check character follows."""
_VALUES = {sign: value for value, sign in enumerate(ALPHABET)} | {"O": 0, "I": 1, "L": 1, "U": 27}
_WEIGHTS = (2, 4, 8, 16)
"""Of the four characters; the check character itself has weight 1."""
_REDUCE = 0b100101
"""x^5 + x^2 + 1, irreducible over two elements."""


def to_groups(secret: bytes) -> str:
    """Groups of five for 16 bytes (7 groups) or 32 bytes (13 groups), joined by dashes.

    What is left of the last characters' bits holds the start of the secret's SHA-256, as a check
    of the whole.
    """
    count = _count(len(secret))
    room = count * DATA * 5 - len(secret) * 8
    number = int.from_bytes(secret, "big") << room | _whole_check(secret, room)
    values = [number >> 5 * at & 31 for at in range(count * DATA - 1, -1, -1)]
    groups = []
    for index in range(count):
        group = values[index * DATA:(index + 1) * DATA]
        groups.append("".join(ALPHABET[v] for v in (*group, _check(group, index))))
    return "-".join(groups)


def from_groups(text: str, size: int) -> bytes:
    """The secret of `size` bytes (16 or 32) that `text` says. WrongCode names what to look at.

    Forgiven: lower case, O for 0, I and L for 1, U for V, any spaces, dashes, dots and invisible
    characters, full-width forms, digits of any script.
    """
    count = _count(size)
    pieces = _pieces(text, count)
    values = []
    wrong = []
    for index, piece in enumerate(pieces):
        group = [_VALUES[sign] for sign in piece]
        if _check(group[:DATA], index) != group[DATA]:
            wrong.append(index + 1)
        values += group[:DATA]
    if wrong:
        raise WrongCode("check", tuple(wrong))
    number = 0
    for value in values:
        number = number << 5 | value
    room = count * DATA * 5 - size * 8
    secret = (number >> room).to_bytes(size, "big")
    mark = number & (1 << room) - 1
    if mark != _whole_check(secret, room):
        raise WrongCode("check")
    return secret


def _pieces(text: str, count: int) -> list[str]:
    """`count` groups of five known signs, or WrongCode."""
    typed = _plain(text)
    if not typed:
        raise WrongCode("empty")
    if len(typed) != count:  # groups run together or torn apart: only their order counts
        signs = "".join(typed)
        typed = [signs[at:at + DATA + 1] for at in range(0, len(signs), DATA + 1)]
    strange = tuple(i + 1 for i, piece in enumerate(typed) if any(s not in _VALUES for s in piece))
    if strange:
        raise WrongCode("character", strange)
    if len(typed) != count:
        raise WrongCode("length", _first_bad(typed), expected=count, found=len(typed))
    short = tuple(i + 1 for i, piece in enumerate(typed) if len(piece) != DATA + 1)
    if short:
        signs = "".join(typed)
        if len(signs) == count * (DATA + 1):  # as many signs as there should be, spaces misplaced
            return [signs[at:at + DATA + 1] for at in range(0, len(signs), DATA + 1)]
        raise WrongCode("length", short, expected=count * (DATA + 1), found=len(signs))
    return typed


def _plain(text: str) -> list[str]:
    """Pieces between separators, in capitals and ASCII digits where that is possible."""
    signs = []
    for sign in unicodedata.normalize("NFKC", text):
        kind = unicodedata.category(sign)
        digit = unicodedata.decimal(sign, None)
        if digit is not None:
            signs.append(str(digit))
        elif kind == "Cf":  # zero-width signs come along when text is copied
            continue
        elif kind[0] in "ZPC" or sign in "−ー":  # minus and the long vowel mark look like dashes
            signs.append(" ")
        else:
            signs.append(sign.upper())
    return "".join(signs).split()


def _first_bad(groups: list[str]) -> tuple[int, ...]:
    """The first group that does not fit: where a sign is missing or too many, all after it fail."""
    for index, piece in enumerate(groups):
        values = [_VALUES[sign] for sign in piece]
        if len(piece) != DATA + 1 or _check(values[:DATA], index) != values[DATA]:
            return (index + 1,)
    return ()


def _count(size: int) -> int:
    if size not in (16, 32):
        raise ValueError(f"codes hold 16 or 32 bytes, not {size}")
    return -(-size * 8 // (DATA * 5))


def _whole_check(secret: bytes, bits: int) -> int:
    start = hashlib.sha256(b"saphan code 1" + secret).digest()[:2]
    return int.from_bytes(start, "big") >> 16 - bits


def _check(values: list[int], index: int) -> int:
    total = index + 1
    for weight, value in zip(_WEIGHTS, values, strict=True):
        total ^= _times(weight, value)
    return total


def _times(a: int, b: int) -> int:
    """Product in the field of 32 elements."""
    product = 0
    while b:
        if b & 1:
            product ^= a
        a <<= 1
        if a & 32:
            a ^= _REDUCE
        b >>= 1
    return product
