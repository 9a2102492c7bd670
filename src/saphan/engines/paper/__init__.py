"""Papers with sources, in every language of the house: .docx, PDF, HTML letter, plain text.

The forms live in their own modules, because the typesetter and the word processor's format are
loaded only where they are used: `paper.docx.docx`, `paper.pdf.pdf`, `paper.mail.html`,
`paper.plain.text`.
"""

from saphan.engines.paper.errors import FontMissing, NotSet, PaperError
from saphan.engines.paper.paper import (
    Block,
    Cell,
    Column,
    Heading,
    Labels,
    Letterhead,
    Paper,
    Passage,
    Quote,
    Source,
    Table,
)

__all__ = ["Block", "Cell", "Column", "FontMissing", "Heading", "Labels", "Letterhead", "NotSet",
           "Paper", "PaperError", "Passage", "Quote", "Source", "Table"]
