"""An alert that nobody acknowledges goes on to the next person, and then to all."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection

from tests.conftest import NOW
from tests.delivery.steps import deliver_all
from tests.factories import a_check_in, a_clinic, a_patient, a_procedure, a_staff, fever
from tracker.models import Clinic, Delivery, Membership, User
from tracker.models.clinic import Role, usual_hours
from tracker.services import alerts, reconciliation, staff, sweep
from tracker.services.on_call import ASK_ALL_AGAIN, WAITS

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
EMERGENCY = {"symptoms": {"chest_pain": True}}


def a_clinic_with(*names, **fields):
    clinic = a_clinic(**fields)
    for order, name in enumerate(names, start=1):
        a_staff(clinic, on_call_order=order, name=name)
    return clinic


def a_patient_of(clinic, now=NOW):
    patient = a_patient(clinic)
    a_procedure(patient, now=now)
    return patient


@pytest.fixture
def clinic():
    return a_clinic_with("One", "Two", "Three", "Four")


@pytest.fixture
def patient(clinic):
    return a_patient_of(clinic)


def told_since(pk=0):
    rows = Delivery.objects.filter(kind="STAFF_ALERT", pk__gt=pk).order_by("pk")
    return [row.user.name for row in rows]


def told_at(minutes, start=NOW):
    """Who is told when the sweeper comes by at that minute; it comes twice."""
    last = Delivery.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    for _ in range(2):
        sweep.escalate_due_alerts(now=start + minutes * MINUTE)
    return told_since(last)


def steps(patient):
    return list(patient.alerts.get().events.order_by("pk").values_list("step", flat=True))


@pytest.mark.parametrize(
    ("answers", "next_person", "everybody", "exhausted", "again"),
    [(EMERGENCY, 15, 30, 60, 120), (fever("38.5"), 60, 120, 180, 240)],
)
def test_the_next_person_then_everybody_then_everybody_again(
    patient, answers, next_person, everybody, exhausted, again
):
    a_check_in(patient, **answers)
    assert told_since() == ["One"]
    assert told_at(next_person - 0.1) == []
    assert told_at(next_person) == ["One", "Two"]
    assert told_at(everybody - 0.1) == []
    assert told_at(everybody) == ["One", "Two", "Three", "Four"]
    assert told_at(exhausted - 0.1) == []
    assert patient.alerts.get().exhausted_at is None
    assert told_at(exhausted) == ["One", "Two", "Three", "Four"]
    assert patient.alerts.get().exhausted_at == NOW + exhausted * MINUTE
    assert told_at(again - 0.1) == []
    assert told_at(again) == ["One", "Two", "Three", "Four"]
    assert steps(patient) == ["open", "level", "level", "exhausted", "level"]


def test_the_times_are_those_of_the_page():
    page = (Path(__file__).resolve().parents[2] / "docs" / "how-it-works.md").read_text()
    for tier, waits in WAITS.items():
        name = tier.name.lower().replace("_", " ")
        row = " | ".join(str(sum(waits[:n])) for n in range(4))
        assert f"| {name} | {row} | each {ASK_ALL_AGAIN} |" in page


def test_the_policy_is_that_of_the_moment_when_the_alert_was_raised(clinic, patient):
    a_check_in(patient, **EMERGENCY)
    a_staff(clinic, on_call_order=1, name="New")
    Membership.objects.filter(user__name="Two").update(on_call_order=None)
    Clinic.objects.update(opening_hours={"mon": [["08:00", "08:01"]]}, timezone="Asia/Tokyo")
    assert told_at(15) == ["One", "Two"]
    assert told_at(30) == ["One", "Two", "Three", "Four"]


def test_what_is_raised_again_follows_the_policy_of_that_moment(clinic, patient):
    a_check_in(patient, **fever("38.5"))
    Membership.objects.filter(user__name="One").update(on_call_order=9)
    a_check_in(patient, now=NOW + MINUTE, **fever("39.5"))
    assert told_since() == ["One", "Two"]
    assert patient.alerts.get().level == 0


def test_who_has_left_is_passed_over(patient):
    a_check_in(patient, **EMERGENCY)
    User.objects.filter(name="Two").update(is_active=False)
    Membership.objects.filter(user__name="Three").delete()
    assert told_at(15) == ["One", "Four"]


def test_who_was_let_go_or_may_only_read_now_is_passed_over(clinic, patient):
    manager = a_staff(clinic, role="MANAGER")
    a_check_in(patient, **EMERGENCY)
    one, two = (Membership.objects.get(user__name=name).pk for name in ("One", "Two"))
    staff.deactivate(staff=manager, membership_id=one, now=NOW)
    staff.change_role(staff=manager, membership_id=two, role=Role.READER, now=NOW)
    assert told_at(15) == ["Three", "Four"]


@pytest.mark.parametrize("role", ["READER", "OPERATOR"])
def test_who_may_not_take_it_is_not_on_call(role):
    clinic = a_clinic()
    a_staff(clinic, on_call_order=1, role=role)
    patient = a_patient_of(clinic)
    a_check_in(patient, **EMERGENCY)
    assert told_since() == []
    assert patient.alerts.get().exhausted_at == NOW


def test_when_nobody_of_the_policy_is_left_those_on_call_today_are_told(clinic, patient):
    a_check_in(patient, **EMERGENCY)
    User.objects.update(is_active=False)
    a_staff(clinic, on_call_order=1, name="New")
    assert told_at(15) == ["New"]


def test_when_nobody_answered_those_on_call_today_are_told_too(clinic, patient):
    a_check_in(patient, **EMERGENCY)
    a_staff(clinic, on_call_order=1, name="New")
    for minutes in (15, 30):
        told_at(minutes)
    assert told_at(60) == ["One", "Two", "Three", "Four", "New"]


def test_a_clinic_with_nobody_on_call_is_exhausted_at_once_and_waits_for_somebody():
    clinic = a_clinic()
    patient = a_patient_of(clinic)
    a_check_in(patient, **EMERGENCY)
    assert patient.alerts.get().exhausted_at == NOW
    assert steps(patient) == ["open", "exhausted"]
    assert told_at(15) == []
    a_staff(clinic, on_call_order=1, name="Late")
    assert told_at(30) == ["Late"]
    assert steps(patient) == ["open", "exhausted", "level"]


def test_a_clinic_that_loses_everybody_meanwhile_is_exhausted_at_the_next_step():
    patient = a_patient_of(a_clinic_with("One"))
    a_check_in(patient, **EMERGENCY)
    User.objects.update(is_active=False)
    assert told_at(15) == told_at(30) == []
    assert patient.alerts.get().exhausted_at == NOW + 15 * MINUTE
    assert steps(patient) == ["open", "exhausted"]
    User.objects.update(is_active=True)
    assert told_at(45) == ["One"]


def test_an_address_that_is_dead_hurries_to_the_next_person_but_never_in_circles():
    patient = a_patient_of(a_clinic_with("One"))
    User.objects.update(email="")
    a_check_in(patient, **EMERGENCY)
    for _ in range(8):
        deliver_all()
        sweep.escalate_due_alerts(now=NOW)
    assert steps(patient) == ["open", "level", "level", "exhausted"]
    assert patient.alerts.get().due_at == NOW + 60 * MINUTE


@pytest.mark.parametrize("way", ["acknowledge", "resolve"])
def test_nothing_follows_once_somebody_took_it(clinic, patient, way):
    staff = a_staff(clinic)
    alert = a_check_in(patient, **EMERGENCY).events[0].alert
    known = {"staff": staff, "alert_id": alert.pk, "now": NOW + MINUTE}
    if way == "resolve":
        alerts.resolve(**known, outcome="VISIT_ARRANGED", note="")
    else:
        alerts.acknowledge(**known)
    assert told_at(30) == []


def test_a_watch_escalates_to_nobody(patient):
    a_check_in(patient, **fever("37.9"))
    assert told_at(2 * 24 * 60) == []
    assert patient.alerts.get().due_at is None


@pytest.mark.parametrize(
    ("raised", "holidays", "due"),
    [
        ("2026-11-20T16:30-05:00", [], "2026-11-23T08:30-05:00"),
        ("2026-11-20T16:30-05:00", [date(2026, 11, 23)], "2026-11-24T08:30-05:00"),
        ("2026-11-21T10:00-05:00", [], "2026-11-23T09:00-05:00"),
        ("2026-10-31T10:00-04:00", [], "2026-11-02T09:00-05:00"),
    ],
)
def test_a_call_waits_in_opening_hours_only_and_an_emergency_never_waits_for_them(
    raised, holidays, due
):
    raised, due = datetime.fromisoformat(raised), datetime.fromisoformat(due)
    clinic = a_clinic_with("One", "Two", opening_hours=usual_hours(), holidays=holidays)
    calls = a_patient_of(clinic, now=raised)
    a_check_in(calls, now=raised, **fever("38.5"))
    assert calls.alerts.get().due_at == due

    urgent = a_patient_of(clinic, now=raised)
    a_check_in(urgent, now=raised, **EMERGENCY)
    assert urgent.alerts.get().due_at == raised + 15 * MINUTE


@pytest.mark.parametrize("policy", [{}, None], ids=["none", "as stored"])
def test_an_alert_without_a_policy_follows_todays(patient, policy):
    alert = a_check_in(patient, **EMERGENCY).events[0].alert
    if policy is not None:
        alert.policy = policy
        alert.save(update_fields=["policy"])
    assert told_at(15) == ["One", "Two"]


def test_a_step_and_its_messages_are_one_transaction(patient):
    """The messages fail at the last moment: the step has not happened either."""
    a_check_in(patient, **EMERGENCY)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "ALTER TABLE tracker_delivery ADD CONSTRAINT no_more CHECK (user_id IS NULL) NOT VALID"
        )
    assert told_at(15) == []
    alert = patient.alerts.get()
    assert (alert.level, steps(patient)) == (0, ["open"])
    assert alert.due_at == NOW + 16 * MINUTE  # a minute later, by the sweeper
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE tracker_delivery DROP CONSTRAINT no_more")
    assert told_at(16) == ["One", "Two"]


HOURS_AGO = timedelta(hours=2)


@pytest.mark.parametrize("taken", [False, True], ids=["open", "taken"])
def test_an_emergency_does_not_wait_because_the_clock_was_put_back(clinic, patient, taken):
    a_check_in(patient, **EMERGENCY)
    if taken:
        nurse = a_staff(clinic)
        alerts.acknowledge(staff=nurse, alert_id=patient.alerts.get().pk, now=NOW)

    told = told_at(1, start=NOW - HOURS_AGO)

    assert told == (["One"] if taken else ["One", "Two"]), "once, however often it is swept"
    assert patient.alerts.get().due_at <= NOW - HOURS_AGO + 16 * MINUTE


def test_its_longest_wait_is_not_taken_for_a_clock_that_was_put_back(clinic, patient):
    a_check_in(patient, **EMERGENCY)
    alerts.acknowledge(staff=a_staff(clinic), alert_id=patient.alerts.get().pk, now=NOW)
    assert told_at(-1) == [], "an hour, and a clock that is a minute behind"


def test_another_alert_waits_until_the_next_look_at_what_was_lost(patient):
    """It counts opening hours: whether they explain how far ahead it is takes longer to ask."""
    a_check_in(patient, **fever("38.5"))
    long_ago = NOW - timedelta(days=3)
    assert told_at(0, start=NOW - HOURS_AGO) == told_at(0, start=long_ago) == []

    assert reconciliation.reconcile(now=long_ago).found["alert_put_off_by_a_clock"] == 1

    assert told_at(0, start=long_ago) == ["One", "Two"]
    assert "alert_put_off_by_a_clock" not in reconciliation.reconcile(now=long_ago).found
