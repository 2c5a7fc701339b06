"""Nobody is shown a way that is closed to them."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.admin.people import at, text_of
from tests.factories import a_staff, signed_in

WAYS = {
    "READER": set(),
    "NURSE": {"enrol"},
    "CLINICIAN": {"enrol"},
    "MANAGER": {"enrol", "clinic", "cover", "staff", "access-report"},
    "OPERATOR": {"break-glass"},
}
ASKED = set().union(*WAYS.values())


def page(desks, role: str, name: str, *args: object) -> str:
    return text_of(signed_in(Client(), a_staff(desks.clinic, role=role)).get(at(name, *args)))


@pytest.mark.parametrize("role", WAYS)
def test_the_menu_leads_where_one_may_go(desks, role):
    shown = page(desks, role, "patients")
    assert {name for name in ASKED if f'href="{at(name)}"' in shown} == WAYS[role]
    assert (f'href="{at("patients")}"' in shown) is (role != "OPERATOR")


@pytest.mark.parametrize(("role", "decides"), [("NURSE", False), ("CLINICIAN", True)])
def test_whoever_decides_is_offered_to(desks, role, decides):
    assert ("/approve/" in page(desks, role, "cards")) is decides
    numbers = at("procedure-protocol", desks.procedure.pk)
    assert (numbers in page(desks, role, "patient", desks.patient.pk)) is decides
