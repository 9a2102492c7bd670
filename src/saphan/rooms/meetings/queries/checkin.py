"""Questions at the door: who is this, who is here, what comes first. For the staff."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.db.models import Count, Q, QuerySet

from saphan.people.names import fold, loose
from saphan.rooms.meetings.models import Event, Guest, Meeting, Party, Session

FOUND_AT_MOST = 30


def admitted(event: Event) -> QuerySet[Guest]:
    """Everybody who may come in, in the order of registrations."""
    return (Guest.objects.filter(party__event=event, party__state=Party.State.APPROVED)
            .select_related("party", "party__organisation", "party__economy", "party__event")
            .order_by("party__position", "position", "pk"))


def guest(event: Event, pk: int) -> Guest | None:
    return admitted(event).filter(pk=pk).first()


def by_code(event: Event, text: str) -> Guest | None:
    """Whose badge this is, or whose day its address opens."""
    code = urlsplit(text.strip()).path.rstrip("/").rpartition("/")[2]
    return admitted(event).filter(Q(badge=code) | Q(token=code)).first() if code else None


def named(event: Event, text: str) -> list[Guest]:
    """Guests whose name, or whose organisation's name, holds the text in any spelling."""
    words = text.strip()
    if not words:
        return []
    aliases = Q(party__organisation__aliases__folded__contains=fold(words)) | Q(
        party__organisation__aliases__loose__contains=loose(words)) if fold(words) else Q()
    found = admitted(event).filter(
        Q(name__icontains=words) | Q(email__iexact=words) | aliases).distinct()
    return list(found[:FOUND_AT_MOST])


def meetings_of(guest: Guest) -> QuerySet[Meeting]:
    return Meeting.objects.filter(Q(guest_a=guest) | Q(guest_b=guest))


def first_meeting(guest: Guest) -> Meeting | None:
    """The first meeting that she still has."""
    return (meetings_of(guest).filter(state=Meeting.State.PLANNED)
            .select_related("slot", "place", "guest_a__party__organisation",
                            "guest_b__party__organisation").order_by("slot__begins").first())


def seated(session: Session) -> int:
    """How many seats of a session are taken."""
    return session.guests.filter(party__state=Party.State.APPROVED).count()


@dataclass(frozen=True)
class Counts:
    """How many are expected, and how many are here."""

    expected: int
    here: int
    parties: int
    parties_here: int

    @property
    def missing(self) -> int:
        return self.expected - self.here


def counts(event: Event) -> Counts:
    people = Guest.objects.filter(party__event=event, party__state=Party.State.APPROVED)
    here = Q(checked_in__isnull=False)
    found = people.aggregate(expected=Count("pk"), here=Count("pk", filter=here),
                             parties=Count("party", distinct=True),
                             parties_here=Count("party", filter=here, distinct=True))
    return Counts(**found)


def latest(event: Event, number: int = 8) -> list[Guest]:
    """Who came last, the latest first."""
    return list(admitted(event).filter(checked_in__isnull=False)
                .order_by("-checked_in", "-pk")[:number])
