"""Puts the style sheet together: the parts in `css/`, in order, as one small file.

    python -m saphan.design.bundle

One file because one round trip must paint the page. The result is committed; a test holds it to
its parts.
"""

from __future__ import annotations

import re
from pathlib import Path

HERE = Path(__file__).parent
PARTS = ("tokens", "base", "frame", "plan", "plate", "forms", "pieces", "ask", "charts", "kiosk")
RESULT = HERE / "static" / "saphan" / "site.css"


def bundle() -> str:
    """The parts as one style sheet, without comments and needless spaces."""
    text = "".join((HERE / "css" / f"{name}.css").read_text(encoding="utf-8") for name in PARTS)
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    text = re.sub(r"\s+", " ", text)
    text = re.sub(r"\s*([{};,>])\s*", r"\1", text)
    text = re.sub(r":\s+", ":", text).replace(";}", "}")
    return "/* Made by saphan.design.bundle from css/. */\n" + text.strip() + "\n"


if __name__ == "__main__":
    RESULT.write_text(bundle(), encoding="utf-8")
