"""Ice in 20-minute intervals: started on the phone, ended by reminders that are rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from tracker.clinical import icing
from tracker.models import IceSession, Patient, Procedure
from tracker.services import audit, courses, ice_reminders, procedures

FUTURE_TOLERANCE = timedelta(minutes=5)


class IceIdTaken(Exception):
    """This id already belongs to a session that started at another time."""


class IceNotSafe(Exception):
    """The clinic marked ice as unsafe for this patient."""


class IceTooSoon(Exception):
    """The rest interval is not over; `next_allowed_at` says when it is."""

    def __init__(self, next_allowed_at: datetime) -> None:
        super().__init__("The skin needs a rest between two ice sessions.")
        self.next_allowed_at = next_allowed_at


class StartInFuture(Exception):
    """An ice session cannot start later than now."""


class NoProcedure(Exception):
    """The patient has no procedure to ice after."""


@dataclass(frozen=True, slots=True)
class Started:
    session: IceSession
    created: bool


@transaction.atomic
def start_ice(
    *,
    patient: Patient,
    client_id: UUID,
    started_at: datetime,
    now: datetime,
    actor: str | None = None,
) -> Started:
    """Start a session and schedule "take the ice off" and "you may ice again" as rows."""
    procedure = procedures.procedure_of(patient)
    if procedure is None:
        raise NoProcedure
    Procedure.objects.select_for_update().get(pk=procedure.pk)
    earlier = IceSession.objects.filter(patient=patient, client_id=client_id).first()
    if earlier is not None:
        if earlier.started_at != started_at:
            raise IceIdTaken
        return Started(session=earlier, created=False)
    if started_at > now + FUTURE_TOLERANCE:
        raise StartInFuture
    steps = _steps(procedure, started_at)
    session = IceSession.objects.create(
        clinic_id=patient.clinic_id,
        patient=patient,
        procedure=procedure,
        client_id=client_id,
        started_at=started_at,
        off_at=steps.off_at,
        again_at=steps.again_at,
        recorded_at=now,
    )
    ice_reminders.schedule(session=session)
    _audit(session, "ice_session.start", actor, now)
    return Started(session=session, created=True)


def _steps(procedure: Procedure, started_at: datetime) -> icing.IceStarted:
    sessions = procedure.ice_sessions.filter(started_at__gte=started_at - timedelta(days=1))
    answer = icing.start_ice(
        [
            icing.IceTime(each.started_at, each.stopped_at)
            for each in sessions.order_by("started_at")
        ],
        started_at,
        courses.patient_facts(procedure),
    )
    if isinstance(answer, icing.IceBlocked):
        raise IceNotSafe
    if isinstance(answer, icing.IceTooSoon):
        raise IceTooSoon(answer.next_allowed_at)
    return answer


def times_today(*, patient: Patient, now: datetime) -> int:
    """How often ice was started on this day of the patient's calendar."""
    local = now.astimezone(ZoneInfo(patient.timezone))
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    return patient.ice_sessions.filter(started_at__gte=midnight, started_at__lte=now).count()


@transaction.atomic
def stop_ice(
    *, patient: Patient, client_id: UUID, now: datetime, actor: str | None = None
) -> IceSession:
    """Take the ice off early; the rest interval counts from now."""
    session = IceSession.objects.select_for_update().get(patient=patient, client_id=client_id)
    if session.stopped_at is not None or now >= session.off_at:
        return session
    rest = session.again_at - session.off_at
    session.stopped_at = now
    session.again_at = now + rest
    session.save(update_fields=["stopped_at", "again_at"])
    ice_reminders.reschedule(session=session)
    _audit(session, "ice_session.stop", actor, now)
    return session


def latest_session(patient: Patient) -> IceSession | None:
    return patient.ice_sessions.order_by("-started_at").first()


def _audit(session: IceSession, action: str, actor: str | None, now: datetime) -> None:
    audit.record(
        clinic_id=session.clinic_id,
        actor=actor or f"patient:{session.patient_id}",
        action=action,
        subject=f"ice_session:{session.pk}",
        patient_id=session.patient_id,
        now=now,
    )
