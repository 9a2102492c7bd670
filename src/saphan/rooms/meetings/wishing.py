"""What is done with wishes, by its name: one table for the web, the API, MCP and files."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from saphan.ground.access import Refused
from saphan.people.models import Person
from saphan.rooms.meetings.actions import wishes as actions
from saphan.rooms.meetings.forms.wishes import (
    AddWishForm,
    OrderForm,
    RefusalForm,
    WishForm,
    named,
)
from saphan.rooms.meetings.models import Event, Party, Wish
from saphan.rooms.meetings.queries import wishes as queries
from saphan.rooms.meetings.rules.parties import ADMITTED
from saphan.rooms.meetings.vocabulary import Priority

VERBS = ("accept", "refuse", "withdraw", "wish_again", "change", "confirm")
ROWS_AT_MOST = 50_000


class Unknown(Exception):
    """No such verb."""


class Wrong(Exception):
    """The form does not take what was said; `form` tells why."""

    def __init__(self, form: Any) -> None:
        super().__init__("wrong")
        self.form = form


def _valid(form: Any) -> Any:
    if not form.is_valid():
        raise Wrong(form)
    return form


def send(me: Party, other: Party, given: Mapping[str, Any], *, by: Person,
         short: bool = False) -> tuple[Wish, str]:
    """`me` wishes to meet `other`. Returns the wish and what to say of it. Raises `Wrong`,
    `Refused`."""
    form = _valid(WishForm(given, me=me, short=short))
    origin = Wish.Origin.SUGGESTION if given.get("origin") == Wish.Origin.SUGGESTION \
        and me.suggestions.filter(other=other).exists() else Wish.Origin.HAND
    wish = actions.send(me, other, by=by, origin=origin, **form.values(by=by.ref))
    return wish, _("Both of you want to meet.") if wish.state == Wish.State.ACCEPTED else _(
        "Your wish was sent.")


def act(verb: str, wish: Wish, me: Party, given: Mapping[str, Any], *, by: Person) -> str:
    """One of `VERBS`, for the side `me`. Raises `Unknown`, `Wrong` and `Refused`."""
    if verb == "accept":
        form = _valid(WishForm(given, me=me, asks=False))
        actions.accept(wish, by=by, **form.values(by=by.ref))
        return _("Both of you want to meet.")
    if verb == "refuse":
        reason = _valid(RefusalForm(given)).cleaned_data["reason"]
        actions.refuse(wish, by=by, reason=reason)
        return _("Declined. They learn the reason from the list, nothing else.")
    if verb == "withdraw":
        actions.withdraw(wish, by=by)
        return _("Withdrawn.")
    if verb == "wish_again":
        actions.wish_again(wish, by=by, **_without_times(
            _valid(WishForm(given, me=me, wish=wish)).values(by=by.ref)))
        return _("Your wish was sent.")
    if verb == "confirm":
        actions.change(wish, me, by=by)
        return _("Thank you. It stands.")
    if verb == "change":
        asks = wish.asker_id == me.pk
        form = _valid(WishForm(given, me=me, wish=wish, asks=asks))
        actions.change(wish, me, by=by, **form.values(by=by.ref))
        return _("Saved.")
    raise Unknown(verb)


def _without_times(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name != "only_slots"}


def add(event: Event, given: Mapping[str, Any], *, by: Person) -> Wish:
    """The organisers bring two together."""
    form = _valid(AddWishForm(given, parties=admitted(event)))
    asker, invited = form.pair
    return actions.add(asker, invited, by=by, priority=form.cleaned_data["priority"],
                       must=form.cleaned_data["must"])


def order(wish: Wish, given: Mapping[str, Any], *, by: Person) -> str:
    """The organisers say whether it must be held, and after which meetings."""
    form = _valid(OrderForm(given, wish=wish, others=others_of(wish)))
    if form.cleaned_data["must"] != wish.must:
        actions.insist(wish, form.cleaned_data["must"], by=by)
    if {one.pk for one in form.earlier} != {one.pk for one in wish.after.all()}:
        actions.put_after(wish, form.earlier, by=by)
    return _("Saved.")


def others_of(wish: Wish) -> list[Wish]:
    """Live wishes of the same parties, which may have to be held before this one."""
    sides = {wish.asker_id, wish.invited_id}
    return [one for one in wish.event.wishes.filter(state__in=Wish.LIVE).exclude(
        pk=wish.pk).select_related(*queries.SIDES) if {one.asker_id, one.invited_id} & sides]


def admitted(event: Event) -> dict[str, Party]:
    """Those who may meet, by position."""
    return {str(party.position): party for party in event.parties.filter(
        state__in=ADMITTED).select_related("organisation", "event").order_by("position")}


# Files.

COLUMNS = ("asker", "asker_name", "invited", "invited_name", "state", "origin", "priority",
           "answer_priority", "must", "refusal", "fit", "came_from")


def export(wishes: Any) -> str:
    """Wishes as CSV. Parties stand by their position at the event; names are for people."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for one in wishes:
        writer.writerow([
            one.asker.position, _cell(one.asker), one.invited.position, _cell(one.invited),
            one.state, one.origin, one.priority, one.answer_priority or "",
            "yes" if one.must else "no", one.refusal, "" if one.fit is None else one.fit,
            one.came_from])
    return out.getvalue()


def _cell(party: Party) -> str:
    """A name that no spreadsheet takes for a formula."""
    name = str(party.organisation.name.best())
    return f"'{name}" if name[:1] in "=+-@\t\r" else name


@dataclass
class Imported:
    """What a file brought: how many wishes, and (line, what is wrong)."""

    added: int = 0
    changed: int = 0
    problems: list[tuple[int, str]] = field(default_factory=list)

    def __str__(self) -> str:
        return ngettext("%(number)d wish was added.", "%(number)d wishes were added.",
                        self.added) % {"number": self.added}


def load(event: Event, content: bytes, *, by: Person) -> Imported:
    """Add the wishes of a CSV file with the columns asker, invited, priority and must. Good lines
    are kept even where others are wrong. Raises `Refused` for what is no such file."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(_("This file is not in UTF-8. Save it as CSV in UTF-8.")) from None
    rows = csv.DictReader(io.StringIO(text))
    if not {"asker", "invited"} <= set(rows.fieldnames or ()):
        raise Refused(_("The first line has to name the columns: asker, invited, priority, must."))
    parties, done = admitted(event), Imported()
    choices = named(parties.values())
    for at, row in enumerate(rows, 2):
        if at > ROWS_AT_MOST:
            raise Refused(_("This file has too many lines."))
        form = AddWishForm({
            "asker": (row.get("asker") or "").strip(),
            "invited": (row.get("invited") or "").strip(),
            "priority": (row.get("priority") or str(int(Priority.IMPORTANT))).strip(),
            **({"must": "on"} if (row.get("must") or "").strip().lower() in {
                "yes", "1", "true", "x"} else {})}, parties=parties, choices=choices)
        if not form.is_valid():
            done.problems.append((at, " ".join(
                str(error) for errors in form.errors.values() for error in errors)))
            continue
        asker, invited = form.pair
        try:
            new = actions.between(event, asker, invited) is None
            actions.add(asker, invited, by=by, priority=form.cleaned_data["priority"],
                        must=form.cleaned_data["must"])
            done.added += new
            done.changed += not new
        except Refused as refusal:
            done.problems.append((at, str(refusal)))
    return done
