"""Who may do what with an interest, and why not."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from saphan.ground import clock, limits
from saphan.ground.access import Verdict, allowed_if, every
from saphan.people.models import Person, Role
from saphan.rooms.market import rules as market
from saphan.rooms.market.models import Interest, Listing, Progress

State, Side = Interest.State, Interest.Side
OPEN = frozenset({State.SENT, State.ACCEPTED, State.INTRODUCED, State.AGREED, State.RUNNING})
SENT_A_DAY = 20


def is_asker(person: Person | None, interest: Interest) -> bool:
    """Whether she sent it, or speaks for the organisation in whose name it was sent."""
    if person is None or not person.is_authenticated:
        return False
    if interest.asker_id == person.pk:
        return True
    return interest.organisation_id is not None and person.memberships.filter(
        organisation_id=interest.organisation_id, may_publish=True).exists()


def is_owner(person: Person | None, interest: Interest) -> bool:
    return market.speaks_for(person, interest.listing)


def runs_brokering(person: Person | None) -> bool:
    """Programme managers and administrators see every interest, and can hand each to anybody."""
    return person is not None and person.is_authenticated and person.has_role(
        Role.Name.PROGRAMME_MANAGER, Role.Name.ADMINISTRATOR)


def desks_of(person: Person | None) -> set[str]:
    """Codes of the economies for which she is a liaison officer."""
    if person is None or not person.is_authenticated:
        return set()
    return {role.economy_id for role in person.roles.all()
            if role.name == Role.Name.LIAISON_OFFICER and role.economy_id}


def brokers(person: Person | None) -> bool:
    """Whether she brokers at all."""
    return runs_brokering(person) or bool(desks_of(person))


def is_broker(person: Person | None, interest: Interest) -> bool:
    """Whether this one is hers to broker. Nobody brokers between herself and another."""
    if person is None or is_asker(person, interest) or is_owner(person, interest):
        return False
    return (interest.broker_id == person.pk or runs_brokering(person)
            or bool(desks_of(person) & {interest.economy_id, interest.listing.economy_id}))


def sides(person: Person | None, interest: Interest) -> frozenset[str]:
    """What she is here: owner, asker, broker; nothing for a stranger."""
    found = [(Side.OWNER, is_owner), (Side.ASKER, is_asker), (Side.BROKER, is_broker)]
    return frozenset(side for side, rule in found if rule(person, interest))



def is_party(person: Person | None, interest: Interest) -> Verdict:
    return allowed_if(bool(sides(person, interest)),
                      _("Only the two sides and their broker may do that."))


def by_the_owner(person: Person | None, interest: Interest) -> Verdict:
    return allowed_if(bool(sides(person, interest) & {Side.OWNER, Side.BROKER}),
                      _("Only those who posted the record, or the broker for them, may do that."))


def by_the_asker(person: Person | None, interest: Interest) -> Verdict:
    return allowed_if(is_asker(person, interest), _("Only those who sent it may do that."))


def by_the_broker(person: Person | None, interest: Interest) -> Verdict:
    return allowed_if(is_broker(person, interest), _("Only the broker may do that."))


def is_published(_person: Person | None, listing: Listing) -> Verdict:
    return allowed_if(listing.state in market.PUBLIC_STATES,
                      _("This record is not public now."))


def is_real(_person: Person | None, listing: Listing) -> Verdict:
    return allowed_if(not listing.example, _(
        "This record is an example: nobody stands behind it. Post what you need or offer, and the "
        "house looks for real partners."))


def is_not_hers(person: Person | None, listing: Listing) -> Verdict:
    return allowed_if(not market.speaks_for(person, listing), _("This is your own record."))


def has_an_economy(person: Person, _listing: Listing) -> Verdict:
    return allowed_if(person.economy_id is not None, _(
        "Say in your account in which country or region you are: the other side is told that, "
        "and nothing more."))


def asks_once(person: Person, listing: Listing) -> Verdict:
    open_ones = [each for each in listing.interests.filter(state__in=OPEN)
                 if is_asker(person, each)]
    return allowed_if(not open_ones, _("You have sent your interest in this record already."))


def asks_not_too_often(person: Person, _listing: Listing) -> Verdict:
    return limits.spend("interest", person.ref, at_most=SENT_A_DAY, per=timedelta(days=1))


may_ask = every(market.signed_in, is_published, is_real, is_not_hers, has_an_economy, asks_once)
"""Whether she may write an interest; sending it also counts against the day's limit."""
may_send = every(may_ask, asks_not_too_often)


def both_agree(_person: Person | None, interest: Interest) -> Verdict:
    return allowed_if(interest.both_agreed,
                      _("Both sides must first agree to be introduced."))


def is_accepted(_person: Person | None, interest: Interest) -> Verdict:
    return allowed_if(interest.state == State.ACCEPTED,
                      _("This step is not possible now. Reload the page to see where it stands."))


def is_open(_person: Person | None, interest: Interest) -> Verdict:
    return allowed_if(interest.state in OPEN,
                      _("This step is not possible now. Reload the page to see where it stands."))


def has_not_agreed_yet(_person: Person | None, interest: Interest) -> Verdict:
    return allowed_if(interest.asker_agreed is None, _("You have agreed already."))


def is_overdue(_person: Person | None, interest: Interest) -> Verdict:
    return allowed_if(interest.due is not None and interest.due < clock.today(),
                      _("There is still time for an answer."))


def is_introduced(_person: Person | None, interest: Interest) -> Verdict:
    return allowed_if(interest.is_disclosed, _("They have not been introduced yet."))


may_read = is_party
may_accept = every(market.signed_in, by_the_owner)
may_decline = every(market.signed_in, by_the_owner)
may_agree = every(market.signed_in, by_the_asker, is_accepted, has_not_agreed_yet)
may_withdraw = every(market.signed_in, by_the_asker)
may_introduce = every(market.signed_in, by_the_broker, both_agree)
may_record = every(market.signed_in, is_party, is_introduced)
may_close = every(market.signed_in, is_party)
may_lapse = every(market.signed_in, by_the_broker, is_overdue)
may_hand_over = every(market.signed_in, by_the_broker)
may_note = every(market.signed_in, by_the_broker)
may_plan_a_meeting = every(market.signed_in, by_the_broker, is_introduced, is_open)


def may_see_the_brokers_desk(person: Person | None) -> Verdict:
    return market.signed_in(person) & allowed_if(
        brokers(person), _("Only liaison officers and programme managers broker."))


def may_confirm(person: Person | None, progress: Progress) -> Verdict:
    """Whoever did not write it down, on the other side or between the sides."""
    interest = progress.interest
    others = sides(person, interest) - {progress.side}
    return market.signed_in(person) & allowed_if(
        bool(others) and progress.by != getattr(person, "ref", ""),
        _("The other side or the broker confirms it.")) & allowed_if(
        progress.confirmed is None, _("It is confirmed already."))


def may_take(person: Person, interest: Interest) -> Verdict:
    """Whether somebody could be the broker of it: an officer of either side, or a manager."""
    return allowed_if(is_broker(person, interest) and person.is_active, _(
        "Choose a liaison officer of one of the two sides, or a programme manager."))


def may_say_why_not(person: Person | None, listing: Listing) -> Verdict:
    """A reader may say why a record is not for her: the owner learns the reason, not who."""
    return every(market.signed_in, is_published, is_not_hers)(person, listing)


BY_TRANSITION = {
    "accept": may_accept, "decline": may_decline, "withdraw": may_withdraw, "lapse": may_lapse,
    "introduce": may_introduce, "sign": may_record, "start": may_record, "conclude": may_record,
    "close": may_close,
}
