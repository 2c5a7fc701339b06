"""A patient reads who looked at their data; nobody reads anybody else's."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from tests.admin.people import at
from tests.conftest import NOW
from tests.factories import a_patient, a_phone, a_procedure, a_staff, signed_in
from tests.pages.reading import read
from tracker.models import AuditEvent, Caregiver, Membership
from tracker.services import audit

PAGE, API = "/my-data/who-looked/", "/api/v1/audit/"


@pytest.fixture
def phone(desks):
    client = Client()
    a_phone(desks.patient, client)
    return client


def test_who_when_and_what(desks, phone):
    assert "Nobody in the last 90 days." in read(phone.get(PAGE)).words
    for _ in range(3):
        desks.nurse.get(at("patient", desks.patient.pk))
    with time_machine.travel(NOW + timedelta(hours=20), tick=False):
        signed_in(Client(), a_staff(desks.clinic, name="Bea Orr")).get(at("patients"))
        words = read(phone.get(PAGE)).words
    assert "Nora Park (nurse) Opened your record, 10:00" in words
    assert "(3 times that day)" in words
    assert "Bea Orr (nurse) Saw your name in a list" in words
    assert words.index("Bea Orr") < words.index("Nora Park"), "the latest day first"


def test_it_stands_behind_my_data(phone):
    assert read(phone.get("/my-data/")).links["Who looked at my data"] == PAGE


def test_in_spanish(desks, phone):
    desks.patient.language = "es"
    desks.patient.save()
    desks.nurse.get(at("patient", desks.patient.pk))
    words = read(phone.get(PAGE)).words
    assert "Quién vio mis datos" in words
    assert "Nora Park (enfermería) Abrió su expediente" in words


def test_whoever_left_keeps_their_name_and_no_role(desks, phone):
    desks.nurse.get(at("patient", desks.patient.pk))
    Membership.objects.filter(user=desks.nora.user).update(ended_at=NOW)
    assert "Somebody at your clinic (Nora Park)" in read(phone.get(PAGE)).words


def test_an_address_of_e_mail_is_shown_to_no_patient(desks, phone):
    nameless = a_staff(desks.clinic, name="", email="secret@clinic.test")
    signed_in(Client(), nameless).get(at("patient", desks.patient.pk))
    for answer in (phone.get(PAGE), phone.get(API)):
        assert "secret@" not in answer.content.decode()
    assert "Somebody at your clinic" in read(phone.get(PAGE)).words


def test_ones_own_doings_and_refusals_are_not_looks(desks, phone):
    desks.stranger.get(at("patient", desks.patient.pk))
    assert AuditEvent.objects.filter(actor__startswith="patient:").exists()
    assert phone.get(API).json()["results"] == []


def test_nobody_sees_who_looked_at_somebody_else(desks, phone):
    other = a_patient(desks.clinic)
    a_procedure(other)
    desks.nurse.get(at("patient", other.pk))
    assert phone.get(API).json()["results"] == []
    theirs = Client()
    a_phone(other, theirs)
    assert len(theirs.get(API).json()["results"]) == 1
    assert desks.nurse.get(API).status_code == 403
    assert Client().get(API).status_code == 401
    assert Client().get(PAGE).status_code == 302


def test_the_api_goes_page_by_page(desks, phone):
    for seconds in range(5):
        audit.record(
            clinic_id=desks.clinic.pk,
            actor=desks.nora.audit_name,
            action="patient.view",
            subject=f"patient:{desks.patient.pk}",
            patient_id=desks.patient.pk,
            now=NOW + timedelta(seconds=seconds),
        )
    first = phone.get(f"{API}?limit=3").json()
    rest = phone.get(f"{API}?limit=3&cursor={first['next']}").json()
    moments = [each["at"] for each in (*first["results"], *rest["results"])]
    assert len(moments) == 5
    assert moments == sorted(moments, reverse=True)
    assert rest["next"] is None
    assert first["results"][0] == {
        "at": (NOW + timedelta(seconds=4)).isoformat(),
        "who": {"kind": "staff", "name": "Nora Park", "role": "nurse"},
        "what": "opened",
    }
    assert phone.get(f"{API}?patient={desks.patient.pk}").status_code == 400


def test_who_was_let_in_is_shown_and_sees_none_of_it(desks):
    caregiver = Caregiver.objects.create(
        clinic=desks.clinic, patient=desks.patient, name="Grace Hendricks", created_at=NOW
    )
    client, own = Client(), Client()
    session = a_phone(desks.patient, client).session
    session.caregiver = caregiver
    session.save()
    a_phone(desks.patient, own)
    assert client.get(PAGE).status_code == 403
    assert client.get(API).status_code == 403
    audit.record(
        clinic_id=desks.clinic.pk,
        actor=f"caregiver:{caregiver.pk}",
        action="check_in.record",
        subject="check_in:1",
        patient_id=desks.patient.pk,
        now=NOW,
    )
    assert "Grace Hendricks, whom you let in Worked on your record" in read(own.get(PAGE)).words
