import pytest

from tests.clinical.factories import (
    CALL,
    DEFAULT,
    EMERGENCY,
    WATCH,
    a_course,
    a_finding,
    a_reading,
    at,
    degrees,
    points,
    sugar,
)
from tracker.clinical.assessment import judge
from tracker.clinical.findings import Measure
from tracker.clinical.triage import (
    Standing,
    after,
    closes,
    in_new_words,
    materially_worse,
    triage,
)  # fmt: skip

grade = lambda value: Measure("grade", points(value).value)  # noqa: E731


def decide(standing, finding, h=50):
    decision = triage(standing, finding, at=at(h), protocol=DEFAULT)
    return decision.event, decision.notify, decision.opens_new


@pytest.mark.parametrize("tier", [WATCH, CALL, EMERGENCY])
def test_the_first_firing_opens(tier):
    assert decide(None, a_finding(tier)) == ("open", True, True)


@pytest.mark.parametrize(
    ("stands", "fires", "event", "notify"),
    [
        (WATCH, WATCH, "attach", False),
        (WATCH, CALL, "escalate", True),
        (WATCH, EMERGENCY, "escalate", True),
        (CALL, WATCH, "attach", False),
        (CALL, CALL, "attach", False),
        (CALL, EMERGENCY, "escalate", True),
        (EMERGENCY, WATCH, "attach", False),
        (EMERGENCY, CALL, "attach", False),
        (EMERGENCY, EMERGENCY, "attach", False),
    ],
)
def test_an_open_alert_takes_everything_in_and_grows(stands, fires, event, notify):
    assert decide(Standing(stands), a_finding(fires)) == (event, notify, False)


@pytest.mark.parametrize(
    ("notified", "now", "worse"),
    [
        (degrees("38.2"), degrees("38.6"), False),
        (degrees("38.2"), degrees("38.7"), True),
        (degrees("38.2"), degrees("37.0"), False),
        (degrees("100.8", "[degF]"), degrees("101.6", "[degF]"), False),
        (degrees("100.8", "[degF]"), degrees("101.7", "[degF]"), True),
        (degrees("38.2"), degrees("101.6", "[degF]"), False),
        (degrees("38.2"), degrees("101.7", "[degF]"), True),
        (points(4), points(5), False),
        (points(4), points(6), True),
        (grade(2), grade(3), True),
        (grade(2), grade(2), False),
        (sugar("300"), sugar("399"), False),
        (sugar("300"), sugar("400"), True),
        (sugar("399"), sugar("400"), True),
        (sugar("400"), sugar("499"), False),
        (sugar("400"), sugar("500"), True),
        (sugar("16.8", "mmol/L"), sugar("22.1", "mmol/L"), False),
        (sugar("16.8", "mmol/L"), sugar("22.2", "mmol/L"), True),
        (sugar("22.2", "mmol/L"), sugar("27.7", "mmol/L"), False),
        (sugar("22.2", "mmol/L"), sugar("27.8", "mmol/L"), True),
        (sugar("310"), sugar("22.2", "mmol/L"), True),
        (sugar("450"), sugar("Infinity"), True),
        (sugar("Infinity"), sugar("Infinity"), False),
        (sugar("Infinity"), sugar("900"), False),
        (sugar("Infinity"), sugar("33.3", "mmol/L"), False),
        (None, degrees("39"), False),
        (degrees("39"), None, False),
        (points(3), degrees("39"), False),
    ],
    ids=str,
)
def test_materially_worse(notified, now, worse):
    assert materially_worse(now, notified, DEFAULT) is worse
    event = "reraise" if worse else "attach"
    standing = Standing(CALL, measure=notified)
    assert decide(standing, a_finding(CALL, measure=now)) == (event, worse, False)


def test_a_lower_tier_never_raises_again_however_bad_the_value():
    standing = Standing(EMERGENCY, measure=sugar("260"))
    assert decide(standing, a_finding(CALL, measure=sugar("500"))) == ("attach", False, False)


def test_the_value_that_last_notified_is_the_one_to_beat():
    standing = Standing(CALL, measure=degrees("38.2"))
    for value, event in (("38.6", "attach"), ("38.7", "reraise"), ("39.1", "attach")):
        finding = a_finding(measure=degrees(value))
        decision = triage(standing, finding, at=at(50), protocol=DEFAULT)
        assert decision.event == event
        standing = after(standing, finding, decision)
    assert standing.measure == degrees("38.7")


def raised(*readings, standing=None):
    """The event that each reading in turn makes of its one sign."""
    events = []
    for n, reading in enumerate(readings, 1):
        (finding,) = judge(a_course(*readings[:n], diabetes=True), {reading.id}, DEFAULT).news
        decision = triage(standing, finding, at=at(0), protocol=DEFAULT)
        standing = after(standing, finding, decision)
        events.append((finding.rule, decision.event))
    return events


def test_clear_fluid_that_turns_into_pus_raises_again():
    clear, pus = a_reading(50, site={"drainage": "clear"}), a_reading(60, site={"drainage": "pus"})
    again = a_reading(70, site={"drainage": "clear"})
    assert raised(clear, pus, again) == [
        ("ST-DRAIN", "open"),
        ("ST-DRAIN", "reraise"),
        ("ST-DRAIN", "attach"),
    ]


def test_a_sensor_that_says_high_is_beyond_four_hundred():
    readings = a_reading(20, glucose="310"), a_reading(24, glucose="HI cgm")
    assert raised(*readings) == [("GL-HIGH", "open"), ("GL-HIGH", "reraise")]
    readings = a_reading(20, glucose="410"), a_reading(24, glucose="HI cgm")
    assert raised(*readings) == [("GL-VHIGH", "open"), ("GL-HIGH", "attach")]


def test_an_alert_without_a_value_takes_the_first_that_joins():
    standing = Standing(CALL)
    finding = a_finding(measure=degrees("38.5"))
    standing = after(standing, finding, triage(standing, finding, at=at(50), protocol=DEFAULT))
    assert standing.measure == degrees("38.5")
    assert decide(standing, a_finding(measure=degrees("39.0")))[0] == "reraise"


@pytest.mark.parametrize(
    ("fires", "event"), [("38.3", "attach"), ("38.4", "reraise"), ("38.5", "reraise")]
)
def test_what_escalates_without_a_value_leaves_the_one_to_beat(fires, event):
    """Warm at 37.9, then shaking chills, then a fever."""
    standing, chills = Standing(WATCH, measure=degrees("37.9")), a_finding(CALL)
    decision = triage(standing, chills, at=at(50), protocol=DEFAULT)
    assert decision.event == "escalate"
    standing = after(standing, chills, decision)
    assert decide(standing, a_finding(CALL, measure=degrees(fires)))[0] == event


RESOLVED = Standing(CALL, "resolved", at(54), degrees("38.2"))


@pytest.mark.parametrize(
    ("finding", "h", "event"),
    [
        (a_finding(CALL, measure=degrees("38.1")), 57, "attach"),
        (a_finding(CALL, measure=degrees("38.6")), 57, "attach"),
        (a_finding(CALL, measure=degrees("38.7")), 57, "open"),
        (a_finding(WATCH), 57, "attach"),
        (a_finding(EMERGENCY), 54, "open"),
        (a_finding(CALL), 65.99, "attach"),
        (a_finding(CALL), 66, "open"),
        (a_finding(WATCH), 66, "open"),
    ],
    ids=str,
)
def test_twelve_quiet_hours_after_staff_resolve(finding, h, event):
    opens = event == "open"
    assert decide(RESOLVED, finding, h) == (event, opens, opens)


def test_emergencies_ignore_quiet_time():
    standing = Standing(EMERGENCY, "resolved", at(54))
    assert decide(standing, a_finding(EMERGENCY), 55) == ("open", True, True)
    assert decide(standing, a_finding(CALL), 55) == ("attach", False, False)


def test_what_joins_a_resolved_alert_leaves_it_resolved():
    finding = a_finding(CALL, measure=degrees("38.3"), h=57)
    decision = triage(RESOLVED, finding, at=at(57), protocol=DEFAULT)
    assert after(RESOLVED, finding, decision) == Standing(
        CALL, "resolved", at(54), degrees("38.2"), at(57)
    )


def test_what_breaks_quiet_time_stands_as_a_new_alert():
    finding = a_finding(EMERGENCY, measure=degrees("40.0"), h=57)
    decision = triage(RESOLVED, finding, at=at(57), protocol=DEFAULT)
    fresh = Standing(EMERGENCY, "open", None, degrees("40.0"), at(57))
    assert after(RESOLVED, finding, decision) == after(None, finding, decision) == fresh


def test_without_a_time_of_resolution_there_is_no_quiet_time():
    assert decide(Standing(CALL, "resolved"), a_finding(CALL)) == ("open", True, True)


@pytest.mark.parametrize(
    ("stands", "state", "fires", "tier"),
    [
        (WATCH, "open", CALL, CALL),
        (CALL, "open", WATCH, CALL),
        (EMERGENCY, "resolved", CALL, EMERGENCY),
    ],
)
def test_an_alert_keeps_its_highest_tier(stands, state, fires, tier):
    standing = Standing(stands, state, at(54))
    finding = a_finding(fires)
    decision = triage(standing, finding, at=at(55), protocol=DEFAULT)
    assert after(standing, finding, decision).tier == tier


def test_an_alert_that_closed_by_itself_has_no_quiet_time():
    assert decide(Standing(WATCH, "closed"), a_finding(WATCH)) == ("open", True, True)


@pytest.mark.parametrize(
    ("standing", "cleared_h", "closed"),
    [
        (Standing(WATCH, fired_at=at(50)), 54, True),
        (Standing(WATCH, fired_at=at(50)), 50, True),
        (Standing(WATCH, fired_at=at(50)), 46, False),
        (Standing(WATCH, fired_at=at(50)), None, False),
        (Standing(CALL, fired_at=at(50)), 54, False),
        (Standing(EMERGENCY, fired_at=at(50)), 54, False),
        (Standing(WATCH, "resolved", at(51), fired_at=at(50)), 54, False),
        (Standing(WATCH, "closed", fired_at=at(50)), 54, False),
    ],
    ids=str,
)
def test_only_a_watch_closes_by_itself(standing, cleared_h, closed):
    assert closes(standing, None if cleared_h is None else at(cleared_h)) is closed


def test_a_late_firing_does_not_move_the_last_firing_back():
    standing = Standing(WATCH, fired_at=at(60))
    finding = a_finding(WATCH, h=40)
    decision = triage(standing, finding, at=at(70), protocol=DEFAULT)
    assert after(standing, finding, decision).fired_at == at(60)


@pytest.mark.parametrize(
    ("stands", "state", "fires", "event"),
    [
        (CALL, "open", CALL, ("reraise", True, False)),
        (WATCH, "open", WATCH, ("reraise", True, False)),
        (CALL, "open", WATCH, ("attach", False, False)),
        (CALL, "resolved", CALL, ("open", True, True)),
        (CALL, "resolved", WATCH, ("open", True, True)),
        (CALL, "closed", WATCH, ("open", True, True)),
    ],
)
def test_new_words_of_the_patients_own_are_never_silent(stands, state, fires, event):
    decision = in_new_words(Standing(stands, state), a_finding(fires))
    assert (decision.event, decision.notify, decision.opens_new) == event
