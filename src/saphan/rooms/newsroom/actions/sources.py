"""Adding, changing and leaving sources."""

from __future__ import annotations

from typing import Any

from saphan.ground import clock, ledger
from saphan.people.models import Person
from saphan.rooms.newsroom.models import Alarm, Source
from saphan.rooms.newsroom.rules import BY_TRANSITION
from saphan.rooms.newsroom.rules import sources as rules

DONE = {"pause": "paused", "resume": "resumed", "retire": "retired"}
READ_ANEW = ("way", "address", "links")
"""What makes a source another one to us: what its last answer said is forgotten."""


def add(key: str, values: dict[str, Any], *, by: Person | None, example: bool = False) -> Source:
    """Add a source; it is looked at soon. `values` are those of the form; `by` is None where the
    house itself brings it (a sample)."""
    if by is not None:
        rules.may_add(by).or_raise()
    source = Source(key=key, **values, added_by=by, example=example)
    with ledger.fact("source.added", source, by=by, key=key, way=source.way, example=example):
        source.save()
    return source


def change(source: Source, values: dict[str, Any], *, by: Person) -> None:
    """Change what a source is and how it is read."""
    rules.may_change(by).or_raise()
    changed = [name for name, value in values.items() if getattr(source, name) != value]
    if not changed:
        return
    for name in changed:
        setattr(source, name, values[name])
    if set(changed) & set(READ_ANEW):
        source.etag = source.modified = ""
        source.next_look, source.failures = None, 0
    with ledger.fact("source.changed", source, by=by, key=source.key, fields=sorted(changed)):
        source.save()


def move(source: Source, step: str, *, by: Person) -> None:
    """Pause, resume or retire a source."""
    BY_TRANSITION[step](by, source).or_raise()
    changes: dict[str, Any] = {"next_look": clock.now(), "failures": 0} if step == "resume" else {}
    with ledger.fact(f"source.{DONE[step]}", source, by=by, key=source.key):
        source.take(step, **changes)
        if step != "resume":
            for alarm in Alarm.objects.filter(source=source, ended=None):
                end(alarm)


def begin(source: Source, code: str, detail: dict[str, Any]) -> None:
    """An alarm begins to ring; one that rings already learns the newest detail."""
    alarm = Alarm.objects.filter(source=source, code=code, ended=None).first()
    if alarm is not None:
        told = {key: value for key, value in alarm.detail.items() if key == "told"}
        Alarm.objects.filter(pk=alarm.pk).update(detail={**detail, **told})
        return
    alarm = Alarm(source=source, code=code, detail=detail, began=clock.now())
    with ledger.fact("source.alarm_began", source, key=source.key, code=code, detail=detail):
        alarm.save()


def end(alarm: Alarm) -> None:
    """What was wrong is over."""
    with ledger.fact("source.alarm_ended", alarm.source, key=alarm.source.key, code=alarm.code):
        Alarm.objects.filter(pk=alarm.pk).update(ended=clock.now())


def judge(source: Source, ringing: dict[str, dict[str, Any]], judged: set[str]) -> None:
    """Begin and end alarms: `ringing` are those that should, of the codes that were `judged`."""
    for code, detail in ringing.items():
        begin(source, code, detail)
    for alarm in Alarm.objects.filter(source=source, ended=None, code__in=judged).exclude(
            code__in=ringing):
        alarm.source = source
        end(alarm)
