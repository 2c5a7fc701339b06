from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.clinical.factories import DEFAULT, a_reading, at
from tracker.clinical.course import PatientFacts, ProcedureFacts
from tracker.clinical.followup import Due, check_ins
from tracker.clinical.prompts import is_answered, prompts, recheck
from tracker.clinical.wall_clock import Hours

NEW_YORK = ZoneInfo("America/New_York")
HOURS = Hours(NEW_YORK)
ENDED_AT = datetime(2026, 9, 8, 14, tzinfo=UTC)
ALWAYS = {"since": ENDED_AT, "until": ENDED_AT + timedelta(days=200)}


def rung(kind="therapeutic", hours=HOURS, ask="full", **patient):
    procedure = ProcedureFacts(kind, ENDED_AT, steroid=kind == "therapeutic")
    dues = check_ins(procedure, PatientFacts(**patient), hours, DEFAULT)
    return [each for each in prompts(dues, hours, **ALWAYS) if each.due.ask == ask]


def clock(moment):
    return moment.astimezone(NEW_YORK).strftime("%d %H:%M")


def test_a_missed_check_in_is_asked_for_twice_more_until_the_next():
    assert [(clock(each.at), each.repeat) for each in rung()][:12] == [
        ("08 12:00", 0),
        ("08 14:00", 1),
        ("08 16:00", 0),
        ("08 18:00", 1),
        ("08 20:00", 0),
        ("09 09:00", 0),
        ("09 11:00", 1),
        ("09 15:00", 2),
        ("09 18:00", 0),
        ("09 20:00", 1),
        ("10 09:00", 0),
        ("10 11:00", 1),
    ]


def test_it_is_stale_when_the_next_is_due_after_two_hours_or_when_the_night_begins():
    ends = {clock(each.at): clock(each.expires_at) for each in rung()}
    assert ends["08 12:00"] == "08 14:00"
    assert ends["08 20:00"] == "08 21:00"
    diary = {
        clock(each.at): clock(each.expires_at) for each in rung("diagnostic", ask="usual_pain")
    }
    assert diary["08 10:15"] == "08 10:30"


def test_a_diary_is_neither_repeated_nor_kept_for_the_morning():
    late = Hours(NEW_YORK, quiet_from=time(13))
    diary = [clock(each.at) for each in rung("diagnostic", late, "usual_pain")]
    assert diary == ["08 10:15", "08 10:30", "08 10:45", "08 11:00", "08 12:00"]


def test_a_recheck_may_ring_at_night():
    night = datetime(2026, 9, 9, 3, tzinfo=UTC)
    asked = recheck(Due(night, "recheck"))
    assert (asked.at, asked.expires_at) == (night, night + timedelta(hours=2))


@pytest.mark.parametrize(
    ("ask", "reading", "answered"),
    [
        ("full", a_reading(9, usual=3), True),
        ("full", a_reading(9, chest_pain=False), True),
        ("full", a_reading(9, site={"redness": 0}), True),
        ("full", a_reading(9, temperature="37.0 C"), True),
        ("full", a_reading(9, glucose="120"), False),
        ("full", a_reading(8, usual=3), True),
        ("full", a_reading(7.99, usual=3), False),
        ("full", a_reading(30, usual=3), True),
        ("glucose", a_reading(9, glucose="120"), True),
        ("glucose", a_reading(9, usual=3), False),
        ("outcome", a_reading(9, usual=3), True),
        ("outcome", a_reading(9, sore=3), False),
        ("usual_pain", a_reading(8.92, usual=3), True),
        ("usual_pain", a_reading(8.75, usual=3), False),
    ],
    ids=range(14),
)
def test_what_counts_as_an_answer(ask, reading, answered):
    assert is_answered(Due(at(9), ask), [reading]) is answered
