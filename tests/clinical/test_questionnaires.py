"""The short questionnaires: their scores, and what counts as better."""

import pytest

from tracker.clinical.questionnaires import peg, peg_improved, pgic_success


@pytest.mark.parametrize(
    ("answers", "score"), [((7, 8, 6), 7.0), ((7, 8, 7), 7.3), ((0, 0, 1), 0.3), ((10, 0, 4), 4.7)]
)
def test_the_peg_score_is_the_mean_to_a_tenth(answers, score):
    assert peg(*answers) == score


@pytest.mark.parametrize(
    ("baseline", "now", "improved"),
    [
        (7.0, 4.9, True),
        (7.0, 5.0, False),
        (10.0, 7.0, True),
        (9.0, 6.3, True),
        (1.0, 0.7, True),
        (0.3, 0.0, True),
        (4.0, 4.0, False),
        (0, 0, False),
    ],
)
def test_thirty_percent_less_is_better(baseline, now, improved):
    assert peg_improved(baseline, now) is improved


@pytest.mark.parametrize(
    ("answer", "success"),
    [
        ("very_much_improved", True),
        ("much_improved", True),
        ("minimally_improved", False),
        ("no_change", False),
    ],
)
def test_much_better_is_a_success(answer, success):
    assert pgic_success(answer) is success
