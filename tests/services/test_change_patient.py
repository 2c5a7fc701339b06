"""What is known about a patient changes later: judged again, reminded by the new clock."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.conftest import NOW
from tests.factories import a_check_in, a_clinic, a_patient, a_procedure, a_staff
from tracker.access import NotAllowed
from tracker.models import AuditEvent, Consent, Reminder
from tracker.models.consent import ConsentKind
from tracker.services import consents, patients, reminder_plans
from tracker.services.patients import NothingWritten, VoidStaysAsItWas

pytestmark = pytest.mark.django_db


@pytest.fixture
def nora():
    return a_staff(a_clinic())


@pytest.fixture
def patient(nora):
    return a_patient(nora.clinic)


def change(nora, patient, **fields):
    return patients.change_patient(staff=nora, patient_id=patient.pk, fields=fields, now=NOW)


def agree(nora, patient, *kinds, **fields):
    patients.change_patient(staff=nora, patient_id=patient.pk, fields=fields, agreed=kinds, now=NOW)


def test_a_flag_that_rules_look_at_judges_again(nora, patient):
    """Sugar of 210 is worth watching in whoever has no diabetes."""
    a_procedure(patient)
    a_check_in(patient, glucose={"value": "210", "unit": "mg/dL"})
    alert = patient.alerts.get(rule="GL-NODM")
    change(nora, patient, diabetes=True)
    assert alert.events.filter(step="no_ground").exists()


def test_a_baseline_that_is_filled_in_judges_again(nora, patient):
    """Pain of 6 is a flare after a usual 3."""
    procedure = a_procedure(patient, baseline_pain=None)
    a_check_in(patient, pain={"usual": 6})
    assert not patient.alerts.exists()
    patients.change_procedure(
        staff=nora, procedure_id=procedure.pk, fields={"baseline_pain": 3}, now=NOW
    )
    assert patient.alerts.filter(sign="pain_usual").exists()


def test_another_time_zone_moves_the_reminders(nora, patient):
    procedure = a_procedure(patient)
    reminder_plans.plan(procedure=procedure, now=NOW)
    first = Reminder.objects.filter(procedure=procedure, kind="CHECK_IN", state="SCHEDULED")
    before = first.order_by("due_at")[0].due_at
    change(nora, patient, timezone="America/Los_Angeles")
    after = first.order_by("due_at")[0].due_at
    assert (after - before) % timedelta(hours=24) == timedelta(hours=3)


def test_nothing_changed_is_nothing_written_down(nora, patient):
    change(nora, patient, name=patient.name)
    assert not AuditEvent.objects.filter(action="patient.change").exists()


def test_what_was_for_somebody_else_is_not_corrected(nora, patient):
    procedure = a_procedure(patient, state="VOID")
    with pytest.raises(VoidStaysAsItWas):
        patients.change_procedure(
            staff=nora, procedure_id=procedure.pk, fields={"baseline_pain": 3}, now=NOW
        )


def test_readers_and_strangers_change_nothing(nora, patient):
    reader = a_staff(nora.clinic, role="READER")
    with pytest.raises(NotAllowed):
        change(reader, patient, name="X")
    with pytest.raises(NotAllowed):
        patients.write_note(staff=reader, patient_id=patient.pk, text="X", now=NOW)
    with pytest.raises(type(patient).DoesNotExist):
        change(a_staff(), patient, name="X")


def test_an_empty_note_is_none(nora, patient):
    with pytest.raises(NothingWritten):
        patients.write_note(staff=nora, patient_id=patient.pk, text=" \n", now=NOW)


def test_a_new_address_gets_no_e_mail_until_the_patient_has_agreed(nora, patient):
    change(nora, patient, email="harold@home.test")
    patient.refresh_from_db()
    assert not consents.takes_e_mail(patient)
    agree(nora, patient, ConsentKind.EMAIL)
    assert consents.takes_e_mail(patient)


def test_what_was_agreed_to_for_one_address_does_not_hold_for_the_next(nora, patient):
    change(nora, patient, email="harold@home.test")
    agree(nora, patient, ConsentKind.EMAIL)
    change(nora, patient, email="")
    change(nora, patient, email="clara@home.test")
    patient.refresh_from_db()
    assert not consents.takes_e_mail(patient)


def test_an_address_and_the_answer_come_together(nora, patient):
    agree(nora, patient, ConsentKind.EMAIL, ConsentKind.SMS, email="h@x.test", phone="+15555550113")
    patient.refresh_from_db()
    assert consents.takes_e_mail(patient)
    assert patient.texts_agreed_at == NOW
    assert {each.recorded_by for each in Consent.objects.filter(patient=patient)} == {nora.user}


def test_a_new_number_gets_no_texts_until_the_patient_has_agreed(nora, patient):
    agree(nora, patient, ConsentKind.SMS)
    change(nora, patient, phone="+15555550113")
    patient.refresh_from_db()
    assert patient.texts_agreed_at is None
    assert consents.standing(patient=patient, kind=ConsentKind.SMS) is None


def test_what_else_is_corrected_leaves_agreements_alone(nora, patient):
    change(nora, patient, email="harold@home.test")
    agree(nora, patient, ConsentKind.EMAIL, ConsentKind.SMS)
    change(nora, patient, name="Harold Finch", phone=patient.phone, email="harold@home.test")
    patient.refresh_from_db()
    assert consents.takes_e_mail(patient)
    assert patient.texts_agreed_at == NOW
