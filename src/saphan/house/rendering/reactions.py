"""What the desk does when a record changes or goes."""

from __future__ import annotations

from saphan.ground import jobs
from saphan.ground.models import Fact
from saphan.house.rendering import kinds
from saphan.house.rendering.models import Rendering

State, Machine = Rendering.State, Rendering.Machine


@jobs.on("*.changed")
def see_what_is_stale(fact: Fact) -> None:
    """Approved renderings whose original changed are marked; readers keep them and are told. A
    draft that only a machine wrote is asked for anew."""
    kind = kinds.kinds().get(fact.subject_type)
    found = list(Rendering.objects.filter(subject_type=fact.subject_type,
                                          subject_id=fact.subject_id)) if kind else []
    record = kind.model._default_manager.filter(pk=fact.subject_id).first() if kind and found \
        else None
    if kind is None or record is None:
        return
    for rendering in found:
        same = rendering.digest == kinds.digest(kinds.needed(kind, record, rendering.lang))
        if rendering.state == State.APPROVED and rendering.stale == same:
            Rendering.objects.filter(pk=rendering.pk).update(stale=not same)
        elif (rendering.state == State.DRAFTED and not same and rendering.provider
              and not rendering.writers):
            Rendering.objects.filter(pk=rendering.pk).update(machine=Machine.ASKED, trouble="")


@jobs.on("*.removed")
def forget_what_is_gone(fact: Fact) -> None:
    """A record that its owner took away leaves no words behind."""
    if fact.subject_type in kinds.kinds():
        Rendering.objects.filter(subject_type=fact.subject_type,
                                 subject_id=fact.subject_id).delete()
