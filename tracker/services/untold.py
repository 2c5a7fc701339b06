"""Alerts that somebody was not told of, or that nobody will be told of further."""

from __future__ import annotations

from datetime import datetime
from itertools import islice
from typing import Any

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from tracker.clinical.findings import Tier
from tracker.models import Alert, AlertEvent, Consent, Delivery, PushSubscription
from tracker.models.alert import AlertState, AlertStep
from tracker.models.consent import ConsentKind
from tracker.models.delivery import PATIENTS_OWN, MessageKind
from tracker.services import deliveries, on_call

LONGEST = on_call.RETURNS[Tier.CALL_TODAY] * on_call.MINUTE
"""The longest time that a step below an emergency is given, counted in opening hours."""
MOST = 100  # mended at a time; what is left is found again a minute later


def staff_not_told(now: datetime) -> list[Any]:
    calling = _open_alerts().filter(tier__gte=int(Tier.CALL_TODAY))
    untold = calling.exclude(_told(MessageKind.STAFF_ALERT)).select_related("clinic")
    # Not the first so many, of which some can be told: a clinic without staff hides no other.
    return list(islice((alert.pk for alert in untold if on_call.whom_to_tell(alert)), MOST))


def tell_staff(alert_id: Any, now: datetime) -> None:
    deliveries.owe_staff_level(alert=_locked(alert_id), now=now)


def patient_not_told(now: datetime) -> list[Any]:
    # What staff opened again waits for them alone: the patient was told when it was raised.
    untold = _open_alerts().exclude(_told(MessageKind.PATIENT_ALERT)).exclude(_OPENED_AGAIN)
    return list(untold.filter(reachable_at("raised_at")).values_list("pk", flat=True)[:MOST])


def tell_patient(alert_id: Any, now: datetime) -> None:
    alert = _locked(alert_id)
    raised = alert.events.filter(step__in=deliveries.NOTIFYING).order_by("-pk").first()
    if raised is not None:
        deliveries.owe_patient_alert(patient=alert.procedure.patient, event=raised, now=now)


def without_a_step(now: datetime) -> list[Any]:
    waiting = Alert.objects.exclude(state=AlertState.RESOLVED)
    lost = waiting.filter(tier__gte=int(Tier.CALL_TODAY), due_at__isnull=True)
    return list(lost.values_list("pk", flat=True)[:MOST])


def put_back(now: datetime) -> list[Any]:
    """Planned further ahead than opening hours explain: a clock was put back since."""
    waiting = Alert.objects.filter(tier__lt=int(Tier.EMERGENCY), due_at__gt=now + LONGEST)
    ahead = waiting.exclude(state=AlertState.RESOLVED).select_related("clinic")
    found = (alert.pk for alert in ahead if alert.due_at and alert.due_at > _furthest(alert, now))
    return list(islice(found, MOST))


def take_step_now(alert_id: Any, now: datetime) -> None:
    alert = _locked(alert_id)
    alert.due_at = now
    alert.save(update_fields=["due_at"])


def _furthest(alert: Alert, now: datetime) -> datetime:
    policy = on_call.policy_of(alert)
    return max(policy.after(now, LONGEST // on_call.MINUTE), policy.next_day_ends(now))


def plan_step(alert_id: Any, now: datetime) -> None:
    alert = _locked(alert_id)
    policy = on_call.policy_of(alert)
    if alert.state == AlertState.OPEN:
        alert.due_at = policy.after(alert.raised_at, sum(policy.waits[: alert.level + 1]))
    else:
        alert.due_at = policy.after(alert.acknowledged_at or now, policy.returns or 0)
    alert.save(update_fields=["due_at"])


def _open_alerts() -> QuerySet[Alert]:
    return Alert.objects.filter(state=AlertState.OPEN)


def _told(kind: MessageKind) -> Exists:
    """One message speaks for all alerts of a procedure that were raised at its moment."""
    spoken = Delivery.objects.filter(
        alert__procedure=OuterRef("procedure"), created_at__gte=OuterRef("raised_at"), kind=kind
    )
    return Exists(spoken.exclude(subscription__device_session__caregiver__isnull=False))


_OPENED_AGAIN = Exists(
    AlertEvent.objects.filter(
        alert=OuterRef("pk"), step=AlertStep.REOPEN, at__gte=OuterRef("raised_at")
    )
)


def _locked(alert_id: Any) -> Alert:
    rows = Alert.objects.select_for_update(of=["self"]).select_related("procedure__patient")
    return rows.select_related("clinic").get(pk=alert_id)


def reachable_at(moment: str) -> Q:
    """Whether there was a way to the patient then: a phone that came later was owed nothing."""
    phones = PushSubscription.objects.filter(
        PATIENTS_OWN,
        patient=OuterRef("patient"),
        ended_at__isnull=True,
        created_at__lte=OuterRef(moment),
    )
    has_texts = Q(patient__texts_agreed_at__lte=F(moment)) & ~Q(patient__phone="")
    asked = Consent.objects.filter(patient=OuterRef("patient"), kind=ConsentKind.EMAIL)
    agreed = Exists(asked.filter(withdrawn_at__isnull=True)) | ~Exists(asked)
    has_mail = ~Q(patient__email="") & agreed
    return Q(Exists(phones)) | has_mail | (has_texts if settings.SMS else Q(pk=None))
