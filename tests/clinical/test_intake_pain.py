import pytest

from tests.clinical.check_ins import problems, read


@pytest.mark.parametrize(("typed", "score"), [(0, 0), (10, 10), ("7", 7), ("7/10", 7), ("0/10", 0)])
def test_pain_as_people_type_it(typed, score):
    assert read(pain={"usual": typed}).reading.pain.usual == score


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        (7.5, "reject_not_integer"),
        ("7.5", "reject_not_integer"),
        (7.0, "reject_not_integer"),
        ("", "reject_not_integer"),
        ("seven", "reject_not_integer"),
        ("３", "reject_not_integer"),
        ("٣", "reject_not_integer"),
        ("1_0", "reject_not_integer"),
        (" 7", "reject_not_integer"),
        ("7/11", "reject_not_integer"),
        ("7\n", "reject_not_integer"),
        ("+7", "reject_not_integer"),
        (True, "reject_not_integer"),
        ([7], "reject_not_integer"),
        ({}, "reject_not_integer"),
        (11, "reject_range"),
        ("11", "reject_range"),
        ("11/10", "reject_range"),
        (-1, "reject_range"),
        ("-1", "reject_range"),
        (10**30, "reject_range"),
    ],
    ids=repr,
)
@pytest.mark.parametrize("where", ["usual", "site"])
def test_pain_that_cannot_be(typed, code, where):
    assert problems(pain={where: typed}) == [(f"/pain/{where}", code)]
