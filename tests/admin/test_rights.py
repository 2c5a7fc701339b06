"""The copy and the erasure that a patient asks the clinic for: by a manager who signs in again."""

from __future__ import annotations

import pytest
import time_machine
from django.test import Client

from tests.accounts.people import a_member, at_the_desk
from tests.admin.people import at, nobody, text_of
from tests.conftest import NOW
from tests.factories import PASSWORD, a_clinic, a_patient, a_procedure, a_staff, signed_in
from tracker.models import AuditEvent, Patient

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def second_factor_required(settings):
    settings.SECOND_FACTOR_REQUIRED = True


@pytest.fixture
def patient():
    patient = a_patient(a_clinic(), name="Harold Finch")
    a_procedure(patient, state="CLOSED", closed_at=NOW)
    return patient


@pytest.fixture
def manager(clock, patient):
    """At the desk for longer than a sign-in is trusted with this."""
    client = at_the_desk(a_member(clinic=patient.clinic, role="MANAGER").user)
    clock.shift(11 * 60)
    return client


def test_a_record_is_taken_out_after_signing_in_again(manager, patient):
    url = at("patient-export", patient.pk)
    asked = manager.post(url)
    assert asked.url.startswith("/accounts/") and not _exported()

    again = manager.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": url})

    taken = (
        again if "attachment" in again.headers.get("Content-Disposition", "") else manager.post(url)
    )
    assert "Harold Finch" in taken.content.decode()
    assert taken["Content-Disposition"].startswith("attachment")
    assert _exported()


def test_a_patient_is_erased_after_signing_in_again_and_a_typed_word(manager, patient):
    url = at("patient-erase", patient.pk)
    assert manager.post(url, {"sure": "ERASE"}).url.startswith("/accounts/")
    assert Patient.objects.filter(pk=patient.pk).exists()
    manager.post("/accounts/reauthenticate/", {"password": PASSWORD})

    assert "Harold Finch" in text_of(manager.get(url))
    assert manager.post(url, {"sure": "erase"}).status_code == 422
    assert manager.post(url, {}).status_code == 422
    assert Patient.objects.filter(pk=patient.pk).exists()
    assert manager.post(url, {"sure": "ERASE"}).status_code == 302
    assert not Patient.objects.filter(pk=patient.pk).exists()


def test_a_patient_who_is_followed_stays(clock, patient):
    a_procedure(patient)
    fresh = at_the_desk(a_member(clinic=patient.clinic, role="MANAGER").user)
    answer = fresh.post(at("patient-erase", patient.pk), {"sure": "ERASE"})
    assert answer.status_code == 409 and "stop its monitoring first" in text_of(answer)


@pytest.mark.parametrize(
    ("role", "copy", "erase"),
    [("READER", 0, 0), ("NURSE", 0, 0), ("CLINICIAN", 1, 0), ("MANAGER", 1, 1)],
)
def test_the_patients_page_leads_there_whoever_may(settings, patient, role, copy, erase):
    settings.SECOND_FACTOR_REQUIRED = False
    client = signed_in(Client(), a_staff(patient.clinic, role=role))
    page = text_of(client.get(at("patient", patient.pk)))
    assert page.count(f'action="{at("patient-export", patient.pk)}"') == copy
    assert page.count(f'href="{at("patient-erase", patient.pk)}"') == erase


@pytest.mark.parametrize("name", ["patient-export", "patient-erase"])
@pytest.mark.parametrize("role", ["READER", "NURSE"])
def test_others_may_not(settings, patient, role, name):
    settings.SECOND_FACTOR_REQUIRED = False
    client = signed_in(Client(), a_staff(patient.clinic, role=role))
    assert client.post(at(name, patient.pk), {"sure": "ERASE"}).status_code == 403
    assert Patient.objects.exists() and not _exported()


@pytest.mark.parametrize("name", ["patient-export", "patient-erase"])
def test_a_patient_of_another_clinic_is_not_there(clock, patient, name):
    stranger = at_the_desk(a_member(clinic=a_clinic(), role="MANAGER").user)
    for patient_id in (patient.pk, nobody()):
        assert stranger.post(at(name, patient_id), {"sure": "ERASE"}).status_code == 404
    assert Patient.objects.filter(pk=patient.pk).exists() and not _exported()


def _exported() -> bool:
    return AuditEvent.objects.filter(action="patient.export").exists()
