"""All that staff see of one patient, in a number of queries that does not grow."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from uuid import UUID

from django.db import transaction
from django.db.models import Prefetch, Q

from tracker import access
from tracker.access import Staff
from tracker.clinical.findings import Present
from tracker.clinical.intake import Intake, read_answers
from tracker.clinical.protocol import Protocol, merged
from tracker.clinical.wording import Advice, advice, question_first, saved_before
from tracker.models import (
    Alert,
    AlertEvent,
    Assessment,
    CheckIn,
    Clinic,
    DeviceSession,
    Patient,
    Procedure,
    ProtocolOverride,
    PushSubscription,
)
from tracker.models.alert import AlertState
from tracker.services import advising, audit, courses, explaining, reachability, timeline
from tracker.services.reachability import Reachability
from tracker.services.timeline import Happened

MOST_CHECK_INS = 1000
LATEST = 10
"""Check-ins of which the page says what the patient was told."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A check-in as it was typed, and what the rules take of it."""

    row: CheckIn
    intake: Intake

    @property
    def unused(self) -> list[str]:
        """Parts that came back as a question, which rules do not look at."""
        return [question.pointer.strip("/") for question in self.intake.questions]

    @property
    def is_replaced(self) -> bool:
        return hasattr(self.row, "corrected_by")


@dataclass(frozen=True, slots=True)
class Explained:
    """An alert with its reason in words, and what happened to it."""

    alert: Alert
    why: str
    events: list[AlertEvent]


@dataclass(frozen=True, slots=True)
class PatientRecord:
    """One patient: who it is, what was done, what was said, what happened, how to reach them."""

    patient: Patient
    procedures: list[Procedure]
    alerts: list[Explained]
    entries: list[Entry]
    """The newest first."""
    told: dict[int, Advice]
    """What the patient was told by the latest check-ins, by the check-in's key."""
    happened: list[Happened]
    devices: list[DeviceSession]
    reach: Reachability
    protocol: Protocol
    """The numbers that judge the latest procedure; the defaults without one."""

    @property
    def open_alerts(self) -> list[Explained]:
        waiting = [each for each in self.alerts if each.alert.state != AlertState.RESOLVED]
        # What one check-in raised stands in the order of the queue, whenever one looks.
        in_order = attrgetter("alert.raised_at", "alert.pk")
        return sorted(sorted(waiting, key=in_order), key=lambda each: -each.alert.tier)

    @property
    def past_alerts(self) -> list[Explained]:
        return [each for each in self.alerts if each.alert.state == AlertState.RESOLVED]


@transaction.atomic
def view_patient(*, staff: Staff, patient_id: UUID, now: datetime) -> PatientRecord:
    """Open a patient of this person's clinic; `Patient.DoesNotExist` for any other."""
    patient = access.of_clinic(staff, Patient.objects.all()).get(pk=patient_id)
    patient.clinic = staff.clinic
    _audit(staff, patient, now)
    procedures = _procedures(patient)
    protocol = _protocol_of(procedures[0]) if procedures else Protocol.default()
    entries = _entries(patient, protocol)
    alerts = list(patient.alerts.select_related("owner", "check_in").order_by("-raised_at", "pk"))
    judged = _judged(patient, alerts, entries[:LATEST])
    live = PushSubscription.objects.filter(ended_at__isnull=True)
    devices = patient.device_sessions.select_related("caregiver")
    return PatientRecord(
        patient=patient,
        procedures=procedures,
        alerts=_explained(alerts, judged),
        entries=entries,
        told={each.row.pk: _told(each, judged, patient, staff.clinic) for each in entries[:LATEST]},
        happened=timeline.of(patient),
        devices=list(
            devices.prefetch_related(Prefetch("pushsubscription_set", live)).order_by("-created_at")
        ),
        reach=reachability.reachability(patient=patient, now=now),
        protocol=protocol,
    )


def _procedures(patient: Patient) -> list[Procedure]:
    """The one that check-ins belong to comes first."""
    overrides = ProtocolOverride.objects.select_related("made_by").order_by("-pk")
    rows = patient.procedures.select_related("protocol_version").prefetch_related(
        Prefetch("protocol_overrides", overrides)
    )
    began = datetime.min.replace(tzinfo=patient.created_at.tzinfo)
    return sorted(
        rows,
        key=lambda each: (
            each.state in ("DONE", "CLOSED"), each.ended_at or began, each.created_at
        ),
        reverse=True,
    )  # fmt: skip


def _protocol_of(procedure: Procedure) -> Protocol:
    own = list(procedure.protocol_overrides.all())[:1]
    numbers = merged(procedure.protocol_version.numbers, own[0].numbers if own else {})
    return Protocol.from_numbers(numbers).for_kind(courses.KINDS[procedure.kind])


def _entries(patient: Patient, protocol: Protocol) -> list[Entry]:
    rows = patient.check_ins.select_related("entered_by", "caregiver", "corrected_by")
    newest = rows.order_by("-observed_at", "-pk")[:MOST_CHECK_INS]
    return [
        Entry(row, read_answers(row.answers, recorded_at=row.recorded_at, protocol=protocol))
        for row in newest
    ]


def _judged(patient: Patient, alerts: list[Alert], latest: list[Entry]) -> list[Assessment]:
    """The assessments that raised these alerts, and those of these check-ins."""
    raised = Q(assessed_at__in=[each.raised_at for each in alerts])
    told = Q(check_in__in=[each.row.pk for each in latest])
    rows = Assessment.objects.filter(raised | told, procedure__patient=patient)
    return list(rows.select_related("protocol_version").order_by("pk"))


def _explained(alerts: list[Alert], judged: list[Assessment]) -> list[Explained]:
    events: dict[UUID, list[AlertEvent]] = defaultdict(list)
    rows = AlertEvent.objects.filter(alert__in=alerts).select_related("actor")
    for event in rows.order_by("at", "pk"):
        events[event.alert_id].append(event)
    return [
        Explained(
            alert, explaining.say(alert, explaining.raised_by(alert, judged)), events[alert.pk]
        )
        for alert in alerts
    ]


def _told(entry: Entry, judged: Iterable[Assessment], patient: Patient, clinic: Clinic) -> Advice:
    """The advice as it was stored when the check-in arrived, whatever came later."""
    contact, language = advising.contact_of(clinic), patient.language
    own = (each for each in judged if each.check_in_id == entry.row.pk)
    first = next((each for each in own if each.observed_at == entry.row.observed_at), None)
    fired = first.findings["fired"] if first else []
    findings = [Present.from_json(each) for each in fired if each.get("counts", True)]
    calls = any(finding.tier > 1 for finding in findings)
    if not calls and any(question.urgent for question in entry.intake.questions):
        return question_first(language=language, contact=contact)
    if first is not None and first.findings.get("hours", 0) < 0 and not findings:
        return saved_before(language=language, contact=contact)
    return advice(findings, language=language, contact=contact, ice=not patient.ice_contraindicated)


def _audit(staff: Staff, patient: Patient, now: datetime) -> None:
    audit.record(
        clinic_id=staff.clinic.pk,
        actor=staff.audit_name,
        action="patient.view",
        subject=f"patient:{patient.pk}",
        patient_id=patient.pk,
        now=now,
    )
