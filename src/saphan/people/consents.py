"""What people may agree to, in which words. A room adds its own purposes with `offer`.

The wording that a person saw is kept with her consent, in her language: if it changes here, those
who agreed to the old words have not agreed to the new ones (`queries.agreed` asks the catalogue).
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Purpose:
    """Something that needs consent. Raise `edition` whenever the meaning of the wording changes."""

    key: str
    title: str | Promise
    wording: str | Promise
    edition: int = 1

    @property
    def name(self) -> str:
        """The name under which the consent is kept: a new edition asks anew."""
        return self.key if self.edition == 1 else f"{self.key}.{self.edition}"


_catalogue: dict[str, Purpose] = {}


def offer(purpose: Purpose) -> Purpose:
    """Put a purpose into the catalogue."""
    _catalogue[purpose.key] = purpose
    return purpose


def purposes() -> list[Purpose]:
    return list(_catalogue.values())


def purpose(key: str) -> Purpose:
    """Raises KeyError for a purpose that the catalogue does not hold."""
    return _catalogue[key]


NEWSLETTER = offer(Purpose(
    "newsletter", _("News by e-mail"),
    _("The centre may send me its news by e-mail, at most once a week.")))
CONTACT = offer(Purpose(
    "contact_by_partners", _("Contact by partners"),
    _("The centre may give my name and e-mail address to a partner who has been matched with my "
      "organisation, after both sides have agreed to meet.")))
SHOWN = offer(Purpose(
    "name_shown", _("My name in public"),
    _("My name may be shown on public pages beside what I publish for my organisation.")))
