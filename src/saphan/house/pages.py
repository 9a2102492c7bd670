"""What the pages of several rooms share."""

from __future__ import annotations

from django.http import HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode


def to_sign_in(then: str) -> HttpResponseRedirect:
    """First she signs in, then she is where she wanted to be: `then` is a path of this house."""
    return redirect(f"{reverse('account_login')}?{urlencode({'next': then})}")
