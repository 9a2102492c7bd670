"""Who may do what in the market, and why not."""

from __future__ import annotations

from babel.lists import format_list
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from saphan.design import formats
from saphan.ground import clock
from saphan.ground.access import ALLOWED, Verdict, allowed_if, every
from saphan.people.models import Person, Role
from saphan.rooms.market.models import Listing
from saphan.rooms.market.vocabulary import EXTENSIONS_AT_MOST, State

PUBLIC_STATES = frozenset({State.PUBLISHED})
NEEDED = ("title", "summary", "description", "economy_id")


def speaks_for(person: Person | None, listing: Listing) -> bool:
    """Whether the listing is hers, or her organisation's."""
    if person is None or not person.is_authenticated:
        return False
    if listing.author_id == person.pk:
        return True
    return listing.organisation_id is not None and person.memberships.filter(
        organisation_id=listing.organisation_id, may_publish=True).exists()


def works_the_desk(person: Person | None) -> bool:
    """Clerks, programme managers and administrators look after the market."""
    return person is not None and person.is_authenticated and person.has_role(
        Role.Name.CLERK, Role.Name.PROGRAMME_MANAGER, Role.Name.ADMINISTRATOR)


def signed_in(person: Person | None, _listing: Listing | None = None) -> Verdict:
    return allowed_if(person is not None and person.is_authenticated,
                      _("Please sign in first. What you wrote is kept."))


def is_owner(person: Person | None, listing: Listing) -> Verdict:
    return allowed_if(speaks_for(person, listing),
                      _("Only the people who posted this may do that."))


def is_desk(person: Person | None, _listing: Listing | None = None) -> Verdict:
    return allowed_if(works_the_desk(person), _("Only the staff of the market may do that."))


def is_owner_or_desk(person: Person | None, listing: Listing) -> Verdict:
    return allowed_if(
        speaks_for(person, listing) or works_the_desk(person),
        _("Only the people who posted this and the staff of the market may do that."))


def may_read(person: Person | None, listing: Listing) -> Verdict:
    if listing.state in PUBLIC_STATES:
        return ALLOWED
    return allowed_if(speaks_for(person, listing) or works_the_desk(person),
                      _("This record is not public now."))


def may_post(person: Person | None) -> Verdict:
    return signed_in(person)


def is_open_to_edits(_person: Person | None, listing: Listing) -> Verdict:
    return allowed_if(listing.state in (State.DRAFT, State.PUBLISHED, State.PAUSED),
                      _("It cannot be changed while it is being looked at, or once it has ended."))


def missing(listing: Listing) -> list[str]:
    """Names of the fields without which a record cannot be published."""
    return [name for name in NEEDED if not getattr(listing, name)]


def is_complete(_person: Person | None, listing: Listing) -> Verdict:
    names = missing(listing)
    labels = [str(listing.label_of(name)) for name in names]
    return allowed_if(not names, gettext("Still missing: %(fields)s.") % {
        "fields": format_list(labels, locale=formats.locale_of(get_language() or "en"))})


def has_an_extension_left(_person: Person | None, listing: Listing) -> Verdict:
    return allowed_if(listing.extensions < EXTENSIONS_AT_MOST,
                      _("It was extended once already. Post it anew so that it is up to date."))


def is_not_past(_person: Person | None, listing: Listing) -> Verdict:
    return allowed_if(listing.is_valid_on(clock.today()),
                      _("The day until which it is valid has passed. Change that day first."))


def is_not_over(_person: Person | None, listing: Listing) -> Verdict:
    return allowed_if(listing.is_valid_on(clock.today()),
                      _("Its time is over. Extend it, or post it anew."))


may_edit = every(signed_in, is_owner_or_desk, is_open_to_edits)
may_submit = every(signed_in, is_owner, is_complete)
may_take_back = every(signed_in, is_owner)
may_publish = every(signed_in, is_desk, is_complete, is_not_past)
may_return_to_author = every(signed_in, is_desk)
may_pause = every(signed_in, is_owner_or_desk)
may_resume = every(signed_in, is_owner_or_desk, is_not_over)
may_extend = every(signed_in, is_owner_or_desk, has_an_extension_left, is_complete)
may_expire = every(signed_in, is_desk)
may_archive = every(signed_in, is_owner_or_desk)
may_import = every(signed_in, is_desk)
may_see_the_desk = every(signed_in, is_desk)

# Whom a step is meant for; others are not told about it.
FOR_THE_DESK = frozenset({"publish", "return_to_author", "expire"})
FOR_THE_OWNER = frozenset({"submit", "take_back"})

BY_TRANSITION = {
    "submit": may_submit, "take_back": may_take_back, "publish": may_publish,
    "return_to_author": may_return_to_author, "pause": may_pause, "resume": may_resume,
    "expire": may_expire, "extend": may_extend, "archive": may_archive,
}
