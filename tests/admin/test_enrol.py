"""Enrol a patient on one page, and hand over a card that is shown once."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from tests.admin.people import at, text_of
from tests.conftest import NOW
from tracker.models import Invitation, Patient
from tracker.services.invitations import sign_in_with_code

FORM = {
    "name": "Ana Ruiz",
    "phone": "(555) 555-0142",
    "email": "ana@patient.test",
    "language": "es",
    "timezone": "America/Chicago",
    "temperature_unit": "Cel",
    "glucose_unit": "mg/dL",
    "nerves": ["superior_cluneal", "middle_cluneal"],
    "side": "left",
    "kind": "therapeutic",
    "steroid": "yes",
    "stage": "done",
    "at": "2026-11-21T09:30",
    "baseline_pain": "7",
    "baseline_glucose": "150",
    "baseline_glucose_unit": "mg/dL",
    "insulin": "on",
}


@pytest.fixture
def send(desks):
    def send(**changes):
        page = desks.nurse.get(at("enrol")).content.decode()
        once = re.search(r'name="once" value="([^"]+)"', page)[1]
        form = {key: value for key, value in {**FORM, "once": once, **changes}.items() if value}
        return desks.nurse.post(at("enrol"), form)

    return send


def enrolled() -> Patient:
    return Patient.objects.get(name="Ana Ruiz")


def test_the_form_offers_the_clinics_own_zone_and_now(desks):
    page = text_of(desks.nurse.get(at("enrol")))
    assert '<option value="America/New_York" selected>' in page
    assert 'type="datetime-local" name="at" value="2026-11-21T10:00"' in page
    assert "On the clinic&#x27;s clock (America/New York)." in page


def test_a_patient_is_enrolled_with_a_procedure_that_is_done(desks, send):
    card = send()
    assert card.status_code == 200
    patient = enrolled()
    assert patient.clinic == desks.clinic
    assert patient.phone == "+15555550142"
    assert patient.diabetes, "insulin means diabetes"
    procedure = patient.procedures.get()
    assert procedure.state == "DONE"
    assert procedure.ended_at == datetime(2026, 11, 21, 14, 30, tzinfo=UTC)
    assert procedure.nerves == ["superior_cluneal", "middle_cluneal"]
    assert procedure.baseline_pain == 7
    assert procedure.baseline_glucose == "150"


def test_a_planned_procedure_waits_to_be_marked_done(send):
    send(stage="planned", at="2026-11-23T08:00")
    procedure = enrolled().procedures.get()
    assert procedure.state == "SCHEDULED"
    assert procedure.ended_at is None
    assert procedure.scheduled_at == datetime(2026, 11, 23, 13, 0, tzinfo=UTC)


def test_the_card_lets_a_phone_in_and_speaks_the_patients_language(send):
    card = send()
    page = text_of(card)
    code = re.search(r'id="code">([A-Z0-9]{4}-[A-Z0-9]{6})<', page)[1]
    assert "Empiece en su teléfono" in page
    assert "<svg" in page
    assert "(555) 555-0100" in page
    assert sign_in_with_code(code=code, label="", now=NOW).phone.patient == enrolled()


def test_the_secrets_are_in_no_address_and_no_cookie(desks, send):
    card = send()
    code = re.search(r'id="code">([^<]+)<', card.content.decode())[1]
    token = re.search(r"/join/#([\w-]{43})", card.content.decode())[1]
    assert card.status_code == 200
    assert "Location" not in card.headers
    kept = " ".join(morsel.OutputString() for morsel in card.cookies.values())
    assert code not in kept
    assert token not in kept
    assert code not in str(dict(desks.nurse.session.items()))
    assert "no-store" in card["Cache-Control"]


def test_the_same_form_sent_twice_enrols_once(desks):
    page = desks.nurse.get(at("enrol")).content.decode()
    once = re.search(r'name="once" value="([^"]+)"', page)[1]
    desks.nurse.post(at("enrol"), {**FORM, "once": once})
    again = desks.nurse.post(at("enrol"), {**FORM, "once": once}, follow=True)
    assert "already enrolled" in text_of(again)
    assert Patient.objects.filter(name="Ana Ruiz").count() == 1
    assert Invitation.objects.filter(patient=enrolled()).count() == 1


@pytest.mark.parametrize("once", ["", "nonsense", "00000000-0000-4000-8000-000000000000"])
def test_an_id_that_the_server_did_not_make_is_never_used(send, once):
    assert send(once=once).status_code == 200
    assert str(enrolled().pk) != once


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "", "Fill this in."),
        ("phone", "nobody", "This is not a phone number."),
        ("phone", "555-0142", "too few or too many digits"),
        ("phone", "555 555 0142 ext 7", "without an extension"),
        ("email", "ana@", "Enter a valid email address."),
        ("timezone", "Mars/Olympus", "Select a valid choice"),
        ("nerves", "", "Choose one."),
        ("side", "", "Choose one."),
        ("steroid", "", "Choose one."),
        ("at", "yesterday", "Give a date and a time"),
        ("at", "2026-11-21T10:30", "This is in the future: choose Planned"),
        ("at", "2024-11-21T09:30", "more than a year ago"),
        ("baseline_pain", "11", "less than or equal to 10"),
        ("baseline_pain", "7.5", "Give a whole number from 0 to 10."),
        ("baseline_glucose", "NaN", "Give a number from 34 to 900 in mg/dL."),
        ("baseline_glucose", "5.6", "Is the unit right?"),
        ("baseline_glucose", "150.5", "a whole number"),
        ("baseline_glucose", "901", "Give a number from 34 to 900 in mg/dL."),
    ],
)
def test_what_cannot_be_right_is_named_and_the_rest_is_kept(send, field, value, words):
    answer = send(**{field: value})
    assert answer.status_code == 422
    page = text_of(answer)
    assert words in page
    assert "Nobody is enrolled yet" in page
    kept = "Ana Ruiz" if field != "name" else "(555) 555-0142"
    assert f'value="{kept}"' in page
    assert not Patient.objects.filter(name="Ana Ruiz").exists()


@pytest.mark.parametrize(
    ("unit", "value", "accepted"),
    [
        ("mg/dL", "34", True),
        ("mg/dL", "33", False),
        ("mg/dL", "900", True),
        ("mmol/L", "0.6", True),
        ("mmol/L", "0.5", False),
        ("mmol/L", "33.3", True),
        ("mmol/L", "33.4", False),
        ("mmol/L", "5,6", True),
    ],
)
def test_the_bounds_of_a_usual_sugar(send, unit, value, accepted):
    answer = send(baseline_glucose=value, baseline_glucose_unit=unit)
    assert (answer.status_code == 200) is accepted


def test_a_diagnostic_block_has_no_steroid(send):
    answer = send(kind="diagnostic")
    assert answer.status_code == 422
    assert "A diagnostic block has no steroid" in text_of(answer)
    assert send(kind="diagnostic", steroid="no").status_code == 200


def test_a_number_from_abroad_keeps_its_country(send):
    send(phone="+52 55 1234 5678")
    assert enrolled().phone == "+525512345678"


def test_a_time_that_the_clock_skips_is_not_guessed(send):
    answer = send(stage="planned", at="2027-03-14T02:30")
    assert answer.status_code == 422
    assert "No clock shows this time" in text_of(answer)


def test_a_new_code_is_for_the_clinics_own_patient(desks):
    card = desks.nurse.post(at("invite", desks.patient.pk))
    assert card.status_code == 200
    assert "Start on your phone" in text_of(card)
    assert Invitation.objects.filter(patient=desks.patient).count() == 1
    invitation = Invitation.objects.get(patient=desks.patient)
    assert invitation.expires_at == NOW + timedelta(hours=72)
    assert invitation.created_by == desks.nora.user


def test_all_that_is_asked_is_kept(send):
    send(
        guidance="fluoroscopy", anesthetic="bupivacaine 0.25 %", contrast="on",
        address="1 Lake St", emergency_contact="June Ruiz", emergency_contact_phone="555 555 0177",
        allergies="latex", anticoagulant="on", immunosuppressed="on", ice_contraindicated="on",
    )  # fmt: skip
    patient, procedure = enrolled(), enrolled().procedures.get()
    assert (procedure.guidance, procedure.anesthetic, procedure.contrast) == (
        "fluoroscopy", "bupivacaine 0.25 %", True,
    )  # fmt: skip
    assert (patient.address, patient.allergies) == ("1 Lake St", "latex")
    assert (patient.emergency_contact, patient.emergency_contact_phone) == (
        "June Ruiz", "+15555550177",
    )  # fmt: skip
    assert patient.anticoagulant
    assert patient.immunosuppressed
    assert patient.ice_contraindicated


def test_the_clinics_usual_language_and_units_are_filled_in(desks):
    desks.clinic.language, desks.clinic.temperature_unit = "es", "Cel"
    desks.clinic.save(update_fields=["language", "temperature_unit"])
    page = text_of(desks.nurse.get(at("enrol")))
    assert '<option value="es" selected>' in page
    assert '<option value="Cel" selected>' in page


def test_somebody_who_helps_gets_a_card_of_their_own(send):
    page = text_of(send(caregiver="June Ruiz", caregiver_may_log="on", language="en"))
    assert "For June Ruiz, who helps Ana Ruiz" in page
    caregiver = enrolled().caregivers.get()
    assert caregiver.may_log
    codes = re.findall(r'code">([A-Z0-9]{4}-[A-Z0-9]{6})<', page)
    assert len(set(codes)) == 2
    assert sign_in_with_code(code=codes[0], label="", now=NOW).phone.session.caregiver is None
    assert sign_in_with_code(code=codes[1], label="", now=NOW).phone.session.caregiver == caregiver
