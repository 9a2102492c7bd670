"""Who comes to the centre: persons, organisations, economies, and what each may do."""

from __future__ import annotations

import secrets
from datetime import date
from typing import Any, ClassVar

from django.apps import apps
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models, transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from saphan.ground import clock
from saphan.ground.text import Reading, TextField, reader_language


def opaque_ref() -> str:
    """A reference that says nothing about whom it stands for; it is what facts hold."""
    return "p_" + secrets.token_hex(8)


def new_seal() -> str:
    return secrets.token_hex(8)


def office_week() -> list[int]:
    return [1, 2, 3, 4, 5]


class Economy(models.Model):
    """A country or region, under names that the centre may configure."""

    code = models.CharField(primary_key=True, max_length=2)
    name = TextField()
    short = TextField(help_text=_("Used where room is short."))
    also = models.JSONField(default=list, help_text=_("Other names people write; never shown."))
    asean = models.BooleanField(default=False)
    currency = models.CharField(max_length=3, blank=True)
    time_zone = models.CharField(max_length=40, default="UTC",
                                 help_text=_("Of the capital or the main city."))
    time_zones = models.JSONField(default=list)
    working_week = models.JSONField(default=office_week, help_text=_("1 Monday to 7 Sunday."))
    languages = models.JSONField(default=list)
    position = models.PositiveSmallIntegerField(default=100)

    class Meta:
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return str(self.name)

    def short_name(self, lang: str | None = None) -> Reading:
        """The short name where there is one in this language, else the full one."""
        wanted = lang or reader_language()
        return self.short.best(wanted) if wanted in self.short else self.name.best(wanted)

    def works_on(self, day: date) -> bool:
        """Whether public offices work on this day of the week as a rule; knows no holidays."""
        return day.isoweekday() in self.working_week


class People(BaseUserManager["Person"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Person:
        """A person whom the house itself adds: it vouches for the address."""
        person = self.model(email=self.normalize_email(email).lower(), **fields)
        person.set_password(password)
        with transaction.atomic():
            person.save()
            apps.get_model("account", "EmailAddress")._default_manager.create(
                user=person, email=person.email, verified=True, primary=True)
        return person

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> Person:
        person = self.create_user(email, password, **fields)
        Role.objects.get_or_create(person=person, name=Role.Name.ADMINISTRATOR)
        return person


class Person(AbstractBaseUser):
    """Somebody who signs in. Deleting one's data empties this row and keeps only `ref`."""

    ref = models.CharField(max_length=24, unique=True, default=opaque_ref, editable=False)
    email = models.EmailField(_("E-mail address"), unique=True)
    name = models.CharField(_("Name"), max_length=200, blank=True)
    language = models.CharField(_("Language"), max_length=10, blank=True)
    economy = models.ForeignKey(Economy, null=True, blank=True, on_delete=models.PROTECT,
                                verbose_name=_("Country or region"))
    is_active = models.BooleanField(default=True)
    seal = models.CharField(max_length=16, default=new_seal, editable=False)
    joined = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = People()

    def __str__(self) -> str:
        return self.name or self.email

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        # A new password ends all sessions; so does a new seal, without changing the password.
        return salted_hmac("saphan.people.session", f"{self.password}:{self.seal}", secret=secret,
                           algorithm="sha256").hexdigest()

    def has_role(self, *names: str) -> bool:
        """Whether she has any of the roles, at the whole centre or at one desk."""
        held = getattr(self, "_roles", None)
        if held is None:
            # Through `all`, so that a list of persons may fetch all roles at once.
            held = self._roles = {role.name for role in self.roles.all()} if self.pk else set()
        return bool(held.intersection(names))

    @property
    def is_staff(self) -> bool:
        """Whether she works at the centre."""
        return self.has_role(Role.Name.CLERK, Role.Name.PROGRAMME_MANAGER, Role.Name.DIRECTOR,
                             Role.Name.ADMINISTRATOR)


class Role(models.Model):
    """What somebody is at the centre. A visitor needs no row: everybody is one."""

    class Name(models.TextChoices):
        VISITOR = "visitor", _("Visitor")
        VENDOR = "vendor", _("Vendor")
        LIAISON_OFFICER = "liaison_officer", _("Liaison officer")
        TRANSLATOR = "translator", _("Translator")
        CLERK = "clerk", _("Clerk")
        PROGRAMME_MANAGER = "programme_manager", _("Programme manager")
        DIRECTOR = "director", _("Director")
        ADMINISTRATOR = "administrator", _("Administrator")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="roles")
    name = models.CharField(max_length=20, choices=Name)
    economy = models.ForeignKey(Economy, null=True, blank=True, on_delete=models.CASCADE,
                                help_text=_("A liaison officer's desk."))
    lang = models.CharField(max_length=10, blank=True, help_text=_(
        "A translator's language, as BCP 47."))
    granted = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "name", "economy"], name="role_once_a_desk"),
            models.UniqueConstraint(fields=["person", "name", "lang"], name="role_once",
                                    condition=models.Q(economy__isnull=True))]


class Organisation(models.Model):
    """One record for one organisation, whatever it is called where."""

    class Kind(models.TextChoices):
        COMPANY = "company", _("Company")
        UNIVERSITY = "university", _("University")
        INSTITUTE = "institute", _("Research institute")
        GOVERNMENT = "government", _("Government body")
        ASSOCIATION = "association", _("Association")
        COMMUNITY = "community", _("Open-source community")
        INDIVIDUAL = "individual", _("Individual")

    name = TextField(pgettext_lazy("of a thing", "Name"), limit=200, blank=False)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.COMPANY)
    economy = models.ForeignKey(Economy, on_delete=models.PROTECT)
    url = models.URLField(blank=True, max_length=500)
    operated_by = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL,
                                    related_name="operates")
    example = models.BooleanField(default=False, help_text=_("Made up to show the house."))
    created = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.name)

    def reading(self, lang: str | None = None) -> Reading:
        return self.name.best(lang)


class Alias(models.Model):
    """Another name of an organisation; `folded` and `loose` are what names are compared by
    (see `people.names`)."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="aliases")
    name = models.CharField(max_length=300)
    lang = models.CharField(max_length=10, blank=True)
    folded = models.CharField(max_length=300, db_index=True)
    loose = models.CharField(max_length=300, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "folded"],
                                               name="alias_once")]


class Membership(models.Model):
    """A person who speaks for an organisation."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE,
                                     related_name="memberships")
    may_publish = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "organisation"],
                                               name="membership_once")]


class JoinRequest(models.Model):
    """She asks to speak for an organisation. Until somebody who may has said yes, she does not."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="join_requests")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE,
                                     related_name="join_requests")
    asked = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["asked"]
        constraints = [models.UniqueConstraint(fields=["person", "organisation"],
                                               name="join_request_once")]


class Decision(models.Model):
    """Why somebody got or lost a role, or was shut out. The ledger records that it happened; the
    reason may hold personal data, so it stands here and goes when she goes."""

    class Act(models.TextChoices):
        ROLE_GRANTED = "role.granted", _("Role given")
        ROLE_TAKEN = "role.taken", _("Role taken")
        SHUT_OUT = "person.shut_out", _("Was shut out")
        LET_IN = "person.let_in", _("Was let in again")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="decisions")
    act = models.CharField(max_length=20, choices=Act)
    role = models.CharField(max_length=20, choices=Role.Name, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    by = models.CharField(max_length=24, blank=True, help_text=_("Reference of a person."))
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at"]


class Consent(models.Model):
    """What a person agreed to, in which words, and when she took it back."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=40)
    wording = models.TextField()
    wording_lang = models.CharField(max_length=10, blank=True)
    given = models.DateTimeField()
    withdrawn = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-given"]


class Token(models.Model):
    """A key for software that acts for a person. Only its SHA-256 is kept."""

    class Scope(models.TextChoices):
        READ = "read", _("Read")
        WRITE = "write", _("Read and write")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    scope = models.CharField(max_length=5, default=Scope.READ, choices=Scope)
    created = models.DateTimeField(auto_now_add=True)
    used = models.DateTimeField(null=True)
    expires = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created"]

    @property
    def expired(self) -> bool:
        return self.expires is not None and self.expires <= clock.now()
