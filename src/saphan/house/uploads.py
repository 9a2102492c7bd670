"""What a file is, by its first bytes: what its name says proves nothing."""

from __future__ import annotations

from django.utils.translation import gettext as _

from saphan.ground.access import Refused

MEDIA_BYTES = 5 * 1024 * 1024
SIGNATURES = (
    (b"\xff\xd8\xff", "image/jpeg", "jpg"),
    (b"\x89PNG\r\n\x1a\n", "image/png", "png"),
    (b"%PDF-", "application/pdf", "pdf"),
)


def kind_of(content: bytes) -> tuple[str, str]:
    """Media type and file ending of a picture or PDF. Raises `Refused` for anything else."""
    if len(content) > MEDIA_BYTES:
        raise Refused(_("This file is too large. The limit is %(limit)d MB.") % {
            "limit": MEDIA_BYTES // 1024 ** 2})
    for signature, media_type, ending in SIGNATURES:
        if content.startswith(signature):
            return media_type, ending
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp", "webp"
    raise Refused(_("Send a JPEG, PNG or WebP picture, or a PDF."))
