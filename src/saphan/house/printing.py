"""What every paper of the house begins with: the letterhead, its own words, the fonts.

Rooms build an `engines.paper.Paper` of their records; how it is set stands in the engine.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from saphan.engines.paper import FontMissing, Labels, Letterhead
from saphan.house.centre import centre

if TYPE_CHECKING:
    from saphan.engines.paper.fonts import Shelf


@lru_cache(maxsize=1)
def shelf() -> Shelf:
    """The fonts for PDFs, kept in the house's folder."""
    from saphan.engines.paper.fonts import Shelf

    return Shelf(settings.HOME / "cache" / "paper")


def letterhead(lang: str) -> Letterhead:
    """Who writes: the centre, where it is, its address on the web, in a language of the house."""
    here = centre()
    place = here.place.best(lang).text
    return Letterhead(here.names.best(lang).text, tuple(
        line for line in (place, settings.BASE_URL) if line))


def notice(lang: str) -> str:
    """What must stand on every paper of a centre that is only shown as a sample."""
    with translation.override(lang.lower()):
        return "" if centre().official else _(
            "This is a sample of the software, filled with published facts. It is not the "
            "centre's own site.")


def labels(lang: str) -> Labels:
    """The paper's own words in a language of the house."""
    with translation.override(lang.lower()):
        return Labels(
            sources=_("Sources"), record=_("Quote and evidence"), number=_("Number"),
            page=_("Page %(number)s of %(total)s") % {"number": "{page}", "total": "{pages}"},
            date=translation.pgettext("of a paper", "Date"))


def why_no_pdf(problem: FontMissing) -> str:
    """What to say to whoever asked for a PDF, in the reader's language."""
    if problem.code == "no_cjk_font":
        return _("A PDF with Chinese words needs a Chinese font, and this house has none. Take "
                 "the Word file. Whoever runs this house can install fonts-noto-cjk.")
    return _("The fonts of this house cannot draw these letters: %(letters)s. Take the Word "
             "file.") % {"letters": problem.letters}
