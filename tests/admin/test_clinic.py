"""A manager says how the clinic is known, and by which ways messages may go."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.admin.people import at, text_of
from tests.factories import a_clinic, a_staff, signed_in
from tracker.models import AuditEvent, Clinic

pytestmark = pytest.mark.django_db


@pytest.fixture
def clinic():
    return a_clinic(phone="+15555550100")


@pytest.fixture
def desk(clinic):
    return signed_in(Client(), a_staff(clinic, role="MANAGER"))


def typed(**changes: str) -> dict[str, str]:
    known = {
        "name": "Lakeside Spine",
        "phone": "(555) 555-0100",
        "emergency_number": "911",
        "hours": "Monday to Friday",
        "booking_link": "https://lakeside.example/book",
        "timezone": "America/Chicago",
        "language": "es",
        "temperature_unit": "Cel",
        "glucose_unit": "mmol/L",
        "email_allowed": "on",
        "sms_sender": "Aftercare",
        "digest_at": "07:30",
        "keep_years": "7",
    }
    return {**known, **changes}


def test_what_is_said_is_kept_and_audited(desk, clinic):
    assert desk.post(at("clinic"), typed()).status_code == 302
    clinic.refresh_from_db()
    assert (clinic.name, clinic.phone, clinic.timezone) == (
        "Lakeside Spine",
        "+15555550100",
        "America/Chicago",
    )
    assert (clinic.email_allowed, clinic.sms_allowed, clinic.keep_years) == (True, False, 7)
    assert AuditEvent.objects.filter(action="clinic.change").count() == 1


def test_saying_the_same_again_changes_and_audits_nothing(desk):
    desk.post(at("clinic"), typed())
    desk.post(at("clinic"), typed())
    assert AuditEvent.objects.filter(action="clinic.change").count() == 1


@pytest.mark.parametrize(
    ("field", "wrong", "says"),
    [
        ("name", "", "Fill this in"),
        ("phone", "call us", "not a phone number"),
        ("emergency_number", "nine", "3 to 8 digits"),
        ("booking_link", "javascript:alert(1)", "whole address"),
        ("booking_link", "http://lakeside.example", "begins with https://"),
        ("timezone", "Mars/Base", "Choose one of the list"),
        ("digest_at", "soon", "such as 07:30"),
        ("keep_years", "0", "greater than or equal to 1"),
        ("keep_years", "31", "less than or equal to 30"),
    ],
)
def test_what_cannot_be_right_is_said_beside_the_field_and_nothing_is_lost(
    desk, clinic, field, wrong, says
):
    response = desk.post(at("clinic"), typed(**{field: wrong}))
    page = text_of(response)
    assert response.status_code == 422
    assert says in page
    assert "Aftercare" in page, "what else was typed is gone"
    assert Clinic.objects.get(pk=clinic.pk).name == clinic.name


@pytest.mark.parametrize("role", ["READER", "NURSE", "CLINICIAN"])
def test_only_a_manager_changes_the_clinic(clinic, role):
    desk = signed_in(Client(), a_staff(clinic, role=role))
    assert desk.post(at("clinic"), typed()).status_code == 403
    assert Clinic.objects.get(pk=clinic.pk).name == clinic.name
