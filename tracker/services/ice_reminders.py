"""Reminders about ice: both ends of a session, and offers while it is likely to help."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from django.db import transaction

from tracker.clinical import icing
from tracker.models import IceSession, Patient, Procedure, Reminder
from tracker.models.reminder import ReminderKind, ReminderState
from tracker.services import audit, procedures, reminder_plans

STALE_AFTER = timedelta(minutes=5)
"""A timer that rings later than this would only confuse."""


class NoOffers(Exception):
    """Offers are for patients with a procedure for whom ice is safe."""


def schedule(*, session: IceSession) -> None:
    """Owe both ends of a session; the caller's transaction holds the session itself."""
    _schedule(session, ReminderKind.ICE_OFF, session.off_at)
    _schedule(session, ReminderKind.ICE_AGAIN, session.again_at)


def reschedule(*, session: IceSession) -> None:
    """The ice came off early: nothing to take off any more, and the rest ends sooner."""
    pending = session.reminders.filter(state=ReminderState.SCHEDULED)
    pending.update(state=ReminderState.CANCELLED)
    _schedule(session, ReminderKind.ICE_AGAIN, session.again_at)


def _schedule(session: IceSession, kind: ReminderKind, due_at: datetime) -> None:
    # An earlier session may have been going to end at this very moment, and was cancelled.
    Reminder.objects.update_or_create(
        procedure_id=session.procedure_id,
        kind=kind,
        asked_at=due_at,
        repeat=0,
        defaults={
            "state": ReminderState.SCHEDULED,
            "due_at": due_at,
            "clinic_id": session.clinic_id,
            "patient_id": session.patient_id,
            "ice_session": session,
            "expires_at": due_at + STALE_AFTER,
        },
    )


@transaction.atomic
def stop_offers(*, patient: Patient, now: datetime) -> None:
    """The patient wants no more of them: none is left, so none is ever written again."""
    procedure = _held(patient)
    # Whoever stops them before they were written must have some that are cancelled.
    reminder_plans.plan(procedure=procedure, now=now)
    left = Reminder.objects.filter(procedure=procedure, kind=ReminderKind.ICE_OFFER)
    left.filter(state=ReminderState.SCHEDULED).update(state=ReminderState.CANCELLED)
    _audit(procedure, "ice_offers.stop", now)


@transaction.atomic
def offer_longer(*, patient: Patient, now: datetime) -> None:
    """The patient asks for offers on the next days, too; also after having stopped them."""
    procedure = _held(patient)
    reminder_plans.plan(procedure=procedure, offers_for=icing.RULES.on_request_for, now=now)
    _audit(procedure, "ice_offers.longer", now)


def offers_of(*, patient: Patient, now: datetime) -> Literal["on", "off"] | None:
    """Whether offers are still to come; None when none can be had (any more)."""
    procedure = procedures.procedure_of(patient)
    if procedure is None or procedure.ended_at is None or patient.ice_contraindicated:
        return None
    if now >= procedure.ended_at + icing.RULES.on_request_for:
        return None
    left = procedure.reminders.filter(kind=ReminderKind.ICE_OFFER, state=ReminderState.SCHEDULED)
    return "on" if left.exists() else "off"


def _held(patient: Patient) -> Procedure:
    found = procedures.procedure_of(patient)
    if found is None or patient.ice_contraindicated:
        raise NoOffers
    held = Procedure.objects.select_for_update(of=["self"])
    return held.select_related("patient").get(pk=found.pk)


def _audit(procedure: Procedure, action: str, now: datetime) -> None:
    audit.record(
        clinic_id=procedure.clinic_id,
        actor=f"patient:{procedure.patient_id}",
        action=action,
        subject=f"procedure:{procedure.pk}",
        patient_id=procedure.patient_id,
        now=now,
    )
