"""What the sides and the broker are told, each in the own language. No letter names a side to the
other before both agreed; only the introduction does."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.utils.translation import gettext as _

from saphan.design import formats
from saphan.people import letters
from saphan.people.models import Membership, Person
from saphan.rooms.market.interest import queries
from saphan.rooms.market.interest.invitation import invitation
from saphan.rooms.market.models import Interest

Compose = Callable[[Interest], tuple[str, str]]


def owners(interest: Interest) -> list[Person]:
    """Who speaks for the record: its author, else the people of its organisation."""
    listing = interest.listing
    if listing.author is not None and listing.author.is_active:
        return [listing.author]
    return _members(listing.organisation_id)


def askers(interest: Interest) -> list[Person]:
    """Who sent it, else the people of the organisation in whose name it was sent."""
    if interest.asker is not None and interest.asker.is_active:
        return [interest.asker]
    return _members(interest.organisation_id)


def brokers(interest: Interest) -> list[Person]:
    return [interest.broker] if interest.broker and interest.broker.is_active else []


def _members(organisation_id: int | None) -> list[Person]:
    if organisation_id is None:
        return []
    return [each.person for each in Membership.objects.select_related("person").filter(
        organisation_id=organisation_id, may_publish=True, person__is_active=True)]


def tell(people: Iterable[Person], interest: Interest, compose: Compose, *,
         but: str = "") -> None:
    """Write to each but the one who did it (`but`: her reference)."""
    for person in people:
        if person.ref == but:
            continue

        def composed() -> letters.Letter:
            subject, body = compose(interest)
            return letters.Letter(f"{interest.number} · {subject}",
                                  f"{body}\n\n{interest.listing.title}",
                                  link=interest.get_absolute_url())

        letters.write(person, composed)


def sent(interest: Interest) -> tuple[str, str]:
    return _("Somebody is interested in your record"), _(
        "Somebody in %(economy)s is interested in your record. Read what they would like to do, "
        "and answer by %(day)s. You learn who they are when both of you have agreed.") % {
        "economy": interest.economy, "day": _day(interest)}


def to_broker(interest: Interest) -> tuple[str, str]:
    return _("An interest to broker"), _(
        "Somebody in %(economy)s is interested in a record from %(other)s. You are the broker. "
        "The next step is due on %(day)s.") % {
        "economy": interest.economy, "other": interest.listing.economy or "—",
        "day": _day(interest)}


def accepted(interest: Interest) -> tuple[str, str]:
    if interest.both_agreed:
        return _("They would like to meet you"), _(
            "The other side has accepted. The broker introduces you now.")
    return _("They would like to meet you"), _(
        "The other side has accepted. Say by %(day)s whether we may introduce you: both sides "
        "then get each other's name and address.") % {"day": _day(interest)}


def declined(interest: Interest) -> tuple[str, str]:
    return _("Not this time"), _(
        "The other side does not want to go on. Their reason: %(reason)s.") % {
        "reason": interest.get_reason_display()}


def confirmed(interest: Interest) -> tuple[str, str]:
    return _("Both sides have agreed"), _(
        "Both sides have agreed to be introduced. Please introduce them by %(day)s.") % {
        "day": _day(interest)}


def withdrawn(_interest: Interest) -> tuple[str, str]:
    return _("The interest was withdrawn"), _("Those who had asked have taken it back.")


def lapsed(_interest: Interest) -> tuple[str, str]:
    return _("Closed without an answer"), _("Nobody answered in time, so this is closed now.")


def recorded(interest: Interest) -> tuple[str, str]:
    return _("Something was recorded"), _(
        "This cooperation now stands at: %(state)s. Please look at the evidence and confirm "
        "it.") % {"state": interest.get_state_display()}


def closed(_interest: Interest) -> tuple[str, str]:
    return _("Closed"), _("This contact was closed. Thank you for trying it.")


def handed_over(_interest: Interest) -> tuple[str, str]:
    return _("An interest was handed to you"), _("You are its broker from now on.")


def due_soon(interest: Interest) -> tuple[str, str]:
    return _("A step is due"), _("Your step is due on %(day)s.") % {"day": _day(interest)}


def overdue(interest: Interest) -> tuple[str, str]:
    return _("A step is overdue"), _("Your step was due on %(day)s.") % {"day": _day(interest)}


def introduce(interest: Interest, *, again: bool = False) -> None:
    """Each side hears who the other is; with a meeting, an invitation for the calendar."""
    ours, theirs = owners(interest), askers(interest)
    for mine, others in ((ours, theirs), (theirs, ours)):
        for person in mine:
            letters.write(person, lambda person=person, others=others: _introduction(  # type: ignore[misc]
                interest, person, others, again=again))


def _introduction(interest: Interest, person: Person, others: list[Person], *,
                  again: bool) -> letters.Letter:
    seen = queries.shown(interest, to=person)
    other = seen.asker if seen.is_owner else seen.owner
    lines = [_("You both agreed to meet. The other side is:"),
             "\n".join(part for part in (
                 other.organisation, other.person, other.email, other.economy) if part)]
    if again:
        lines = [_("The first meeting has a new time.") if interest.meets_at else
                 _("The first meeting is called off.")]
    attachments = []
    if interest.meets_at is not None:
        lines.append(_("First meeting: %(time)s") % {
            "time": formats.moment(interest.meets_at, zone=_zone(person))})
        lines.append(interest.meets_where)
    if interest.meets_at is not None or (again and interest.invitation):
        attachments = [invitation(interest, [person, *others], summary=_(
            "First meeting: %(number)s") % {"number": interest.number},
            description=str(interest.listing.title))]
    if interest.broker is not None:
        lines.append(_("Your broker is %(name)s.") % {"name": interest.broker})
    subject = _("You are introduced") if not again else _("First meeting")
    return letters.Letter(f"{interest.number} · {subject}", "\n\n".join(lines),
                          link=interest.get_absolute_url(), attachments=attachments)


def _zone(person: Person) -> str:
    return person.economy.time_zone if person.economy else "UTC"


def _day(interest: Interest) -> str:
    return formats.day(interest.due) if interest.due else "—"


def met(interest: Interest) -> tuple[str, str]:
    last = interest.encounters.exclude(next_step="").order_by("at").last()
    assert last is not None
    return _("They met"), _(
        "The two sides met at %(event)s. Next step: %(step)s. Help them with it, and record what "
        "comes of it.") % {"event": last.event, "step": last.get_next_step_display()}
