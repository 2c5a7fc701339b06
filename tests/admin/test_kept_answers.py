"""However an accepted answer was written, it is kept in one form, and every page can show it."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests.admin.people import at
from tests.conftest import NOW
from tests.factories import a_check_in, a_phone
from tracker.services.kept_answers import as_kept

CHEST_PAIN = {"symptoms": {"chest_pain": True}}
WRITTEN = [
    ({"pain": {"usual": "7/10", "site": "3"}}, {"pain": {"usual": 7, "site": 3}}),
    ({"pain": {"usual": 7, "site": None}}, {"pain": {"usual": 7}}),
    ({"pain": None}, {}),
    (
        {"temperature": {"value": "37,5", "unit": "Cel"}},
        {"temperature": {"value": "37.5", "unit": "Cel"}},
    ),
    (
        {"glucose": {"value": "5,6", "unit": "mmol/L"}},
        {"glucose": {"value": "5.6", "unit": "mmol/L"}},
    ),
    (
        {"glucose": {"value": "HI", "unit": "mg/dL"}},
        {"glucose": {"value": "HI", "unit": "mg/dL"}},
    ),
    (
        {"temperature": {"antipyretic_within_6h": True}},
        {"temperature": {"antipyretic_within_6h": True}},
    ),
    ({"other": {"text": "7/10, or 37,5"}}, {"other": {"text": "7/10, or 37,5"}}),
]


@pytest.mark.parametrize(("written", "kept"), WRITTEN)
def test_answers_are_kept_in_one_form(written, kept):
    assert as_kept(written) == kept


@pytest.mark.parametrize("written", [written for written, _ in WRITTEN])
def test_every_page_can_show_them(desks, written):
    answers = {**CHEST_PAIN, **written}
    a_check_in(desks.patient, now=NOW, **answers)
    phone = Client()
    a_phone(desks.patient, phone)
    for name in ("today", "history", "progress", "for-the-doctor"):
        assert phone.get(reverse(name)).status_code == 200, name
    for address in (at("index"), at("patient", desks.patient.pk), at("reports")):
        assert desks.colleague.get(address).status_code == 200, address
