"""Why a paper could not be printed in a form."""

from __future__ import annotations


class PaperError(Exception):
    """`code` names the reason, for the caller's own words."""

    code = "failed"


class FontMissing(PaperError):
    """No font here draws some of its letters: a page of empty boxes is worse than none.
    `code` is `no_cjk_font` for Chinese, Japanese and Korean, else `no_font`; `letters` holds some
    of the letters without a font."""

    def __init__(self, letters: str, cjk: bool) -> None:
        super().__init__(f"no font draws: {letters}")
        self.letters = letters
        self.code = "no_cjk_font" if cjk else "no_font"


class NotSet(PaperError):
    """The typesetter refused; the message is for the log."""

    code = "not_set"
