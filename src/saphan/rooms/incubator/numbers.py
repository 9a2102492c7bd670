"""What of the incubator the director counts, from the first word to the outcome. Examples do not
count."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from saphan.house.room import Indicator
from saphan.rooms.incubator.models import Answer, Call, FollowUp, Project


def real_calls() -> Any:
    return Call.objects.filter(example=False).values_list("pk", flat=True)


def real_answers() -> Any:
    return Answer.objects.filter(call__example=False).values_list("pk", flat=True)


def real_projects() -> Any:
    return Project.objects.filter(answer__call__example=False).values_list("pk", flat=True)


def real_follow_ups() -> Any:
    return FollowUp.objects.filter(
        project__answer__call__example=False).values_list("pk", flat=True)


INDICATORS = [
    Indicator("posted", _("Calls announced"), ["call.posted"], real_calls),
    Indicator("answers", _("Answers opened"), ["answer.unsealed"], real_answers),
    Indicator("decided", _("Calls decided"), ["call.decided"], real_calls),
    Indicator("assigned", _("Projects assigned"), ["project.assigned"], real_projects),
    Indicator("signed", _("Agreements signed"), ["project.signed"], real_projects, "signed",
              once=True),
    Indicator("working", _("Projects begun"), ["project.begun"], real_projects, "running"),
    Indicator("validated", _("Pilots validated"), ["project.validated"], real_projects,
              "outcome"),
    Indicator("rejected", _("Pilots not validated"), ["project.rejected"], real_projects),
    Indicator("followed", _("Follow-ups reported"), ["follow_up.reported"], real_follow_ups),
]
