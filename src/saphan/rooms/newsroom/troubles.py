"""What can be wrong with a source, in the reader's words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TROUBLES: dict[str, str | Promise] = {
    "bad_address": _("This is not the address of a page on the web."),
    "private_address": _("The address leads into a private network. We do not go there."),
    "unknown_host": _("There is no such site, or its name cannot be found now."),
    "unreachable": _("The site does not answer, or breaks off."),
    "no_trust": _("The certificate of the site is not valid."),
    "timeout": _("The site takes too long to answer."),
    "too_large": _("The file is larger than we read."),
    "too_many_redirects": _("The site sends us in a circle."),
    "robots": _("The site asks programs like ours not to read this page."),
    "asked_to_wait": _("The site asks us to come back later."),
    "not_found": _("The page is not there any more."),
    "forbidden": _("The site does not let us read this page."),
    "http_error": _("The site says that something is wrong with it."),
    "bad_answer": _("The answer of the site cannot be read."),
    "nothing_listed": _("No links to articles were found there."),
    "bad_recipe": _("This is not a CSS selector."),
    "no_text": _("The page holds no text, perhaps because a script writes it."),
    "empty": _("The page holds no text, perhaps because a script writes it."),
    "shrunk": _("The page holds far less than before. The article stays as it was."),
    "unsupported": _("This kind of file cannot be read."),
    "broken": _("The file is damaged."),
    "locked": _("The file is locked with a password."),
}
FAILED = _("Something went wrong in the house itself. The log says more.")

ALARMS: dict[str, str | Promise] = {
    "silent": _("Silent for longer than usual"),
    "unreachable": _("Cannot be reached"),
    "layout": _("The layout of its pages has changed"),
    "short_text": _("Texts are shorter than usual"),
    "too_large": _("Files are too large"),
    "robots": _("Asks programs not to read it"),
    "private_address": _("Leads into a private network"),
    "wrong_encoding": _("Names a wrong encoding"),
}


def said(code: str) -> str:
    """The sentence for a problem's code; empty for none."""
    return str(TROUBLES.get(code, FAILED)) if code else ""
