"""Whether messages reach a patient, as staff see it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.conftest import NOW
from tests.delivery.steps import deliver_all, subscribed
from tests.factories import a_check_in, a_patient, a_procedure, a_staff, fever, signed_in
from tracker.models import Delivery
from tracker.services import deliveries, tasks
from tracker.services.reachability import Reach, reachability

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def messages(patient, seen):
    """One test message after the other; which of them the phone confirmed."""
    phone = patient.push_subscriptions.get()
    for number, is_seen in enumerate(seen):
        at = NOW + timedelta(minutes=number)
        row = deliveries.owe_test(subscription=phone, now=at)
        deliver_all(at)
        if is_seen:
            assert deliveries.confirm_receipt(receipt_id=row.receipt_id, patient=patient, now=at)


@pytest.mark.parametrize(
    ("seen", "later", "reach"),
    [
        ([], timedelta(), Reach.REACHABLE),
        ([True], timedelta(), Reach.REACHABLE),
        ([False], timedelta(), Reach.REACHABLE),
        ([True, False, False], timedelta(), Reach.DOUBTFUL),
        ([False, False, True], timedelta(), Reach.REACHABLE),
        ([False, True, False], timedelta(), Reach.REACHABLE),
        ([True], 7 * DAY, Reach.REACHABLE),
        ([True], 7 * DAY + timedelta(seconds=1), Reach.DOUBTFUL),
        ([], 8 * DAY, Reach.DOUBTFUL),
    ],
    ids=str,
)
def test_a_phone(push_service, seen, later, reach):
    patient = a_patient()
    subscribed(patient, push_service)
    messages(patient, seen)
    assert reachability(patient=patient, now=NOW + later).reach == reach


@pytest.mark.parametrize(
    ("told", "refused", "reach"),
    [
        ({}, [], Reach.UNREACHABLE),
        ({"email": "r@x.test"}, [], Reach.DOUBTFUL),
        ({"email": "r@x.test"}, ["EMAIL"], Reach.UNREACHABLE),
        ({"texts_agreed_at": NOW}, [], Reach.DOUBTFUL),
        ({"texts_agreed_at": NOW, "phone": ""}, [], Reach.UNREACHABLE),
        ({"texts_agreed_at": NOW}, ["SMS"], Reach.UNREACHABLE),
        ({"email": "r@x.test", "texts_agreed_at": NOW}, ["SMS"], Reach.DOUBTFUL),
    ],
    ids=str,
)
def test_a_patient_without_a_phone_for_messages(settings, told, refused, reach):
    settings.SMS = {"kind": "twilio"}
    patient = a_patient(**told)
    for channel in refused:
        Delivery.objects.create(
            clinic=patient.clinic, patient=patient, kind="TEST", channel=channel, key=channel,
            priority=2, state="DEAD", due_at=NOW, created_at=NOW,
        )  # fmt: skip
    assert reachability(patient=patient, now=NOW).reach == reach


def test_the_desk_shows_how_to_reach_a_patient(client, push_service):
    patient = a_patient(email="r@x.test")
    subscribed(patient, push_service)
    page = signed_in(client, a_staff(patient.clinic)).get(f"/admin/patients/{patient.pk}/")
    told = page.content.decode()
    assert "Phone: " in told
    assert "last confirmed never" in told
    assert "E-mail <span" in told


def test_the_queue_says_when_no_message_reaches_somebody(client):
    patient = a_patient()
    a_procedure(patient)
    a_check_in(patient, **fever("38.4"))
    desk = signed_in(client, a_staff(patient.clinic))
    assert "No message reaches them" in desk.get("/admin/").content.decode()
    staff = a_staff(patient.clinic)
    tasks.finish_task(
        staff=staff, task_id=patient.tasks.get(kind="UNREACHABLE").pk, note="Called.", now=NOW
    )
    assert "No message reaches them" not in desk.get("/admin/").content.decode()
