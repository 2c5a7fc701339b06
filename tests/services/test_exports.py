"""A patient's own data as files: whole, without secrets, and safe to open."""

from __future__ import annotations

import csv
import io
import json

import pytest
import time_machine
from django.test import Client

from tests.conftest import NOW
from tests.factories import a_check_in, a_clinic, a_patient, a_phone, a_procedure, a_staff, fever
from tests.factories import signed_in as at_desk
from tests.services.test_erasure import patient as planted_patient  # noqa: F401
from tests.services.test_erasure import planted_words
from tracker.access import NotAllowed
from tracker.models import AuditEvent, Note, Patient
from tracker.services import exports, handing_over
from tracker.services.records import BELONGINGS, SECRETS

pytestmark = pytest.mark.django_db
URL, TABLE = "/api/v1/export/", "/api/v1/export/check-ins.csv"


@pytest.fixture(autouse=True)
def at_now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def patient():
    patient = a_patient(a_clinic(), name="Ada Quill", language="es")
    a_procedure(patient)
    return patient


def secret(word: str) -> bool:
    # The locator of an invitation is so short that its canary is cut off.
    return word.rpartition("-")[2] in SECRETS or word == "canary-i"


def test_the_clinics_copy_holds_every_text_but_the_secrets(planted_patient):  # noqa: F811
    before = {each for each in planted_words() if not secret(each)}
    staff = a_staff(planted_patient.clinic, role="MANAGER")
    whole = exports.export_by_staff(staff=staff, patient_id=planted_patient.pk, now=NOW)
    assert {each for each in before if each not in whole} == set()
    assert not [each for each in planted_words() if secret(each) and each in whole]


def test_the_patients_copy_leaves_out_what_staff_wrote_for_themselves(planted_patient):  # noqa: F811
    phone = a_phone(planted_patient)
    whole = exports.export_own(phone=phone, now=NOW)
    left_out = {each for each in planted_words() if each not in whole and not secret(each)}
    assert left_out == {
        "canary-alert-note", "canary-alert-policy", "canary-alertevent-note",
        "canary-callbackrequest-note", "canary-note-text", "canary-task-note",
    }  # fmt: skip


def test_it_is_a_file_that_names_every_kind_of_row(patient):
    client = Client()
    a_phone(patient, client)
    a_check_in(patient, **fever("38.1"))
    answer = client.get(URL)
    assert answer["Content-Disposition"] == 'attachment; filename="my-data.json"'
    assert "no-store" in answer["Cache-Control"]
    body = json.loads(answer.content)
    assert {each.name for each in BELONGINGS if each.for_staff is not None} < set(body)
    assert body["patient"][0]["name"] == "Ada Quill"
    assert body["check_ins"][0]["answers"]["temperature"] == {"value": "38.1", "unit": "Cel"}
    assert body["who_saw_it"][-1]["action"] == "patient.export"


def test_nothing_of_another_patient_is_in_it(patient):
    other = a_patient(patient.clinic, name="Zebra Canary")
    a_procedure(other)
    a_check_in(other, **fever("39.9"))
    client = Client()
    a_phone(patient, client)
    for url in (URL, TABLE):
        text = client.get(url).content.decode()
        assert "Zebra" not in text and "39.9" not in text and str(other.pk) not in text


def test_the_table_has_a_line_a_check_in(patient):
    client = Client()
    a_phone(patient, client)
    a_check_in(
        patient, **fever("38.1"), other={"text": "=cmd|' /C calc'!A0", "urgency": "can_wait"}
    )
    answer = client.get(TABLE)
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0]["temperature.value"] == "38.1"
    assert rows[0]["other.text"] == "'=cmd|' /C calc'!A0"
    assert all(line.startswith('"') for line in answer.content.decode("utf-8-sig").splitlines())


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "|calc", "＝1", "＋1", "－1", "＠x",
     "｜x", "﹢1", "﹦1", "\u200b=1", "\ufeff\u200d+1", "  =1", "\u00a0-1", "\u202e=1", "\u0301=1",
     "\u200b\t1"],
    ids=ascii,
)  # fmt: skip
def test_no_cell_is_a_formula(text):
    assert exports.cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "38.1", "a=1", "  a", "\u200ba", "Dolor — mucho", 7, None])
def test_other_cells_stay_as_they_are(text):
    assert exports.cell(text) == str(text)


@pytest.mark.parametrize(
    ("role", "may"), [("READER", False), ("NURSE", False), ("CLINICIAN", True), ("MANAGER", True)]
)
def test_who_takes_a_record_out(patient, role, may):
    staff = a_staff(patient.clinic, role=role)
    if not may:
        with pytest.raises(NotAllowed):
            exports.export_by_staff(staff=staff, patient_id=patient.pk, now=NOW)
        return
    Note.objects.create(
        clinic=patient.clinic, patient=patient, text="for staff", author=staff.user, at=NOW
    )
    whole = exports.export_by_staff(staff=staff, patient_id=patient.pk, now=NOW)
    assert "for staff" in whole
    written = AuditEvent.objects.get(action="patient.export")
    assert (written.actor, written.patient_id) == (staff.audit_name, patient.pk)


def test_the_patients_copy_does_not_say_to_which_colleague_an_alert_went(patient):
    alert = a_check_in(patient, **fever()).events[0].alert
    nora, ben = a_staff(patient.clinic), a_staff(patient.clinic, name="Ben Ito")
    handing_over.hand_over(
        staff=nora, alert_id=alert.pk, to=ben.membership.pk, note="", now=NOW, seen=None
    )
    whole = json.loads(exports.export_own(phone=a_phone(patient), now=NOW))
    because = {each["step"]: each.get("because") for each in whole["alert_events"]}
    assert because["hand_over"] is None
    assert "38.1" in because["open"]
    manager = a_staff(patient.clinic, role="MANAGER")
    clinics = exports.export_by_staff(staff=manager, patient_id=patient.pk, now=NOW)
    assert "To Ben Ito." in clinics


def test_nobody_takes_a_record_out_of_another_clinic(patient):
    with pytest.raises(Patient.DoesNotExist):
        exports.export_by_staff(staff=a_staff(role="MANAGER"), patient_id=patient.pk, now=NOW)
    assert not AuditEvent.objects.filter(action="patient.export").exists()


@pytest.mark.parametrize("url", [URL, TABLE])
def test_who_is_not_the_patient_gets_nothing(patient, url):
    assert Client().get(url).status_code == 401
    assert at_desk(Client(), a_staff(patient.clinic, role="MANAGER")).get(url).status_code == 403


def test_the_page_offers_both_files(patient):
    client = Client()
    a_phone(patient, client)
    page = client.get("/my-data/").content.decode()
    assert f'href="{URL}"' in page and f'href="{TABLE}"' in page
