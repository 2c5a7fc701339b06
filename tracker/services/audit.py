"""Write down who did what, in the transaction of the deed."""

from datetime import datetime
from uuid import UUID

from tracker.models import AuditEvent

SYSTEM = "system"


def record(
    *,
    clinic_id: UUID,
    actor: str,
    action: str,
    subject: str,
    patient_id: UUID | None,
    now: datetime,
) -> None:
    """Append one event. `subject` names a row ("alert:<id>"); no values, no names of people."""
    AuditEvent.objects.create(
        clinic_id=clinic_id,
        actor=actor,
        action=action,
        subject=subject,
        patient_id=patient_id,
        at=now,
    )
