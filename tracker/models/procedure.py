"""One block with its follow-up."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from tracker.models.clinic import Clinic
from tracker.models.patient import Patient
from tracker.models.protocol import ProtocolVersion


class Nerve(models.TextChoices):
    SUPERIOR = "superior_cluneal", "Superior cluneal"
    MIDDLE = "middle_cluneal", "Middle cluneal"
    INFERIOR = "inferior_cluneal", "Inferior cluneal"


class Side(models.TextChoices):
    LEFT = "left", "Left"
    RIGHT = "right", "Right"
    BOTH = "both", "Both sides"


class Kind(models.TextChoices):
    THERAPEUTIC = "therapeutic", "Therapeutic (with steroid)"
    DIAGNOSTIC = "diagnostic", "Diagnostic (no steroid)"
    RFA = "rfa", "Radiofrequency ablation"


class Guidance(models.TextChoices):
    ULTRASOUND = "ultrasound", "Ultrasound"
    FLUOROSCOPY = "fluoroscopy", "Fluoroscopy"
    CT = "ct", "CT"
    NONE = "none", "None"


class StopReason(models.TextChoices):
    HOSPITALISED = "HOSPITALISED", "In hospital"
    TRANSFERRED = "TRANSFERRED", "In the care of another clinic"
    WITHDREW = "WITHDREW", "The patient does not want it"
    DIED = "DIED", "Died"
    FINISHED = "FINISHED", "Follow-up is over"
    WRONG_PATIENT = "WRONG_PATIENT", "Entered for the wrong patient"
    NOT_DONE = "NOT_DONE", "The procedure did not take place"


class ProcedureState(models.TextChoices):
    SCHEDULED = "SCHEDULED", "Scheduled"
    DONE = "DONE", "Done"
    CLOSED = "CLOSED", "Closed"
    CANCELLED = "CANCELLED", "Cancelled"
    VOID = "VOID", "Void (wrong patient)"


class Procedure(models.Model):
    """`ended_at` is T0: every rule counts elapsed hours from it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, models.PROTECT)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="procedures")
    protocol_version = models.ForeignKey(ProtocolVersion, models.PROTECT)
    nerves = ArrayField(models.CharField(max_length=20, choices=Nerve.choices), size=3)
    side = models.CharField(max_length=5, choices=Side.choices)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    steroid = models.BooleanField(default=True)
    guidance = models.CharField(max_length=12, choices=Guidance.choices, blank=True)
    anesthetic = models.CharField(max_length=60, blank=True)
    contrast = models.BooleanField(default=False)
    state = models.CharField(
        max_length=10, choices=ProcedureState.choices, default=ProcedureState.SCHEDULED
    )
    scheduled_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    baseline_pain = models.PositiveSmallIntegerField(null=True, blank=True)
    baseline_glucose = models.CharField(max_length=8, blank=True)
    baseline_glucose_unit = models.CharField(max_length=8, default="mg/dL")
    closed_at = models.DateTimeField(null=True, help_text="When it left DONE or SCHEDULED")
    stop_reason = models.CharField(max_length=14, choices=StopReason.choices, blank=True)
    next_assessment_at = models.DateTimeField(null=True)
    """When a sign that only time can raise would next become true; null when none will."""
    plan_due_at = models.DateTimeField(null=True)
    """When the next stretch of reminders has to be written down; null when none will."""
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ProcedureState.values), name="procedure_state_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[ProcedureState.DONE, ProcedureState.CLOSED])
                | Q(ended_at__isnull=False),
                name="procedure_done_has_an_end",
            ),
            models.CheckConstraint(
                condition=Q(baseline_pain__isnull=True) | Q(baseline_pain__lte=10),
                name="procedure_baseline_pain_0_to_10",
            ),
        ]
        indexes = [
            # The sweep asks each second which procedures are due.
            models.Index(
                fields=["next_assessment_at"],
                condition=Q(next_assessment_at__isnull=False),
                name="procedure_due",
            ),
            models.Index(
                fields=["plan_due_at"],
                condition=Q(plan_due_at__isnull=False),
                name="procedure_plan_due",
            ),
        ]

    def __str__(self) -> str:
        nerves = ", ".join(Nerve(nerve).label.split()[0].lower() for nerve in self.nerves)
        return f"{self.get_kind_display()}: {nerves} cluneal, {self.get_side_display().lower()}"
