"""What is known about a patient, as files: for the patient, and for the clinic."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import ForeignKey, Model

from tracker import access
from tracker.access import NotAllowed, Phone, Staff
from tracker.models import AuditEvent, Patient, User
from tracker.policy import Action
from tracker.services import audit
from tracker.services.records import BELONGINGS, SECRETS, Belonging

TRIGGERS = frozenset("=+-@|\t\r\n")
"""A cell that begins with one of these is a formula to some spreadsheet."""
UNSEEN = frozenset({"Cc", "Cf", "Mn", "Me", "Zs", "Zl", "Zp"})


@transaction.atomic
def export_own(*, phone: Phone, now: datetime) -> str:
    """Everything that is known about the patient, as JSON; staff's own notes come from staff."""
    _audit(phone.patient, phone.audit_name, now)
    return _json(phone.patient, now, for_staff=False)


@transaction.atomic
def export_own_check_ins(*, phone: Phone, now: datetime) -> str:
    """The patient's check-ins as a table."""
    _audit(phone.patient, phone.audit_name, now)
    return check_ins_table(phone.patient)


@transaction.atomic
def export_by_staff(*, staff: Staff, patient_id: UUID, now: datetime) -> str:
    """The whole record of a patient of this clinic; `Patient.DoesNotExist` for any other."""
    if not staff.may(Action.PATIENT_EXPORT):
        raise NotAllowed
    patient = access.of_clinic(staff, Patient.objects.all()).get(pk=patient_id)
    _audit(patient, staff.audit_name, now)
    return _json(patient, now, for_staff=True)


# --- JSON -------------------------------------------------------------------------------------


def _json(patient: Patient, now: datetime, *, for_staff: bool) -> str:
    found: dict[str, Any] = {
        "made_at": now,
        "clinic": {"name": patient.clinic.name, "phone": patient.clinic.phone},
    }
    # The patient first, then what happened.
    for belonging in reversed(BELONGINGS):
        if for_staff or belonging.for_staff is not None:
            found[belonging.name] = _rows(belonging, patient, for_staff=for_staff)
    found["who_saw_it"] = _seen(patient)
    return json.dumps(found, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)


def _rows(belonging: Belonging, patient: Patient, *, for_staff: bool) -> list[dict[str, Any]]:
    rows = belonging.rows(patient.pk).order_by("pk")
    if for_staff:
        return [_row(row, SECRETS) for row in rows]
    return [_row(row, SECRETS | belonging.hidden_in(row)) for row in rows]


def _row(row: Model, hidden: Iterable[str]) -> dict[str, Any]:
    fields = [each for each in row._meta.concrete_fields if each.name not in hidden]
    return {
        each.name: _value(each, row) for each in fields if each.name not in ("clinic", "patient")
    }


def _value(field: Any, row: Model) -> Any:
    value = getattr(row, field.attname)
    if isinstance(field, ForeignKey) and field.related_model is User and value is not None:
        return f"user:{value}"  # staff are named as in the audit
    return value


def _seen(patient: Patient) -> list[Any]:
    events = AuditEvent.objects.filter(patient_id=patient.pk).order_by("at", "pk")
    return list(events.values("at", "actor", "action", "subject"))


# --- tables -----------------------------------------------------------------------------------


def check_ins_table(patient: Patient) -> str:
    """One line a check-in, one column for each answer that was ever given."""
    rows = list(patient.check_ins.order_by("observed_at", "pk"))
    told = [dict(_flat("", row.answers)) for row in rows]
    columns = sorted({name for each in told for name in each} - {"observed_at"})
    lines = [["observed_at", "recorded_at", *columns]]
    for row, answers in zip(rows, told, strict=True):
        moments = [row.observed_at.isoformat(), row.recorded_at.isoformat()]
        lines.append([*moments, *(answers.get(name, "") for name in columns)])
    return table(lines)


def _flat(name: str, value: Any) -> Iterable[tuple[str, str]]:
    if not isinstance(value, dict):
        yield name, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        return
    for key, inner in value.items():
        yield from _flat(f"{name}.{key}" if name else key, inner)


def table(lines: Iterable[Iterable[object]]) -> str:
    """Write CSV that no spreadsheet takes for anything but text."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerows([cell(each) for each in line] for line in lines)
    return out.getvalue()


def cell(value: object) -> str:
    """Disarm what would be a formula, also behind blanks and signs that nobody sees."""
    text = str(value)
    return f"'{text}" if any(map(_arms, _beginning(text))) else text


def _beginning(text: str) -> Iterable[str]:
    """Give what stands before the first visible sign, and that."""
    for sign in text:
        yield sign
        if unicodedata.category(sign) not in UNSEEN:
            return


def _arms(sign: str) -> bool:
    # Full-width and small forms are read like the plain ones.
    return unicodedata.normalize("NFKC", sign) in TRIGGERS


def _audit(patient: Patient, actor: str, now: datetime) -> None:
    audit.record(
        clinic_id=patient.clinic_id,
        actor=actor,
        action="patient.export",
        subject=f"patient:{patient.pk}",
        patient_id=patient.pk,
        now=now,
    )
