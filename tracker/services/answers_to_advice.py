"""What a patient did about the advice that stands: it feeds the alerts that it was about."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from tracker.access import Phone
from tracker.models import Alert, AnswerToAdvice, Patient, Procedure
from tracker.models.alert import AlertState, AlertStep, AlertTier
from tracker.models.answer_to_advice import Did
from tracker.services import audit, deliveries, on_call
from tracker.services.alert_steps import record_step

HURRIES_AGAIN_AFTER = timedelta(minutes=15)
"""Whoever presses the button again and again asks nobody further in between."""

WENT_ON = [AlertStep.LEVEL, AlertStep.EXHAUSTED, AlertStep.RETURN]


class AnswerIdTaken(Exception):
    """This id already belongs to another answer."""


class NothingStands(Exception):
    """No alert waits that asks the patient to call: there is nothing to answer."""


@transaction.atomic
def answer(*, phone: Phone, client_id: UUID, did: Did, now: datetime) -> bool:
    """Write down what the patient did, for each alert that asks them to call; False on a retry.

    It never ends an alert: staff do. "I cannot reach you" takes its next step at once.
    """
    # As a check-in does: a retry must find what the first has left, and alerts are locked after.
    procedures = Procedure.objects.select_for_update(no_key=True).filter(patient=phone.patient)
    list(procedures.order_by("pk"))
    earlier = AnswerToAdvice.objects.filter(patient=phone.patient, client_id=client_id).first()
    if earlier is not None:
        if earlier.did != did:
            raise AnswerIdTaken
        return False
    asking = Alert.objects.select_for_update().exclude(state=AlertState.RESOLVED)
    alerts = list(asking.filter(patient=phone.patient, tier__gte=AlertTier.CALL_TODAY))
    if not alerts:
        raise NothingStands
    for alert in alerts:
        _hear(alert, phone, client_id, did, now)
    if did == Did.AT_EMERGENCY_ROOM:
        _tell_staff(alerts, client_id, now)
    audit.record(
        clinic_id=phone.clinic.pk,
        actor=phone.audit_name,
        action=f"advice.{did}",
        subject=f"patient:{phone.patient.pk}",
        patient_id=phone.patient.pk,
        now=now,
    )
    return True


def _hear(alert: Alert, phone: Phone, client_id: UUID, did: Did, now: datetime) -> None:
    if did == Did.CANNOT_REACH and not _was_hurried(alert, now):
        # Due now, and never later than it was; who took it cannot be reached either.
        alert.due_at = min(alert.due_at or now, now)
        alert.save(update_fields=["due_at"])
    AnswerToAdvice.objects.create(
        clinic_id=alert.clinic_id,
        patient_id=alert.patient_id,
        alert=alert,
        client_id=client_id,
        caregiver=phone.caregiver,
        did=did,
        at=now,
    )
    told = f"{did.label} (told by {phone.caregiver})" if phone.caregiver else did.label
    record_step(alert, AlertStep.ANSWER, now, because=told)


def _was_hurried(alert: Alert, now: datetime) -> bool:
    """Whether they said so before, and it went on a moment ago."""
    lately = now - HURRIES_AGAIN_AFTER
    went_on = alert.events.filter(step__in=WENT_ON, at__gt=lately, at__gte=alert.raised_at)
    said = alert.answers.filter(did=Did.CANNOT_REACH, at__gte=alert.raised_at)
    return went_on.exists() and said.exists()


def _tell_staff(alerts: list[Alert], client_id: UUID, now: datetime) -> None:
    """Each person once: whoever took one of the alerts, and whom the others have reached."""
    people = {alert.owner for alert in alerts if alert.state == AlertState.ACKNOWLEDGED}
    for alert in alerts:
        if alert.state == AlertState.OPEN:
            people |= {each.user for each in on_call.whom_to_tell(alert)}
    for person in people:
        if person is None or not person.is_active:
            continue
        key = f"answer:{client_id}:user:{person.pk}"
        deliveries.owe_look(clinic_id=alerts[0].clinic_id, user=person, key=key, now=now)


def latest(*, patient: Patient, since: datetime) -> AnswerToAdvice | None:
    """What they last did about what they were told at `since`."""
    return patient.answers_to_advice.filter(at__gte=since).order_by("-at", "-pk").first()
