"""Kinds of parts of addresses that several rooms use."""

from __future__ import annotations

from django.urls import register_converter


class Accession:
    """An accession number: `MKT-2026-0042`, in whatever case somebody typed it."""

    regex = r"[A-Za-z]{2,5}-\d{4}-\d{4,7}"

    def to_python(self, value: str) -> str:
        return value.upper()

    def to_url(self, value: str) -> str:
        return value


register_converter(Accession, "accession")
