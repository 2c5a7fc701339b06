"""What the phone says is due is what the reminders are about: both come from one schedule."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories import a_check_in, fever
from tests.services.reminding import a_planned, at
from tracker.models import Delivery, Reminder
from tracker.services import sweep
from tracker.services.today import today_of

pytestmark = pytest.mark.django_db
CALM = {"pain": {"usual": 3, "site": 1}}


def due(procedure, hours):
    return today_of(patient=procedure.patient, now=at(hours)).due


def rung(procedure, now):
    sent = Delivery.objects.filter(created_at=now, reminder__procedure=procedure)
    return {
        kind.lower() for kind in sent.exclude(kind__startswith="ICE").values_list("kind", flat=True)
    }


def written(procedure, now):
    """What the rows have asked so far, or will within the hour."""
    rows = Reminder.objects.filter(procedure=procedure, asked_at__lte=now + timedelta(hours=1))
    return {kind.lower() for kind in rows.values_list("kind", flat=True)}


@pytest.mark.parametrize(
    ("hours", "kinds"),
    [
        (0.5, []),
        (1, ["check_in"]),  # an answer counts from an hour before
        (2, ["check_in"]),
        (13.9, ["check_in"]),
        (14, []),  # midnight
        (22.5, ["check_in"]),
        (24 * 16, []),
        (24 * 21, ["follow_up"]),
    ],
)
def test_what_is_asked_on_the_day(hours, kinds):
    assert due(a_planned(), hours) == kinds


def test_an_answer_holds_until_the_next_question():
    procedure = a_planned()
    a_check_in(procedure.patient, now=at(22.6), **CALM)  # 08:36
    assert due(procedure, 23.5) == []
    assert due(procedure, 31.5) == ["check_in"]  # 18:00 is asked half an hour early


def test_what_a_finding_calls_for_is_due_until_it_was_done():
    procedure = a_planned()
    a_check_in(procedure.patient, now=at(23), **CALM, **fever("37.8"))
    assert due(procedure, 25) == []
    assert due(procedure, 27) == ["recheck"]
    a_check_in(procedure.patient, now=at(27.2), **fever("36.8"))
    assert due(procedure, 27.5) == []


def test_what_rings_is_due_on_the_phone_and_what_is_due_was_written():
    procedure = a_planned(patient={"diabetes": True})
    answers = {26: CALM, 47: fever("37.9"), 75: {"glucose": {"value": "150", "unit": "mg/dL"}}}
    heard = set()
    for hour in (*range(0, 24 * 8, 2), *range(24 * 21, 24 * 21 + 12, 2)):
        now = at(hour)
        sweep.plan_due_reminders(now=now)
        sweep.send_due_reminders(now=now)
        asked = set(due(procedure, hour))
        assert rung(procedure, now) <= asked, hour
        assert asked <= written(procedure, now), hour
        heard |= rung(procedure, now)
        if hour + 1 in answers or hour % 34 == 0:
            answer = answers.get(hour + 1, CALM)
            a_check_in(procedure.patient, now=at(hour + 1), **answer)
    assert heard == {"check_in", "glucose", "recheck", "follow_up"}
