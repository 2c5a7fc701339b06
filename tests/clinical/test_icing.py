import pytest

from tests.clinical.factories import at
from tracker.clinical.course import PatientFacts
from tracker.clinical.icing import IceBlocked, IceStarted, IceTime, IceTooSoon, start_ice

PATIENT = PatientFacts()


def m(minutes):
    return at(minutes / 60)


@pytest.mark.parametrize(
    ("earlier", "now", "answer"),
    [
        ([], 60, IceStarted(m(80), m(100))),
        ([IceTime(m(60))], 60, IceTooSoon(m(100))),
        ([IceTime(m(60))], 90, IceTooSoon(m(100))),
        ([IceTime(m(60))], 99, IceTooSoon(m(100))),
        ([IceTime(m(60))], 100, IceStarted(m(120), m(140))),
        ([IceTime(m(60), m(65))], 84, IceTooSoon(m(85))),
        ([IceTime(m(60), m(65))], 85, IceStarted(m(105), m(125))),
        ([IceTime(m(60), m(200))], 100, IceStarted(m(120), m(140))),
        ([IceTime(m(0)), IceTime(m(60))], 90, IceTooSoon(m(100))),
        ([IceTime(m(60)), IceTime(m(0))], 90, IceTooSoon(m(100))),
    ],
    ids=str,
)
def test_twenty_minutes_on_and_at_least_twenty_off(earlier, now, answer):
    assert start_ice(earlier, m(now), PATIENT) == answer


def test_ice_on_request_is_not_refused_after_three_days():
    assert start_ice([IceTime(at(70))], at(73), PATIENT) == IceStarted(
        at(73 + 1 / 3), at(73 + 2 / 3)
    )


def test_ice_that_is_not_safe_is_not_started():
    assert start_ice([], m(0), PatientFacts(ice_contraindicated=True)) == IceBlocked()
