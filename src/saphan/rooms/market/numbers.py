"""What of the market the director counts, from the first word to the outcome. Examples do not
count."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from saphan.house.room import Indicator
from saphan.rooms.market.models import Interest, Listing


def real_listings() -> Any:
    return Listing.objects.filter(example=False).values_list("pk", flat=True)


def real_interests() -> Any:
    return Interest.objects.filter(listing__example=False).values_list("pk", flat=True)


INDICATORS = [
    Indicator("published", _("Records published"), ["listing.published"], real_listings),
    Indicator("refused", _("Submissions refused by the quality gate"), ["listing.refused"],
              real_listings),
    Indicator("interests", _("Interests sent"), ["interest.sent"], real_interests),
    Indicator("accepted", _("Interests accepted"), ["interest.accepted"], real_interests),
    Indicator("declined", _("Interests declined"), ["interest.declined"], real_interests),
    Indicator("introduced", _("Introductions"), ["interest.introduced"], real_interests),
    Indicator("signed", _("Agreements signed"), ["interest.signed"], real_interests,
              "signed"),
    Indicator("running", _("Cooperations running"), ["interest.started"], real_interests,
              "running"),
    Indicator("outcome", _("Outcomes"), ["interest.concluded"], real_interests, "outcome"),
]
