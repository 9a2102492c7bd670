"""What the ground keeps: facts, who follows them, counters of limits, and long work under way."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils.translation import gettext_lazy as _


class Fact(models.Model):
    """One line of the ledger. Written once; the database itself refuses to change or delete it."""

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField(db_index=True)
    name = models.CharField(max_length=80, db_index=True)
    subject_type = models.CharField(max_length=80, blank=True)
    subject_id = models.CharField(max_length=64, blank=True)
    actor = models.CharField(max_length=40, blank=True)
    data = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["seq"]
        indexes = [models.Index(fields=["subject_type", "subject_id", "seq"])]

    def __str__(self) -> str:
        return f"{self.seq} {self.name}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not kwargs.get("force_insert"):
            raise PermissionDenied("a fact is never edited")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise PermissionDenied("a fact is never deleted")


class Follower(models.Model):
    """How far one reaction has read the ledger."""

    name = models.CharField(max_length=200, primary_key=True)
    seq = models.BigIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)
    retry_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)


class Missed(models.Model):
    """A fact that a reaction failed on again and again; the house went on without it."""

    follower = models.CharField(max_length=200)
    seq = models.BigIntegerField()
    error = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["follower", "seq"], name="missed_once")]


class Chore(models.Model):
    """When a regular chore last ran, so that several processes share one clock."""

    name = models.CharField(max_length=200, primary_key=True)
    last_run = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)


class Allowance(models.Model):
    """How often something was done within a window; see `limits`."""

    key = models.CharField(max_length=120, primary_key=True)
    window_ends = models.DateTimeField(db_index=True)
    used = models.PositiveIntegerField(default=0)


class Series(models.Model):
    """The last accession number given in a series and year; see `accession`."""

    prefix = models.CharField(max_length=5)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["prefix", "year"], name="one_series")]


class Work(models.Model):
    """Long work that a person may watch and leave: an import, a rebuild of the index."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    name = models.CharField(max_length=80)
    owner = models.CharField(max_length=40, blank=True, help_text="reference of the person, or ''")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    message = models.TextField(blank=True)
    result = models.JSONField(default=dict)
    started = models.DateTimeField(auto_now_add=True)
    touched = models.DateTimeField(auto_now=True)

    @property
    def per_cent(self) -> int:
        return 100 if self.state == self.State.DONE else (
            100 * self.done // self.total if self.total else 0)

    @property
    def finished(self) -> bool:
        return self.state in (self.State.DONE, self.State.FAILED)
