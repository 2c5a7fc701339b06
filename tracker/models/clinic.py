"""Clinics and the people who work in them."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.crypto import salted_hmac


def usual_hours() -> dict[str, list[list[str]]]:
    """Monday to Friday, 08:00 to 17:00, until the clinic says otherwise."""
    return {day: [["08:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}


class Clinic(models.Model):
    """A practice: whom its patients call, and when somebody is there."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)
    phone = models.CharField(max_length=20, help_text="E.164, such as +15555550100")
    after_hours_phone = models.CharField(max_length=20, blank=True)
    hours = models.CharField(max_length=120, blank=True, help_text="As patients read it")
    opening_hours = models.JSONField(
        default=usual_hours, help_text="Per weekday, from and until; business minutes count here"
    )
    holidays = ArrayField(models.DateField(), default=list, blank=True)
    after_hours_text = models.TextField(blank=True, help_text="What to do when nobody is there")
    after_hours_text_es = models.TextField(
        blank=True, db_default="", help_text="The same for patients who read Spanish"
    )
    sms_sender = models.CharField(
        max_length=40, blank=True, help_text="A neutral name: it stands on locked screens"
    )
    emergency_number = models.CharField(max_length=8, default="911")
    booking_link = models.URLField(blank=True, help_text="Where patients make appointments")
    language = models.CharField(max_length=2, default="en", help_text="Of patients, at first")
    temperature_unit = models.CharField(max_length=8, default="[degF]")
    glucose_unit = models.CharField(max_length=8, default="mg/dL")
    email_allowed = models.BooleanField(default=True, help_text="Messages may go by e-mail")
    sms_allowed = models.BooleanField(default=True, help_text="Messages may go by text")
    digest_at = models.TimeField(
        null=True, blank=True, help_text="When staff are sent what waits; empty: never"
    )
    keep_years = models.PositiveSmallIntegerField(
        default=10, help_text="Records go so many years after the last procedure closed"
    )
    erased = models.JSONField(
        default=dict,
        db_default={},
        help_text="Sums of what was erased: how many, of which kind, of nobody",
    )
    timezone = models.CharField(max_length=64, default="America/New_York")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(keep_years__gte=1, keep_years__lte=30),
                name="clinic_keeps_1_to_30_years",
            )
        ]

    def after_hours_in(self, language: str) -> str:
        """What to do when nobody is there; in the other language before saying nothing."""
        texts = {"en": self.after_hours_text, "es": self.after_hours_text_es}
        return texts.get(language) or self.after_hours_text or self.after_hours_text_es

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A member of staff. Patients are never users, so none can be let into the desk."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120, blank=True)
    mobile = models.CharField(max_length=20, blank=True, help_text="E.164; texts when on call")
    is_active = models.BooleanField(default=True)
    desk = models.JSONField(
        default=dict, blank=True, help_text="How this person set the queue: filters, keys, sound"
    )
    sign_out_count = models.PositiveIntegerField(
        default=0, help_text="A session of an earlier count has ended"
    )

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def is_staff(self) -> bool:
        """Whether the admin may ask further: what they may see, their membership says."""
        return self.is_active

    def get_session_auth_hash(self) -> str:
        return self._session_hash(None)

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        for secret in settings.SECRET_KEY_FALLBACKS:
            yield self._session_hash(secret)

    def _session_hash(self, secret: str | bytes | None) -> str:
        # A session holds this; so a new password, or a higher count, ends every session at once.
        known = f"{self.password}:{self.sign_out_count}"
        return salted_hmac("tracker.session", known, secret, algorithm="sha256").hexdigest()

    # The stock admin asks these; the desk answers through memberships (tracker/access.py).
    def has_perm(self, perm: str, obj: object = None) -> bool:
        return False

    def has_module_perms(self, app_label: str) -> bool:
        return False


class Role(models.TextChoices):
    READER = "READER", "Reader"
    NURSE = "NURSE", "Nurse"
    CLINICIAN = "CLINICIAN", "Clinician"
    MANAGER = "MANAGER", "Manager"
    OPERATOR = "OPERATOR", "Operator"


class Membership(models.Model):
    """Who works where, as what, and in which order alerts reach them."""

    clinic = models.ForeignKey(Clinic, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role.choices)
    on_call_order = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="1 is told first; empty is not on call"
    )
    ended_at = models.DateTimeField(null=True, blank=True, help_text="No longer works here")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clinic", "user"], name="membership_once_per_clinic"),
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values), name="membership_role_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()})"
