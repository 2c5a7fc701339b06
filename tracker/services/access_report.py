"""Who opened unusually many records: counted, compared with colleagues, and left to a manager."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from tracker import access
from tracker.access import Staff
from tracker.models import Alert, AuditEvent, BreakGlass, Clinic, Membership, Task
from tracker.models.audit_event import AuditOutcome
from tracker.services import business_hours

MANY = 10
"""Fewer patients are never unusual."""
TIMES = 2
"""As many as colleagues usually open, times this, is unusual."""
_OPENED = Q(action__endswith=".view") | Q(action__endswith=".open")


@dataclass(slots=True)
class Opened:
    """What one person opened in the period."""

    name: str
    role: str
    patients: set[UUID] = field(default_factory=set)
    without_work: set[UUID] = field(default_factory=set)
    """Patients of whom no alert and no task was open when they were looked at."""
    while_closed: int = 0
    refused: int = 0
    usual: float = 0.0

    @property
    def is_unusual(self) -> bool:
        return len(self.patients) >= MANY and len(self.patients) > TIMES * self.usual


@dataclass(frozen=True, slots=True)
class AccessReport:
    people: list[Opened]
    broken_glass: list[BreakGlass]


def access_report(*, staff: Staff, days: int, now: datetime) -> AccessReport:
    """Compare what each person of this clinic opened in the last days; the most first."""
    since = now - timedelta(days=days)
    people = _people(staff)
    rows = access.of_clinic(staff, AuditEvent.objects.filter(at__gte=since))
    for actor, patient_id, at, has_work in _looks(rows):
        if actor in people:
            _add(people[actor], patient_id, at, has_work, staff.clinic)
    denied = rows.filter(outcome=AuditOutcome.DENIED).values("actor").annotate(count=Count("pk"))
    for row in denied:
        if row["actor"] in people:
            people[row["actor"]].refused = row["count"]
    counts = {actor: len(each.patients) for actor, each in people.items()}
    for actor, each in people.items():
        others = [count for other, count in counts.items() if other != actor and count]
        each.usual = median(others) if others else 0.0
    broken = access.of_clinic(staff, BreakGlass.objects.filter(opened_at__gte=since))
    return AccessReport(
        people=sorted(people.values(), key=lambda each: (-len(each.patients), each.name)),
        broken_glass=list(broken.select_related("user", "patient").order_by("-opened_at")),
    )


def _people(staff: Staff) -> dict[str, Opened]:
    members = access.of_clinic(staff, Membership.objects.select_related("user"))
    return {
        f"user:{each.user_id}": Opened(str(each.user), each.get_role_display()) for each in members
    }


def _looks(rows: QuerySet[AuditEvent]) -> Iterable[tuple[str, Any, datetime, bool]]:
    of_patient = {"patient_id": OuterRef("patient_id"), "opened_at__lte": OuterRef("at")}
    alerts = Alert.objects.filter(
        Q(resolved_at__isnull=True) | Q(resolved_at__gte=OuterRef("at")), **of_patient
    )
    tasks = Task.objects.filter(
        Q(done_at__isnull=True) | Q(done_at__gte=OuterRef("at")), **of_patient
    )
    looks = rows.filter(_OPENED, outcome=AuditOutcome.OK, patient_id__isnull=False)
    waiting = looks.annotate(has_work=Exists(alerts) | Exists(tasks))
    return waiting.values_list("actor", "patient_id", "at", "has_work").iterator()


def _add(who: Opened, patient_id: UUID, at: datetime, has_work: bool, clinic: Clinic) -> None:
    who.patients.add(patient_id)
    if not has_work:
        who.without_work.add(patient_id)
    hours = business_hours.readable(clinic.opening_hours)
    zone = ZoneInfo(clinic.timezone)
    if hours and not business_hours.is_open(at, hours, clinic.holidays, zone):
        who.while_closed += 1
