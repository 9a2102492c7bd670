"""What the pages of several rooms share."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode


def to_sign_in(then: str) -> HttpResponseRedirect:
    """First she signs in, then she is where she wanted to be: `then` is a path of this house."""
    return redirect(f"{reverse('account_login')}?{urlencode({'next': then})}")


def kept_file(kept: Any, *, cache: str) -> FileResponse:
    """The file of something with `file` and `media_type`. Never run, whatever it holds: pictures
    are shown, PDF is saved. `cache` is the header's value. Raises Http404 where there is none."""
    name = str(kept.file.name) if kept is not None and kept.file else ""
    if not name or not kept.file.storage.exists(name):
        raise Http404
    response = FileResponse(kept.file.open("rb"), content_type=kept.media_type,
                            as_attachment=kept.media_type == "application/pdf",
                            filename=name.rpartition("/")[2])
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = cache
    return response
