"""The whole schedule of check-ins, rechecks and ice, as CLINICAL.md sections 5 and 6 have it."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from tests.clinical.factories import DEFAULT, a_course, a_finding, a_reading, at
from tracker.clinical.course import PatientFacts, ProcedureFacts
from tracker.clinical.followup import check_ins, recheck_at, rechecks
from tracker.clinical.icing import RULES, offers
from tracker.clinical.protocol import Protocol
from tracker.clinical.wall_clock import Hours

HOURS = Hours(UTC)
ENDED_AT = datetime(2026, 6, 1, 10, tzinfo=UTC)


def asked(ask, kind="therapeutic", *, ended_at=ENDED_AT, protocol=DEFAULT, hours=HOURS, **patient):
    """When it is asked: days after the procedure, and the time of the day."""
    procedure = ProcedureFacts(kind, ended_at, steroid=True)
    dues = check_ins(procedure, PatientFacts(**patient), hours, protocol)
    first = ended_at.date()
    return [((due.at.date() - first).days, f"{due.at:%H:%M}") for due in dues if due.ask == ask]


def test_a_diagnostic_block_is_asked_about_by_the_quarter_then_by_the_hour():
    minutes = [15, 30, 45, *(60 * hour for hour in range(1, 9))]
    times = [ENDED_AT + timedelta(minutes=minute) for minute in minutes]
    assert asked("usual_pain", "diagnostic") == [(0, f"{time:%H:%M}") for time in times]
    assert asked("usual_pain") == []


def test_a_therapeutic_block_is_asked_about_after_two_and_six_hours_and_at_bedtime():
    assert asked("full")[:3] == [(0, "12:00"), (0, "16:00"), (0, "20:00")]


def test_twice_a_day_for_three_days_then_once_until_the_follow_up_ends():
    twice = [(day, at) for day in (1, 2, 3) for at in ("09:00", "18:00")]
    once = [(day, "09:00") for day in range(4, 15)]
    assert asked("full")[3:] == twice + once


@pytest.mark.parametrize("days", [7, 14, 30])
def test_the_follow_up_lasts_as_many_days_as_the_clinic_wants(days):
    found = asked("full", protocol=Protocol.from_numbers({"active_h": 24 * days}))
    assert found[-1] == (days, "09:00")


@pytest.mark.parametrize(
    ("check_in", "days"),
    [
        (time(12, 59), ["12:59", "18:00"]),
        (time(13), ["09:00", "13:00"]),
    ],
)
def test_whoever_chose_the_afternoon_is_asked_in_the_morning_as_well(check_in, days):
    found = asked("full", hours=Hours(UTC, check_in=check_in))
    assert [at for day, at in found if day == 2] == days


def test_a_night_person_without_quiet_hours_is_asked_at_bedtime_all_the_same():
    awake = Hours(UTC, quiet_from=time(0), quiet_until=time(0))
    assert (0, "20:00") in asked("full", hours=awake)


def test_sugar_is_asked_for_twice_a_day_for_a_week():
    days = [(day, at) for day in range(8) for at in ("08:00", "16:00")]
    assert asked("glucose", diabetes=True) == days[1:]


def test_outcomes_are_asked_for_by_the_week_and_then_by_the_month():
    weeks = [7 * week for week in range(3, 13)]
    assert asked("outcome") == [(day, "09:00") for day in sorted([*weeks, 30, 60, 90, 180])]


@pytest.mark.parametrize(("days", "last"), [(180, 180), (179, 90), (90, 90), (21, 21), (20, None)])
def test_outcomes_are_asked_for_as_long_as_the_clinic_wants(days, last):
    found = asked("outcome", protocol=Protocol.from_numbers({"outcome_d": days}))
    assert (found[-1][0] if found else None) == last


def test_nothing_is_asked_at_the_very_end_of_the_procedure():
    assert (0, "16:00") not in asked("glucose", ended_at=ENDED_AT.replace(hour=16), diabetes=True)


AGAIN = {
    "FV-LOW": timedelta(hours=4),
    "FV-NOTEMP": timedelta(hours=1),
    "GL-HI": timedelta(0),
    "GL-HIGH": timedelta(hours=2),
    "GL-VHIGH": timedelta(hours=2),
    "GL-240": timedelta(hours=4),
    "GL-LOW1": timedelta(minutes=15),
    "GL-LOW2": timedelta(minutes=15),
    "GL-VLOW": timedelta(minutes=15),
    "FV-FEVER": None,
}


@pytest.mark.parametrize("rule", AGAIN)
def test_how_soon_a_finding_is_looked_at_again(rule):
    finding, wait = a_finding(h=50), AGAIN[rule]
    finding.rule = rule
    again = recheck_at(finding, ProcedureFacts("therapeutic", at(0)), DEFAULT)
    assert again == (None if wait is None else at(50) + wait)
    assert recheck_at(finding, ProcedureFacts(), DEFAULT) is None
    finding.observed_at = None
    assert recheck_at(finding, ProcedureFacts("therapeutic", at(0)), DEFAULT) is None


@pytest.mark.parametrize(("now_h", "asked_h"), [(50, [54]), (62, [54]), (62.1, [])])
def test_a_recheck_is_asked_for_during_twelve_hours(now_h, asked_h):
    course = a_course(a_reading(50, temperature="37.9 C"))
    assert [due.at for due in rechecks(course, at(now_h), DEFAULT)] == [at(h) for h in asked_h]


def test_ice_is_offered_every_two_hours_awake_and_six_times_a_day():
    early = ENDED_AT.replace(hour=6)
    offered = offers(early, HOURS, RULES.offer_for)
    assert [f"{at:%d %H}" for at in offered] == [f"01 {hour:02}" for hour in range(8, 20, 2)]
    later = offers(ENDED_AT.replace(hour=15), HOURS, RULES.offer_for)
    assert [f"{at:%d %H}" for at in later] == ["01 17", "01 19", "02 09", "02 11", "02 13", "02 15"]


@pytest.mark.parametrize(("lasting", "hours"), [(RULES.offer_for, 24), (RULES.on_request_for, 72)])
def test_ice_is_offered_for_a_day_and_on_request_for_three(lasting, hours):
    hourly = replace(RULES, offer_every=timedelta(hours=1), offers_a_day=24)
    for rules in (RULES, hourly):
        assert offers(ENDED_AT, HOURS, lasting, rules)[-1] == ENDED_AT + timedelta(hours=hours)


@pytest.mark.parametrize(("ended", "first"), [("05:59", "09:59"), ("06:00", "08:00")])
def test_the_first_ice_of_a_day_is_offered_from_eight_on(ended, first):
    early = ENDED_AT.replace(hour=int(ended[:2]), minute=int(ended[3:]))
    awake = Hours(UTC, quiet_from=time(23), quiet_until=time(5))
    assert f"{offers(early, awake, RULES.offer_for)[0]:%H:%M}" == first


@pytest.mark.parametrize(("ended", "last"), [("18:59", "20:59"), ("19:00", None)])
def test_the_last_ice_of_a_day_is_offered_before_nine(ended, last):
    late = ENDED_AT.replace(hour=int(ended[:2]), minute=int(ended[3:]))
    awake = Hours(UTC, quiet_from=time(23), quiet_until=time(5))
    today = [at for at in offers(late, awake, RULES.offer_for) if at.date() == late.date()]
    assert [f"{at:%H:%M}" for at in today] == ([] if last is None else [last])
