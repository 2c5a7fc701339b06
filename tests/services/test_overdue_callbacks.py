"""A call back that nobody made in time: whoever is on call hears of it, once a target."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.core import mail

from tests.conftest import NOW
from tests.delivery.steps import deliver_all
from tests.factories import a_clinic, a_patient, a_phone, a_staff
from tracker.models import Delivery
from tracker.models.callback_request import CallWindow
from tracker.services import callback_requests, overdue_callbacks, upkeep

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def clinic():
    return a_clinic()


@pytest.fixture
def nurse(clinic):
    return a_staff(clinic, on_call_order=1, email="nora@clinic.test")


@pytest.fixture
def phone(clinic):
    return a_phone(a_patient(clinic))


@pytest.fixture
def request_id(phone):
    asked = callback_requests.ask(
        phone=phone, client_id=uuid.uuid4(), window=CallWindow.ANY, about="", now=NOW
    )
    return asked.request.pk


def told(minutes):
    return overdue_callbacks.tell_staff(now=NOW + minutes * MINUTE)


@pytest.mark.usefixtures("nurse", "request_id")
def test_the_message_comes_with_the_target_and_once():
    assert [told(minutes) for minutes in (0, 59, 60, 61, 600)] == [0, 0, 1, 0, 0]
    deliver_all(NOW + 61 * MINUTE)
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == (["nora@clinic.test"], "Somebody is waiting")


def test_a_call_that_is_tried_has_a_new_target(nurse, request_id):
    callback_requests.tried(
        staff=nurse, request_id=request_id, note="Voice mail.", now=NOW + 30 * MINUTE
    )
    assert [told(minutes) for minutes in (60, 90, 91)] == [0, 1, 0]


def test_who_said_that_they_will_call_is_reminded_too(nurse, request_id):
    callback_requests.take(staff=nurse, request_id=request_id, now=NOW)
    assert told(60) == 1


def test_what_is_over_is_nobodys_business(nurse, request_id):
    callback_requests.finish(staff=nurse, request_id=request_id, note="Done.", now=NOW)
    assert told(60) == 0


@pytest.mark.usefixtures("nurse")
def test_the_rest_of_many_is_told_of_a_minute_later(phone, monkeypatch):
    monkeypatch.setattr(overdue_callbacks, "MOST", 2)
    for _ in range(5):
        callback_requests.ask(
            phone=phone, client_id=uuid.uuid4(), window=CallWindow.ANY, about="", now=NOW
        )
    assert [told(minutes) for minutes in (60, 61, 62, 63)] == [2, 2, 1, 0]


@pytest.mark.usefixtures("request_id")
def test_a_clinic_with_nobody_on_call_hides_no_other(monkeypatch):
    monkeypatch.setattr(overdue_callbacks, "MOST", 1)
    other = a_clinic()
    a_staff(other, on_call_order=1)
    callback_requests.ask(
        phone=a_phone(a_patient(other)), client_id=uuid.uuid4(), window=CallWindow.ANY, about="",
        now=NOW - MINUTE,
    )  # fmt: skip
    assert told(60) == 1


@pytest.mark.usefixtures("request_id")
def test_only_whoever_is_on_call_is_told(clinic):
    a_staff(clinic)
    a_staff(on_call_order=1)  # another clinic's
    assert told(60) == 0


@pytest.mark.usefixtures("nurse", "request_id")
def test_the_product_looks_by_itself():
    upkeep.do_due_jobs(tell_time=lambda: NOW + 60 * MINUTE)
    assert Delivery.objects.filter(key__startswith="callback:").count() == 1
