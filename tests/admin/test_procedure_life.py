"""The life of a procedure on the patient's page: stopped, taken up again, corrected, one more."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from tests.admin.people import at, nobody, text_of
from tests.conftest import NOW
from tests.factories import a_check_in, a_procedure, a_staff, approved, signed_in
from tracker.models import AuditEvent, Note, Patient, Procedure

ANOTHER = {
    "nerves": ["middle_cluneal"],
    "side": "left",
    "kind": "therapeutic",
    "steroid": "yes",
    "guidance": "ultrasound",
    "anesthetic": "lidocaine 1 %",
    "stage": "done",
    "at": "2026-11-21T09:30",
    "baseline_pain": "5",
    "baseline_glucose_unit": "mg/dL",
}


@pytest.fixture
def doctor(desks):
    return signed_in(Client(), a_staff(desks.clinic, role="CLINICIAN", name="Dr. Ada Cole"))


def stop(client, procedure, reason="HOSPITALISED"):
    return client.post(at("procedure-stop", procedure.pk), {"reason": reason}, follow=True)


def again(row):
    return type(row).objects.get(pk=row.pk)


def once_of(client, address):
    return re.search(r'name="once" value="([^"]+)"', client.get(address).content.decode())[1]


def test_a_stop_is_said_on_the_page_with_its_reason(desks):
    page = text_of(stop(desks.nurse, desks.procedure))
    assert "the patient is asked and reminded no more" in page
    assert "Closed: in hospital" in page
    assert again(desks.alert).state == "OPEN"


def test_a_reason_that_does_not_fit_is_refused_in_its_place(desks):
    answer = desks.nurse.post(at("procedure-stop", desks.procedure.pk), {"reason": "NOT_DONE"})
    assert answer.status_code == 422
    assert "it can be stopped, not cancelled" in text_of(answer)
    assert again(desks.procedure).state == "DONE"


def test_what_was_stopped_by_mistake_is_taken_up_again(desks):
    stop(desks.nurse, desks.procedure, "DIED")
    page = text_of(desks.nurse.post(at("procedure-resume", desks.procedure.pk), follow=True))
    assert "Taken up again" in page
    assert again(desks.procedure).state == "DONE"


def test_a_void_procedure_offers_nothing(desks):
    page = text_of(stop(desks.nurse, desks.procedure, "WRONG_PATIENT"))
    assert "Void (wrong patient)" in page
    assert at("procedure-resume", desks.procedure.pk) not in page
    assert at("procedure-change", desks.procedure.pk) not in page


@pytest.mark.parametrize("name", ["procedure-stop", "procedure-resume"])
def test_readers_and_strangers_move_nothing(desks, name):
    assert desks.reader.post(at(name, desks.procedure.pk), {}).status_code == 403
    assert desks.stranger.post(at(name, desks.procedure.pk), {}).status_code == 404
    assert again(desks.procedure).state == "DONE"


def test_a_second_procedure_takes_over_and_the_first_ends(desks):
    address = at("procedure-add", desks.patient.pk)
    form = {**ANOTHER, "once": once_of(desks.nurse, address)}
    for _ in range(2):  # a double click
        assert desks.nurse.post(address, form).status_code == 302
    second = desks.patient.procedures.get(side="left")
    assert (second.state, second.guidance, second.anesthetic) == (
        "DONE", "ultrasound", "lidocaine 1 %",
    )  # fmt: skip
    first = again(desks.procedure)
    assert (first.state, first.stop_reason) == ("CLOSED", "FINISHED")
    assert a_check_in(desks.patient).check_in.procedure == second


def test_a_planned_second_one_leaves_the_first_alone_until_it_is_done(desks):
    address = at("procedure-add", desks.patient.pk)
    form = {**ANOTHER, "stage": "planned", "at": "2026-12-01T09:00"}
    desks.nurse.post(address, {**form, "once": once_of(desks.nurse, address)})
    assert again(desks.procedure).state == "DONE"
    assert a_check_in(desks.patient).check_in.procedure == desks.procedure


def test_late_enrolment_of_an_older_block_ends_nothing(desks):
    address = at("procedure-add", desks.patient.pk)
    form = {**ANOTHER, "at": "2026-10-01T09:00", "once": once_of(desks.nurse, address)}
    assert desks.nurse.post(address, form).status_code == 302
    assert again(desks.procedure).state == "DONE"


def test_a_baseline_is_filled_in_later_and_all_is_judged_again(desks):
    desks.procedure.baseline_pain = None
    desks.procedure.save(update_fields=["baseline_pain"])
    address = at("procedure-change", desks.procedure.pk)
    page = text_of(desks.nurse.get(address))
    assert "Usual pain before" in page
    answer = desks.nurse.post(
        address, {**ANOTHER, "baseline_pain": "4", "side": "right"}, follow=True
    )
    assert "Everything was judged again." in text_of(answer)
    assert again(desks.procedure).baseline_pain == 4
    event = AuditEvent.objects.get(action="procedure.change")
    assert "baseline_pain" in event.fields
    assert "side" not in event.fields, "what did not change is not said to have"


CHANGED = {
    "name": "Harold J. Finch",
    "phone": "(555) 555-0112",
    "language": "es",
    "timezone": "America/Chicago",
    "temperature_unit": "Cel",
    "glucose_unit": "mg/dL",
    "insulin": "on",
    "emergency_contact": "June Finch",
    "emergency_contact_phone": "(555) 555-0177",
    "address": "1 Lake St",
    "allergies": "latex",
}


def test_a_patients_data_are_corrected_and_the_fields_written_down(desks):
    address = at("patient-change", desks.patient.pk)
    assert 'value="Harold Finch"' in text_of(desks.nurse.get(address))
    page = text_of(desks.nurse.post(address, CHANGED, follow=True))
    assert "June Finch" in page
    assert "Allergies: latex" in page
    patient = again(desks.patient)
    assert patient.diabetes, "insulin means diabetes"
    assert patient.emergency_contact_phone == "+15555550177"
    event = AuditEvent.objects.get(action="patient.change")
    assert {"name", "language", "insulin", "diabetes", "timezone"} <= set(event.fields)
    assert "phone" not in event.fields


def test_what_cannot_be_right_changes_nothing(desks):
    answer = desks.nurse.post(
        at("patient-change", desks.patient.pk), {**CHANGED, "phone": "nobody"}
    )
    assert answer.status_code == 422
    assert again(desks.patient).name == "Harold Finch"


@pytest.mark.parametrize("name", ["patient-change", "note", "procedure-add", "check-in-enter"])
def test_readers_and_strangers_change_nothing(desks, name):
    address = at(name, desks.patient.pk)
    assert desks.reader.post(address, CHANGED).status_code == 403
    assert desks.stranger.post(address, CHANGED).status_code == 404
    assert desks.nurse.post(at(name, nobody()), CHANGED).status_code == 404
    assert again(desks.patient).name == "Harold Finch"
    assert Procedure.objects.filter(patient=desks.patient).count() == 1


def test_a_note_is_kept_and_an_empty_one_is_not(desks):
    address = at("note", desks.patient.pk)
    assert desks.nurse.post(address, {"text": "  "}).status_code == 422
    desks.nurse.post(address, {"text": "Lives alone."})
    note = Note.objects.get()
    assert (note.text, note.author) == ("Lives alone.", desks.nora.user)


def test_a_prepared_message_is_sent_and_another_is_not(desks):
    address = at("message-send", desks.patient.pk)
    desks.nurse.post(address, {"template": "please_call"})
    desks.nurse.post(address, {"template": "whatever I like"})
    assert desks.patient.messages.count() == 1


def test_a_clinician_gives_one_patient_other_numbers(desks, doctor):
    address = at("procedure-protocol", desks.procedure.pk)
    form = dict(re.findall(r'name="(\w+)" value="([^"]*)"', doctor.get(address).content.decode()))
    chosen = {"fever_confirm_h": "0", "g_high_count": "1"}
    own = {**form, **chosen, "fever_celsius": "37.8", "fever_fahrenheit": "100.0"}
    wrong = doctor.post(address, {**own, "fever_celsius": "40", "do": "own", "reason": "x"})
    assert wrong.status_code == 422
    assert "40 is not allowed" in text_of(wrong)
    page = text_of(doctor.post(address, {**own, "do": "own", "reason": "Prednisone."}, follow=True))
    assert "with 1 number of this patient's own" in page
    assert desks.procedure.protocol_overrides.get().numbers == {
        "fever": {"Cel": "37.8", "[degF]": "100.0"}
    }
    doctor.post(address, {"do": "back", "reason": "Course is over."})
    assert desks.procedure.protocol_overrides.order_by("-pk")[0].numbers == {}


def test_a_clinician_moves_a_procedure_to_another_version(desks, doctor):
    approved(desks.clinic, fever={"Cel": "38.5", "[degF]": "101.3"})
    address = at("procedure-protocol", desks.procedure.pk)
    page = text_of(doctor.post(address, {"do": "move", "number": "2"}, follow=True))
    assert "Everything was judged again by this version." in page
    assert again(desks.procedure).protocol_version.number == 2
    assert desks.alert.events.filter(step="no_ground").exists()
    assert doctor.post(address, {"do": "move", "number": "2"}).status_code == 422


def test_only_a_clinician_sees_those_pages(desks):
    address = at("procedure-protocol", desks.procedure.pk)
    assert desks.nurse.get(address).status_code == 403
    stranger = signed_in(Client(), a_staff(role="CLINICIAN"))
    assert stranger.get(address).status_code == 404


def test_an_rfa_has_its_own_window(desks, doctor):
    rfa = a_procedure(desks.patient, kind="rfa", hours_ago=24, now=NOW + timedelta(0))
    page = text_of(doctor.get(at("procedure-protocol", rfa.pk)))
    assert "Early soreness lasts after RFA" in page
    assert 'name="persist_h"' not in page
    assert isinstance(rfa.patient, Patient)
