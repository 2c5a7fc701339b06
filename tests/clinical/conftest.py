import pytest

from tests.clinical.factories import DEFAULT, a_course
from tracker.clinical.assessment import assess


@pytest.fixture
def moment():
    """The last reading of a course, as a rule is shown it."""
    return lambda *readings, **course: a_course(*readings, **course).submission(
        readings[-1].observed_at
    )[-1]


@pytest.fixture
def finding():
    """The most urgent finding of the last reading."""

    def most_urgent(*readings, **course):
        whole = a_course(*readings, **course)
        return assess(whole, readings[-1].observed_at, DEFAULT).findings[0]

    return most_urgent
