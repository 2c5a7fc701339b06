"""What a check-in does to the alerts of a procedure, in one transaction."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction

from tests.conftest import NOW
from tests.factories import a_check_in, a_patient, a_procedure, a_staff, fever
from tracker.models import Alert, Assessment, CheckIn, Delivery
from tracker.services import alerts, assessments, check_ins, procedures

pytestmark = pytest.mark.django_db


@pytest.fixture
def patient():
    patient = a_patient()
    a_procedure(patient, hours_ago=60)
    return patient


def steps(patient):
    found = []
    for alert in patient.alerts.order_by("opened_at"):
        # Nobody is on call in most of these stories, which the alert says at once.
        events = alert.events.exclude(step="exhausted").order_by("pk")
        found += [(event.step, event.rule) for event in events]
    return found


def at(hours: float):
    """A moment that many hours after the procedure."""
    return NOW - timedelta(hours=60) + timedelta(hours=hours)


def test_one_alert_a_sign_attaches_then_reraises_when_materially_worse(patient):
    for hours, value in [(50, "38.2"), (56, "38.3"), (59, "38.9")]:
        a_check_in(patient, now=at(hours), **fever(value))
    assert steps(patient) == [
        ("open", "FV-FEVER"), ("attach", "FV-FEVER"), ("reraise", "FV-FEVER"),
    ]  # fmt: skip


def test_a_low_grade_watch_escalates_with_the_fever(patient):
    a_check_in(patient, now=at(50), **fever("37.9"))
    a_check_in(patient, now=at(54), **fever("38.5"))
    assert steps(patient) == [("open", "FV-LOW"), ("escalate", "FV-FEVER")]


def test_a_watch_closes_after_one_clear_recheck_but_a_call_waits_for_staff(patient):
    a_check_in(patient, now=at(50), **fever("37.9"))
    a_check_in(patient, now=at(54), **fever("36.8"))
    assert Alert.objects.get().outcome == "CLEAR_RECHECK"

    a_check_in(patient, now=at(56), **fever("38.4"))
    a_check_in(patient, now=at(58), **fever("36.8"))
    assert Alert.objects.order_by("-opened_at").first().state == "OPEN"


def test_quiet_time_after_resolving_holds_unless_worse(patient):
    staff = a_staff(patient.clinic)
    opened = a_check_in(patient, now=at(50), **fever("38.2")).events[0].alert
    alerts.resolve(staff=staff, alert_id=opened.pk, outcome="REACHED_ADVISED", note="", now=at(54))
    attached = a_check_in(patient, now=at(57), **fever("38.1")).events
    assert [(each.step, each.alert_id) for each in attached] == [("attach", opened.pk)]

    worse = a_check_in(patient, now=at(59), **fever("38.9")).events
    assert worse[0].step == "open"
    assert worse[0].alert_id != opened.pk


def test_an_acknowledged_alert_that_gets_worse_is_open_again(patient):
    staff = a_staff(patient.clinic)
    alert = a_check_in(patient, now=at(50), **fever("38.2")).events[0].alert
    alerts.acknowledge(staff=staff, alert_id=alert.pk, now=at(51))

    a_check_in(patient, now=at(56), **fever("38.9"))

    alert.refresh_from_db()
    assert (alert.state, alert.owner_id, alert.level) == ("OPEN", staff.user.pk, 0)
    assert alert.due_at == at(57)


def test_several_signs_make_one_message_to_staff(patient):
    a_staff(patient.clinic, on_call_order=1)
    a_check_in(patient, **fever("38.5"), site={"redness": 2, "drainage": "pus"})
    assert Alert.objects.count() == 3
    assert Delivery.objects.filter(kind="STAFF_ALERT").count() == 1


def test_a_watch_tells_no_staff(patient):
    a_staff(patient.clinic, on_call_order=1)
    a_check_in(patient, **fever("37.9"))
    assert not Delivery.objects.filter(kind="STAFF_ALERT").exists()


def test_late_evidence_counts_in_both_orders_of_arrival(patient):
    glucose = {"glucose": {"value": "260", "unit": "mg/dL"}}
    a_check_in(patient, now=at(51), symptoms={"vomiting": True})
    a_check_in(patient, now=at(52), observed_at=at(50), **glucose)
    assert Alert.objects.get(sign="glucose_high").tier == 3


def test_a_failure_in_the_middle_stores_nothing(patient, monkeypatch):
    def broken(**_fields):
        raise RuntimeError("disk full")

    monkeypatch.setattr("tracker.services.owing.owe", broken)
    a_staff(patient.clinic, on_call_order=1)
    with pytest.raises(RuntimeError):
        a_check_in(patient, **fever())
    assert not CheckIn.objects.exists()
    assert not Alert.objects.exists()


def test_every_assessment_keeps_rule_inputs_limit_and_versions(patient):
    a_check_in(patient, **fever("38.1"))
    assessment = Assessment.objects.get()
    [finding] = assessment.findings["fired"]
    assert finding["rule"] == "FV-FEVER"
    assert finding["inputs"]
    assert "38.0" in finding["limit"]
    assert assessment.rule_set
    assert assessment.protocol_version.number == 1


def test_applying_the_signs_again_changes_nothing(patient):
    a_check_in(patient, **fever("38.4"))
    before = steps(patient)
    for _ in range(3):
        assessments.apply_warning_signs(procedure_id=str(patient.procedures.get().pk), now=NOW)
    assert steps(patient) == before


def test_silence_becomes_a_watch_when_its_time_comes(patient):
    a_check_in(patient, now=at(8))
    procedure = patient.procedures.get()
    assert procedure.next_assessment_at == at(32)

    assessments.apply_warning_signs(procedure_id=str(procedure.pk), now=at(31.9))
    assert not Alert.objects.exists()
    assessments.apply_warning_signs(procedure_id=str(procedure.pk), now=at(32))
    assert Alert.objects.get().rule == "SI-SILENT"


def test_a_check_in_before_the_desk_marked_the_procedure_done_still_counts():
    patient = a_patient()
    a_procedure(patient, state="SCHEDULED", ended_at=None, scheduled_at=NOW - timedelta(hours=3))
    assert a_check_in(patient, symptoms={"chest_pain": True}).advice.tier == "emergency"


@pytest.mark.parametrize("planned_in", [timedelta(hours=3), None], ids=str)
def test_before_the_procedure_an_emergency_is_advised_but_nothing_else_is_judged(planned_in):
    patient = a_patient()
    scheduled_at = NOW + planned_in if planned_in else None
    a_procedure(patient, state="SCHEDULED", ended_at=None, scheduled_at=scheduled_at)

    assert a_check_in(patient, symptoms={"chest_pain": True}).advice.tier == "emergency"
    calm = a_check_in(patient, now=NOW + timedelta(minutes=1), **fever("38.4"))
    assert (calm.advice.tier, calm.advice.headline) == ("info", "Saved")
    assert not Alert.objects.exists()


def test_an_end_that_was_set_meanwhile_is_what_judges(monkeypatch):
    patient = a_patient()
    procedure = a_procedure(patient, hours_ago=10)
    read = procedures.procedure_of(patient)
    procedure.ended_at = NOW - timedelta(hours=13)
    procedure.save(update_fields=["ended_at"])
    monkeypatch.setattr("tracker.services.procedures.procedure_of", lambda _patient: read)

    assert a_check_in(patient, symptoms={"leg_weakness": "mild"}).advice.tier == "emergency"


def test_correcting_the_end_judges_everything_again():
    patient = a_patient()
    staff = a_staff(patient.clinic)
    procedure = a_procedure(patient, hours_ago=10)
    a_check_in(patient, symptoms={"leg_weakness": "mild"})
    assert Alert.objects.get().tier == 1

    procedures.mark_done(
        staff=staff, procedure_id=procedure.pk, ended_at=NOW - timedelta(hours=13), now=NOW
    )
    assert Alert.objects.get().tier == 3


@pytest.mark.django_db(transaction=True)
def test_ten_equal_puts_at_once_make_one_row_one_alert_one_message():
    patient = a_patient()
    a_procedure(patient)
    a_staff(patient.clinic, on_call_order=1)
    client_id = uuid.uuid4()

    def put(_n: int) -> bool:
        try:
            return a_check_in(patient, client_id=client_id, **fever()).created
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        created = list(pool.map(put, range(10)))

    assert sorted(created) == [False] * 9 + [True]
    assert CheckIn.objects.count() == Alert.objects.count() == Delivery.objects.count() == 1


def test_the_database_refuses_to_rewrite_a_check_in(patient):
    check_in = a_check_in(patient).check_in
    check_in.answers = {}
    with pytest.raises(Exception, match="append-only"), transaction.atomic():
        check_in.save()


def test_a_correction_replaces_its_target(patient):
    wrong = a_check_in(patient, now=at(50), **fever("39.0")).check_in
    right = a_check_in(patient, now=at(51), corrects=str(wrong.client_id), **fever("36.9"))
    assert right.advice.tier == "info"
    with pytest.raises(check_ins.CheckInRefused):
        a_check_in(patient, now=at(52), corrects=str(wrong.client_id), **fever("37.0"))


def test_a_number_in_doubt_is_never_answered_with_carry_on(patient):
    doubtful = a_check_in(patient, glucose={"value": "22", "unit": "mg/dL"})
    assert doubtful.advice.headline == "Please check one number"
    assert "Call the clinic now if the number is right." in doubtful.advice.text
    worse = a_check_in(patient, glucose={"value": "22", "unit": "mg/dL"}, **fever("38.4"))
    assert worse.advice.tier == "call_today"
