"""Who may wish what, answer it, and why not."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from saphan.ground.access import Rule, Verdict, allowed_if, every
from saphan.people.models import Person
from saphan.rooms.meetings.models import Event, Party, Wish
from saphan.rooms.meetings.rules import events, parties


def takes_wishes(person: Person | None, event: Event) -> Verdict:
    """Until wishes end; the staff may add wishes to the end of the event."""
    return allowed_if(
        event.takes_wishes
        or (events.helps_at_events(person) and event.state in {
            Event.State.OPEN, Event.State.PLANNING, Event.State.RUNNING}),
        _("Wishes for this event are closed."))


def is_admitted(_person: Person | None, party: Party) -> Verdict:
    return allowed_if(party.state == Party.State.APPROVED,
                      _("The registration has to be approved first."))


def may_see_participants(person: Person | None, event: Event) -> Verdict:
    """Who else takes part: for the staff and for those who were admitted."""
    if events.looks_at_events(person):
        return allowed_if(True, "")
    hers = person is not None and person.is_authenticated and any(
        parties.speaks_for(person, party)
        for party in event.parties.filter(state=Party.State.APPROVED))
    return allowed_if(hers, _("Only those who were admitted see who takes part."))


def may_wish(person: Person | None, asker: Party, invited: Party) -> Verdict:
    """For a party, that it should meet another one."""
    return (parties.is_hers_or_desk(person, asker) & takes_wishes(person, asker.event)
            & is_admitted(person, asker) & is_admitted(person, invited)
            & allowed_if(asker.pk != invited.pk and asker.event_id == invited.event_id,
                         _("Choose another participant of the same event.")))


def wishes_are_taken(person: Person | None, wish: Wish) -> Verdict:
    return takes_wishes(person, wish.event)


def is_invited(person: Person | None, wish: Wish) -> Verdict:
    return allowed_if(
        parties.speaks_for(person, wish.invited) or events.helps_at_events(person),
        _("Only those who were asked may answer."))


def is_a_side(person: Person | None, wish: Wish) -> Verdict:
    """Either side may say no at any time, also to what it accepted."""
    return allowed_if(
        parties.speaks_for(person, wish.invited) or parties.speaks_for(person, wish.asker)
        or events.helps_at_events(person), _("Only the two sides may do that."))


def is_asker(person: Person | None, wish: Wish) -> Verdict:
    return allowed_if(
        parties.speaks_for(person, wish.asker) or events.helps_at_events(person),
        _("Only those who wished it may do that."))


def may_change(person: Person | None, wish: Wish, side: Party) -> Verdict:
    """Each side says how important it is to itself, until wishes end."""
    return (allowed_if(side.pk in {wish.asker_id, wish.invited_id},
                       _("Only the two sides may do that."))
            & parties.is_hers_or_desk(person, side) & wishes_are_taken(person, wish)
            & allowed_if(wish.state == Wish.State.ACCEPTED
                         or (wish.state == Wish.State.SENT and side.pk == wish.asker_id),
                         _("This step is not possible now. Reload the page to see where it "
                           "stands.")))


may_accept = every(is_invited, wishes_are_taken)
may_refuse = every(is_invited, wishes_are_taken)
may_withdraw = every(is_asker, wishes_are_taken)
may_wish_again = every(is_asker, wishes_are_taken)
may_read = every(is_a_side)
may_insist = every(events.is_organiser)

BY_TRANSITION: dict[str, Rule] = {
    "accept": may_accept, "refuse": may_refuse, "withdraw": may_withdraw,
    "wish_again": may_wish_again,
}
