"""Whom the house tells about keys and answers. No letter says what is sealed, or who answered
before the deadline."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from saphan.ground import jobs
from saphan.ground.models import Fact
from saphan.people import letters
from saphan.people.models import Person
from saphan.rooms.incubator import privacy
from saphan.rooms.incubator.actions import answers as actions
from saphan.rooms.incubator.models import Answer, Call, KeyHolder, Partner


def _call(fact: Fact) -> Call | None:
    return Call.objects.filter(pk=fact.subject_id).first()


def _answer(fact: Fact) -> Answer | None:
    return Answer.objects.select_related("call", "lead").filter(pk=fact.subject_id).first()


@jobs.on("call.key_holder_named")
def ask_the_holder(fact: Fact) -> None:
    """Whoever was named takes a slip."""
    call = _call(fact)
    holder = call.holders.select_related("person").filter(
        person__ref=fact.data.get("holder", "")).first() if call else None
    if call is not None and holder is not None:
        _write(holder.person, call, _("You hold a key"), _(
            "You were named as one of those who open the answers to this call after the deadline. "
            "Please take your slip: it is shown once, and you write it down."))


@jobs.on("call.ended")
def ask_for_the_slips(fact: Fact) -> None:
    """The deadline has passed: those who hold a key open the answers together."""
    call = _call(fact)
    if call is None or call.is_unsealed:
        return
    for holder in call.holders.select_related("person"):
        _write(holder.person, call, _("Please open the answers"), _(
            "The deadline has passed. Enter your slip, so that the panel can begin to read."))


@jobs.on("answer.sealed")
def confirm_to_the_team(fact: Fact) -> None:
    """The lead hears that the answer lies sealed, with its fingerprint."""
    found = _answer(fact)
    if found is None or found.lead is None or found.state != Answer.State.SENT:
        return
    lead, digest = found.lead, str(fact.data.get("digest", ""))
    letters.write(lead, lambda: letters.Letter(
        f"{found.number} · {_('Sent and sealed')}",
        _("Your answer is sealed. You can change it until the deadline; after it the panel reads "
          "it.") + "\n\n" + _("Fingerprint of what is sealed (SHA-256)") + f":\n{digest}",
        link=reverse("incubator:write", args=[found.call.number])))


@jobs.on("answer.unsealed")
def ask_the_partners(fact: Fact) -> None:
    """Everybody whom the lead named is asked, in the language of the answer."""
    found = _answer(fact)
    if found is None or not found.partners.filter(asked__isnull=True).exclude(email="").exists():
        return
    for partner in actions.ask_partners(found):
        with translation.override((found.lang or "en").lower()):
            link = settings.BASE_URL + reverse("incubator:partner", args=[partner.token])
            send_mail(f"{found.call.number} · {_('Do you take part?')}", _(
                "%(team)s named %(organisation)s as a partner in its answer to an open call. "
                "Please say whether that is so; you need no account.") % {
                "team": found.organisation_name, "organisation": partner.name} + f"\n\n{link}\n",
                None, [partner.email])


def _write(person: Person, call: Call, subject: str, body: str) -> None:
    letters.write(person, lambda: letters.Letter(
        f"{call.number} · {_(subject)}", f"{_(body)}\n\n{call.title}",
        link=reverse("incubator:keys", args=[call.number])))


def _export(person: Person) -> dict[str, Any]:
    """Her answers: what was opened; of what is still sealed, that it is there."""
    return {
        "answers": [{"number": each.number, "state": each.state, "digest": each.digest,
                     "sent": each.sent.isoformat() if each.sent else None,
                     "content": each.content}
                    for each in Answer.objects.filter(lead=person)],
        "keys_held": [{"call": each.call.number,
                       "slip_taken": each.given.isoformat() if each.given else None}
                      for each in KeyHolder.objects.select_related("call").filter(person=person)],
        "named_as_partner": [{"answer": each.answer.number, "organisation": each.name}
                             for each in Partner.objects.select_related("answer").filter(
                                 email__iexact=person.email).exclude(email="")]}


privacy.part("answers", _export, actions.forget)
