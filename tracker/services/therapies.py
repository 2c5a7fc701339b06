"""What else a patient does against the pain: one tap each, shown beside it, judged by nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from tracker import access
from tracker.access import Phone
from tracker.clinical import heat
from tracker.models import Procedure, Therapy
from tracker.models.therapy import TherapyKind
from tracker.services import audit, procedures

FUTURE_TOLERANCE = timedelta(minutes=5)
LONGEST = 600  # minutes


class TherapyIdTaken(Exception):
    """This id already belongs to another entry."""


class HeatTooEarly(Exception):
    """The first days have no heat; `allowed_from` says when it may begin."""

    def __init__(self, allowed_from: datetime) -> None:
        super().__init__("Heat is not for the first three days: the skin may still be numb.")
        self.allowed_from = allowed_from


class DoneInFuture(Exception):
    """Nobody has done it yet."""


class NoProcedure(Exception):
    """The patient has no procedure that it could belong to."""


@dataclass(frozen=True, slots=True)
class Logged:
    therapy: Therapy
    created: bool


@transaction.atomic
def log(
    *,
    phone: Phone,
    client_id: UUID,
    kind: TherapyKind,
    minutes: int | None,
    done_at: datetime,
    now: datetime,
) -> Logged:
    """Write down once what was done, however often the phone sends it."""
    patient = phone.patient
    procedure = procedures.procedure_of(patient)
    if procedure is None:
        raise NoProcedure
    # Of two that arrive at once the second sees the first.
    Procedure.objects.select_for_update(no_key=True).get(pk=procedure.pk)
    earlier = of_phone(phone).filter(client_id=client_id).first()
    if earlier is not None:
        if (earlier.kind, earlier.minutes, earlier.done_at) != (kind, minutes, done_at):
            raise TherapyIdTaken
        return Logged(earlier, created=False)
    if done_at > now + FUTURE_TOLERANCE:
        raise DoneInFuture
    _refuse_early_heat(kind, procedure, done_at)
    therapy = Therapy.objects.create(
        clinic_id=patient.clinic_id,
        patient=patient,
        procedure=procedure,
        client_id=client_id,
        caregiver=phone.caregiver,
        kind=kind,
        minutes=minutes,
        done_at=done_at,
        recorded_at=now,
    )
    audit.record(
        clinic_id=patient.clinic_id,
        actor=phone.audit_name,
        action="therapy.log",
        subject=f"therapy:{therapy.pk}",
        patient_id=patient.pk,
        now=now,
    )
    return Logged(therapy, created=True)


def of_phone(phone: Phone) -> QuerySet[Therapy]:
    """The patient's own entries."""
    return access.of_patient(phone, Therapy.objects.select_related("caregiver"))


def _refuse_early_heat(kind: TherapyKind, procedure: Procedure, done_at: datetime) -> None:
    if kind != TherapyKind.HEAT or procedure.ended_at is None:
        return
    allowed_from = heat.allowed_from(procedure.ended_at, done_at)
    if allowed_from is not None:
        raise HeatTooEarly(allowed_from)
