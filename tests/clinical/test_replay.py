"""How a recorded course happens again: what comes together, what comes twice, and time."""

import pytest

from tests.clinical.factories import DEFAULT
from tests.clinical.test_vignettes import a_vignette, events, temperature
from tests.clinical.test_what_if import at, check_in, course
from tracker.clinical.replay import replay
from tracker.clinical.what_if import raised


def sore(h, value, **more):
    return {"kind": "pain", "h": h, "where": "site", "value": value, **more}


@pytest.mark.parametrize(
    ("until_h", "found"), [(23.9, []), (24, [24]), (59, [24]), (200, [24, 84])]
)
def test_time_tells_between_the_entries_and_no_longer_than_asked(until_h, found):
    entries = [check_in(60, pain={"usual": 2})]
    events = raised(course(*entries), DEFAULT, until=at(until_h))
    assert [each.at for each in events if each.rule == "SI-SILENT"] == [at(h) for h in found]


def test_a_retry_leads_to_nothing():
    entry = temperature(50, "38.5", client_id="a")
    assert events(a_vignette(entry, {**entry, "recorded_h": 50.1})) == [
        (0, "FV-FEVER", "open", True)
    ]


def test_what_late_entries_complete_together_belongs_to_the_last_of_them():
    late = {"h": 46, "recorded_h": 60}
    clammy = {"kind": "symptoms", "items": {"clammy": True}, **late}
    found = events(a_vignette(temperature(50, "38.5"), sore(46, 0, recorded_h=60), clammy))
    assert [each[0] for each in found if each[1] == "EM-SEPSIS"] == [2]


@pytest.mark.parametrize("first", ["pain", "fever"])
def test_the_loudest_of_a_submission_decides_whom_to_tell(first):
    both = [sore(50, 4), temperature(50, "38.5")]
    course = a_vignette(*(both if first == "pain" else both[::-1]))
    assert replay(course, DEFAULT)["notifications"] == {
        "patient_messages": 1,
        "staff_notifications": 1,
    }


def staff(h, action="resolve"):
    return {"kind": "staff", "h": h, "action": action, "sign": "fever"}


@pytest.mark.parametrize(
    ("done", "event"),
    [
        ([], "attach"),
        ([staff(51)], "open"),
        ([staff(51, "acknowledge")], "attach"),
        # Twelve quiet hours begin with the first time.
        ([staff(51), staff(60)], "open"),
        ([staff(60)], "attach"),
        ([staff(49)], "attach"),
    ],
    ids=str,
)
def test_staff_resolve_what_is_open_and_only_once(done, event):
    entries = [temperature(50, "38.5"), *done, temperature(64, "38.5")]
    assert events(a_vignette(*sorted(entries, key=lambda entry: entry["h"])))[-1][2] == event


def ice(h, action="start"):
    return {"kind": "ice", "h": h, "action": action}


@pytest.mark.parametrize(
    ("entries", "told"),
    [
        ([ice(1, "stop")], []),
        ([ice(1), ice(1.1, "stop"), ice(1.2, "stop"), ice(1.44)], ["ice_stop", "ice_stop"]),
        (
            [ice(1), ice(1.1, "stop"), ice(1.5), ice(1.55, "stop"), ice(1.9)],
            ["ice_stop", "ice_stop", "ice_stop"],
        ),
        ([ice(1), ice(1.5)], ["ice_stop", "ice_too_soon"]),
    ],
    ids=range(4),
)
def test_only_the_ice_that_is_on_comes_off(entries, told):
    reminders = replay(a_vignette(*entries), DEFAULT)["reminders"]
    assert [reminder["type"] for reminder in reminders] == told
