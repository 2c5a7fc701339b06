"""An alert goes to a colleague, who is told; what was closed too soon is opened again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.conftest import NOW
from tests.factories import a_check_in, a_clinic, a_patient, a_procedure, a_staff, fever
from tracker.models import Alert, AuditEvent, Delivery, Membership, Patient
from tracker.services import alerts, reconciliation, sending, sweep
from tracker.services.alerts import AlreadyResolved, GotWorse
from tracker.services.handing_over import (
    NoSuchColleague,
    NotResolved,
    RaisedSince,
    WordsNeeded,
    add_note,
    colleagues,
    hand_over,
    reopen,
)

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
CHEST = {"symptoms": {"chest_pain": True}}


@pytest.fixture
def clinic():
    return a_clinic()


@pytest.fixture
def nora(clinic):
    return a_staff(clinic, name="Nora Park", on_call_order=1)


@pytest.fixture
def ben(clinic):
    return a_staff(clinic, name="Ben Ito")


@pytest.fixture
def alert(clinic, nora):
    return an_alert(clinic, **fever())


def an_alert(clinic, **answers):
    patient = a_patient(clinic)
    a_procedure(patient)
    return a_check_in(patient, **answers).events[0].alert


def give(staff, alert, colleague, **known):
    known = {"note": "", "now": NOW, **known}
    return hand_over(staff=staff, alert_id=alert.pk, to=colleague.membership.pk, **known)


def close(staff, alert, at=NOW):
    return alerts.resolve(
        staff=staff, alert_id=alert.pk, outcome="REACHED_ADVISED", note="ice", now=at
    )


def steps(alert):
    return list(alert.events.order_by("pk").values_list("step", flat=True))


def told(staff):
    return Delivery.objects.filter(user=staff.user, kind="STAFF_ALERT")


@pytest.mark.parametrize("taken", [True, False])
def test_the_colleague_owns_it_and_is_told(nora, ben, alert, taken):
    if taken:
        alerts.acknowledge(staff=nora, alert_id=alert.pk, now=NOW)
    give(nora, alert, ben, note="knows the daughter", now=NOW + MINUTE)
    alert.refresh_from_db()
    assert (alert.state, alert.owner) == ("ACKNOWLEDGED", ben.user)
    event = alert.events.latest("pk")
    assert (event.step, event.actor, event.because) == ("hand_over", nora.user, "To Ben Ito.")
    assert event.note == "knows the daughter"
    assert AuditEvent.objects.filter(action="alert.hand_over").count() == 1

    owed = told(ben).get()
    sending.deliver(delivery_id=owed.pk, now=NOW + MINUTE)
    owed.refresh_from_db()
    assert owed.state == "SENT"


def test_who_gave_it_away_again_needs_no_message(nora, ben, alert):
    give(nora, alert, ben)
    give(ben, alert, nora, now=NOW + MINUTE)
    owed = told(ben).get()
    sending.deliver(delivery_id=owed.pk, now=NOW + MINUTE)
    owed.refresh_from_db()
    assert owed.state == "CANCELLED"


def test_handing_over_puts_nothing_off(clinic, nora, ben):
    alert = an_alert(clinic, **CHEST)
    alerts.acknowledge(staff=nora, alert_id=alert.pk, now=NOW)
    give(nora, alert, ben, now=NOW + 50 * MINUTE)
    alert.refresh_from_db()
    assert alert.due_at == NOW + HOUR
    sweep.escalate_due_alerts(now=NOW + HOUR)
    assert steps(alert)[-1] == "return"


def test_only_who_may_act_here_can_be_given_it(clinic, nora, ben, alert):
    reader = a_staff(clinic, role="READER")
    left = a_staff(clinic)
    Membership.objects.filter(pk=left.membership.pk).update(ended_at=NOW)
    assert colleagues(nora) == [ben.membership]
    for somebody in (reader, left, nora, a_staff()):
        with pytest.raises(NoSuchColleague):
            give(nora, alert, somebody)
    assert steps(alert) == ["open"]


def test_what_is_closed_or_got_worse_is_not_handed_over(nora, ben, alert):
    seen = alert.raised_at
    a_check_in(alert.patient, now=NOW + MINUTE, **fever("39.5"))
    with pytest.raises(GotWorse):
        give(nora, alert, ben, seen=seen)
    close(nora, alert, NOW + MINUTE)
    with pytest.raises(AlreadyResolved):
        give(nora, alert, ben)


def test_what_is_opened_again_waits_anew_and_is_told(nora, ben, alert):
    before = told(nora).count()
    close(nora, alert)
    reopen(staff=ben, alert_id=alert.pk, reason="wrong patient called", now=NOW + HOUR)
    alert.refresh_from_db()
    assert (alert.state, alert.owner, alert.outcome) == ("OPEN", None, "")
    assert (alert.raised_at, alert.due_at) == (NOW + HOUR, NOW + 2 * HOUR)
    assert told(nora).count() == before + 1
    event = alert.events.get(step="reopen")
    assert (event.note, event.actor) == ("wrong patient called", ben.user)
    assert event.because == "It had been resolved: Reached and advised."
    assert alert.events.get(step="resolve").note == "ice"


def test_what_is_opened_again_owes_the_patient_nothing_and_reconciles(nora, ben, alert):
    Patient.objects.update(email="rosa@patient.test")
    close(nora, alert)
    reopen(staff=ben, alert_id=alert.pk, reason="so", now=NOW + HOUR)
    before = told(nora).count()
    found = reconciliation.reconcile(now=NOW + HOUR + MINUTE).found
    assert "patient_not_told" not in found
    assert told(nora).count() == before


def test_opening_again_needs_a_reason_and_something_closed(nora, alert):
    with pytest.raises(NotResolved):
        reopen(staff=nora, alert_id=alert.pk, reason="so", now=NOW)
    close(nora, alert)
    with pytest.raises(WordsNeeded):
        reopen(staff=nora, alert_id=alert.pk, reason=" ", now=NOW)
    assert steps(alert) == ["open", "resolve"]


def test_one_sign_is_never_open_twice(nora, alert):
    close(nora, alert)
    later = NOW + 13 * HOUR
    newer = a_check_in(alert.patient, now=later, **fever("38.4")).events[0].alert
    assert newer.pk != alert.pk
    with pytest.raises(RaisedSince):
        reopen(staff=nora, alert_id=alert.pk, reason="so", now=later)


def test_a_note_changes_nothing_but_the_history(nora, ben, alert):
    add_note(staff=ben, alert_id=alert.pk, note="her daughter helps", now=NOW)
    close(nora, alert)
    add_note(staff=ben, alert_id=alert.pk, note="called again to ask", now=NOW)
    alert.refresh_from_db()
    assert (alert.state, alert.note) == ("RESOLVED", "ice")
    assert steps(alert) == ["open", "note", "resolve", "note"]
    with pytest.raises(WordsNeeded):
        add_note(staff=ben, alert_id=alert.pk, note=" ", now=NOW)


@pytest.mark.parametrize("act", ["hand_over", "reopen", "add_note"])
def test_a_stranger_finds_nothing(alert, act):
    sam = a_staff()
    friend = a_staff(sam.clinic)
    acts = {
        "hand_over": lambda: give(sam, alert, friend),
        "reopen": lambda: reopen(staff=sam, alert_id=alert.pk, reason="x", now=NOW),
        "add_note": lambda: add_note(staff=sam, alert_id=alert.pk, note="x", now=NOW),
    }
    with pytest.raises(Alert.DoesNotExist):
        acts[act]()
