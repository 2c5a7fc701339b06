"""Work for staff that is not a sign: somebody out of reach, something missing, overdue."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from tracker.models.clinic import Clinic, User
from tracker.models.patient import Patient
from tracker.models.procedure import Procedure


class TaskKind(models.TextChoices):
    UNREACHABLE = "UNREACHABLE", "No message reaches this patient"
    MISSING_BASELINE = "MISSING_BASELINE", "A baseline is missing"
    OVERDUE_FOLLOW_UP = "OVERDUE_FOLLOW_UP", "A follow-up was not answered"
    NO_RELIEF = "NO_RELIEF", "No relief two weeks after the block"


class Task(models.Model):
    """Open until somebody says what was done."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, models.PROTECT)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="tasks")
    procedure = models.ForeignKey(Procedure, models.PROTECT, null=True, related_name="tasks")
    kind = models.CharField(max_length=20, choices=TaskKind.choices)
    opened_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="tasks_done")
    note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "kind"],
                condition=Q(done_at__isnull=True),
                name="task_one_open_per_kind",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=TaskKind.values), name="task_kind_is_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["clinic", "opened_at"],
                condition=Q(done_at__isnull=True),
                name="task_open",
            )
        ]
