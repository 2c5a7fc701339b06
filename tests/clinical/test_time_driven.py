import pytest

from tests.clinical.factories import CALL, DEFAULT, EMERGENCY, WATCH, a_course, a_reading, at
from tracker.clinical.assessment import assess_time, next_assessment_at
from tracker.clinical.course import Course, PatientFacts, ProcedureFacts
from tracker.clinical.protocol import Protocol


def due(course, h, protocol=DEFAULT, **standing):
    found = assess_time(course, at(h), protocol, **standing)
    return [(finding.rule, finding.sign, finding.tier) for finding in found]


SILENT, MUST_CALL = ("SI-SILENT", "silence", WATCH), ("SI-SILENT", "silence", CALL)


@pytest.mark.parametrize(
    ("last_h", "now_h", "found"),
    [
        (None, 23.99, []),
        (None, 24, [SILENT]),
        (8, 31.99, []),
        (8, 32, [SILENT]),
        # What came true in the first days stays true, however late the sweep looks.
        (70, 93.9, []),
        (70, 100, [SILENT]),
        (73, 100, []),
        (72, 96, [SILENT]),
        (72, 130, [SILENT]),
        (72.1, 97, []),
        (72.1, 120, []),
        (72.1, 120.1, [SILENT]),
        (288, 335.9, []),
        (288, 336, [SILENT]),
        (288, 336.1, []),
        (288.1, 336.1, []),
    ],
)
def test_silence(last_h, now_h, found):
    readings = [] if last_h is None else [a_reading(last_h)]
    assert due(a_course(*readings), now_h) == found


@pytest.mark.parametrize("risk", ["insulin", "anticoagulant", "immunosuppressed"])
def test_silence_of_a_patient_at_high_risk_is_a_call(risk):
    assert due(a_course(**{risk: True}), 24) == [MUST_CALL]


@pytest.mark.parametrize(
    ("open_signs", "found"),
    [
        ({"fever": CALL}, [MUST_CALL]),
        ({"fever": EMERGENCY}, [MUST_CALL]),
        ({"fever": WATCH}, [SILENT]),
        ({"silence": WATCH}, []),
        ({"silence": WATCH, "fever": CALL}, [MUST_CALL]),
        ({"silence": CALL, "fever": CALL}, []),
    ],
    ids=str,
)
def test_an_open_alert_makes_silence_a_call_and_nothing_is_said_twice(open_signs, found):
    assert due(a_course(), 24, open_signs=open_signs) == found


def test_silence_is_counted_by_the_clock_of_the_server():
    synced_late = a_reading(8, recorded_h=20)
    assert due(a_course(synced_late), 43.9) == []
    assert due(a_course(synced_late), 44) == [SILENT]


def test_silence_counts_anew_when_staff_dealt_with_it():
    assert due(a_course(), 47, handled_at={"silence": at(25)}) == []
    assert due(a_course(), 49, handled_at={"silence": at(25)}) == [SILENT]


def test_a_longer_follow_up_listens_longer():
    protocol = Protocol.from_numbers({"active_h": 720})
    assert due(a_course(a_reading(400)), 448, protocol) == [SILENT]


QUESTION = ("QU-UNANSWERED", "question", CALL)


def minutes(number):
    return number / 60


def asked(h=26.0, recorded_h=None):
    return a_reading(h, recorded_h=recorded_h, questions=("/glucose",))


@pytest.mark.parametrize(("after_min", "found"), [(14.9, []), (15, [QUESTION]), (600, [QUESTION])])
def test_an_urgent_question_waits_fifteen_minutes(after_min, found):
    assert due(a_course(asked()), 26 + minutes(after_min)) == found


def test_the_wait_begins_when_the_server_heard_of_it():
    assert due(a_course(asked(20, recorded_h=26)), 26 + minutes(14)) == []
    assert due(a_course(asked(20, recorded_h=26)), 26 + minutes(15)) == [QUESTION]


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (a_reading(26.1, glucose="22.0 mmol/L"), []),
        (a_reading(26.1, temperature="37 C"), [QUESTION]),
        (a_reading(26.1, id="again", questions=("/glucose",)), [QUESTION]),
        (a_reading(20, recorded_h=20, glucose="120"), [QUESTION]),
        (a_reading(26, id="same-moment", glucose="120"), []),
    ],
    ids=str,
)
def test_only_an_answer_to_it_settles_a_question(answer, found):
    assert due(a_course(asked(), answer), 28) == found


def test_a_question_that_staff_dealt_with_is_settled():
    assert due(a_course(asked()), 40, handled_at={"question": at(27)}) == []


def test_staff_who_dealt_with_an_earlier_question_have_not_dealt_with_this_one():
    handled_at = {"question": at(26 + minutes(5))}
    assert due(a_course(asked()), 26 + minutes(15), handled_at=handled_at) == [QUESTION]


@pytest.mark.parametrize(
    ("course", "now_h", "standing", "next_h"),
    [
        (a_course(a_reading(8)), 9, {}, 32),
        (a_course(a_reading(8)), 40, {}, 32),
        (a_course(a_reading(80)), 81, {}, 128),
        (a_course(a_reading(300)), 301, {}, None),
        (a_course(a_reading(8)), 33, {"open_signs": {"silence": WATCH}}, None),
        (a_course(a_reading(8)), 33, {"open_signs": {"silence": WATCH, "leg": CALL}}, 32),
        (a_course(asked()), 26, {}, 26.25),
        (a_course(asked()), 27, {"open_signs": {"question": CALL}}, 50),
    ],
)
def test_when_to_look_next(course, now_h, standing, next_h):
    found = next_assessment_at(course, at(now_h), DEFAULT, **standing)
    assert found == (None if next_h is None else at(next_h))


@pytest.mark.parametrize("h", [8, 80, 200])
def test_the_next_moment_is_the_first_at_which_something_is_due(h):
    course = a_course(a_reading(h))
    moment = next_assessment_at(course, at(h), DEFAULT)
    assert assess_time(course, moment, DEFAULT)
    assert not assess_time(course, moment - (moment - at(h)) / 1000, DEFAULT)


def test_nothing_is_due_before_the_procedure_has_ended():
    course = Course(PatientFacts(), ProcedureFacts("therapeutic", None), [a_reading(1)])
    assert assess_time(course, at(100), DEFAULT) == []
    assert next_assessment_at(course, at(100), DEFAULT) is None
