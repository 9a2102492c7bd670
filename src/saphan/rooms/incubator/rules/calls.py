"""Who may do what with a call, and why not."""

from __future__ import annotations

from datetime import timedelta

from babel.lists import format_list
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from saphan.design import formats
from saphan.ground import clock
from saphan.ground.access import ALLOWED, Rule, Verdict, allowed_if, every
from saphan.people.models import Organisation, Person, Role
from saphan.rooms.incubator.models import Answer, Appeal, Call, Project
from saphan.rooms.incubator.vocabulary import DEADLINE_AT_LEAST_DAYS, OWNER_REGISTERED_DAYS, Form

OWNERS = frozenset({Organisation.Kind.UNIVERSITY, Organisation.Kind.INSTITUTE,
                    Organisation.Kind.COMPANY, Organisation.Kind.GOVERNMENT})
COMMON = ("title", "summary", "scenario", "economy_id", "organisation", "registered", "deadline",
          "rubric")
NEEDED = {
    Form.CHALLENGE: (*COMMON, "environment", "data_available", "ip_terms", "modes", "indicators"),
    Form.COHORT: (*COMMON, "support", "months"),
    Form.GRANT: (*COMMON, "ip_terms", "indicators", "budget_amount"),
}


def speaks_for(person: Person | None, call: Call) -> bool:
    """Whether the call is hers, or that of an organisation for which she may publish."""
    if person is None or not person.is_authenticated:
        return False
    if call.author_id == person.pk:
        return True
    return call.organisation_id is not None and person.memberships.filter(
        organisation_id=call.organisation_id, may_publish=True).exists()


def runs_calls(person: Person | None) -> bool:
    """Programme managers and administrators lead calls from first to last."""
    return person is not None and person.is_authenticated and person.has_role(
        Role.Name.PROGRAMME_MANAGER, Role.Name.ADMINISTRATOR)


def looks_at_the_desk(person: Person | None) -> bool:
    """Clerks see what waits at the desk, and change nothing there."""
    return person is not None and person.is_authenticated and (
        runs_calls(person) or person.has_role(Role.Name.CLERK))


def is_concerned(person: Person | None, call: Call) -> bool:
    """Whether she sees the call whatever its state: its owner's people, and the desk."""
    return looks_at_the_desk(person) or speaks_for(person, call)


def signed_in(person: Person | None, _call: Call | None = None) -> Verdict:
    return allowed_if(person is not None and person.is_authenticated,
                      _("Please sign in first. What you wrote is kept."))


def is_owner(person: Person | None, call: Call) -> Verdict:
    return allowed_if(speaks_for(person, call),
                      _("Only the people who posted this may do that."))


def is_desk(person: Person | None, _call: Call | None = None) -> Verdict:
    return allowed_if(runs_calls(person), _("Only programme managers may do that."))


def is_at_the_desk(person: Person | None, _call: Call | None = None) -> Verdict:
    return allowed_if(looks_at_the_desk(person), _("Only the staff of the incubator may see that."))


def is_owner_or_desk(person: Person | None, call: Call) -> Verdict:
    return allowed_if(speaks_for(person, call) or runs_calls(person), _(
        "Only the people who posted this and programme managers may do that."))


def may_read(person: Person | None, call: Call) -> Verdict:
    return allowed_if(call.is_public or is_concerned(person, call),
                      _("This call is not public now."))


def may_start(person: Person | None) -> Verdict:
    return signed_in(person)


def is_open_to_edits(person: Person | None, call: Call) -> Verdict:
    """A draft; and by the desk what is announced, until answers are taken: then nobody moves the
    goal any more."""
    announced = call.state == Call.State.POSTED and runs_calls(person)
    return allowed_if(call.state == Call.State.DRAFT or announced, _(
        "What a call asks for cannot be changed any more once it was submitted."))


def missing(call: Call) -> list[str]:
    """Names of the fields without which a call of its form cannot be submitted."""
    return [name for name in NEEDED[Form(call.form)] if not _is_said(call, name)]


def _is_said(call: Call, name: str) -> bool:
    if name == "organisation":
        return bool(call.maker)
    return bool(getattr(call, name))


def label_of(name: str) -> str:
    """What people call a field of a call; `name` may be that of its column."""
    if name == "rubric":
        return gettext("What is looked at, with weights")
    field = Call._meta.get_field(name.removesuffix("_id"))
    return str(getattr(field, "verbose_name", name))


def is_complete(_person: Person | None, call: Call) -> Verdict:
    labels = [label_of(name) for name in missing(call)]
    return allowed_if(not labels, gettext("Still missing: %(fields)s.") % {
        "fields": format_list(labels, locale=formats.locale_of(get_language() or "en"))})


def owner_may_call(_person: Person | None, call: Call) -> Verdict:
    """Universities, institutes, companies and government bodies that are over a year old."""
    kind = call.organisation.kind if call.organisation else call.organisation_kind
    if kind not in OWNERS:
        return allowed_if(False, _("Only a university, a research institute, a company or a "
                                   "government body can post a call."))
    youngest = clock.today() - timedelta(days=OWNER_REGISTERED_DAYS)
    return allowed_if(call.registered is not None and call.registered <= youngest, _(
        "The organisation must have been registered for over a year."))


def weights_add_up(_person: Person | None, call: Call) -> Verdict:
    total = sum(row["weight"] for row in call.rubric)
    return allowed_if(total == 100, gettext(
        "The weights must add up to 100. Now they add up to %(total)d.") % {"total": total})


def has_a_must(_person: Person | None, call: Call) -> Verdict:
    """A challenge says what must be reached; without that nothing could be validated."""
    return allowed_if(
        call.form != Form.CHALLENGE or any(row.get("must") for row in call.indicators),
        _("A challenge needs at least one indicator that must be reached."))


def leaves_time(_person: Person | None, call: Call) -> Verdict:
    soonest = clock.now() + timedelta(days=DEADLINE_AT_LEAST_DAYS)
    return allowed_if(call.deadline is not None and call.deadline >= soonest, gettext(
        "The deadline must be at least %(days)d days ahead.") % {"days": DEADLINE_AT_LEAST_DAYS})


def is_not_over(_person: Person | None, call: Call) -> Verdict:
    return allowed_if(not call.is_over, _("The deadline has passed."))


def is_over(_person: Person | None, call: Call) -> Verdict:
    return allowed_if(call.is_over, _("The deadline has not passed yet."))


def has_a_key(_person: Person | None, call: Call) -> Verdict:
    """Answers can be sealed only with a key that the key holders share."""
    return allowed_if(bool(call.key_public), _(
        "The key holders do not have their slips yet. Without them no answer can be sealed."))


def was_not_extended(_person: Person | None, call: Call) -> Verdict:
    return allowed_if(call.extended is None, _("The deadline was moved once already."))


def takes_answers(_person: Person | None, call: Call) -> Verdict:
    return allowed_if(call.state in Call.OPEN, _("The time for answers has ended."))


def was_not_announced(_person: Person | None, call: Call) -> Verdict:
    return allowed_if(call.posted is None, _(
        "It was announced. Ask the programme manager to cancel it."))


def leaves_nothing_open(_person: Person | None, call: Call) -> Verdict:
    """No answer that could still be chosen, no pilot at work, no appeal that waits."""
    answers = Answer.objects.filter(call=call)
    undecided = answers.filter(state__in=[Answer.State.SENT, Answer.State.OPENED]).exists()
    working = Project.objects.filter(answer__call=call, state__in=[
        Project.State.ASSIGNED, Project.State.WORKING]).exists()
    appealed = Appeal.objects.filter(answer__call=call, state=Appeal.State.FILED).exists()
    return (allowed_if(not undecided, _("There are answers without a decision."))
            & allowed_if(not working, _("There is a pilot that has not ended."))
            & allowed_if(not appealed, _("An appeal waits for its answer.")))


def may_cancel(person: Person | None, call: Call) -> Verdict:
    """The desk always, with a reason; its owner while nobody else knows of it."""
    if runs_calls(person):
        return ALLOWED
    return signed_in(person) & is_owner(person, call) & was_not_announced(person, call)


is_sound = every(is_complete, owner_may_call, weights_add_up, has_a_must, leaves_time)

may_edit = every(signed_in, is_owner_or_desk, is_open_to_edits)
may_submit = every(signed_in, is_owner, is_sound)
may_take_back = every(signed_in, is_owner)
may_return_to_author = every(signed_in, is_desk)
may_post = every(signed_in, is_desk, is_sound)
may_open = every(signed_in, is_desk, has_a_key, is_not_over)
may_end_answers = every(signed_in, is_desk, is_over)
may_extend = every(signed_in, is_desk, takes_answers, was_not_extended, is_not_over)
may_finish = every(signed_in, is_desk, leaves_nothing_open)
may_see_the_desk = every(signed_in, is_at_the_desk)
may_import = every(signed_in, is_desk)

# Whom a step is meant for; others are not told about it.
FOR_THE_DESK = frozenset({"post", "return_to_author", "open", "end_answers", "extend", "decide",
                          "finish"})
FOR_THE_OWNER = frozenset({"submit", "take_back"})

# `decide` is the desk's; what must be true of the panel before stands in the panel's rules.
BY_TRANSITION: dict[str, Rule] = {
    "submit": may_submit, "take_back": may_take_back, "return_to_author": may_return_to_author,
    "post": may_post, "open": may_open, "end_answers": may_end_answers,
    "decide": every(signed_in, is_desk), "finish": may_finish, "cancel": may_cancel,
}
