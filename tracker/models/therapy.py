"""What else a patient does against the pain: shown beside it, judged by nothing."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tracker.models.clinic import Clinic
from tracker.models.patient import Caregiver, Patient
from tracker.models.procedure import Procedure


class TherapyKind(models.TextChoices):
    PHYSICAL_THERAPY = "physical_therapy", "Physical therapy"
    WALK = "walk", "Walk"
    SWIM = "swim", "Swim"
    STRETCH = "stretch", "Stretching"
    HEAT = "heat", "Heat"
    ACUPUNCTURE = "acupuncture", "Acupuncture"
    CHIROPRACTIC = "chiropractic", "Chiropractic"
    MASSAGE = "massage", "Massage"


class Therapy(models.Model):
    clinic = models.ForeignKey(Clinic, models.PROTECT)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="therapies")
    procedure = models.ForeignKey(Procedure, models.PROTECT, related_name="therapies")
    client_id = models.UUIDField(help_text="Made by the phone, so that a retry is recognised")
    caregiver = models.ForeignKey(Caregiver, models.PROTECT, null=True)
    kind = models.CharField(max_length=16, choices=TherapyKind.choices)
    minutes = models.PositiveSmallIntegerField(null=True, help_text="1 to 600")
    done_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["patient", "client_id"], name="therapy_once"),
            models.CheckConstraint(
                condition=Q(kind__in=TherapyKind.values), name="therapy_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(minutes__isnull=True) | Q(minutes__gte=1, minutes__lte=600),
                name="therapy_minutes_1_to_600",
            ),
        ]
        indexes = [models.Index(fields=["procedure", "done_at"], name="therapy_of_procedure")]
