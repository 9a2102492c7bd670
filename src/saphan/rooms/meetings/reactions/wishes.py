"""What happens to wishes on its own: suggestions after texts changed, the bridge from the market,
letters once a day."""

from __future__ import annotations

from saphan.ground import clock, jobs
from saphan.ground.models import Fact
from saphan.rooms.meetings.actions import news as letters
from saphan.rooms.meetings.actions import suggesting
from saphan.rooms.meetings.actions import wishes as actions
from saphan.rooms.meetings.models import Event, Party
from saphan.rooms.meetings.queries import bridging, news

WISHING = (Event.State.OPEN, Event.State.PLANNING)


def _party(fact: Fact) -> Party | None:
    return Party.objects.select_related("event").filter(pk=fact.subject_id).first()


@jobs.on("party.approved", "party.changed", "party.withdrawn")
def look_again_whom_to_suggest(fact: Fact) -> None:
    """Somebody is new, says something else, or does not come."""
    party = _party(fact)
    if party is not None and party.event.state in WISHING and (
            party.state == Party.State.APPROVED or fact.name == "party.withdrawn"):
        suggesting.ask_for(party.event)


@clock.every(seconds=15)
def make_suggestions() -> None:
    """Begin what has waited long enough, or was left behind by another process."""
    suggesting.line.look()


@jobs.on("interest.introduced")
def bring_together(fact: Fact) -> None:
    """Two who know each other from the market, and both come: they want to meet."""
    one = bridging.introduction(fact)
    if one is not None:
        for asker, invited in bridging.together(one):
            actions.bring_together(asker, invited, interest=one.interest)


@jobs.on("party.approved")
def look_back_into_the_market(fact: Fact) -> None:
    """Whom somebody who was just admitted knows from the market already."""
    party = _party(fact)
    if party is None or not party.event.takes_wishes:
        return
    for one in bridging.of_organisation(party.organisation_id):
        for asker, invited in bridging.together(one):
            if party.event_id == asker.event_id:
                actions.bring_together(asker, invited, interest=one.interest)


@jobs.on("interest.closed")
def let_go(fact: Fact) -> None:
    """What brought the two together has ended: they need not meet, unless they said so here."""
    for wish in bridging.wishes_of(fact):
        actions.take_back(wish)


@clock.every(days=1)
def tell_news_of_wishes() -> None:
    """One letter a day, not one for each wish."""
    for event in Event.objects.filter(state__in=WISHING):
        for one in news.of_event(event):
            letters.tell(one)


@clock.every(hours=6)
def remind_before_wishes_end() -> None:
    for event in Event.objects.filter(state=Event.State.OPEN):
        for one in news.reminders(event):
            letters.remind(one)


@clock.every(days=7)
def forget_vectors() -> None:
    suggesting.forget_vectors()
