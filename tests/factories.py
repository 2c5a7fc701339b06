"""Rows for tests: plain functions whose every argument has a default."""

from __future__ import annotations

import itertools
import uuid
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.test import Client

from tests.conftest import NOW
from tracker.access import Phone, Staff, phone_for, staff_for
from tracker.models import Clinic, Membership, Patient, Procedure, ProtocolVersion, User
from tracker.services import check_ins, invitations, procedures, protocols
from tracker.services.check_ins import Recorded

PASSWORD = "correct horse battery"
_number = itertools.count(1)


def a_clinic(**fields: Any) -> Clinic:
    known = {
        "name": f"Clinic {next(_number)}",
        "phone": "+15555550100",
        "after_hours_phone": "+15555550101",
        "hours": "Weekdays 8 to 5",
        "opening_hours": {},  # every minute counts
        "created_at": NOW,
    }
    return Clinic.objects.create(**{**known, **fields})


def a_staff(
    clinic: Clinic | None = None, role: str = "NURSE", on_call_order: int | None = None, **user: Any
) -> Staff:
    known = {"email": f"staff{next(_number)}@clinic.test", "name": "Nora Park"}
    member = User.objects.create_user(password=PASSWORD, **{**known, **user})
    Membership.objects.create(
        clinic=clinic or a_clinic(), user=member, role=role, on_call_order=on_call_order
    )
    staff = staff_for(member)
    assert staff is not None
    return staff


def a_patient(clinic: Clinic | None = None, **fields: Any) -> Patient:
    known = {"name": f"Patient {next(_number)}", "phone": "+15555550112", "created_at": NOW}
    return Patient.objects.create(clinic=clinic or a_clinic(), **{**known, **fields})


def a_procedure(
    patient: Patient | None = None, *, hours_ago: float = 50, now: datetime = NOW, **fields: Any
) -> Procedure:
    patient = patient or a_patient()
    known = {
        "nerves": ["superior_cluneal"],
        "side": "right",
        "kind": "therapeutic",
        "state": "DONE",
        "ended_at": now - timedelta(hours=hours_ago),
        "baseline_pain": 6,
        "created_at": now,
        "protocol_version": procedures.current_protocol(clinic=patient.clinic, now=now),
    }
    return Procedure.objects.create(clinic=patient.clinic, patient=patient, **{**known, **fields})


def a_protocol(clinic: Clinic, *, by: Staff | None = None, **numbers: Any) -> ProtocolVersion:
    """Numbers that somebody has submitted and nobody has looked at."""
    return protocols.submit(
        staff=by or a_staff(clinic), numbers=numbers, reason="Our sheet says so.", now=NOW
    )


def approved(clinic: Clinic, *, by: Staff | None = None, **numbers: Any) -> ProtocolVersion:
    """The defaults, or numbers of the clinic's own, in force."""
    doctor = by or a_staff(clinic, role="CLINICIAN", name="Dr. Ada Cole")
    number = a_protocol(clinic, **numbers).number if numbers else 1
    procedures.current_protocol(clinic=clinic, now=NOW)
    protocols.start_review(staff=doctor, number=number, now=NOW)
    return protocols.approve(staff=doctor, number=number, now=NOW)


def some_answers(now: datetime = NOW, **answers: Any) -> dict[str, Any]:
    return {"observed_at": now.isoformat(), **(answers or {"pain": {"usual": 3, "site": 1}})}


def fever(value: str = "38.1", unit: str = "Cel") -> dict[str, Any]:
    return {"temperature": {"value": value, "unit": unit}}


def a_check_in(
    patient: Patient,
    *,
    now: datetime = NOW,
    client_id: uuid.UUID | None = None,
    observed_at: datetime | None = None,
    **answers: Any,
) -> Recorded:
    return check_ins.record_check_in(
        patient=patient,
        client_id=client_id or uuid.uuid4(),
        answers=some_answers(observed_at or now, **answers),
        now=now,
    )


def a_phone(patient: Patient, client: Client | None = None, now: datetime = NOW) -> Phone:
    """Sign a phone in; with a client, its cookie too."""
    invited = invitations.invite(patient=patient, invited_by=None, now=now)
    signed_in = invitations.sign_in_with_code(code=invited.code, label="a phone", now=now)
    if client is not None:
        client.cookies[settings.PHONE_COOKIE] = signed_in.token
    phone = phone_for(signed_in.token)
    assert phone is not None
    return phone


def signed_in(client: Client, staff: Staff) -> Client:
    client.force_login(staff.user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client
