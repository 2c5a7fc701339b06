"""How a recorded course is read."""

import pytest

from tests.clinical.factories import a_glucose
from tracker.clinical import recorded


@pytest.mark.parametrize(
    ("usual", "read"),
    [
        (None, None),
        (120, a_glucose("120")),
        ("120", a_glucose("120")),
        ({"value": 120}, a_glucose("120")),
        ({"value": "120", "unit": "mg/dL"}, a_glucose("120")),
        ({"value": 6.7, "unit": "mmol/L"}, a_glucose("6.7 mmol/L")),
    ],
    ids=str,
)
def test_the_usual_sugar_keeps_its_unit(usual, read):
    assert recorded.patient({"patient": {"baseline_glucose": usual}}).baseline_glucose == read
