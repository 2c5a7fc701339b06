"""Alerts, and everything that happened to each."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from tracker.models.check_in import CheckIn
from tracker.models.clinic import Clinic, User
from tracker.models.patient import Patient
from tracker.models.procedure import Procedure


class AlertTier(models.IntegerChoices):
    """Ordered, so that the queue sorts by it. `INFO` never becomes an alert."""

    WATCH = 1, "Watch"
    CALL_TODAY = 2, "Call today"
    EMERGENCY = 3, "Emergency"


class AlertState(models.TextChoices):
    OPEN = "OPEN", "Open"
    ACKNOWLEDGED = "ACKNOWLEDGED", "Acknowledged"
    RESOLVED = "RESOLVED", "Resolved"


class Outcome(models.TextChoices):
    REACHED_ADVISED = "REACHED_ADVISED", "Reached and advised"
    VISIT_ARRANGED = "VISIT_ARRANGED", "Visit arranged"
    SENT_TO_EMERGENCY = "SENT_TO_EMERGENCY", "Sent to emergency"
    REACHED_BY_OTHER = "REACHED_BY_OTHER", "Reached by someone else"
    NO_ACTION = "NO_ACTION", "No action needed because ..."
    CLEAR_RECHECK = "CLEAR_RECHECK", "Cleared by a recheck (watch only)"


class Alert(models.Model):
    """One sign of one procedure that somebody must look at."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, models.PROTECT)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="alerts")
    procedure = models.ForeignKey(Procedure, models.PROTECT, related_name="alerts")
    sign = models.CharField(max_length=20)
    rule = models.CharField(max_length=20)
    tier = models.PositiveSmallIntegerField(choices=AlertTier.choices)
    state = models.CharField(max_length=12, choices=AlertState.choices, default=AlertState.OPEN)
    because = models.TextField(help_text="The evidence, in the words that the patient's rule said")
    check_in = models.ForeignKey(CheckIn, models.PROTECT, null=True)
    notified = models.JSONField(null=True, help_text="The measure that last notified")
    observed_at = models.DateTimeField(help_text="When the last firing was observed")
    opened_at = models.DateTimeField()
    raised_at = models.DateTimeField(help_text="When it last notified: waiting counts from here")
    level = models.PositiveSmallIntegerField(default=0, help_text="Escalation steps taken")
    due_at = models.DateTimeField(
        null=True, help_text="Next escalation step, or when it comes back; null: none is owed"
    )
    policy = models.JSONField(
        default=dict, help_text="Who is told when, as it stood when the alert was raised"
    )
    exhausted_at = models.DateTimeField(null=True, help_text="Everybody was told, nobody answered")
    owner = models.ForeignKey(User, models.PROTECT, null=True, related_name="owned_alerts")
    acknowledged_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, choices=Outcome.choices, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["procedure", "sign"],
                condition=~Q(state=AlertState.RESOLVED),
                name="alert_one_open_per_sign",
            ),
            models.CheckConstraint(
                condition=Q(state__in=AlertState.values), name="alert_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(tier__in=AlertTier.values), name="alert_tier_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(state=AlertState.RESOLVED)
                | (Q(resolved_at__isnull=False) & ~Q(outcome="")),
                name="alert_resolved_has_an_outcome",
            ),
            models.CheckConstraint(
                condition=Q(due_at__isnull=True) | ~Q(state=AlertState.RESOLVED),
                name="alert_resolved_owes_no_step",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="alert_due"),
            # The triage queue: by tier, then by waiting time.
            models.Index(
                fields=["clinic", "-tier", "raised_at"],
                condition=~Q(state=AlertState.RESOLVED),
                name="alert_queue",
            ),
        ]


class AlertStep(models.TextChoices):
    OPEN = "open", "Opened"
    ESCALATE = "escalate", "Escalated to a higher tier"
    RERAISE = "reraise", "Raised again: materially worse"
    ATTACH = "attach", "Another finding, no new message"
    LEVEL = "level", "Passed on to the next person"
    EXHAUSTED = "exhausted", "Everybody was told, nobody answered"
    RETURN = "return", "Came back: nobody closed it"
    ACKNOWLEDGE = "acknowledge", "Acknowledged"
    ATTEMPT = "attempt", "Tried to reach the patient"
    RESOLVE = "resolve", "Resolved"
    CLEAR = "clear", "Closed by a clear recheck"
    HAND_OVER = "hand_over", "Handed over"
    REOPEN = "reopen", "Opened again"
    NOTE = "note", "Note"
    ANSWER = "answer", "The patient answered the advice"
    UNSEEN = "unseen", "Told the patient that nobody has seen it yet"
    CORRECTED = "corrected", "Corrected by the patient"
    NO_GROUND = "no_ground", "No longer holds, judged again"


class AlertEvent(models.Model):
    """Append-only: what happened to an alert, when, by whom."""

    clinic = models.ForeignKey(Clinic, models.PROTECT)
    alert = models.ForeignKey(Alert, models.CASCADE, related_name="events")
    step = models.CharField(max_length=12, choices=AlertStep.choices)
    rule = models.CharField(max_length=20, blank=True)
    tier = models.PositiveSmallIntegerField(null=True)
    because = models.TextField(blank=True)
    check_in = models.ForeignKey(CheckIn, models.PROTECT, null=True)
    actor = models.ForeignKey(User, models.PROTECT, null=True)
    note = models.TextField(blank=True)
    again_at = models.DateTimeField(null=True, help_text="When to try again, after an attempt")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["check_in"], name="alert_event_of_check_in")]
