"""What the house writes to people about their account: e-mails and the notes above a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from saphan.design.formats import moment
from saphan.house.centre import centre

IGNORE = _("If you did not ask for this, do nothing. Nobody can sign in without this code.")
NOT_ME = _("If this was not you, set a new password at once and look through your passkeys.")


@dataclass(frozen=True)
class Letter:
    """An e-mail in parts. `notice`: something changed, so it says when and from where."""

    subject: str | Promise
    text: str | Promise
    after: str | Promise = ""
    notice: bool = False

    def body(self, context: dict[str, Any]) -> str:
        parts = [str(self.text) % context]
        parts += [str(context[key]) for key in ("code", "signup_url") if context.get(key)]
        if self.notice:
            parts.append("\n".join([
                gettext("When: %s") % moment(context["timestamp"]),
                gettext("From the network address: %s") % context["ip"],
                gettext("With the browser: %s") % context["user_agent"]]))
        parts.append(str(self.after or (NOT_ME if self.notice else IGNORE)))
        parts.append(f"-- \n{centre().name}\n{settings.BASE_URL}")
        return "\n\n".join(parts) + "\n"


def _code(subject: str | Promise, text: str | Promise) -> Letter:
    return Letter(subject, text)


def _change(subject: str | Promise, text: str | Promise) -> Letter:
    return Letter(subject, text, notice=True)


_CONFIRM = _code(_("Confirm your e-mail address"),
                 _("Enter this code on the page that is open in your browser. It is valid for 15 "
                   "minutes."))
LETTERS: dict[str, Letter] = {
    "account/email/login_code": _code(
        _("Your code for signing in"),
        _("Enter this code on the page that is open in your browser. It is valid for 15 "
          "minutes.")),
    "account/email/password_reset_code": _code(
        _("Your code for a new password"),
        _("Enter this code on the page that is open in your browser, then choose a new password. "
          "It is valid for 15 minutes.")),
    "account/email/email_confirmation": _CONFIRM,
    "account/email/email_confirmation_signup": _CONFIRM,
    "account/email/unknown_account": Letter(
        _("There is no account with this address"),
        _("Somebody, perhaps you, wanted to sign in with the address %(email)s. There is no "
          "account with it. You can make one here:"),
        _("If it was not you, do nothing.")),
    "account/email/account_already_exists": Letter(
        _("You already have an account"),
        _("Somebody, perhaps you, wanted to make an account with the address %(email)s. You "
          "already have one: sign in, or let us send you a code if you forgot your password."),
        _("If it was not you, do nothing.")),
    "account/email/email_changed": _change(
        _("Your e-mail address was changed"),
        _("Your account now has the address %(to_email)s instead of %(from_email)s.")),
    "account/email/password_changed": _change(
        _("Your password was changed"), _("Your account has a new password.")),
    "account/email/password_set": _change(
        _("Your password was set"), _("Your account now has a password.")),
    "account/email/password_reset": _change(
        _("Your password was changed"), _("Your account has a new password.")),
    "mfa/email/totp_activated": _change(
        _("An authenticator app was set up"),
        _("From now on, signing in with your password also asks for a code from the app.")),
    "mfa/email/totp_deactivated": _change(
        _("The authenticator app was removed"),
        _("Signing in with your password no longer asks for a code from the app.")),
    "mfa/email/webauthn_added": _change(
        _("A passkey was added"), _("You can sign in with a new passkey.")),
    "mfa/email/webauthn_removed": _change(
        _("A passkey was removed"), _("A passkey can no longer be used to sign in.")),
    "mfa/email/recovery_codes_generated": _change(
        _("New recovery codes were made"),
        _("The recovery codes that you had before no longer work.")),
}

# Notes above a page, by the name of the library's template. Empty: nothing needs to be said.
NOTES: dict[str, str | Promise] = {
    "account/messages/logged_in.txt": "",
    "account/messages/logged_out.txt": _("You are signed out."),
    "account/messages/login_code_sent.txt": "",
    "account/messages/email_confirmation_sent.txt": "",
    "account/messages/email_confirmed.txt": _("Your address %(email)s is confirmed."),
    "account/messages/email_confirmation_failed.txt": _(
        "%(email)s belongs to another account and was not confirmed."),
    "account/messages/password_changed.txt": _("Your new password is set."),
    "account/messages/password_set.txt": _("Your new password is set."),
    "account/messages/primary_email_set.txt": _("Your e-mail address is changed."),
    "mfa/messages/totp_activated.txt": _("The authenticator app is set up."),
    "mfa/messages/totp_deactivated.txt": _("The authenticator app is removed."),
    "mfa/messages/webauthn_added.txt": _("The passkey is added."),
    "mfa/messages/webauthn_removed.txt": _("The passkey is removed."),
    "mfa/messages/recovery_codes_generated.txt": _(
        "You have new recovery codes. Keep them where only you can find them."),
}

# What can be wrong, by the library's codes.
PROBLEMS: dict[str, str | Promise] = {
    "account_inactive": _("This account is closed for now. Ask the service desk."),
    "duplicate_email": _("This is already your address."),
    "email_password_mismatch": _("The e-mail address or the password is not right. Check both "
                                 "and try again."),
    "email_taken": _("There is already an account with this address. Sign in, or let us send you "
                     "a code."),
    "enter_current_password": _("This is not your present password."),
    "incorrect_code": _("This code is not right, or it has been used before. Look again."),
    "incorrect_password": _("The password is not right."),
    "invalid_or_expired_key": _("This link is no longer valid. Ask for a new one."),
    "invalid_login": _("This did not work. Please try again."),
    "invalid_password_reset": _("This link is no longer valid. Ask for a new one."),
    "too_many_login_attempts": _("Too many attempts in a short time. Wait five minutes, then try "
                                 "again."),
    "unknown_email": _("There is no account with this address. Check it, or make an account."),
    "unverified_primary_email": _("Confirm your e-mail address first."),
    "same_as_current": _("This is the same as before."),
    "rate_limited": _("Too many attempts in a short time. Wait five minutes, then try again."),
    "max_email_addresses": _("You can have no more than %d e-mail addresses."),
    "cannot_remove_primary_email": _("You need one e-mail address."),
}
SECOND_STEP_PROBLEMS: dict[str, str | Promise] = {
    "add_email_blocked": _("This address cannot be added."),
    "cannot_delete_authenticator": _("This cannot be removed now."),
    "cannot_generate_recovery_codes": _("Set up a passkey or an authenticator app first."),
    "incorrect_code": PROBLEMS["incorrect_code"],
    "unverified_email": _("Confirm your e-mail address first."),
}
