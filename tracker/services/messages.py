"""What staff write to a patient: sent by the prepared texts, read in the app only."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from tracker import access
from tracker.access import Phone, Staff
from tracker.models import Alert, Message, Patient
from tracker.services import audit, deliveries
from tracker.services.message_texts import TEMPLATES, words_of

LATEST = 50


class NoSuchTemplate(Exception):
    """Staff send prepared texts only; this is none of them."""


@transaction.atomic
def send(
    *, staff: Staff, patient_id: UUID, template: str, now: datetime, alert_id: UUID | None = None
) -> Message:
    """Put a prepared text into a patient's app, in their language, and tell their phones to look.

    `Patient.DoesNotExist` and `Alert.DoesNotExist` for what is not this clinic's.
    """
    if template not in TEMPLATES:
        raise NoSuchTemplate(f"{template[:40]} is none of: {', '.join(TEMPLATES)}.")
    patient = access.of_clinic(staff, Patient.objects.all()).get(pk=patient_id)
    alert = None
    if alert_id is not None:
        alert = access.of_clinic(staff, Alert.objects.filter(patient=patient)).get(pk=alert_id)
    message = Message.objects.create(
        clinic_id=patient.clinic_id,
        patient=patient,
        alert=alert,
        template=template,
        text=words_of(template, clinic=staff.clinic, language=patient.language),
        sent_by=staff.user,
        sent_at=now,
    )
    deliveries.owe_message(message=message, now=now)
    _audit(staff.audit_name, message, "message.send", now)
    return message


def of_phone(phone: Phone) -> QuerySet[Message]:
    """The patient's messages, the newest first."""
    rows = access.of_patient(phone, Message.objects.select_related("sent_by"))
    return rows.order_by("-sent_at", "-pk")


@transaction.atomic
def read(*, phone: Phone, message_id: int, now: datetime) -> Message:
    """Note that a message was read, once; `Message.DoesNotExist` for any other patient's."""
    rows = access.of_patient(phone, Message.objects.select_for_update())
    message = rows.get(pk=message_id)
    if message.read_at is None:
        message.read_at = now
        message.save(update_fields=["read_at"])
        _audit(phone.audit_name, message, "message.read", now)
    return message


def _audit(actor: str, message: Message, action: str, now: datetime) -> None:
    audit.record(
        clinic_id=message.clinic_id,
        actor=actor,
        action=action,
        subject=f"message:{message.pk}",
        patient_id=message.patient_id,
        now=now,
    )
