from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.clinical.factories import DEFAULT, a_course, a_reading, at
from tracker.clinical.course import PatientFacts, ProcedureFacts
from tracker.clinical.followup import check_ins, recheck_at, rechecks
from tracker.clinical.protocol import Protocol
from tracker.clinical.wall_clock import Hours

NEW_YORK = ZoneInfo("America/New_York")
HOURS = Hours(NEW_YORK)
# Saturday, the day before the clocks go back.
ENDED_AT = datetime(2025, 11, 1, 14, 0, tzinfo=UTC)


def schedule(kind="therapeutic", protocol=DEFAULT, steroid=True, **patient):
    procedure = ProcedureFacts(kind, ENDED_AT, steroid)
    return check_ins(procedure, PatientFacts(**patient), HOURS, protocol)


def local(dues, ask="full"):
    asked = (due.at.astimezone(NEW_YORK) for due in dues if due.ask == ask)
    return [at.strftime("%m-%d %H:%M") for at in asked]


def test_the_first_days_are_asked_about_most():
    assert local(schedule())[:10] == [
        "11-01 12:00",
        "11-01 16:00",
        "11-01 20:00",
        "11-02 09:00",
        "11-02 18:00",
        "11-03 09:00",
        "11-03 18:00",
        "11-04 09:00",
        "11-04 18:00",
        "11-05 09:00",
    ]


def test_check_ins_keep_their_local_hour_across_a_change_of_the_clocks():
    bedtime, morning = (due.at for due in schedule()[2:4])
    assert (morning - bedtime).total_seconds() / 3600 == 14


@pytest.mark.parametrize(("hours", "last"), [(336, "11-15 09:00"), (168, "11-08 09:00")])
def test_daily_check_ins_end_with_the_follow_up(hours, last):
    assert local(schedule(protocol=Protocol.from_numbers({"active_h": hours})))[-1] == last


def test_outcomes_are_asked_for_up_to_six_months():
    asked = local(schedule(), "outcome")
    assert asked[0] == "11-22 09:00" and asked[-1] == "04-30 09:00" and len(asked) == 14
    assert local(schedule(protocol=Protocol.from_numbers({"outcome_d": 0})), "outcome") == []


def test_a_diagnostic_block_is_asked_about_by_the_quarter_hour():
    asked = local(schedule("diagnostic"), "usual_pain")
    assert asked[:5] == ["11-01 10:15", "11-01 10:30", "11-01 10:45", "11-01 11:00", "11-01 12:00"]
    assert len(asked) == 11


@pytest.mark.parametrize(
    ("kind", "steroid", "diabetes", "count"),
    [
        ("therapeutic", True, True, 15),
        ("therapeutic", True, False, 0),
        ("diagnostic", False, True, 0),
        ("rfa", False, True, 0),
    ],
)
def test_sugar_is_asked_for_after_a_steroid(kind, steroid, diabetes, count):
    assert len(local(schedule(kind, steroid=steroid, diabetes=diabetes), "glucose")) == count


def test_a_procedure_that_has_not_ended_has_no_schedule():
    assert check_ins(ProcedureFacts(), PatientFacts(), HOURS, DEFAULT) == []


@pytest.mark.parametrize(
    ("reading", "h"),
    [
        (a_reading(50, temperature="37.9 C"), 54),
        (a_reading(50, feverish=True), 51),
        (a_reading(50, glucose="310"), 52),
        (a_reading(50, glucose="60"), 50.25),
        (a_reading(3, leg_numbness=True), 12),
        (a_reading(50, temperature="38.5 C"), None),
    ],
    ids=str,
)
def test_what_must_be_looked_at_again(reading, h, finding):
    procedure = ProcedureFacts("therapeutic", at(0))
    assert recheck_at(finding(reading, diabetes=True), procedure, DEFAULT) == (
        None if h is None else at(h)
    )


@pytest.mark.parametrize(
    ("readings", "asked"),
    [
        ([a_reading(50, temperature="37.9 C")], [54]),
        ([a_reading(50, temperature="37.9 C"), a_reading(52, usual=3)], [54]),
        ([a_reading(50, temperature="37.9 C"), a_reading(52, temperature="37.0 C")], []),
        ([a_reading(50, temperature="37.9 C"), a_reading(52, temperature="37.9 C")], [56]),
        ([a_reading(50, glucose="310"), a_reading(50, temperature="37.9 C", id="too")], [52, 54]),
        ([a_reading(3, leg_numbness=True)], [12]),
        ([a_reading(3, leg_numbness=True), a_reading(6, leg_numbness=True)], [12]),
        ([a_reading(3, leg_numbness=True), a_reading(6, leg_numbness=False)], []),
    ],
    ids=range(8),
)
def test_a_recheck_is_asked_for_until_it_was_made(readings, asked):
    course = a_course(*readings, diabetes=True)
    last = max(reading.observed_at for reading in readings)
    assert [due.at for due in rechecks(course, last, DEFAULT)] == [at(h) for h in asked]


@pytest.mark.parametrize(
    ("hour", "asked"),
    [
        (time(7), ["11-02 08:00", "11-02 18:00", "11-03 08:00"]),
        (time(11), ["11-02 11:00", "11-02 18:00", "11-03 11:00"]),
        (time(19), ["11-02 09:00", "11-02 19:00", "11-03 09:00"]),
    ],
)
def test_the_patient_chooses_the_hour_and_the_night_stays_quiet(hour, asked):
    procedure = ProcedureFacts("therapeutic", ENDED_AT, steroid=True)
    dues = check_ins(procedure, PatientFacts(), Hours(NEW_YORK, check_in=hour), DEFAULT)
    assert local(dues)[3:6] == asked


def test_what_is_asked_again_within_the_hour_is_asked_once():
    late = ProcedureFacts("therapeutic", ENDED_AT + timedelta(hours=7), steroid=True)
    dues = check_ins(late, PatientFacts(), HOURS, DEFAULT)
    # 6 hours after 17:00 is at night; 08:00 would only be an hour before the morning's check-in.
    assert local(dues)[:3] == ["11-01 20:00", "11-02 09:00", "11-02 18:00"]
