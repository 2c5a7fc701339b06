"""Periodic jobs: due as rows, done by one worker, again soon after a failure, never stormed."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connections
from django.db.models.functions import Now

from tests.conftest import NOW
from tests.journeys.product import until
from tracker import watchdog
from tracker.models import PeriodicJob, Reconciliation, SweeperBeat
from tracker.services import upkeep
from tracker.services.upkeep import Job
from tracker.sweeper import Keeper, Sweeper

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def done(monkeypatch) -> list[object]:
    """A job that notes when it is done, as the only one that there is."""
    done: list[object] = []
    monkeypatch.setattr(upkeep, "JOBS", (Job("count", 60.0, done.append),))
    return done


def at(moment):
    upkeep.do_due_jobs(tell_time=lambda: moment)


def test_every_job_is_done_at_once_and_then_waits():
    at(NOW)
    rows = {row.name: row for row in PeriodicJob.objects.all()}
    assert set(rows) == {job.name for job in upkeep.JOBS}
    for job in upkeep.JOBS:
        row = rows[job.name]
        assert (row.due_at, row.finished_at) == (NOW + job.pause, NOW)
        assert (row.attempts, row.last_error) == (0, "")


@pytest.mark.parametrize(
    ("later", "times"),
    [
        (timedelta(seconds=59), 1),
        (MINUTE, 2),
        (timedelta(hours=7), 2),  # 420 runs were missed: one is done, none made up
        (-timedelta(hours=1), 2),  # a clock that stepped back silences nobody for an hour
    ],
    ids=str,
)
def test_when_it_is_done_again(done, later, times):
    at(NOW)
    at(NOW + later)
    at(NOW + later)
    assert len(done) == times


@pytest.mark.parametrize("apart", [0.01, 1, 5])
def test_a_worker_whose_clock_is_a_little_behind_does_not_do_it_again(done, apart):
    at(NOW)
    at(NOW - timedelta(seconds=apart))
    assert len(done) == 1


def test_a_failure_comes_again_a_little_later_each_time(monkeypatch):
    def fail(now):
        raise ValueError("the name of a patient")

    monkeypatch.setattr(upkeep, "JOBS", (Job("count", 60.0, fail),))
    now, waits = NOW, []
    for _ in range(8):
        at(now)
        row = PeriodicJob.objects.get()
        waits.append((row.due_at - now).total_seconds())
        now = row.due_at
    assert waits == [2, 4, 8, 16, 32, 60, 60, 60]
    assert (row.attempts, row.finished_at, row.last_error) == (8, None, "ValueError")


def test_one_that_fails_stops_no_other(monkeypatch):
    done = []
    jobs = (Job("bad", 60.0, lambda now: 1 / 0), Job("good", 60.0, done.append))
    monkeypatch.setattr(upkeep, "JOBS", jobs)
    at(NOW)
    assert done == [NOW]


def test_a_holder_that_died_is_followed_when_its_lease_is_over(done):
    PeriodicJob.objects.create(name="count", due_at=NOW)
    assert upkeep._claim(upkeep.JOBS[0], NOW)  # and then it was killed
    at(NOW + timedelta(seconds=upkeep.JOBS[0].lease - 1))
    assert done == []
    at(NOW + timedelta(seconds=upkeep.JOBS[0].lease))
    assert len(done) == 1


def test_a_holder_that_woke_too_late_marks_nothing(done):
    PeriodicJob.objects.create(name="count", due_at=NOW)
    frozen = upkeep._claim(upkeep.JOBS[0], NOW)
    at(NOW + timedelta(seconds=60))  # another does it; the attempts start again at 0
    second = upkeep._claim(upkeep.JOBS[0], NOW + timedelta(seconds=120))
    assert frozen and second and frozen.attempts == second.attempts
    upkeep._do(frozen, NOW)
    assert PeriodicJob.objects.get().due_at == second.lease_until


def test_a_process_that_was_frozen_with_a_claim_leaves_the_work(done, monkeypatch):
    PeriodicJob.objects.create(name="count", due_at=NOW)
    claim = upkeep._claim(upkeep.JOBS[0], NOW)
    later = upkeep.time.monotonic() + claim.job.lease
    monkeypatch.setattr(upkeep.time, "monotonic", lambda: later)
    upkeep._do(claim, NOW)
    assert done == []


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_one_does_it(monkeypatch):
    # Threads leave no connection behind that would keep the test database in use.
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)
    done, start = [], threading.Barrier(6)
    monkeypatch.setattr(upkeep, "JOBS", (Job("count", 60.0, done.append),))

    def work():
        start.wait()
        at(NOW)
        connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(6)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    assert done == [NOW]


def test_cleaning_up_keeps_what_was_found_and_what_is_new():
    old, new = Now() - timedelta(days=3), Now()
    for is_clean in (True, False):
        for moment in (old, new):
            found = {} if is_clean else {"stuck_delivery": 1}
            Reconciliation.objects.create(at=moment, is_clean=is_clean, found=found)
    Session.objects.create(
        session_key="old", session_data="", expire_date=NOW - timedelta(days=400)
    )
    upkeep.clean_up(NOW)
    assert sorted(Reconciliation.objects.values_list("is_clean", flat=True)) == [False, False, True]
    assert not Session.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_worker_does_them_beside_its_sweep_and_notices_a_clock_that_jumps(
    settings, tmp_path, monkeypatch
):
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)
    settings.CLOCK_STEP_FILE = str(tmp_path / "step")
    sweeper = Sweeper()
    for step in ("0", "3600", "3600"):
        (tmp_path / "step").write_text(step)
        sweeper._sweep_once()
    done = PeriodicJob.objects.filter(finished_at__isnull=False)
    until(lambda: done.count() == len(upkeep.JOBS), seconds=20)
    sweeper.stop()
    sweeper._keeper._pool.shutdown(wait=True)
    assert SweeperBeat.objects.exists()
    found = Reconciliation.objects.filter(is_clean=False).values_list("found", flat=True)
    assert list(found) == [{"clock_step": 1}]


def test_jobs_that_hang_end_the_worker_but_long_ones_do_not(monkeypatch):
    seen = {}

    def look(_now):
        seen.update({each.what: each.left for each in watchdog._turns})

    monkeypatch.setattr(upkeep, "JOBS", (Job("look", 60.0, look),))
    # The connection is the test's, and has to last.
    monkeypatch.setattr("tracker.sweeper.close_old_connections", lambda: None)
    Keeper()._do()
    assert 900 < seen["the periodic jobs"] < 3600
    assert not watchdog._turns
