"""What each row of the outcomes says, and where its limits lie (CLINICAL.md section 7)."""

from math import sqrt

import pytest

from tests.clinical.test_outcomes import DAY, measured
from tracker.clinical.outcomes import RFA_BENCHMARK


@pytest.mark.parametrize(
    ("baseline", "now", "row"),
    [
        (3, 2, {"percent": 33.3, "points": 1, "level": "much"}),
        (4, 3, {"percent": 25.0, "points": 1, "level": "minimal"}),
        (10, 8, {"percent": 20.0, "points": 2, "level": "much"}),
        (10, 9, {"percent": 10.0, "points": 1, "level": "minimal"}),
        (9, 5, {"percent": 44.4, "points": 4, "level": "much"}),
        (6, 3, {"percent": 50.0, "points": 3, "level": "substantial"}),
        (5, 5, {"percent": 0.0, "points": 0, "level": "none"}),
    ],
)
def test_how_much_a_change_means(baseline, now, row):
    found = measured((100, 0), (101, now), baseline_pain=baseline)
    assert found["OC-MCID"] == row
    assert found["OC-RELIEF"] == {"percent": row["percent"]}


def test_a_diagnostic_block_shows_its_peak_its_mean_and_its_threshold():
    scores = [(0.1, 8), (0.25, 5), (1, 3), (6, 6), (6.1, 0)]
    assert measured(*scores, kind="diagnostic", baseline_pain=8)["OC-DX"] == {
        "positive": True,
        "peak_relief_percent": 62.5,
        "mean_relief_percent_0_6h": 31.2,
        "threshold_percent": 50,
    }


@pytest.mark.parametrize("h", [0, 0.1, 0.245])
def test_the_first_quarter_of_an_hour_does_not_judge_a_block(h):
    found = measured((h, 0), (1, 7), (2, 7), (3, 7), kind="diagnostic", baseline_pain=8)
    assert found["OC-DX"]["peak_relief_percent"] == 12.5


@pytest.mark.parametrize(
    ("baseline", "now", "row"),
    [
        (7, 7, {"percent": 0.0, "points": 0}),
        (4, 3, {"percent": 25.0, "points": 1}),
        (9, 8, {"percent": 11.1, "points": 1}),
        (3, 2, None),
        (10, 8, None),
        (7, 9, {"percent": -28.6, "points": -2}),
    ],
)
def test_no_relief_is_less_than_a_third_and_less_than_two_points(baseline, now, row):
    assert measured((336, now), baseline_pain=baseline).get("OC-NORELIEF") == row


@pytest.mark.parametrize(("h", "found"), [(287.9, False), (288, True), (384, True), (384.1, False)])
def test_two_weeks_are_two_days_wide(h, found):
    assert ("OC-NORELIEF" in measured((h, 7), baseline_pain=7)) is found


def test_the_entry_nearest_to_two_weeks_counts():
    assert "OC-NORELIEF" in measured((320, 1), (340, 7), baseline_pain=7)
    assert "OC-NORELIEF" not in measured((330, 1), (346, 7), baseline_pain=7)


def test_the_return_of_pain_names_who_confirmed_it_and_when_it_began():
    found = measured((24, 1), (100, 6), (112, 6), now_h=30 * DAY, baseline_pain=7)
    assert found["OC-RETURN"] == {"at_reading": "at-112", "days_of_relief": 4.2}
    assert found["OC-DURATION"] == {"days": 4.2}
    assert found["OC-RFA"] == {"consider": True}


def test_half_of_the_pain_gone_is_relief_that_lasts():
    assert "OC-RETURN" not in measured((24, 0), (48, 3), (60, 3), baseline_pain=6)


def test_the_relief_three_months_after_rfa_is_told_to_a_tenth():
    found = measured((90 * DAY, 1), kind="rfa", baseline_pain=9)
    assert found["OC-RFA90"] == {"relief_percent": 88.9, "significant": True}


def test_what_came_before_a_new_relief_is_not_the_return():
    found = measured((24, 1), (100, 6), (106, 1), (112, 6), (125, 6), baseline_pain=7)
    assert found["OC-RETURN"] == {"at_reading": "at-125", "days_of_relief": 4.7}


def test_the_score_at_the_end_of_the_procedure_belongs_to_the_time_after_it():
    assert measured((0, 3), baseline_pain=6)["OC-RELIEF"] == {"percent": 50.0}
    assert measured((-0.5, 3), baseline_pain=6) == {}


def test_the_benchmark_is_the_series_with_its_wilson_interval():
    relieved, of, z = RFA_BENCHMARK["relieved"], RFA_BENCHMARK["of"], 1.96
    share = relieved / of
    assert (of, round(100 * share, 1)) == (46, 78.3)
    middle, wide = share + z * z / (2 * of), z * sqrt(share * (1 - share) / of + (z / of / 2) ** 2)
    ends = [round(100 * (middle + side) / (1 + z * z / of)) for side in (-wide, wide)]
    assert ends == [RFA_BENCHMARK["low_percent"], RFA_BENCHMARK["high_percent"]]
