"""allauth's forms with the house's labels; and the forms of "my account"."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.conf import settings
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from saphan.design.formats import ENDONYMS, bcp47
from saphan.doors.web.account import mails_leave
from saphan.engines.language.normalise import ascii_digits
from saphan.ground import clock
from saphan.people import queries
from saphan.people.models import Organisation, Token
from saphan.people.names import fold

NEW_PASSWORD = _("At least 8 characters. Not one that many people use, and not your address.")
LABELS = {"login": _("E-mail address"), "email": _("E-mail address"), "password": _("Password"),
          "oldpassword": _("Present password"), "code": _("Code"),
          "name": _("Name of this passkey"),
          "remember": _("Keep me signed in on this device for two weeks")}


class CodeField(forms.CharField):
    """A code from a letter or an app, in whatever digits the keyboard gives."""

    widget = forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric",
                                    "autocapitalize": "off", "spellcheck": "false"})

    def to_python(self, value: Any) -> str:
        return ascii_digits(super().to_python(value) or "")


def uncounted(fields: dict[str, forms.Field]) -> None:
    """Let these lines end where they must without counting characters before the writer's eyes:
    the browser and the validator still hold the limit."""
    for field in fields.values():
        if isinstance(field, forms.CharField):
            field.max_length = None


class Short(forms.Form):
    """A form of short lines."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        uncounted(self.fields)


class Dressed:
    """Labels in the house's words; no placeholders, no password typed twice."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("password2", None)
        if "code" in self.fields:
            self.fields["code"] = CodeField(max_length=40)
        uncounted(self.fields)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = LABELS.get(name, field.label)
            field.help_text = ""
        if password := self.fields.get("password1"):
            password.label = _("New password") if "oldpassword" in self.fields else _("Password")
            password.help_text = NEW_PASSWORD


class SignIn(Dressed, account.LoginForm):
    pass


class SignUp(Dressed, account.SignupForm):
    def save(self, request: HttpRequest) -> Any:
        if not mails_leave():
            get_adapter().stash_verified_email(request, self.cleaned_data["email"])
        with transaction.atomic():
            return super().save(request)

    def try_save(self, request: HttpRequest) -> Any:
        try:
            return super().try_save(request)
        except IntegrityError:  # the same address, in the same moment, from elsewhere
            messages.error(request, get_adapter().error_messages["email_taken"])
            return None, redirect("account_login")


class AskCode(Dressed, account.RequestLoginCodeForm):
    pass


class SignInCode(Dressed, account.ConfirmLoginCodeForm):
    pass


class AddressCode(Dressed, account.ConfirmEmailVerificationCodeForm):
    pass


class Forgotten(Dressed, account.ResetPasswordForm):
    pass


class ForgottenCode(Dressed, account.ConfirmPasswordResetCodeForm):
    pass


class NewPassword(Dressed, account.ResetPasswordKeyForm):
    pass


class FirstPassword(Dressed, account.SetPasswordForm):
    pass


class ChangePassword(Dressed, account.ChangePasswordForm):
    pass


class ChangeAddress(Dressed, account.AddEmailForm):
    pass


class ConfirmAgain(Dressed, account.ReauthenticateForm):
    pass


class ConfirmAgainByCode(Dressed, mfa.ReauthenticateForm):
    pass


class AppCode(Dressed, mfa.AuthenticateForm):
    pass


class SetUpApp(Dressed, totp.ActivateTOTPForm):
    pass


class AddPasskey(Dressed, webauthn.AddWebAuthnForm):
    """A passkey signs in by itself, so it must check who holds it: by finger, face or PIN."""

    passwordless = None

    def clean(self) -> dict[str, Any]:
        self.cleaned_data["passwordless"] = True
        return super().clean()


class FirstPasskey(Dressed, webauthn.SignupWebAuthnForm):
    pass


class NamePasskey(Dressed, webauthn.EditWebAuthnForm):
    pass


# My account


def language_choices() -> list[tuple[str, str]]:
    return [(code, ENDONYMS.get(bcp47(code), name)) for code, name in settings.LANGUAGES]


class Profile(Short):
    name = forms.CharField(label=_("Name"), max_length=200, required=False,
                           help_text=_("As you want to be addressed, in any script."),
                           widget=forms.TextInput(attrs={"autocomplete": "name"}))
    language = forms.ChoiceField(label=_("Language of letters to you"))
    economy = forms.ChoiceField(label=_("Country or region"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = language_choices()  # type: ignore[attr-defined]
        self.fields["economy"].choices = [  # type: ignore[attr-defined]
            ("", _("Not said")), *queries.economy_names().items()]


class AddOrganisation(Short):
    name = forms.CharField(label=_("Name of the organisation"), max_length=200)
    lang = forms.ChoiceField(label=_("Language of this name"))
    economy = forms.ChoiceField(label=_("Country or region"))
    kind = forms.ChoiceField(label=_("Kind"), choices=Organisation.Kind.choices)
    url = forms.URLField(label=_("Website"), required=False, max_length=500,
                         assume_scheme="https")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lang"].choices = language_choices()  # type: ignore[attr-defined]
        self.fields["economy"].choices = [  # type: ignore[attr-defined]
            ("", _("Please choose")), *queries.economy_names().items()]

    def clean_name(self) -> str:
        return named(self.cleaned_data["name"])


class AddName(Short):
    name = forms.CharField(label=_("Another name"), max_length=200)
    lang = forms.ChoiceField(label=_("Language of this name"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lang"].choices = [  # type: ignore[attr-defined]
            ("", _("Not said")), *language_choices()]

    def clean_name(self) -> str:
        return named(self.cleaned_data["name"])


def named(name: str) -> str:
    """The name, if it holds a letter or digit."""
    if not fold(name):
        raise forms.ValidationError(_("A name needs letters or digits."))
    return name


class IssueToken(Short):
    name = forms.CharField(label=_("What is it for?"), max_length=100,
                           help_text=_("So that you know it again, for example “our website”."))
    scope = forms.ChoiceField(label=_("What it may do"), choices=Token.Scope.choices,
                              initial=Token.Scope.READ, widget=forms.RadioSelect)
    days = forms.TypedChoiceField(label=_("Valid for"), coerce=int, initial=90, choices=[
        (30, _("30 days")), (90, _("90 days")), (365, _("One year"))])

    def expires(self) -> Any:
        return clock.now() + timedelta(days=self.cleaned_data["days"])


class Leave(Short):
    address = forms.EmailField(label=_("Your e-mail address"),
                               help_text=_("Type it to confirm that you want to delete your "
                                           "account."),
                               widget=forms.EmailInput(attrs={"autocomplete": "off"}))

    def __init__(self, *args: Any, person: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_address(self) -> str:
        address: str = self.cleaned_data["address"]
        if address.lower() != self.person.email:
            raise forms.ValidationError(_("This is not the address of your account."))
        return address

