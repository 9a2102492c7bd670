"""QR codes, drawn by segno."""

from __future__ import annotations

import io

import segno
from django.utils.safestring import SafeString


def svg(address: str) -> SafeString:
    """The code of an address as SVG that scales and takes the page's ink. Error level M: 15 % of
    a sheet behind scratched plastic may be lost."""
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        out, kind="svg", xmldecl=False, svgns=False, omitsize=True, border=4, dark="#000",
        light="#fff", svgclass="qr", lineclass=None)
    return SafeString(out.getvalue().decode())  # segno writes no part of the address into it
