"""What staff leave behind: alerts of somebody who left, and silence that begins anew."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.conftest import NOW
from tests.factories import a_check_in, a_clinic, a_patient, a_procedure, a_staff, fever
from tracker.models import Alert, Procedure
from tracker.models.alert import AlertState, Outcome
from tracker.services import alerts, staff, sweep

pytestmark = pytest.mark.django_db
WATCH = {"temperature": {"value": "37.9", "unit": "Cel"}}


@pytest.mark.parametrize("answers", [fever("38.5"), WATCH], ids=["call today", "watch"])
def test_what_somebody_had_taken_comes_back_when_they_leave(answers):
    clinic = a_clinic()
    nurse, manager = a_staff(clinic, on_call_order=1), a_staff(clinic, role="MANAGER")
    patient = a_patient(clinic)
    a_procedure(patient)
    a_check_in(patient, **answers)
    alerts.acknowledge(staff=nurse, alert_id=Alert.objects.get().pk, now=NOW)

    staff.deactivate(staff=manager, membership_id=nurse.membership.pk, now=NOW)
    sweep.escalate_due_alerts(now=NOW)

    assert Alert.objects.get().state == AlertState.OPEN


def test_after_a_silence_was_closed_the_next_one_is_counted():
    clinic = a_clinic()
    nurse = a_staff(clinic, on_call_order=1)
    procedure = a_procedure(a_patient(clinic), hours_ago=30)
    Procedure.objects.update(next_assessment_at=NOW)
    sweep.apply_due_warning_signs(now=NOW)
    silence = Alert.objects.get(sign="silence")

    alerts.resolve(
        staff=nurse, alert_id=silence.pk, outcome=Outcome.REACHED_ADVISED, note="Well.", now=NOW
    )
    later = NOW + timedelta(seconds=1)
    sweep.apply_due_warning_signs(now=later)

    procedure.refresh_from_db()
    assert procedure.next_assessment_at is not None and procedure.next_assessment_at > later
