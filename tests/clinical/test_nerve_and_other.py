import pytest

from tests.clinical.factories import CALL, EMERGENCY, INFO, WATCH, a_reading, judged
from tracker.clinical.protocol import Protocol

EARLY = ("NE-EARLY", WATCH)


@pytest.mark.parametrize(
    ("h", "symptoms", "found"),
    [
        (1, {"leg_numbness": True}, {"leg": EARLY}),
        (11.99, {"leg_numbness": True}, {"leg": EARLY}),
        (12, {"leg_numbness": True}, {"leg": ("NE-NUMB", CALL)}),
        (11.99, {"leg_weakness": "mild"}, {"leg": EARLY}),
        (12, {"leg_weakness": "mild", "leg_numbness": True}, {"leg": ("EM-WEAK", EMERGENCY)}),
        (3, {"leg_weakness": "none", "leg_numbness": False}, {}),
        (23.9, {"area_numbness": True}, {"numb": ("IN-NUMB", INFO)}),
        (24, {"area_numbness": True}, {"numb": ("NE-NUMB", CALL)}),
        (3, {"area_numbness": False}, {}),
        (24, {"area_numbness": False}, {}),
        (5, {"facial_flush": True}, {"flush": ("IN-FLUSH", INFO)}),
        (5, {"facial_flush": True, "hives": True}, {"airway": ("AL-HIVES", CALL)}),
        (5, {"palpitations": True}, {"other": ("OT-OTHER", CALL)}),
        (5, {"headache": "mild", "nausea": True, "sweating": True}, {}),
    ],
    ids=str,
)
def test_nerves_and_skin(h, symptoms, found):
    assert judged(a_reading(h, **symptoms)) == found


@pytest.mark.parametrize(
    ("weak_h", "h", "symptoms", "found"),
    [
        (6, 6, {"leg_weakness": "mild"}, ("EM-WEAK", EMERGENCY)),
        (6, 5.9, {"leg_weakness": "mild"}, EARLY),
        (6, 6, {"leg_numbness": True}, ("NE-NUMB", CALL)),
    ],
)
def test_a_clinic_may_call_earlier_about_the_leg(weak_h, h, symptoms, found):
    protocol = Protocol.from_numbers({"weak_h": weak_h})
    assert judged(a_reading(h, **symptoms), protocol=protocol) == {"leg": found}


@pytest.mark.parametrize(
    ("hours", "h", "found"), [(48, 47.9, INFO), (48, 48, CALL), (12, 12, CALL)]
)
def test_a_clinic_may_set_when_skin_should_feel_again(hours, h, found):
    protocol = Protocol.from_numbers({"area_numb_h": hours})
    assert judged(a_reading(h, area_numbness=True), protocol=protocol)["numb"][1] == found


@pytest.mark.parametrize(
    ("urgency", "found"), [("today", CALL), ("unsure", CALL), (None, CALL), ("can_wait", WATCH)]
)
def test_anything_else_counts_as_urgent_unless_the_patient_says_it_can_wait(urgency, found):
    reading = a_reading(400, other="my foot tingles", urgency=urgency)
    assert judged(reading) == {"other": ("OT-OTHER", found)}


@pytest.mark.parametrize(
    ("urgency", "said"),
    [
        ("today", "Something else, and it should not wait."),
        ("unsure", "Something else, and we do not know how urgent it is."),
        (None, "Something else, and we do not know how urgent it is."),
        ("can_wait", "Something else that can wait."),
    ],
)
def test_the_reason_says_no_more_than_the_patient_did(urgency, said, finding):
    assert finding(a_reading(other="my foot tingles", urgency=urgency)).because() == said


@pytest.mark.parametrize("urgency", ["can_wait", "today", "unsure", None])
def test_a_racing_heart_does_not_wait_because_something_else_can(urgency):
    both = a_reading(5, other="slept badly", urgency=urgency, palpitations=True)
    apart = [
        a_reading(5, id="1", other="slept badly", urgency=urgency),
        a_reading(5, id="2", palpitations=True),
    ]
    assert judged(both) == judged(*apart) == {"other": ("OT-OTHER", CALL)}


@pytest.mark.parametrize("order", [("today", "can_wait"), ("can_wait", "today")])
def test_of_two_things_in_one_submission_the_urgent_one_counts(order):
    both = [a_reading(5, id=urgency, other="tingles", urgency=urgency) for urgency in order]
    assert judged(*both) == {"other": ("OT-OTHER", CALL)}
