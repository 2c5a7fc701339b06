"""A rule that could not look says what it was not told; that is never the same as nothing found."""

import pytest

from tests.clinical.factories import DEFAULT, a_reading
from tracker.clinical.findings import Absent, Unknown
from tracker.clinical.signs import fever, glucose, low_glucose, pain, site

NO_PART = a_reading(100, chills=False)
SKIN = a_reading(100, site={"bruise": False})
SORE, USUAL = a_reading(100, sore=0), a_reading(100, usual=0)
SUGAR = a_reading(200, glucose="150")


@pytest.mark.parametrize(
    ("look", "readings", "what"),
    [
        (fever.fever, [NO_PART], "temperature"),
        (fever.low_grade, [NO_PART], "temperature"),
        (site.redness, [NO_PART, SKIN], "site.redness"),
        (site.swelling, [NO_PART, SKIN], "site.swelling"),
        (site.drainage, [NO_PART, SKIN], "site.drainage"),
        (site.warmth, [NO_PART, SKIN], "site.warmth"),
        (pain.severe_usual, [NO_PART, SORE], "pain.usual"),
        (pain.persisting_usual, [NO_PART, SORE], "pain.usual"),
        (pain.flare_usual, [NO_PART, SORE], "pain.usual"),
        (pain.severe_site, [NO_PART, USUAL], "pain.site"),
        (pain.persisting_site, [NO_PART, USUAL], "pain.site"),
        (pain.rising, [NO_PART, USUAL], "pain.site"),
        (pain.flare_site, [NO_PART, USUAL], "pain.site"),
        (pain.soreness, [NO_PART, USUAL], "pain.site"),
        (pain.persisting_usual, [USUAL], "baseline pain"),
        (pain.flare_usual, [USUAL], "baseline pain"),
        (low_glucose.very_low, [NO_PART], "glucose"),
        (glucose.off_the_scale, [NO_PART], "glucose"),
        (glucose.very_high, [NO_PART], "glucose"),
        (glucose.high, [NO_PART], "glucose"),
        (low_glucose.low_again, [NO_PART], "glucose"),
        (low_glucose.low_once, [NO_PART], "glucose"),
        (glucose.persisting, [NO_PART], "glucose"),
        (glucose.ketone_line, [NO_PART], "glucose"),
        (glucose.above_usual, [NO_PART], "glucose"),
        (glucose.without_diabetes, [NO_PART], "glucose"),
        (glucose.persisting, [SUGAR], "baseline glucose"),
        (glucose.above_usual, [SUGAR], "baseline glucose"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_what_was_not_answered_is_unknown(look, readings, what, moment):
    for reading in readings:
        assert look(moment(reading, baseline_pain=None), DEFAULT) == Unknown(what)


@pytest.mark.parametrize(
    ("look", "reading"),
    [
        (site.redness, a_reading(100, site={"redness": 0})),
        (site.drainage, a_reading(100, site={"drainage": "none"})),
        (site.warmth, a_reading(100, site={"warmth": False})),
        (pain.severe_site, SORE),
        (pain.rising, SORE),
        (pain.soreness, SORE),
        (glucose.high, SUGAR),
        (low_glucose.low_once, SUGAR),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_what_was_answered_well_is_absent(look, reading, moment):
    assert look(moment(reading), DEFAULT) == Absent()
