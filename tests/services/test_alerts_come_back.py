"""What somebody took and nobody closed comes back; a next try is bounded."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.conftest import NOW
from tests.factories import a_check_in, a_clinic, a_patient, a_procedure, a_staff, fever
from tracker.models import Delivery
from tracker.models.clinic import usual_hours
from tracker.services import alerts, sweep
from tracker.services.alerts import GotWorse, NextTryRefused

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
EMERGENCY, CALL, WATCH = {"symptoms": {"chest_pain": True}}, fever("38.5"), fever("37.9")


@pytest.fixture
def clinic():
    return a_clinic()


@pytest.fixture
def nora(clinic):
    return a_staff(clinic, on_call_order=1, name="Nora Park")


def an_alert(clinic, now=NOW, **answers):
    patient = a_patient(clinic)
    a_procedure(patient, now=now)
    return a_check_in(patient, now=now, **answers).events[0].alert


def steps(alert):
    return list(alert.events.order_by("pk").values_list("step", flat=True))


def told():
    return Delivery.objects.filter(kind="STAFF_ALERT").count()


@pytest.mark.parametrize(("answers", "hours"), [(EMERGENCY, 1), (CALL, 4)])
def test_what_nobody_closed_comes_back_and_is_told_anew(clinic, nora, answers, hours):
    alert = an_alert(clinic, **answers)
    alerts.acknowledge(staff=nora, alert_id=alert.pk, now=NOW)
    sweep.escalate_due_alerts(now=NOW + hours * HOUR - MINUTE)
    assert (steps(alert), told()) == (["open", "acknowledge"], 1)

    sweep.escalate_due_alerts(now=NOW + hours * HOUR)
    alert.refresh_from_db()
    assert steps(alert) == ["open", "acknowledge", "return"]
    assert (alert.state, alert.level, alert.owner, told()) == ("OPEN", 0, nora.user, 2)
    assert alert.raised_at == NOW  # its patient waits since then

    sweep.escalate_due_alerts(now=alert.due_at)
    assert steps(alert)[-1] == "level"


def test_a_call_comes_back_in_opening_hours():
    friday = datetime.fromisoformat("2026-11-20T15:00-05:00")
    clinic = a_clinic(opening_hours=usual_hours())
    nora = a_staff(clinic, on_call_order=1)
    alert = an_alert(clinic, now=friday, **CALL)
    alerts.acknowledge(staff=nora, alert_id=alert.pk, now=friday)
    alert.refresh_from_db()
    assert alert.due_at == datetime.fromisoformat("2026-11-23T10:00-05:00")


def test_a_watch_that_somebody_took_stays_taken(clinic, nora):
    alert = an_alert(clinic, **WATCH)
    alerts.acknowledge(staff=nora, alert_id=alert.pk, now=NOW)
    alert.refresh_from_db()
    assert alert.due_at is None


def try_again(staff, alert, again_at, **known):
    known = {"note": "no answer", "now": NOW, **known}
    return alerts.attempt(staff=staff, alert_id=alert.pk, again_at=again_at, **known)


@pytest.mark.parametrize(("answers", "minutes"), [(EMERGENCY, 15), (CALL, 50), (WATCH, 50)])
def test_a_planned_try_takes_the_alert_until_then(clinic, nora, answers, minutes):
    alert = an_alert(clinic, **answers)
    before = told()
    try_again(nora, alert, NOW + minutes * MINUTE)
    sweep.escalate_due_alerts(now=NOW + (minutes - 1) * MINUTE)
    assert (steps(alert), told()) == (["open", "acknowledge", "attempt"], before)

    sweep.escalate_due_alerts(now=NOW + minutes * MINUTE)
    alert.refresh_from_db()
    assert (alert.state, steps(alert)[-1], alert.owner) == ("OPEN", "return", nora.user)
    assert told() == 2 * before


def test_an_attempt_without_a_next_try_stops_nothing(clinic, nora):
    alert = an_alert(clinic, **EMERGENCY)
    try_again(nora, alert, None)
    sweep.escalate_due_alerts(now=NOW + 15 * MINUTE)
    assert steps(alert) == ["open", "attempt", "level"]


def test_a_colleague_may_plan_the_next_try_and_the_owner_stays(clinic, nora):
    alert = an_alert(clinic, **CALL)
    alerts.acknowledge(staff=nora, alert_id=alert.pk, now=NOW)
    try_again(a_staff(clinic), alert, NOW + 2 * HOUR)
    alert.refresh_from_db()
    assert (alert.owner, alert.due_at) == (nora.user, NOW + 2 * HOUR)


@pytest.mark.parametrize(
    ("answers", "now", "latest"),
    [
        (EMERGENCY, "2026-11-20T16:30-05:00", "2026-11-20T16:45-05:00"),
        (CALL, "2026-11-20T16:30-05:00", "2026-11-23T17:00-05:00"),
        (CALL, "2026-11-18T10:00-05:00", "2026-11-19T17:00-05:00"),
        (WATCH, "2026-11-18T10:00-05:00", "2026-11-19T17:00-05:00"),
    ],
)
def test_the_next_try_is_not_put_off_for_too_long(answers, now, latest):
    now, latest = datetime.fromisoformat(now), datetime.fromisoformat(latest)
    clinic = a_clinic(opening_hours=usual_hours())
    staff = a_staff(clinic)
    alert = an_alert(clinic, now=now, **answers)
    with pytest.raises(NextTryRefused, match="Too late for"):
        try_again(staff, alert, latest + MINUTE, now=now)
    with pytest.raises(NextTryRefused, match="passed"):
        try_again(staff, alert, now, now=now)
    assert alert.events.filter(step="attempt").count() == 0
    try_again(staff, alert, latest, now=now)
    assert alert.events.get(step="attempt").again_at == latest


def test_an_emergency_is_not_put_off_without_end(clinic, nora):
    alert = an_alert(clinic, **EMERGENCY)
    for minutes in (0, 15, 30, 45):
        at = NOW + minutes * MINUTE
        try_again(nora, alert, at + 15 * MINUTE, now=at)
    alert.refresh_from_db()
    assert alert.due_at == NOW + HOUR
    with pytest.raises(NextTryRefused, match="Too late"):
        try_again(nora, alert, NOW + 61 * MINUTE, now=NOW + 59 * MINUTE)
    sweep.escalate_due_alerts(now=NOW + HOUR)
    assert steps(alert)[-1] == "return"


def test_what_got_worse_is_not_taken_unseen(clinic, nora):
    alert = an_alert(clinic, **fever("38.1"))
    a_check_in(alert.patient, now=NOW + MINUTE, **fever("39.5"))
    with pytest.raises(GotWorse):
        try_again(nora, alert, NOW + HOUR, seen=NOW, now=NOW + 2 * MINUTE)
    try_again(nora, alert, None, seen=NOW, now=NOW + 2 * MINUTE)


def test_what_fires_again_while_somebody_owns_it_is_told_at_once(clinic, nora):
    alert = an_alert(clinic, **fever("38.1"))
    alerts.acknowledge(staff=nora, alert_id=alert.pk, now=NOW)
    a_check_in(alert.patient, now=NOW + MINUTE, **fever("39.5"))
    alert.refresh_from_db()
    assert (alert.state, alert.due_at, told()) == ("OPEN", NOW + MINUTE + HOUR, 2)


def test_it_comes_back_to_a_clinic_that_has_nobody_left(clinic, nora):
    alert = an_alert(clinic, **EMERGENCY)
    alerts.acknowledge(staff=nora, alert_id=alert.pk, now=NOW)
    nora.user.is_active = False
    nora.user.save(update_fields=["is_active"])
    sweep.escalate_due_alerts(now=NOW + HOUR)
    alert.refresh_from_db()
    assert alert.exhausted_at == NOW + HOUR
    assert steps(alert)[-2:] == ["return", "exhausted"]
