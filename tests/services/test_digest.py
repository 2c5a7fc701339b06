"""Staff are told before the clinic opens that something waits: once a day, on business days."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest

from tests.factories import a_check_in, a_clinic, a_patient, a_procedure, a_staff, fever
from tracker.delivery.texts import text_for
from tracker.models import Delivery
from tracker.models.delivery import MessageKind
from tracker.services import digest

pytestmark = pytest.mark.django_db
FRIDAY_7_30 = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)  # in New York
DAY = timedelta(days=1)


@pytest.fixture
def clinic():
    clinic = a_clinic(digest_at=time(7, 30), opening_hours={"fri": [["08:00", "17:00"]]})
    patient = a_patient(clinic)
    a_procedure(patient, ended_at=FRIDAY_7_30 - 3 * DAY)
    a_check_in(patient, now=FRIDAY_7_30 - timedelta(hours=5), **fever())
    a_staff(clinic, role="READER")
    a_staff(clinic, role="NURSE")
    return clinic


def owed() -> int:
    return Delivery.objects.filter(kind=MessageKind.STAFF_DIGEST).count()


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (timedelta(seconds=-1), 0),
        (timedelta(0), 1),
        (timedelta(hours=3, minutes=59), 1),
        (timedelta(hours=4), 0),
        (DAY, 0),  # a Saturday
    ],
    ids=str,
)
@pytest.mark.parametrize("closes", ["17:00", "24:00"])
def test_it_is_due_from_its_minute_on_days_on_which_somebody_is_there(
    clinic, after, expected, closes
):
    clinic.opening_hours = {"fri": [["08:00", closes]]}
    digest.owe_digest(clinic=clinic, now=FRIDAY_7_30 + after)
    assert owed() == expected, "whoever takes alerts, and nobody else"


def test_it_comes_once_a_day_however_often_somebody_looks(clinic):
    for minute in range(5):
        digest.owe_digest(clinic=clinic, now=FRIDAY_7_30 + timedelta(minutes=minute))
    assert owed() == 1


def test_nothing_is_said_when_nothing_waits():
    empty = a_clinic(digest_at=time(7, 30), opening_hours={"fri": [["08:00", "17:00"]]})
    a_staff(empty, role="NURSE")
    digest.owe_digest(clinic=empty, now=FRIDAY_7_30)
    assert owed() == 0


def test_a_clinic_without_a_time_for_it_gets_none(clinic):
    clinic.digest_at = None
    digest.owe_digest(clinic=clinic, now=FRIDAY_7_30)
    assert owed() == 0


def test_it_says_nothing_of_anybody():
    text = text_for(MessageKind.STAFF_DIGEST, "en")
    assert (text.title, text.body) == ("Before you open", "Please look at the queue.")
