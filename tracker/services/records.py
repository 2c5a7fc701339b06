"""Every row that tells of a patient: one table, from which exports read and erasure deletes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Model, Q, QuerySet

from tracker.models import (
    Alert,
    AlertEvent,
    AnswerToAdvice,
    Assessment,
    BreakGlass,
    CallbackRequest,
    Caregiver,
    CheckIn,
    Consent,
    Delivery,
    DeviceSession,
    IceSession,
    Invitation,
    Message,
    Note,
    Patient,
    Procedure,
    ProtocolOverride,
    PushSubscription,
    Reminder,
    Task,
    Therapy,
)
from tracker.models.alert import AlertStep

SECRETS = frozenset(
    {"token_digest", "code_digest", "locator", "endpoint", "p256dh", "auth", "receipt_id", "key"}
)
"""What lets somebody in, or lets a message through: in no export."""


@dataclass(frozen=True, slots=True)
class Belonging:
    """Rows of one model that tell of a patient."""

    name: str
    model: type[Model]
    paths: tuple[str, ...]
    """Ways to the patient's id: a row belongs when any of them leads there."""
    for_staff: frozenset[str] | None = frozenset()
    """Fields that staff wrote for themselves; None: all of them."""
    for_staff_in: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """More of them, in the rows of one step."""

    def rows(self, patient_id: UUID) -> QuerySet[Model]:
        belongs = Q()
        for path in self.paths:
            belongs |= Q(**{path: patient_id})
        return self.model._default_manager.filter(belongs)

    def hidden_in(self, row: Model) -> frozenset[str]:
        """What staff wrote in this row for themselves."""
        return (self.for_staff or frozenset()) | self.for_staff_in.get(
            getattr(row, "step", ""), frozenset()
        )


_STAFF_NOTE = frozenset({"note"})
BELONGINGS = (
    Belonging("deliveries", Delivery, ("patient", "alert__patient"), frozenset({"user"})),
    Belonging("answers_to_advice", AnswerToAdvice, ("patient",)),
    Belonging("messages", Message, ("patient",)),
    Belonging("notes", Note, ("patient",), None),
    Belonging("tasks", Task, ("patient",), None),
    Belonging("visits_with_a_reason", BreakGlass, ("patient",)),
    Belonging("callback_requests", CallbackRequest, ("patient",), _STAFF_NOTE),
    Belonging("therapies", Therapy, ("patient",)),
    Belonging("reminders", Reminder, ("patient",)),
    Belonging("ice_sessions", IceSession, ("patient",)),
    Belonging(
        "alert_events",
        AlertEvent,
        ("alert__patient",),
        _STAFF_NOTE,
        {AlertStep.HAND_OVER: frozenset({"because"})},  # it names a colleague
    ),
    Belonging("alerts", Alert, ("patient",), _STAFF_NOTE | {"policy"}),
    Belonging("assessments", Assessment, ("procedure__patient",)),
    Belonging("check_ins", CheckIn, ("patient",)),
    Belonging("own_numbers", ProtocolOverride, ("procedure__patient",)),
    Belonging("procedures", Procedure, ("patient",)),
    Belonging("push_subscriptions", PushSubscription, ("patient",)),
    Belonging("phones", DeviceSession, ("patient",)),
    Belonging("invitations", Invitation, ("patient",)),
    Belonging("consents", Consent, ("patient",)),
    Belonging("caregivers", Caregiver, ("patient",)),
    Belonging("patient", Patient, ("pk",)),
)
"""What points to something stands before it, so that it can be deleted in this order."""
