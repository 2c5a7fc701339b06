"""What other numbers would have done to the clinic's own courses."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.conftest import NOW
from tests.factories import (
    a_check_in,
    a_clinic,
    a_patient,
    a_procedure,
    a_protocol,
    a_staff,
    approved,
    fever,
)
from tracker.clinical.protocol import OutOfBounds
from tracker.models import Alert, Assessment
from tracker.services import alerts, protocols
from tracker.services.what_if import what_if

pytestmark = pytest.mark.django_db
HIGHER = {"fever": {"Cel": "38.3", "[degF]": "100.9"}}


@pytest.fixture
def staff():
    return a_staff(a_clinic())


def a_course(clinic, value="38.1", **procedure):
    patient = a_patient(clinic)
    a_procedure(patient, **procedure)
    return a_check_in(patient, **fever(value))


def lost(staff, numbers=HIGHER, **more):
    found = what_if(staff=staff, numbers=numbers, now=NOW, **more)
    return [name for rule in found.changed for name, _ in rule.lost if rule.rule == "FV-FEVER"]


def test_it_tells_which_alerts_of_this_clinic_would_be_gone(staff):
    ours = a_course(staff.clinic)
    a_course(staff.clinic, "38.5")
    a_course(a_clinic())
    assert lost(staff) == [str(ours.check_in.procedure_id)]
    assert what_if(staff=staff, numbers=HIGHER, now=NOW).courses == 2
    assert lost(a_staff()) == []


def test_it_stores_nothing(staff):
    a_course(staff.clinic)
    before = (Alert.objects.count(), Assessment.objects.count())
    lost(staff)
    assert (Alert.objects.count(), Assessment.objects.count()) == before


def test_it_finds_what_really_happened_when_nothing_changes(staff):
    """The fold under the numbers in force opens the alerts that the product opened."""
    patient = a_patient(staff.clinic, insulin=True)
    a_procedure(patient, hours_ago=60)
    hours = timedelta(hours=1)
    a_check_in(patient, now=NOW - 50 * hours, **fever("37.9"))
    opened = a_check_in(patient, now=NOW - 44 * hours, **fever("38.2")).events[0].alert
    alerts.resolve(
        staff=staff, alert_id=opened.pk, outcome="REACHED_ADVISED", note="", now=NOW - 40 * hours
    )
    a_check_in(
        patient, now=NOW - 25 * hours, **fever("38.6"), glucose={"value": "320", "unit": "mg/dL"}
    )
    found = what_if(staff=staff, numbers={}, now=NOW - 24 * hours)
    assert {rule: each.same for rule, each in found.rules.items()} == {
        "FV-LOW": 1, "FV-FEVER": 2, "GL-HIGH": 1,
    }  # fmt: skip
    assert Alert.objects.filter(patient=patient).count() == 3


def test_it_compares_with_what_is_in_force(staff):
    a_course(staff.clinic)
    approved(staff.clinic, **HIGHER)
    assert lost(staff) == []
    back = what_if(staff=staff, numbers={}, now=NOW)
    assert [len(each.gained) for each in back.changed if each.rule == "FV-FEVER"] == [1]


def test_a_patients_own_numbers_stay_on_top(staff):
    check_in = a_course(staff.clinic).check_in
    protocols.override(
        staff=a_staff(staff.clinic, role="CLINICIAN"),
        procedure_id=check_in.procedure_id,
        numbers={"fever": {"Cel": "38.0", "[degF]": "100.4"}},
        reason="On prednisone.",
        now=NOW,
    )
    assert lost(staff) == []


def test_it_looks_at_the_newest_so_many(staff):
    for hours in (50, 60, 70):
        a_course(staff.clinic, hours_ago=hours)
    assert len(lost(staff, newest=2)) == 2


def test_numbers_out_of_bounds_are_refused(staff):
    with pytest.raises(OutOfBounds, match="severe"):
        what_if(staff=staff, numbers={"severe": 1}, now=NOW)


def test_thirty_courses_cost_no_more_queries_than_one(staff):
    a_course(staff.clinic)
    a_protocol(staff.clinic, persist_h=96)
    with CaptureQueriesContext(connection) as one:
        lost(staff)
    for _ in range(9):
        a_course(staff.clinic)
    with CaptureQueriesContext(connection) as ten:
        assert len(lost(staff)) == 10
    assert len(ten) == len(one)
