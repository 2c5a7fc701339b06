"""The end of a procedure: set once it is past, by staff of the clinic, for those that go on."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.conftest import NOW
from tests.factories import a_patient, a_procedure, a_staff
from tracker.models import Procedure
from tracker.services import procedures
from tracker.services.procedures import NotDoneYet

pytestmark = pytest.mark.django_db


@pytest.fixture
def planned():
    return a_procedure(a_patient(), state="SCHEDULED", ended_at=None, scheduled_at=NOW)


def mark_done(procedure, ended_at, staff=None):
    staff = staff or a_staff(procedure.clinic)
    return procedures.mark_done(staff=staff, procedure_id=procedure.pk, ended_at=ended_at, now=NOW)


def test_staff_set_the_end_and_may_correct_it(planned):
    for hours in (1, 2):
        ended_at = NOW - timedelta(hours=hours)
        assert mark_done(planned, ended_at).ended_at == ended_at
    planned.refresh_from_db()
    assert planned.state == "DONE"


def test_an_end_in_the_future_is_refused(planned):
    with pytest.raises(NotDoneYet):
        mark_done(planned, NOW + timedelta(minutes=6))


@pytest.mark.parametrize("state", ["CANCELLED", "VOID"])
def test_what_is_over_stays_over(state):
    procedure = a_procedure(a_patient(), state=state)
    with pytest.raises(Procedure.DoesNotExist):
        mark_done(procedure, NOW)


def test_a_stranger_finds_nothing(planned):
    with pytest.raises(Procedure.DoesNotExist):
        mark_done(planned, NOW, staff=a_staff())
