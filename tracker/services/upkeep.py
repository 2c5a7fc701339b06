"""What the product does for itself again and again: due as rows, so that no beat must live."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.management import call_command
from django.db import OperationalError, connection, transaction
from django.db.models import Q
from django.db.models.functions import Now

from tracker import across, clock
from tracker.models import Clinic, PeriodicJob, Reconciliation
from tracker.scope import clinic_scope
from tracker.services import (
    audit_chain,
    digest,
    heartbeat,
    overdue_callbacks,
    reconciliation,
    retention,
    tasks,
    unseen,
)

logger = logging.getLogger(__name__)

CLEAN_ROWS_KEPT = timedelta(days=2)
Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Job:
    """Work with a name; `every` in seconds of the world, or in time on the product's clock."""

    name: str
    every: float | timedelta
    do: Callable[[datetime], object]
    lease: float = 60.0  # seconds of the world; a job that takes longer is somebody else's as well

    @property
    def pause(self) -> timedelta:
        return self.every if isinstance(self.every, timedelta) else clock.real(self.every)


@dataclass(frozen=True, slots=True)
class Claim:
    """Who marks must still hold what was claimed: attempts start again at 0, leases never do."""

    job: Job
    attempts: int
    lease_until: datetime
    claimed_at: float  # monotonic

    @property
    def is_fresh(self) -> bool:
        """Whether enough of the lease is left: a process may have been frozen in between."""
        return time.monotonic() - self.claimed_at < self.job.lease / 2


def reconcile(now: datetime) -> None:
    """Compare what should have happened with what did; tell the outside when all was well."""
    if reconciliation.reconcile(now=now).is_clean:
        heartbeat.beat()


def clean_up(now: datetime) -> None:
    """Delete what nobody needs any more. What was found once is counted for ever, so it stays."""
    call_command("clearsessions")
    Reconciliation.objects.filter(is_clean=True, at__lt=Now() - CLEAN_ROWS_KEPT).delete()


def forget_old(now: datetime) -> None:
    retention.forget_old(now=now)


def open_due_tasks(now: datetime) -> None:
    for clinic_id in across.clinics():
        with clinic_scope(clinic_id):
            tasks.open_due_tasks(now=now)


def tell_of_unseen_alerts(now: datetime) -> None:
    for clinic_id in across.clinics():
        with clinic_scope(clinic_id):
            unseen.tell_patients(now=now)


def tell_of_overdue_callbacks(now: datetime) -> None:
    for clinic_id in across.clinics():
        with clinic_scope(clinic_id):
            overdue_callbacks.tell_staff(now=now)


def seal_audit(now: datetime) -> None:
    audit_chain.seal_all()


def owe_digests(now: datetime) -> None:
    for clinic_id in across.clinics():
        with clinic_scope(clinic_id):
            digest.owe_digest(clinic=Clinic.objects.get(pk=clinic_id), now=now)


JOBS = (
    Job("reconcile", 60.0, reconcile),
    Job("seal_audit", 30.0, seal_audit),
    Job("unseen", 10.0, tell_of_unseen_alerts),
    Job("overdue_callbacks", 60.0, tell_of_overdue_callbacks),
    Job("digests", 60.0, owe_digests),
    Job("open_due_tasks", timedelta(days=1), open_due_tasks, lease=900.0),
    Job("clean_up", timedelta(days=1), clean_up, lease=900.0),
    Job("forget_old", timedelta(days=1), forget_old, lease=900.0),
)
LASTS = sum(job.lease for job in JOBS)
"""Seconds after which whoever does them all must have hung."""


def do_due_jobs(*, tell_time: Clock) -> None:
    """Do each job whose moment has come; what was missed meanwhile is done once, not made up."""
    known = dict(PeriodicJob.objects.values_list("name", "due_at"))
    for job in JOBS:
        now = tell_time()
        if job.name not in known:
            # At once the first time; who comes second finds the row, and the claim decides.
            PeriodicJob.objects.get_or_create(name=job.name, defaults={"due_at": now})
        elif not _is_due(job, known[job.name], now):
            continue
        if claim := _claim(job, now):
            _do(claim, now)


def _is_due(job: Job, due_at: datetime, now: datetime) -> bool:
    # Nothing is ever put off as far as this: a clock that stepped back did it, and a watcher must
    # not be silent until that hour comes again. Far enough that clocks may differ a little.
    return due_at <= now or due_at > now + _longest_wait(job)


def _longest_wait(job: Job) -> timedelta:
    return job.pause + clock.real(job.lease)


@transaction.atomic
def _claim(job: Job, now: datetime) -> Claim | None:
    is_due = Q(due_at__lte=now) | Q(due_at__gt=now + _longest_wait(job))
    row = (
        PeriodicJob.objects.select_for_update(skip_locked=True).filter(is_due, pk=job.name).first()
    )
    if row is None:
        return None
    row.attempts += 1
    row.due_at = now + clock.real(job.lease)
    row.save(update_fields=["attempts", "due_at"])
    return Claim(job, row.attempts, row.due_at, time.monotonic())


def _do(claim: Claim, now: datetime) -> None:
    if not claim.is_fresh:
        return
    try:
        claim.job.do(now)
    except Exception as error:
        if isinstance(error, OperationalError) and not connection.is_usable():
            raise  # nothing can be marked now: the lease ends by itself
        logger.exception("%s failed and is due again soon", claim.job.name)
        _mark(claim, due_at=now + _back_off(claim), last_error=type(error).__name__)
    else:
        next_due = now + claim.job.pause
        _mark(claim, due_at=next_due, attempts=0, finished_at=now, last_error="")


def _back_off(claim: Claim) -> timedelta:
    return min(clock.real(2 ** min(claim.attempts, 12)), claim.job.pause)


def _mark(claim: Claim, **fields: object) -> None:
    # Fenced: a holder whose lease ran out must not overwrite what the next one wrote.
    held = PeriodicJob.objects.filter(
        pk=claim.job.name, attempts=claim.attempts, due_at=claim.lease_until
    )
    if not held.update(**fields):
        logger.warning("%s took longer than its lease", claim.job.name)
