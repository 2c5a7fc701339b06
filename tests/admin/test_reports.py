"""What the clinic reads about its own work."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
import time_machine

from tests.admin.people import at, text_of
from tests.conftest import NOW
from tests.factories import a_check_in, a_clinic, a_patient, a_procedure, a_staff, fever
from tracker.admin import words
from tracker.clinical.findings import Tier
from tracker.models import Alert, Clinic, Patient
from tracker.models.alert import AlertTier, Outcome
from tracker.models.consent import ConsentKind
from tracker.services import alerts, consents, handing_over, on_call, outcomes_board, reports

pytestmark = pytest.mark.django_db
WEEK = {"since": NOW - timedelta(days=7), "until": NOW + timedelta(days=7)}


def worked(staff, alert: Alert, *, after: timedelta, outcome=Outcome.REACHED_ADVISED, note=""):
    at_last = alert.raised_at + after
    alerts.acknowledge(staff=staff, alert_id=alert.pk, now=at_last)
    minutes = timedelta(minutes=10)
    alerts.resolve(
        staff=staff, alert_id=alert.pk, outcome=outcome, note=note, now=at_last + minutes
    )


def line(found: reports.Report, rule: str) -> reports.RuleLine:
    return next(each for each in found.rules if each.rule == rule)


@pytest.mark.parametrize(
    ("after", "in_time"), [(timedelta(minutes=59), 1), (timedelta(days=5), 0)], ids=str
)
def test_an_alert_is_answered_in_time_or_not_by_its_own_target(desks, after, in_time):
    worked(desks.nora, desks.alert, after=after)
    found = line(reports.report(staff=desks.nora, **WEEK), desks.alert.rule)
    assert (found.fired, found.with_target, found.in_time) == (1, 1, in_time)


@pytest.mark.parametrize(
    ("outcome", "acted_on"),
    [(Outcome.REACHED_ADVISED, 1), (Outcome.SENT_TO_EMERGENCY, 1), (Outcome.NO_ACTION, 0)],
)
def test_a_rule_whose_alerts_need_no_action_shows(desks, outcome, acted_on):
    worked(desks.nora, desks.alert, after=timedelta(minutes=5), outcome=outcome, note="As usual.")
    found = line(reports.report(staff=desks.nora, **WEEK), desks.alert.rule)
    assert (found.resolved, found.acted_on) == (1, acted_on)


def test_an_alert_that_nobody_answered_counts_as_not_in_time(desks):
    found = line(reports.report(staff=desks.nora, **WEEK), desks.alert.rule)
    assert (found.with_target, found.in_time, found.resolved) == (1, 0, 0)


def test_the_load_is_per_hundred_check_ins(desks):
    load = reports.report(staff=desks.nora, **WEEK).load
    assert load.per_100 == round(100 * load.alerts / load.check_ins, 1)


def test_the_speed_is_from_telling_staff_to_their_answer(desks):
    worked(desks.nora, desks.alert, after=timedelta(minutes=25))
    speeds = reports.report(staff=desks.nora, **WEEK).speeds
    call_today = next(each for each in speeds if each.tier == AlertTier.CALL_TODAY.label)
    assert (call_today.answer_median, call_today.resolve_median) == (25, 35)
    assert call_today.answer_p90 is None, "nine of ten of one alert says nothing"


def test_another_clinics_work_is_not_in_it(desks):
    other = a_staff(a_clinic())
    found = reports.report(staff=other, **WEEK)
    assert (found.load.check_ins, found.rules, found.reach.followed) == (0, [], 0)


def test_relief_is_judged_against_the_patients_own_baseline():
    staff = a_staff(a_clinic())
    for before, then in ((8, 3), (6, 4)):
        patient = a_patient(staff.clinic)
        a_procedure(patient, baseline_pain=before, ended_at=NOW - timedelta(days=14))
        a_check_in(patient, pain={"usual": then})
    since = NOW - timedelta(days=30)
    lines = outcomes_board.board(staff=staff, since=since, until=NOW)
    assert (lines[0].procedures, lines[0].day_14) == (2, outcomes_board.Share(1, 2))
    assert lines[0].month_3 == outcomes_board.Share(0, 0)


def test_without_a_baseline_from_enrolment_the_last_score_before_the_block_is_it():
    staff = a_staff(a_clinic())
    patient = a_patient(staff.clinic)
    ended_at = NOW - timedelta(days=14)
    a_procedure(patient, baseline_pain=None, ended_at=ended_at)
    for before, usual in ((2, 9), (1, 8)):
        at_last = ended_at - timedelta(days=before)
        a_check_in(patient, now=at_last, pain={"usual": usual})
    a_check_in(patient, pain={"usual": 4})
    lines = outcomes_board.board(staff=staff, since=NOW - timedelta(days=30), until=NOW)
    assert (lines[0].procedures, lines[0].day_14) == (1, outcomes_board.Share(1, 1))


def test_an_alert_that_was_handed_over_was_answered(desks):
    ben = a_staff(desks.clinic)
    later = desks.alert.raised_at + timedelta(minutes=20)
    handing_over.hand_over(
        staff=desks.nora, alert_id=desks.alert.pk, to=ben.membership.pk, note="", seen=None,
        now=later,
    )  # fmt: skip
    found = line(reports.report(staff=desks.nora, **WEEK), desks.alert.rule)
    assert (found.with_target, found.in_time) == (1, 1)


def test_a_call_that_became_an_emergency_later_has_had_opening_hours(desks):
    """Told on Saturday, taken on Monday morning: in time for a call, whatever it is now."""
    desks.clinic.opening_hours = {"mon": [["08:00", "17:00"]]}
    desks.clinic.save(update_fields=["opening_hours"])
    worked(desks.nora, desks.alert, after=timedelta(days=1, hours=22, minutes=30))
    policy = on_call.policy_for(clinic=desks.clinic, tier=Tier.EMERGENCY, now=NOW)
    Alert.objects.filter(pk=desks.alert.pk).update(
        tier=AlertTier.EMERGENCY, policy=policy.as_json()
    )
    found = line(reports.report(staff=desks.nora, **WEEK), desks.alert.rule)
    assert found.in_time == 1


def reach(desks):
    return reports.report(staff=desks.nora, **WEEK).reach


@pytest.mark.parametrize(
    ("change", "by_mail"),
    [
        ({}, 1),
        ({"email_allowed": False}, 0),
        ({"refused": True}, 0),
        ({"email": ""}, 0),
    ],
    ids=str,
)
def test_who_takes_no_e_mail_is_not_reached_by_it(desks, change, by_mail):
    Clinic.objects.update(email_allowed=change.get("email_allowed", True))
    if change.get("refused"):
        consents.withdraw(
            patient=desks.patient, kind=ConsentKind.EMAIL, through="staff", actor="system", now=NOW
        )
    Patient.objects.update(email=change.get("email", "harold@home.test"))
    desks.nora.clinic.refresh_from_db()
    assert (reach(desks).by_mail_or_text, reach(desks).not_at_all) == (by_mail, 1 - by_mail)


@pytest.mark.parametrize(("sent", "allowed", "by_text"), [(1, 1, 1), (0, 1, 0), (1, 0, 0)])
def test_texts_reach_nobody_where_none_are_sent(desks, settings, sent, allowed, by_text):
    settings.SMS = {"kind": "gateway"} if sent else None
    Clinic.objects.update(sms_allowed=bool(allowed))
    Patient.objects.update(email="", texts_agreed_at=NOW)
    desks.nora.clinic.refresh_from_db()
    assert reach(desks).by_mail_or_text == by_text


def test_each_table_is_also_a_file(desks):
    page = text_of(desks.reader.get(at("reports"), {"days": "90"}))
    assert "What each rule brought" in page
    for name in ("overview", "speed", "rules", "outcomes"):
        file = desks.reader.get(at("report-file", name), {"days": "90"})
        assert file["Content-Type"].startswith("text/csv")
        assert "90-days" in file["Content-Disposition"]
        rows = list(csv.reader(io.StringIO(file.content.decode())))
        assert all(len(row) == len(rows[0]) for row in rows)


def test_rules_are_named_by_what_they_look_for(desks):
    with time_machine.travel(NOW + timedelta(minutes=1), tick=False):
        page = text_of(desks.reader.get(at("reports")))
        file = desks.reader.get(at("report-file", "rules")).content.decode()
    assert '<th scope="row">Fever (FV-FEVER)</th>' in page
    assert '"Fever (FV-FEVER)","1"' in file
    assert words.rule_title("PN-SEVERE") == "Severe pain / Severe soreness (PN-SEVERE)"
    assert words.rule_title("XX-GONE") == "XX-GONE"


def test_a_table_that_does_not_exist_is_not_found(desks):
    assert desks.reader.get(at("report-file", "salaries")).status_code == 404


def test_a_period_that_nobody_offers_is_the_usual_one(desks):
    assert "aria-current" in text_of(desks.reader.get(at("reports"), {"days": "9' OR 1=1"}))
    assert desks.reader.get(at("reports"), {"days": "-1"}).status_code == 200


def test_a_worse_reading_is_counted_as_told_again(desks):
    a_check_in(desks.patient, **fever("39.9"))
    fired = reports.report(staff=desks.nora, **WEEK).load.alerts
    assert fired >= 2
