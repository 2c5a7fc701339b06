"""Why this alert? One sentence: evidence, rule, numbers, source."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.conftest import NOW
from tests.factories import a_check_in, a_clinic, a_patient, a_procedure, a_staff, approved, fever
from tracker.models import Alert
from tracker.services import assessments, protocols
from tracker.services.explaining import why

pytestmark = pytest.mark.django_db
LOWER = {"Cel": "37.8", "[degF]": "100.0"}


def test_it_says_evidence_limit_rule_version_and_source():
    clinic = a_clinic()
    approved(clinic, persist_h=96)
    patient = a_patient(clinic)
    a_procedure(patient)
    alert = a_check_in(patient, **fever("38.1")).events[0].alert
    assert why(alert=alert) == (
        "Temperature 38.1 °C; the limit is 38.0 °C."
        " Rule FV-FEVER of rule set 1, protocol version 2;"
        " source: Novus Spine & Pain Center, cluneal nerve block (verify)."
    )


def test_it_keeps_the_version_that_judged_whatever_came_later():
    clinic = a_clinic()
    patient = a_patient(clinic)
    procedure = a_procedure(patient)
    alert = a_check_in(patient, **fever("38.6")).events[0].alert
    doctor = a_staff(clinic, role="CLINICIAN")
    approved(clinic, fever={"Cel": "38.3", "[degF]": "100.9"})
    later = NOW + timedelta(hours=1)
    protocols.move_procedure(staff=doctor, procedure_id=procedure.pk, number=2, now=later)
    assert "the limit is 38.0 °C. Rule FV-FEVER of rule set 1, protocol version 1;" in why(
        alert=Alert.objects.get(pk=alert.pk)
    )


def test_it_says_that_the_numbers_are_the_patients_own():
    clinic = a_clinic()
    patient = a_patient(clinic)
    procedure = a_procedure(patient)
    protocols.override(
        staff=a_staff(clinic, role="CLINICIAN"),
        procedure_id=procedure.pk,
        numbers={"fever": LOWER},
        reason="On prednisone.",
        now=NOW,
    )
    alert = a_check_in(patient, **fever("37.9")).events[0].alert
    assert "the limit is 37.8 °C" in why(alert=alert)
    assert "protocol version 1 with numbers of this patient's own; source" in why(alert=alert)


def test_time_has_its_reasons_too():
    patient = a_patient()
    procedure = a_procedure(patient, hours_ago=40)
    assessments.apply_warning_signs(procedure_id=str(procedure.pk), now=NOW)
    alert = Alert.objects.get()
    assert "Rule SI-SILENT of rule set 1, protocol version 1; source: " in why(alert=alert)


def test_a_rule_that_has_left_the_catalogue_still_says_what_it_saw():
    patient = a_patient()
    a_procedure(patient)
    alert = a_check_in(patient, **fever("38.1")).events[0].alert
    Alert.objects.update(rule="FV-OLD")
    alert.refresh_from_db()
    assert why(alert=alert) == (
        "Temperature 38.1 °C; the limit is 38.0 °C."
        " Rule FV-OLD; source: not in the catalogue any more."
    )
