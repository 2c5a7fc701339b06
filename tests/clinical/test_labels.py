"""What a replay may leave out of the labels, and what it may not."""

from tracker.clinical.labels import compare, tally

ATTACHED = {"entry": 1, "rule": "FV-FEVER", "event": "attach", "tier": "watch"}
OPENED = {"entry": 1, "rule": "ST-RED", "event": "open", "tier": "watch"}
EARLIER = {"entry": 0, "rule": "PN-RISE", "event": "attach", "tier": "watch"}


def rules(found):
    return [difference.rule for difference in found]


def test_only_what_a_repeated_entry_attached_is_not_missed():
    labelled = {"alerts": [ATTACHED, OPENED, EARLIER]}
    assert rules(compare({}, labelled, repeated={1})) == ["ST-RED", "PN-RISE"]
    assert rules(compare({}, labelled)) == ["FV-FEVER", "ST-RED", "PN-RISE"]


def test_a_row_that_stands_twice_must_come_twice():
    once, twice = {"alerts": [OPENED]}, {"alerts": [OPENED, OPENED]}
    assert [one.problem for one in compare(once, twice)] == ["missing"]
    assert [one.problem for one in compare(twice, once)] == ["unexpected"]
    assert compare(twice, twice) == []


def test_more_reminders_and_outcomes_may_occur_than_are_labelled():
    ice, relief = {"type": "ice_stop", "at_h": 1}, {"id": "OC-RELIEF", "percent": 50}
    result = {"reminders": [ice, {"type": "ice_blocked"}], "outcomes": [relief]}
    assert compare(result, {"reminders": [ice]}) == []
    assert rules(compare({}, {"reminders": [ice], "outcomes": [relief]})) == [
        "ice_stop",
        "OC-RELIEF",
    ]


def test_the_tally_counts_for_each_rule_where_it_agrees_and_where_it_differs():
    labelled = {"alerts": [ATTACHED, OPENED, OPENED], "validation": [{"result": "ask_unit"}]}
    found = compare({"alerts": [OPENED], "validation": [{"result": "ask_unit"}]}, labelled)
    assert tally([(labelled, found)]) == {
        "FV-FEVER": (0, 1),
        "ST-RED": (1, 1),
        "ask_unit": (1, 0),
    }
