"""Signing in, signing up, passwords, codes and passkeys: allauth's views, with our forms."""

from __future__ import annotations

from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.mfa.webauthn.internal import auth as webauthn_auth
from django.http import HttpRequest, HttpResponse
from django.urls import path

from saphan.doors.web import account_forms as forms
from saphan.doors.web.account import RETRY_SIGN_IN_AFTER, mails_leave


class HouseContext:
    """What all these pages need to know: whether letters reach people."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs),  # type: ignore[misc]
                "mails_leave": mails_leave()}


class SignIn(HouseContext, account.LoginView):
    form_class = forms.SignIn

    def form_invalid(self, form: Any) -> HttpResponse:
        response = super().form_invalid(form)
        if form.has_error("__all__", "too_many_login_attempts"):
            response.status_code = 429
            response["Retry-After"] = str(RETRY_SIGN_IN_AFTER)
        return response


class SignUp(HouseContext, account.SignupView):
    form_class = forms.SignUp


class SignUpByPasskey(HouseContext, account.SignupByPasskeyView):
    form_class = forms.SignUp


class AskCode(HouseContext, account.RequestLoginCodeView):
    form_class = forms.AskCode


class SignInCode(HouseContext, account.ConfirmLoginCodeView):
    form_class = forms.SignInCode


class AddressCode(HouseContext, account.ConfirmEmailVerificationCodeView):
    form_class = forms.AddressCode


class Forgotten(HouseContext, account.PasswordResetView):
    form_class = forms.Forgotten


class ForgottenCode(HouseContext, account.ConfirmPasswordResetCodeView):
    form_class = forms.ForgottenCode


class Address(HouseContext, account.EmailView):
    form_class = forms.ChangeAddress


class AddPasskey(webauthn.AddWebAuthnView):
    form_class = forms.AddPasskey

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["js_data"] = {
            "creation_options": webauthn_auth.begin_registration(self.request.user, True)}
        return context


class Security(mfa.IndexView):
    """Password, passkeys, app and recovery codes at a glance."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        means = list(Authenticator.objects.filter(user=self.request.user).order_by("created_at"))
        codes = next((one.wrap() for one in means if one.type == "recovery_codes"), None)
        return {**super().get_context_data(**kwargs),
                "passkeys": [one for one in means if one.type == "webauthn"],
                "app": next((one for one in means if one.type == "totp"), None),
                "codes_left": len(codes.get_unused_codes()) if codes else None}


def address_code(request: HttpRequest) -> HttpResponse:
    return AddressCode.as_view()(request)


urlpatterns = [
    path("sign-in/", SignIn.as_view(), name="account_login"),
    path("sign-in/code/", AskCode.as_view(), name="account_request_login_code"),
    path("sign-in/code/confirm/", SignInCode.as_view(), name="account_confirm_login_code"),
    path("sign-in/passkey/", webauthn.LoginWebAuthnView.as_view(), name="mfa_login_webauthn"),
    path("sign-in/second-step/", mfa.AuthenticateView.as_view(form_class=forms.AppCode),
         name="mfa_authenticate"),
    path("sign-out/", account.LogoutView.as_view(), name="account_logout"),
    path("sign-up/", SignUp.as_view(), name="account_signup"),
    path("sign-up/passkey/", SignUpByPasskey.as_view(), name="account_signup_by_passkey"),
    path("sign-up/passkey/make/", webauthn.SignupWebAuthnView.as_view(
        form_class=forms.FirstPasskey), name="mfa_signup_webauthn"),
    path("confirm-address/", address_code, name="account_email_verification_sent"),
    path("confirm/", account.ReauthenticateView.as_view(form_class=forms.ConfirmAgain),
         name="account_reauthenticate"),
    path("confirm/code/", mfa.ReauthenticateView.as_view(form_class=forms.ConfirmAgainByCode),
         name="mfa_reauthenticate"),
    path("confirm/passkey/", webauthn.ReauthenticateWebAuthnView.as_view(),
         name="mfa_reauthenticate_webauthn"),
    path("closed/", account.AccountInactiveView.as_view(), name="account_inactive"),
    path("address/", Address.as_view(), name="account_email"),
    path("password/", account.PasswordChangeView.as_view(form_class=forms.ChangePassword),
         name="account_change_password"),
    path("password/first/", account.PasswordSetView.as_view(form_class=forms.FirstPassword),
         name="account_set_password"),
    path("password/forgotten/", Forgotten.as_view(), name="account_reset_password"),
    path("password/forgotten/code/", ForgottenCode.as_view(),
         name="account_confirm_password_reset_code"),
    path("password/forgotten/new/", account.CompletePasswordResetView.as_view(
        form_class=forms.NewPassword), name="account_complete_password_reset"),
    path("password/forgotten/done/", account.PasswordResetFromKeyDoneView.as_view(),
         name="account_password_reset_completed"),
    path("security/", Security.as_view(), name="mfa_index"),
    path("security/app/", totp.ActivateTOTPView.as_view(form_class=forms.SetUpApp),
         name="mfa_activate_totp"),
    path("security/app/remove/", totp.DeactivateTOTPView.as_view(), name="mfa_deactivate_totp"),
    path("security/codes/", recovery.ViewRecoveryCodesView.as_view(),
         name="mfa_view_recovery_codes"),
    path("security/codes/new/", recovery.GenerateRecoveryCodesView.as_view(),
         name="mfa_generate_recovery_codes"),
    path("security/codes/file/", recovery.DownloadRecoveryCodesView.as_view(),
         name="mfa_download_recovery_codes"),
    path("security/passkeys/", Security.as_view(), name="mfa_list_webauthn"),
    path("security/passkeys/add/", AddPasskey.as_view(), name="mfa_add_webauthn"),
    path("security/passkeys/<int:pk>/name/", webauthn.EditWebAuthnView.as_view(
        form_class=forms.NamePasskey), name="mfa_edit_webauthn"),
    path("security/passkeys/<int:pk>/remove/", webauthn.RemoveWebAuthnView.as_view(),
         name="mfa_remove_webauthn"),
]
