"""The words of the newsroom's fields: closed lists that forms, API and pages share."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Way(models.TextChoices):
    """How a source is read."""

    FEED = "feed", _("Feed (RSS or Atom)")
    SITEMAP = "sitemap", _("Sitemap")
    PAGE = "page", _("Page with links")
    BY_HAND = "by_hand", _("Articles are brought in by hand")


class Outcome(models.TextChoices):
    """What came of one look at a source."""

    NEW = "new", _("New articles")
    NOTHING_NEW = "nothing_new", _("Nothing new")
    TROUBLE = "trouble", _("Something was wrong")


class Origin(models.TextChoices):
    """How an article came in."""

    FETCHED = "fetched", _("Fetched from its source")
    UPLOADED = "uploaded", _("Uploaded as a file")
    PASTED = "pasted", _("Pasted as text")


class Relation(models.TextChoices):
    """How a value stands to what is counted."""

    EXACT = "=", pgettext_lazy("number", "exactly")
    ABOUT = "~", pgettext_lazy("number", "about")
    MORE = ">", pgettext_lazy("number", "more than")
    AT_LEAST = ">=", pgettext_lazy("number", "at least")
    LESS = "<", pgettext_lazy("number", "less than")
    AT_MOST = "<=", pgettext_lazy("number", "at most")
    RANGE = "range", pgettext_lazy("number", "between")


class Sharing(models.TextChoices):
    """Who sees a topic."""

    OWN = "own", _("Only me")
    DESK = "desk", _("The whole desk")
    PUBLIC = "public", _("Everybody")
