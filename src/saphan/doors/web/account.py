"""Who comes in and how: django-allauth in the house's words, with a fact for every arrival.

allauth brings the machinery (passwords, codes, passkeys, limits). This module is where it meets
the house: letters in the reader's language, redirects that stay in the house, the ledger.
"""

from __future__ import annotations

import logging
import smtplib
import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context as allauth_context
from allauth.core.internal.httpkit import get_client_ip
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from saphan.doors.problem import problem
from saphan.doors.web import errors, language
from saphan.doors.web.account_letters import LETTERS, NOTES, PROBLEMS, SECOND_STEP_PROBLEMS
from saphan.ground import ledger
from saphan.house.centre import centre
from saphan.people.models import Person

log = logging.getLogger(__name__)

RETRY_AFTER = 60  # seconds; most limits count minutes
RETRY_SIGN_IN_AFTER = 300  # wrong passwords for one address


def mails_leave() -> bool:
    """Whether letters reach people. Without a mail server they stay in the outbox of the desk."""
    return not settings.EMAIL_BACKEND.endswith("filebased.EmailBackend")


class Adapter(DefaultAccountAdapter):
    """allauth's account, in this house."""

    error_messages = {**DefaultAccountAdapter.error_messages, **PROBLEMS}

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return bool(settings.SIGNUP_OPEN)

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Any:
        user.language = translation.get_language() or settings.LANGUAGE_CODE
        with ledger.fact("person.joined", user, by=user, language=user.language):
            return super().save_user(request, user, form, commit)

    def login(self, request: HttpRequest, user: Any) -> None:
        super().login(request, user)
        records = get_authentication_records(request, user)
        ledger.record("person.signed_in", user, by=user,
                      means=sorted({record.get("type") or record["method"]
                                    for record in records if not record.get("reauthenticated")}))

    def render_mail(self, template_prefix: str, email: Any, context: dict[str, Any],
                    headers: dict[str, str] | None = None) -> EmailMessage:
        letter = LETTERS[template_prefix]
        return EmailMessage(str(letter.subject), letter.body(context), self.get_from_email(),
                            [email] if isinstance(email, str) else email, headers=headers)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """In the language that the person chose, else the one she reads now."""
        chosen = Person.objects.filter(email=email).values_list("language", flat=True).first()
        with translation.override((chosen or translation.get_language() or "en").lower()):
            letter = self.render_mail(template_prefix, email, {**context, "email": email})
        try:
            letter.send()
        except (OSError, smtplib.SMTPException):
            log.exception("a letter could not be sent")
            messages.error(allauth_context.request, _(
                "The e-mail could not be sent just now. Please try again in a few minutes."))

    def send_account_already_exists_mail(self, email: str) -> None:
        self.send_mail("account/email/account_already_exists", email, {})

    def add_message(self, request: HttpRequest, level: int, message_template: str | None = None,
                    message_context: dict[str, Any] | None = None, extra_tags: str = "",
                    message: str | None = None) -> None:
        if message is None and message_template is not None:
            message = str(NOTES[message_template]) % (message_context or {})
        if message:
            messages.add_message(request, level, message, extra_tags=extra_tags)

    def get_client_ip(self, request: HttpRequest) -> str:
        return get_client_ip(request) or "0.0.0.0"  # noqa: S104 (behind a Unix socket)

    def is_safe_url(self, url: str | None) -> bool:
        """Only pages of this house, under the name by which it was reached."""
        request = allauth_context.request
        return url_has_allowed_host_and_scheme(url, {request.get_host()},
                                               require_https=request.is_secure())

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account")

    get_signup_redirect_url = get_login_redirect_url
    get_password_change_redirect_url = get_login_redirect_url

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        return reverse("plan")

    def get_email_verification_redirect_url(self, email_address: Any) -> str:
        return reverse("account" if self.request.user.is_authenticated else "account_login")

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not in the minutes after she signed in or proved it again."""
        request = allauth_context.request
        records = get_authentication_records(request, request.user)
        fresh = records and time.time() - records[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT
        return not fresh and super().is_reauthentication_required(app=app, **kwargs)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        words = {"reauthenticate": _("With your password"),
                 "mfa_reauthenticate": _("With a code from your app"),
                 "mfa_reauthenticate:webauthn": _("With a passkey")}
        return [{**method, "description": words[method["id"]]}
                for method in super().get_reauthentication_methods(user)]


class SecondStep(DefaultMFAAdapter):
    """allauth's passkeys and second steps, in this house."""

    error_messages = {**DefaultMFAAdapter.error_messages, **SECOND_STEP_PROBLEMS}

    def generate_authenticator_name(self, user: Any, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return _("Passkey %(number)d") % {"number": number}

    def _get_site_name(self) -> str:
        return str(centre().name)


def too_often(request: HttpRequest) -> HttpResponse:
    """Beyond a limit. What was typed is kept, except what is secret."""
    with translation.override(language.of_request(request)):
        reason = str(PROBLEMS["rate_limited"])
        if errors.wants_json(request):
            response: HttpResponse = problem(429, reason)
        else:
            kept = [(name, value) for name, values in request.POST.lists() for value in values
                    if name != "csrfmiddlewaretoken" and not _secret(name)]
            response = HttpResponse(render_to_string("account/too_often.html", {
                "kept": kept, "asks_password": "password" in request.POST,
                "asks_code": "code" in request.POST, "action": request.get_full_path(),
            }, request), status=429)
    response["Retry-After"] = str(RETRY_AFTER)
    return response


def _secret(name: str) -> bool:
    return name.lower() in errors.SECRET_FIELDS or "password" in name.lower()
