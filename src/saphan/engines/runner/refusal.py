"""What an exhibit says when it cannot use what it was given."""

from __future__ import annotations

from typing import Any


class Refusal(Exception):
    """The input is fine as a form and of no use to the exhibit: no door in the picture.

    `key` names a sentence under `[refusals]` of the exhibit's words, or one of `COMMON`, which the
    house says in every language; `values` fill its braces.
    """

    def __init__(self, key: str, **values: Any) -> None:
        super().__init__(key)
        self.key, self.values = key, values


COMMON = ("empty", "too_long", "too_short", "unreadable_picture", "too_many_pixels",
          "unreadable_sound", "too_long_sound", "silent", "unreadable_table", "too_many_rows",
          "too_few_rows", "no_number_column", "unreadable_file", "unknown_language")
"""Refusals that many exhibits share; the house has their words."""
