"""Whoever waits while a clinician moves a procedure to other numbers goes on, by those numbers."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import transaction

from tests.conftest import NOW
from tests.factories import a_check_in, a_patient, a_procedure, a_staff, approved
from tests.services.test_acknowledge_against_escalation import (
    STARTED,
    alone,
    somebody_waits_for_a_lock,
)
from tracker.models import Assessment
from tracker.services import assessments, ice_reminders, protocols

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def procedure():
    return a_procedure(a_patient())


@pytest.fixture
def doctor(procedure):
    return a_staff(procedure.clinic, role="CLINICIAN")


def meet(procedure, doctor, work):
    """The move is written but not committed when the work begins."""
    version = approved(procedure.clinic, severe=7)
    moved, may_commit = threading.Event(), threading.Event()

    def move():
        with transaction.atomic():
            protocols.move_procedure(
                staff=doctor, procedure_id=procedure.pk, number=version.number, now=NOW
            )
            moved.set()
            assert may_commit.wait(STARTED)

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(alone, move)
        assert moved.wait(STARTED)
        second = pool.submit(alone, work)
        give_up = time.monotonic() + STARTED
        while not (second.done() or somebody_waits_for_a_lock()):
            assert time.monotonic() < give_up
        may_commit.set()
        first.result(STARTED)
        second.result(STARTED)
    return version


def test_a_check_in_is_kept_and_judged_by_the_new_numbers(procedure, doctor):
    version = meet(
        procedure, doctor, lambda: a_check_in(procedure.patient, symptoms={"chest_pain": True})
    )
    assert Assessment.objects.get().protocol_version == version
    assert procedure.alerts.count() == 1


def time_passes(procedure):
    assessments.apply_warning_signs(procedure_id=str(procedure.pk), now=NOW)


def the_patient_stops_offers(procedure):
    ice_reminders.stop_offers(patient=procedure.patient, now=NOW)


def another_clinician_overrides(procedure):
    protocols.override(
        staff=a_staff(procedure.clinic, role="CLINICIAN"),
        procedure_id=procedure.pk,
        numbers={"severe": 9},
        reason="Frail.",
        now=NOW,
    )


@pytest.mark.parametrize(
    "work", [time_passes, the_patient_stops_offers, another_clinician_overrides]
)
def test_everybody_else_who_waits_finds_the_procedure(procedure, doctor, work):
    meet(procedure, doctor, lambda: work(procedure))
