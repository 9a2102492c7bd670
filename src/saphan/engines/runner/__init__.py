"""The runner: exhibits as typed functions, sealed, measured. Plain Python, no Django."""

from saphan.engines.runner.contract import (
    Audio,
    BadContract,
    Drawing,
    Exhibit,
    Field,
    File,
    Image,
    Line,
    Table,
    Words,
    exhibit,
)
from saphan.engines.runner.parts import (
    Bars,
    Box,
    Chart,
    Facts,
    Marks,
    Picture,
    Quote,
    Result,
    Rows,
    Say,
    Sound,
    Span,
    Unit,
    Word,
)
from saphan.engines.runner.refusal import Refusal

__all__ = ["Audio", "BadContract", "Bars", "Box", "Chart", "Drawing", "Exhibit", "Facts", "Field",
           "File", "Image", "Line", "Marks", "Picture", "Quote", "Refusal", "Result", "Rows", "Say",
           "Sound", "Span", "Table", "Unit", "Word", "Words", "exhibit"]
