import pytest

from tests.clinical.factories import DEFAULT, a_course, a_reading, at
from tracker.clinical.outcomes import outcomes, relief_at, relief_of
from tracker.clinical.protocol import Protocol
from tracker.clinical.questionnaires import peg, peg_improved, pgic_success

DAY = 24


def measured(*scores, protocol=DEFAULT, now_h=None, **course):
    readings = [a_reading(h, usual=value) for h, value in scores]
    now = at(scores[-1][0] if now_h is None else now_h)
    rows = outcomes(a_course(*readings, **course), protocol, now)
    return {row.pop("id"): row for row in rows}


@pytest.mark.parametrize(
    ("baseline", "now", "percent", "level"),
    [
        (8, 8, 0, "none"),
        (8, 7, 12.5, "minimal"),
        (8, 6, 25, "much"),
        (3, 2, 33.3, "much"),
        (8, 4, 50, "substantial"),
        (8, 0, 100, "substantial"),
        (8, 10, -25, "none"),
    ],
)
def test_relief_and_how_much_it_means(baseline, now, percent, level):
    found = measured((100, now), baseline_pain=baseline)
    assert found["OC-RELIEF"] == {"percent": percent}
    assert found["OC-MCID"]["level"] == level


@pytest.mark.parametrize("baseline", [None, 0])
def test_without_a_baseline_nothing_can_be_measured(baseline):
    assert measured((100, 3), baseline_pain=baseline) == {}


def test_nothing_is_measured_from_before_the_procedure():
    assert measured((-5, 3)) == {}


@pytest.mark.parametrize(
    ("scores", "percent", "positive"),
    [
        ([(0.25, 4), (1, 4), (2, 4)], 50, True),
        ([(0.25, 5), (1, 5), (2, 5)], 50, False),
        ([(0.25, 4), (1, 4)], 50, None),
        ([(0.2, 0), (1, 5), (2, 5), (3, 5)], 50, False),
        ([(1, 5), (2, 5), (6, 4)], 50, True),
        ([(1, 5), (2, 5), (6.1, 0)], 50, None),
        ([(0.25, 4), (1, 4), (2, 4)], 80, False),
        ([(0.25, 1), (1, 4), (2, 4)], 80, True),
    ],
)
def test_a_diagnostic_block(scores, percent, positive):
    protocol = Protocol.from_numbers({"dx_percent": percent})
    found = measured(*scores, protocol=protocol, kind="diagnostic", baseline_pain=8).get("OC-DX")
    assert (found["positive"] if found else None) is positive


@pytest.mark.parametrize(
    ("scores", "days"),
    [
        ([(336, 1), (720, 2), (1080, 6), (1092, 6)], 45),
        ([(336, 1), (1080, 6), (1091.9, 6)], None),
        ([(336, 1), (1080, 6), (1092, 1), (1104, 6)], None),
        ([(336, 1), (1080, 6)], None),
        ([(336, 6), (720, 6), (1080, 6)], None),
        ([(24, 3), (48, 4), (60, 4)], 2),
        ([(24, 3), (48, 3), (60, 3)], None),
    ],
)
def test_the_return_of_pain_is_dated_by_the_first_of_two(scores, days):
    found = measured(*scores, baseline_pain=7)
    assert found.get("OC-RETURN", {}).get("days_of_relief") == days
    assert ("OC-DURATION" in found) is (days is not None)


@pytest.mark.parametrize(("baseline", "back"), [(4, True), (5, False)])
def test_within_two_points_of_the_baseline_the_pain_is_back(baseline, back):
    found = measured((24, 0), (48, 2), (60, 2), baseline_pain=baseline)
    assert ("OC-RETURN" in found) is back


@pytest.mark.parametrize(("day", "eligible"), [(22, False), (29.9, False), (30, True), (80, True)])
def test_a_repeat_is_asked_about_from_a_month_after_the_block_on(day, eligible):
    """Today counts, not the day of the last answer."""
    found = measured((24, 1), (480, 6), (504, 6), now_h=day * DAY, baseline_pain=7)
    assert found["OC-REPEAT"] == {"eligible": eligible}


def test_a_repeat_is_not_asked_about_while_the_relief_lasts():
    assert "OC-REPEAT" not in measured((24, 1), (1200, 1), baseline_pain=7)


POSITIVE, NEGATIVE, TOO_FEW = [(1, 1), (2, 1), (3, 2)], [(1, 4), (2, 3), (3, 4)], [(1, 1), (2, 1)]


@pytest.mark.parametrize(
    ("kind", "early", "later", "percent", "consider"),
    [
        ("diagnostic", POSITIVE, [(10, 6), (24, 6)], 50, True),
        ("diagnostic", POSITIVE, [(10, 1), (24, 1)], 50, False),
        ("diagnostic", POSITIVE, [(10, 6)], 50, False),
        ("diagnostic", NEGATIVE, [(10, 6), (24, 6)], 75, False),
        ("diagnostic", TOO_FEW, [(10, 6), (24, 6)], 50, False),
        ("therapeutic", TOO_FEW, [(10, 6), (24, 6)], 50, True),
        ("therapeutic", [(1, 6)], [(10, 6), (24, 6)], 50, False),
        ("rfa", TOO_FEW, [(10, 6), (24, 6)], 50, False),
    ],
)
def test_rfa_is_considered_after_a_positive_block_whose_relief_did_not_last(
    kind, early, later, percent, consider
):
    protocol = Protocol.from_numbers({"dx_percent": percent})
    found = measured(*early, *later, protocol=protocol, kind=kind, baseline_pain=7)
    assert ("OC-RFA" in found) is consider


@pytest.mark.parametrize(
    ("h", "value", "kind", "found"),
    [
        (336, 6, "therapeutic", True),
        (336, 5, "therapeutic", False),
        (287, 6, "therapeutic", False),
        (288, 6, "therapeutic", True),
        (336, 6, "rfa", False),
    ],
)
def test_no_relief_after_two_weeks_is_work_for_staff(h, value, kind, found):
    assert ("OC-NORELIEF" in measured((h, value), kind=kind, baseline_pain=7)) is found


@pytest.mark.parametrize(
    ("day", "value", "found"),
    [
        (92, 1, {"relief_percent": 87.5, "significant": True}),
        (69, 4, {"relief_percent": 50.0, "significant": True}),
        (111, 5, {"relief_percent": 37.5, "significant": False}),
        (68.9, 1, None),
        (111.1, 1, None),
    ],
)
def test_three_months_after_rfa(day, value, found):
    assert measured((day * DAY, value), kind="rfa", baseline_pain=8).get("OC-RFA90") == found


def test_three_months_after_rfa_the_nearest_entry_counts():
    found = measured((80 * DAY, 8), (91 * DAY, 1), (105 * DAY, 8), kind="rfa", baseline_pain=8)
    assert found["OC-RFA90"]["relief_percent"] == 87.5


def test_the_short_questionnaires():
    assert peg(7, 8, 6) == 7.0
    assert peg_improved(7.0, 4.9) and not peg_improved(7.0, 5.0) and not peg_improved(0, 0)
    assert pgic_success("much_improved") and not pgic_success("minimally_improved")


@pytest.mark.parametrize(
    ("hours", "percent"),
    [(0, None), (52, 25), (100, 25), (124, 25), (151, None), (152, 75), (200, 75), (249, None)],
)
def test_relief_at_a_moment_is_that_of_the_nearest_score_close_enough(hours, percent):
    readings = [a_reading(100, usual=6), a_reading(200, usual=2)]
    relief = relief_of(a_course(*readings, baseline_pain=8))
    assert relief_at(relief, hours, 48) == percent
