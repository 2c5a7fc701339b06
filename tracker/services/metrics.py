"""Figures for whoever is on call, from the rows themselves: they hold for every process.

None tells of a person or a clinic. Each is read by an index or from the newest rows by number.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from django.conf import settings
from django.db.models import Case, Count, DurationField, F, Max, Q, QuerySet, Sum, When
from django.db.models.functions import Now

from tracker import clock
from tracker.models import Alert, AlertMoment, DeliveryMoment, PeriodicJob, Reconciliation
from tracker.models.alert import AlertState, AlertTier
from tracker.scope import clinic_scope
from tracker.services import health, on_call
from tracker.services.reconciliation import at_most

NEWEST = 10_000  # deliveries looked at; more than an installation sends in an hour
HOUR = timedelta(hours=1)
DWELL_BOUNDS = (0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 60.0, 300.0)  # seconds
ASKED_AT_MOST = 1000  # open alerts whose target is worked out


@dataclass(frozen=True, slots=True)
class Dwell:
    """How long messages of one kind took from due to sent; `counts` are up to each bound."""

    kind: str
    counts: tuple[int, ...]
    number: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Figures:
    due: dict[str, tuple[int, float]]
    """By kind: how many rows are due, and for how many seconds the oldest has been."""
    deliveries: dict[tuple[str, str], int]
    dwell: list[Dwell]
    open_alerts: dict[tuple[str, str], int]
    beyond_target: int
    exhausted: int
    beat_age: float | None
    clock_skew: float
    found: dict[str, int]
    clean_age: float | None
    job_ages: dict[str, float]
    job_failures: dict[str, int]


def take(*, now: datetime) -> Figures:
    """Read all figures at one moment."""
    with at_most(health.MOST_WAIT):
        jobs = list(PeriodicJob.objects.all())
        return Figures(
            due={each.kind: _due(each, now) for each in health.due_kinds()},
            deliveries=_deliveries(now),
            dwell=list(_dwell(now)),
            open_alerts=_open_alerts(),
            beyond_target=_beyond_target(now),
            exhausted=_waiting().filter(exhausted_at__isnull=False).count(),
            beat_age=health.beat_age(),
            clock_skew=health.clock_skew(),
            found=_found(),
            clean_age=_clean_age(),
            job_ages={each.name: _age(each.finished_at, now) for each in jobs},
            job_failures={each.name: each.attempts if each.last_error else 0 for each in jobs},
        )


def _due(due: health.Due, now: datetime) -> tuple[int, float]:
    number = due.rows.filter(**{f"{due.at}__lte": now}).count()
    return number, health.overdue(due, now)


def _newest_deliveries() -> QuerySet[DeliveryMoment]:
    newest = DeliveryMoment.objects.aggregate(newest=Max("pk"))["newest"] or 0
    return DeliveryMoment.objects.filter(pk__gt=newest - NEWEST)


def _deliveries(now: datetime) -> dict[tuple[str, str], int]:
    lately = Q(created_at__gt=now - HOUR) | Q(sent_at__gt=now - HOUR)
    counted = _newest_deliveries().filter(lately).values_list("channel", "state")
    return {(channel, state): n for channel, state, n in counted.annotate(n=Count("pk"))}


def _dwell(now: datetime) -> Iterable[Dwell]:
    """A message is due when it is owed; a reminder's, when the reminder was."""
    sent = _newest_deliveries().filter(sent_at__gt=now - HOUR)
    taken = Case(
        When(reminder__isnull=False, then=F("sent_at") - F("reminder__due_at")),
        default=F("sent_at") - F("created_at"),
        output_field=DurationField(),
    )
    bounds = {
        f"up_to_{number}": Count("pk", filter=Q(taken__lte=clock.real(bound)))
        for number, bound in enumerate(DWELL_BOUNDS)
    }
    kinds = sent.annotate(taken=taken).values("kind").order_by("kind")
    rows = kinds.annotate(number=Count("pk"), total=Sum("taken"), **bounds)
    for row in cast("Iterable[dict[str, Any]]", rows):
        counts = tuple(row[name] for name in bounds)
        seconds = row["total"].total_seconds() / settings.CLOCK_SPEED
        yield Dwell(row["kind"], counts, row["number"], max(0.0, seconds))


def _waiting() -> QuerySet[AlertMoment]:
    return AlertMoment.objects.exclude(state=AlertState.RESOLVED)


def _open_alerts() -> dict[tuple[str, str], int]:
    """Zeros as well: an alarm on a figure that is absent never rings."""
    states = (AlertState.OPEN, AlertState.ACKNOWLEDGED)
    counted = {(tier.name, state.value): 0 for tier in AlertTier for state in states}
    rows = _waiting().values_list("tier", "state").annotate(n=Count("pk")).order_by()
    return {**counted, **{(AlertTier(tier).name, state): n for tier, state, n in rows}}


def _beyond_target(now: datetime) -> int:
    """Alerts that nobody acknowledged in time, the hours of their clinics considered."""
    waiting = AlertMoment.objects.filter(state=AlertState.OPEN)
    beyond = 0
    for clinic_id in waiting.values_list("clinic_id", flat=True).order_by().distinct():
        with clinic_scope(clinic_id):
            rows = Alert.objects.filter(state=AlertState.OPEN).select_related("clinic")
            for alert in rows.order_by("raised_at")[:ASKED_AT_MOST]:
                target = on_call.target_at(alert)
                beyond += target is not None and target < now
    return beyond


def _found() -> dict[str, int]:
    """Everything that reconciliation ever found; such rows are few, and kept for ever."""
    total: dict[str, int] = {}
    for found in Reconciliation.objects.filter(is_clean=False).values_list("found", flat=True):
        for kind, number in found.items():
            total[kind] = total.get(kind, 0) + number
    return total


def _clean_age() -> float | None:
    clean = Reconciliation.objects.filter(is_clean=True).annotate(read_at=Now())
    found = clean.order_by("-at").values_list("read_at", "at").first()
    return (found[0] - found[1]).total_seconds() if found else None


def _age(finished_at: datetime | None, now: datetime) -> float:
    if finished_at is None:
        return math.inf  # later than any limit, so that an alarm on it rings
    return (now - finished_at).total_seconds() / settings.CLOCK_SPEED
