"""Write down what was looked at, and what was refused, where no service of its own does.

A door (the desk, the API, a phone's page) hears what was recorded while it made an answer. When
staff got an answer and nothing was, the door itself records that this address was opened: a page
that forgets to is found in the audit all the same.
"""

from __future__ import annotations

from collections.abc import Collection, MutableMapping
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from tracker import access
from tracker.access import Phone, Staff
from tracker.models import Alert, DeviceSession, Procedure, Task
from tracker.models.audit_event import AuditOutcome
from tracker.services import audit

REFUSALS = (403, 404)
# Whose record an address shows, by the name of the id in it.
_ROWS: dict[str, Any] = {
    "alert_id": Alert,
    "procedure_id": Procedure,
    "task_id": Task,
    "session_id": DeviceSession,
}


def refused(*, who: Staff | Phone, place: str, ids: dict[str, Any], now: datetime) -> None:
    """Somebody known asked for what is not theirs, or not there: to the asker, both look alike."""
    _record(who, place, ids, "page.refused", now, outcome=AuditOutcome.DENIED)


def opened(*, who: Staff, place: str, ids: dict[str, Any], now: datetime) -> None:
    """Staff opened an address that records nothing by itself."""
    _record(who, place, ids, "page.open", now, patient_id=_patient_of(who, ids))


def listed(
    *,
    staff: Staff,
    name: str,
    patients: Collection[UUID],
    now: datetime,
    memory: MutableMapping[str, Any] | None = None,
) -> None:
    """Record who stood in a list, not what was searched for.

    A list that a page asks for again and again has a `memory`, such as the session: it is recorded
    when others stand in it than the last time.
    """
    if memory is not None and not _is_new(memory, f"shown-{name}", staff, patients):
        return
    audit.record(
        clinic_id=staff.clinic.pk,
        actor=staff.audit_name,
        action=f"{name}.list",
        subject=f"list:{name}",
        patient_id=None,
        shown=patients,
        now=now,
    )


def _is_new(
    memory: MutableMapping[str, Any], key: str, staff: Staff, patients: Collection[UUID]
) -> bool:
    ids = sorted({str(each) for each in patients})
    digest = sha256(repr((staff.clinic.pk, ids)).encode()).hexdigest()[:16]
    if memory.get(key) == digest:
        return False
    memory[key] = digest
    return bool(ids)


def _patient_of(staff: Staff, ids: dict[str, Any]) -> UUID | None:
    if "patient_id" in ids:
        return UUID(str(ids["patient_id"]))
    for name, model in _ROWS.items():
        if name in ids:
            rows = access.of_clinic(staff, model.objects.filter(pk=ids[name]))
            found: UUID | None = rows.values_list("patient_id", flat=True).first()
            return found
    return None


def _record(
    who: Staff | Phone, place: str, ids: dict[str, Any], action: str, now: datetime, **more: Any
) -> None:
    row = str(next(iter(ids.values()), "none")).lower()
    audit.record(
        clinic_id=who.clinic.pk,
        actor=who.audit_name,
        action=action,
        subject=f"{place}:{row if _is_id(row) else 'other'}"[:80],
        now=now,
        **{"patient_id": None, **more},
    )


def _is_id(row: str) -> bool:
    """Only what has the shape of an id: anything else in an address may be anybody's words."""
    return row == "none" or (len(row) <= 36 and all(sign in "0123456789abcdef-" for sign in row))
