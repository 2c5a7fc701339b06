from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from tests.clinical.factories import DEFAULT, a_reading, at
from tracker.clinical.course import PatientFacts, ProcedureFacts
from tracker.clinical.followup import after_quiet_hours, check_ins, recheck_at, reminders
from tracker.clinical.protocol import Protocol

NEW_YORK = ZoneInfo("America/New_York")
# Saturday, the day before the clocks go back.
ENDED_AT = datetime(2025, 11, 1, 14, 0, tzinfo=UTC)


def schedule(kind="therapeutic", protocol=DEFAULT, steroid=True, **patient):
    procedure = ProcedureFacts(kind, ENDED_AT, steroid)
    return check_ins(procedure, PatientFacts(**patient), NEW_YORK, protocol)


def local(dues, ask="full"):
    return [due.at.strftime("%m-%d %H:%M") for due in dues if due.ask == ask]


def test_the_first_days_are_asked_about_most():
    assert local(schedule())[:10] == [
        "11-01 12:00",
        "11-01 16:00",
        "11-01 21:00",
        "11-02 09:00",
        "11-02 18:00",
        "11-03 09:00",
        "11-03 18:00",
        "11-04 09:00",
        "11-04 18:00",
        "11-05 09:00",
    ]


def test_check_ins_keep_their_local_hour_across_a_change_of_the_clocks():
    dues = schedule()
    assert dues[3].at.utcoffset() != dues[2].at.utcoffset()
    assert dues == sorted(dues, key=lambda due: due.at.astimezone(UTC))


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
    assert check_ins(ProcedureFacts(), PatientFacts(), NEW_YORK, DEFAULT) == []


@pytest.mark.parametrize(
    ("clock", "moved"),
    [("20:59", "20:59"), ("21:00", "08:00"), ("03:00", "08:00"), ("08:00", "08:00")],
)
def test_reminders_keep_the_quiet_hours(clock, moved):
    moment = datetime.fromisoformat(f"2026-07-01T{clock}:00").replace(tzinfo=NEW_YORK)
    assert after_quiet_hours(moment).strftime("%H:%M") == moved
    assert after_quiet_hours(moment) >= moment


def test_two_reminders_for_a_missed_check_in():
    morning = next(due for due in schedule() if due.at.hour == 9)
    assert [f"{moment:%H:%M}" for moment in reminders(morning)] == ["11:00", "15:00"]


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
