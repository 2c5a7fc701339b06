"""A reminder that is due: sent once, answered, stale, or kept back for the night."""

from __future__ import annotations

import uuid
from datetime import time, timedelta

import pytest

from tests.factories import a_check_in, a_phone, fever
from tests.services.reminding import a_planned, at, plan, rows, states, sweep_through
from tracker.models import Delivery, PushSubscription, Reminder
from tracker.services import ice_sessions, reminder_messages, sending, sweep

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
CALM = {"pain": {"usual": 3, "site": 1}}


def sugar(value):
    return {"glucose": {"value": value, "unit": "mg/dL"}}


def a_subscribed_phone(patient):
    return PushSubscription.objects.create(
        clinic=patient.clinic,
        patient=patient,
        device_session=a_phone(patient).session,
        endpoint=f"http://127.0.0.1:1/{patient.pk}",
        p256dh="p",
        auth="a",
        created_at=at(0),
    )


def sent(kind="CHECK_IN"):
    return Delivery.objects.filter(kind=kind).count()


def test_nothing_is_sent_early_and_everything_once():
    procedure = a_planned()
    sweep.send_due_reminders(now=at(2) - timedelta(microseconds=1))
    assert sent() == 0
    for _ in range(3):
        sweep.send_due_reminders(now=at(2))
    assert sent() == 1
    assert rows(procedure)[0] == "08 12:00 SENT"


@pytest.mark.parametrize(
    ("answered_at", "answers", "left"),
    [
        (2.2, CALM, []),
        (1, CALM, []),
        (0.99, CALM, ["08 12:00", "08 14:00 again for 12:00"]),
        (1.5, sugar("120"), ["08 12:00", "08 14:00 again for 12:00"]),
    ],
)
def test_an_answer_ends_a_question_and_its_repeats(answered_at, answers, left):
    procedure = a_planned()
    a_check_in(procedure.patient, now=at(answered_at), **answers)
    assert rows(procedure, state="SCHEDULED") == [*left, *rows(a_planned(), state="SCHEDULED")[2:]]


def test_a_question_that_was_answered_is_not_repeated():
    procedure = a_planned()
    sweep.send_due_reminders(now=at(2))
    a_check_in(procedure.patient, now=at(2.1), **CALM)
    sweep.send_due_reminders(now=at(4))
    assert sent() == 1 and rows(procedure)[1] == "08 14:00 again for 12:00 DONE"


def test_a_missed_one_is_repeated():
    a_planned()
    sweep_through(at(0), at(5), 10 * MINUTE)
    assert sent() == 2


def test_a_message_that_has_not_left_when_the_answer_comes_does_not_leave(no_broker):
    procedure = a_planned()
    sweep.send_due_reminders(now=at(2))
    owed = Delivery.objects.get(kind="CHECK_IN")
    a_check_in(procedure.patient, now=at(2) + MINUTE, **CALM)
    sending.deliver(delivery_id=owed.pk, now=at(2) + MINUTE)
    owed.refresh_from_db()
    assert (rows(procedure)[0], owed.state) == ("08 12:00 DONE", "CANCELLED")


def test_a_diary_entry_answers_its_own_quarter_of_an_hour():
    procedure = a_planned(kind="diagnostic", steroid=False)
    a_check_in(procedure.patient, now=at(0.25), pain={"usual": 2})
    assert rows(procedure)[:2] == ["08 10:15 DONE", "08 10:30 SCHEDULED"]


def test_the_morning_sugar_does_not_answer_for_the_afternoon():
    procedure = a_planned(patient={"diabetes": True})
    a_check_in(procedure.patient, now=at(22.1), **sugar("140"))
    assert rows(procedure, "GLUCOSE")[2:5] == [
        "09 08:00 DONE",
        "09 10:00 again for 08:00 DONE",
        "09 14:00 again for 08:00 DONE",
    ]
    assert "09 16:00 SCHEDULED" in rows(procedure, "GLUCOSE")


# --- rechecks -----------------------------------------------------------------------------------


def test_a_finding_calls_for_a_recheck_and_the_recheck_ends_it():
    procedure = a_planned()
    a_check_in(procedure.patient, now=at(5), **fever("37.8"))
    assert rows(procedure, "RECHECK") == ["08 19:00 SCHEDULED"]
    a_check_in(procedure.patient, now=at(7), **fever("37.9"))
    assert rows(procedure, "RECHECK") == ["08 19:00 DONE", "08 21:00 SCHEDULED"]
    a_check_in(procedure.patient, now=at(10), **fever("36.9"))
    assert rows(procedure, "RECHECK") == ["08 19:00 DONE", "08 21:00 DONE"]


def test_what_was_just_entered_is_asked_about_at_night_and_nothing_else_is():
    procedure = a_planned(patient={"diabetes": True})
    a_check_in(procedure.patient, now=at(12), **sugar("60"))  # 22:00
    sweep_through(at(11), at(21.9), 5 * MINUTE)
    assert rows(procedure, "RECHECK") == ["08 22:15 SENT"]
    assert sent("RECHECK") == 1 and sent("CHECK_IN") == sent("GLUCOSE") == sent("ICE_OFFER") == 0


def test_a_numb_leg_is_looked_at_again_after_twelve_hours():
    procedure = a_planned()
    a_check_in(procedure.patient, now=at(2), symptoms={"leg_numbness": True})
    assert rows(procedure, "RECHECK") == ["08 22:00 SCHEDULED"]
    plan(procedure, at(3))
    assert rows(procedure, "RECHECK") == ["08 22:00 SCHEDULED"]


def test_whoever_went_to_bed_earlier_meanwhile_is_left_in_peace():
    procedure = a_planned()
    patient = procedure.patient
    patient.quiet_from = time(11)
    patient.save(update_fields=["quiet_from"])
    sweep.send_due_reminders(now=at(2))
    assert rows(procedure)[0] == "08 12:00 EXPIRED" and sent() == 0


def test_a_timer_that_the_patient_started_rings_at_night():
    patient = a_planned().patient
    started = at(14)  # midnight
    ice_sessions.start_ice(patient=patient, client_id=uuid.uuid4(), started_at=started, now=started)
    sweep.send_due_reminders(now=started + 20 * MINUTE)
    assert sent("ICE_OFF") == 1


# --- many ---------------------------------------------------------------------------------------


def a_flood(count, kind, due_at, stale_after):
    procedure = a_planned()
    Reminder.objects.filter(procedure=procedure).delete()
    whose = {"clinic": procedure.clinic, "patient": procedure.patient, "procedure": procedure}
    rows = [
        Reminder(
            kind=kind,
            asked_at=due_at - timedelta(seconds=n),
            due_at=due_at,
            expires_at=due_at + stale_after,
            **whose,
        )
        for n in range(count)
    ]
    Reminder.objects.bulk_create(rows)
    return procedure


def test_after_forty_minutes_without_a_sweeper_nothing_stale_storms():
    stale = [
        a_flood(1000, "ICE_OFF", at(2), 5 * MINUTE),
        a_flood(900, "ICE_OFFER", at(2), 30 * MINUTE),
    ]
    due = a_flood(100, "CHECK_IN", at(2), 120 * MINUTE)
    sweep.send_due_reminders(now=at(2) + 40 * MINUTE)
    assert [states(each) for each in stale] == [{"EXPIRED": 1000}, {"EXPIRED": 900}]
    assert states(due) == {"SENT": 100}
    assert Delivery.objects.count() == 100


def test_many_are_sent_in_few_queries(django_assert_max_num_queries):
    procedure = a_flood(500, "CHECK_IN", at(2), 120 * MINUTE)
    a_subscribed_phone(procedure.patient)
    with django_assert_max_num_queries(16):
        sweep.send_due_reminders(now=at(2))
    assert sent() == 500


def test_one_that_cannot_be_sent_keeps_no_other(monkeypatch):
    first, second = a_planned(), a_planned()
    bad = Reminder.objects.filter(procedure=first).order_by("due_at").first()
    real = reminder_messages.owe

    def owe(*, reminders, now):
        if bad in reminders:
            raise ValueError("odd")
        real(reminders=reminders, now=now)

    monkeypatch.setattr(reminder_messages, "owe", owe)
    sweep.send_due_reminders(now=at(2))
    bad.refresh_from_db()
    assert (bad.state, bad.due_at) == ("SCHEDULED", at(2) + MINUTE)
    assert rows(second)[0] == "08 12:00 SENT"


def test_a_kind_that_only_newer_code_knows_is_left_to_it():
    a_planned()
    Reminder.objects.filter(kind="ICE_OFFER").update(kind="NEWER")
    sweep.send_due_reminders(now=at(3))
    newer = Reminder.objects.filter(kind="NEWER")
    assert set(newer.values_list("state", flat=True)) == {"SCHEDULED"}
