"""What else a patient does: logged once, by whoever may, and heat not in the first days."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from tests.conftest import NOW
from tests.factories import a_patient, a_phone, a_procedure
from tracker.models import AuditEvent, Therapy
from tracker.models.therapy import TherapyKind
from tracker.services import therapies
from tracker.services.therapies import DoneInFuture, HeatTooEarly, NoProcedure, TherapyIdTaken

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def patient():
    return a_patient()


@pytest.fixture
def procedure(patient):
    return a_procedure(patient, hours_ago=50)


@pytest.fixture
def phone(patient, procedure):
    return a_phone(patient)


def log(phone, client_id=None, kind=TherapyKind.WALK, minutes=None, done_at=NOW, now=NOW):
    client_id = client_id or uuid.uuid4()
    return therapies.log(
        phone=phone, client_id=client_id, kind=kind, minutes=minutes, done_at=done_at, now=now
    )


@pytest.mark.parametrize("kind", [each for each in TherapyKind if each != TherapyKind.HEAT])
def test_each_is_stored_for_the_procedure(phone, procedure, kind):
    therapy = log(phone, kind=kind, minutes=20).therapy
    assert (therapy.procedure, therapy.kind, therapy.minutes) == (procedure, kind, 20)
    assert AuditEvent.objects.filter(action="therapy.log").count() == 1


def test_what_is_sent_twice_is_stored_once(phone):
    client_id = uuid.uuid4()
    assert [log(phone, client_id).created for _ in range(2)] == [True, False]
    with pytest.raises(TherapyIdTaken):
        log(phone, client_id, kind=TherapyKind.SWIM)
    assert Therapy.objects.count() == 1


@pytest.mark.parametrize(("hours_ago", "early"), [(71, True), (72, False), (-1, False)])
def test_heat_waits_for_three_days(phone, procedure, hours_ago, early):
    procedure.ended_at = NOW - hours_ago * HOUR
    procedure.save(update_fields=["ended_at"])
    if not early:
        assert log(phone, kind=TherapyKind.HEAT).created
        return
    with pytest.raises(HeatTooEarly) as refused:
        log(phone, kind=TherapyKind.HEAT)
    assert refused.value.allowed_from == procedure.ended_at + 72 * HOUR
    assert not Therapy.objects.exists()


def test_before_the_block_heat_is_nobodys_business(phone, procedure):
    procedure.ended_at = None
    procedure.state = "SCHEDULED"
    procedure.save(update_fields=["ended_at", "state"])
    assert log(phone, kind=TherapyKind.HEAT).created


def test_nobody_has_done_yet_what_lies_ahead(phone):
    with pytest.raises(DoneInFuture):
        log(phone, done_at=NOW + HOUR)


def test_without_a_procedure_there_is_nothing_to_log_for():
    with pytest.raises(NoProcedure):
        log(a_phone(a_patient()))
