"""Messages that are owed: one message, one recipient, one channel a row."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from tracker.models.alert import Alert
from tracker.models.clinic import Clinic, User
from tracker.models.patient import DeviceSession, Patient
from tracker.models.reminder import Reminder


class PushSubscription(models.Model):
    """Where a browser asked its push service to receive messages for a phone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, models.PROTECT)
    patient = models.ForeignKey(Patient, models.CASCADE, related_name="push_subscriptions")
    device_session = models.ForeignKey(DeviceSession, models.CASCADE)
    endpoint = models.TextField(unique=True)
    p256dh = models.CharField(max_length=100)
    auth = models.CharField(max_length=40)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, help_text="Signed out, or gone (404 or 410)")
    seen_at = models.DateTimeField(null=True, help_text="Last receipt from the phone")


PATIENTS_OWN = Q(device_session__caregiver__isnull=True)
"""The phones of the patient, without those of people who help: only these reach the patient."""


class Channel(models.TextChoices):
    PUSH = "PUSH", "Web push"
    EMAIL = "EMAIL", "E-mail"
    SMS = "SMS", "Text message"


class MessageKind(models.TextChoices):
    """The closed list of messages; wording in `tracker/delivery/texts.py`."""

    PATIENT_ALERT = "PATIENT_ALERT", "Patient: please open the app"
    STAFF_ALERT = "STAFF_ALERT", "Staff: somebody is waiting in the queue"
    ICE_OFF = "ICE_OFF", "Patient: 20 minutes are up"
    ICE_AGAIN = "ICE_AGAIN", "Patient: the rest interval is over"
    ICE_OFFER = "ICE_OFFER", "Patient: ice, if it helps"
    CHECK_IN = "CHECK_IN", "Patient: time for a check-in"
    GLUCOSE = "GLUCOSE", "Patient: time to measure"
    RECHECK = "RECHECK", "Patient: time to look again"
    FOLLOW_UP = "FOLLOW_UP", "Patient: time for a follow-up"
    MESSAGE = "MESSAGE", "Patient: the clinic wrote to you"
    UNSEEN = "UNSEEN", "Patient: nobody has seen this yet"
    STAFF_DIGEST = "STAFF_DIGEST", "Staff: what waits this morning"
    TEST = "TEST", "Patient: a test message"


class DeliveryState(models.TextChoices):
    PENDING = "PENDING", "Owed"
    SENT = "SENT", "Taken by the channel"
    SEEN = "SEEN", "Confirmed by the phone"
    GONE = "GONE", "The address is gone"
    DEAD = "DEAD", "Given up after many tries"
    EXPIRED = "EXPIRED", "Too late to be of use"
    CANCELLED = "CANCELLED", "No longer needed"


class Priority(models.IntegerChoices):
    ALERT = 0
    TIMER = 1
    REMINDER = 2


class Delivery(models.Model):
    """While PENDING, `due_at` is at once due time, retry time and lease end."""

    clinic = models.ForeignKey(Clinic, models.PROTECT)
    patient = models.ForeignKey(Patient, models.CASCADE, null=True, related_name="deliveries")
    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="deliveries")
    subscription = models.ForeignKey(PushSubscription, models.CASCADE, null=True)
    alert = models.ForeignKey(Alert, models.CASCADE, null=True, related_name="deliveries")
    reminder = models.ForeignKey(Reminder, models.CASCADE, null=True, related_name="deliveries")
    kind = models.CharField(max_length=16, choices=MessageKind.choices)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    key = models.CharField(max_length=160, unique=True, help_text="The same from row to wire")
    receipt_id = models.UUIDField(default=uuid.uuid4, unique=True)
    priority = models.PositiveSmallIntegerField(choices=Priority.choices)
    state = models.CharField(
        max_length=10, choices=DeliveryState.choices, default=DeliveryState.PENDING
    )
    due_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, help_text="Null: never stale (alerts)")
    attempts = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    confirm_by = models.DateTimeField(
        null=True, help_text="Without a receipt by then, the next channel is owed as well"
    )
    last_error = models.CharField(max_length=200, blank=True)

    @property
    def is_for_caregiver(self) -> bool:
        """It went to somebody who helps: whether it arrived says nothing of the patient."""
        phone = self.subscription
        return phone is not None and phone.device_session.caregiver_id is not None

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=DeliveryState.values), name="delivery_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(patient__isnull=False) ^ Q(user__isnull=False),
                name="delivery_has_one_recipient",
            ),
            models.CheckConstraint(
                condition=~Q(channel=Channel.PUSH) | Q(subscription__isnull=False),
                name="delivery_by_push_has_a_subscription",
            ),
        ]
        indexes = [
            models.Index(
                fields=["priority", "due_at"],
                condition=Q(state=DeliveryState.PENDING),
                name="delivery_due",
            ),
            models.Index(
                fields=["confirm_by"],
                condition=Q(state=DeliveryState.SENT, confirm_by__isnull=False),
                name="delivery_unconfirmed",
            ),
        ]
