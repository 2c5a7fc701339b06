"""What tests/pages/test_phone_policy.py has no row for: most of it is the patient's alone."""

from __future__ import annotations

import pytest

from tests.pages.test_phone_policy import ALONE, LOG, LOGGER, READER, ROWS, SEE
from tracker.phone_policy import PHONE, READING, may

SHOWS_NOBODYS_DATA = {
    ("sign-out/", "GET"): SEE,
    ("offline/check-in/", "GET"): LOG,
    ("offline/plan/", "GET"): SEE,
    ("api/v1/session/", "GET"): SEE,
    ("api/v1/check-ins/<uuid:client_id>/", "GET"): SEE,
    ("api/v1/therapies/<uuid:client_id>/", "GET"): SEE,
    ("api/v1/push-subscriptions/", "GET"): SEE,
}
"""A form, a plan of the day, or nothing at all: these take no such method."""
KNOWN = {**ROWS, **SHOWS_NOBODYS_DATA}


def rest() -> list[tuple[str, str]]:
    named = {(route, method in READING) for route, method in KNOWN}
    each = ((route, method) for route in PHONE for method in ("GET", "POST"))
    return [(route, method) for route, method in each if (route, method in READING) not in named]


@pytest.mark.parametrize(("route", "method"), SHOWS_NOBODYS_DATA)
def test_what_shows_nobodys_data(route, method):
    needed = SHOWS_NOBODYS_DATA[route, method]
    assert (may(LOGGER, route, method), may(READER, route, method)) == (True, needed == SEE)
    assert needed != ALONE


def test_what_nobody_named_is_the_patients_alone():
    assert len(rest()) > 30
    assert [each for each in rest() if may(LOGGER, *each) or may(READER, *each)] == []
