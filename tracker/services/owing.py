"""One owed message: a row with a key, so that one cause never owes it twice."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tracker import queue
from tracker.models import Delivery, Patient
from tracker.models.delivery import PATIENTS_OWN, Channel, MessageKind

HANDED_OVER = "handed:"
"""How the keys begin of what tells somebody that an alert is theirs now."""

SHARED = (MessageKind.PATIENT_ALERT, MessageKind.UNSEEN)
"""What people who help are told as well. The rest asks something of the patient, or is theirs."""


def owe(*, key: str, now: datetime, **fields: Any) -> Delivery:
    """Owe one message, unless its key says that it is owed already."""
    delivery, created = Delivery.objects.get_or_create(
        key=key, defaults={"due_at": now, "created_at": now, **fields}
    )
    if created:
        queue.after_commit("tracker.deliver", delivery_id=delivery.pk)
    return delivery


def owe_to_phones(*, patient: Patient, cause: str, **message: Any) -> bool:
    """Owe a message to each phone that is told of it, once; False when the patient has none."""
    live = patient.push_subscriptions.filter(ended_at__isnull=True)
    phones = list(live if message["kind"] in SHARED else live.filter(PATIENTS_OWN))
    for phone in phones:
        owe(
            clinic_id=patient.clinic_id,
            patient=patient,
            subscription=phone,
            channel=Channel.PUSH,
            key=f"{cause}:push:{phone.pk}",
            **message,
        )
    return live.filter(PATIENTS_OWN).exists()
