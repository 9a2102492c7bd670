from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from saphan.ground import clock, jobs, ledger, limits
from saphan.ground.models import Allowance, Fact, Follower, Missed, Work

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


@pytest.fixture
def reaction(monkeypatch):
    """Register a reaction for one test; returns a function that does so."""
    monkeypatch.setattr(jobs, "_reactions", {})
    monkeypatch.setattr(jobs, "_followers", [])
    return jobs.on


def happen(*names: str) -> None:
    for name in names:
        ledger.record(name, None)


def test_a_reaction_sees_the_facts_it_asked_for_once_and_in_order(reaction):
    seen: list[int] = []
    reaction("offer.*")(lambda fact: seen.append(fact.seq))
    happen("offer.drafted", "need.drafted", "offer.published")
    jobs.follow_all()
    jobs.follow_all()
    assert seen == [1, 3]


def test_a_failing_reaction_waits_and_then_goes_on_with_the_same_fact(reaction):
    seen: list[int] = []

    @reaction("a")
    def fragile(fact: Fact) -> None:
        if not seen:
            seen.append(0)
            Work.objects.create(name="written before the failure")
            raise RuntimeError("no network")
        seen.append(fact.seq)

    happen("a")
    with clock.stopped_at(NOON):
        jobs.follow_all()
        jobs.follow_all()
    assert seen == [0]
    assert not Work.objects.exists()  # the effect went with the failure
    with clock.stopped_at(NOON + timedelta(seconds=3)):
        jobs.follow_all()
    assert seen == [0, 1]


def test_what_fails_again_and_again_is_noted_and_does_not_hold_up_the_rest(reaction):
    seen: list[int] = []

    @reaction("a")
    def hopeless(fact: Fact) -> None:
        if fact.seq == 1:
            raise RuntimeError("never works")
        seen.append(fact.seq)

    happen("a", "a")
    moment = NOON
    for _attempt in range(jobs.GIVE_UP_AFTER + 1):
        with clock.stopped_at(moment):
            jobs.follow_all()
        moment += timedelta(hours=1)
    assert seen == [2]
    assert Missed.objects.get().seq == 1


def test_a_reaction_that_dies_between_effect_and_cursor_leaves_no_effect(reaction):
    class Killed(BaseException):
        """As a signal would: not an Exception that anything handles."""

    @reaction("a")
    def killed(_fact: Fact) -> None:
        Work.objects.create(name="half done")
        raise Killed

    happen("a")
    with pytest.raises(Killed):
        jobs.follow_all()
    assert not Work.objects.exists()
    assert Follower.objects.get().seq == 0


def test_a_chore_runs_when_it_is_due_and_not_before(monkeypatch):
    ran: list[datetime] = []
    monkeypatch.setattr(clock, "_chores", {
        "tidy": clock.Chore("tidy", timedelta(hours=1), lambda: ran.append(clock.now()))})
    for minutes in (0, 30, 61):
        with clock.stopped_at(NOON + timedelta(minutes=minutes)):
            jobs.run_chores()
    assert ran == [NOON, NOON + timedelta(minutes=61)]


def test_beyond_the_limit_is_refused_until_the_window_is_over():
    def once() -> bool:
        return bool(limits.spend("ask", "p_1", at_most=2, per=timedelta(minutes=1)))

    with clock.stopped_at(NOON):
        assert [once(), once(), once()] == [True, True, False]
        assert limits.spend("ask", "p_2", at_most=2, per=timedelta(minutes=1))
    with clock.stopped_at(NOON + timedelta(minutes=1)):
        assert once()
    limits.forgive("ask", "p_1")
    with clock.stopped_at(NOON + timedelta(hours=5)):
        limits.sweep()
    assert not Allowance.objects.exists()


def test_the_day_at_the_centre_is_not_the_day_in_utc():
    late = datetime(2026, 11, 22, 17, 30, tzinfo=UTC)
    with clock.stopped_at(late):
        assert clock.today("Asia/Shanghai").isoformat() == "2026-11-23"
        assert clock.today("Asia/Yangon").isoformat() == "2026-11-23"
        assert clock.today("UTC").isoformat() == "2026-11-22"
