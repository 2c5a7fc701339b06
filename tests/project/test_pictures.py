"""Every page of the desk has a picture in its documentation, and no picture is left from before."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.e2e.desk_pages import PAGES

DOCS = Path(__file__).resolve().parents[2] / "docs"
OF_PAGE = {
    "admin/": "queue",
    "admin/alerts/<uuid:alert_id>/": "alert",
    "admin/patients/": "patients",
    "admin/patients/<uuid:patient_id>/": "patient",
    "admin/patients/<uuid:patient_id>/change/": "patient-change",
    "admin/patients/<uuid:patient_id>/check-in/": "call",
    "admin/patients/<uuid:patient_id>/procedures/": "procedure-add",
    "admin/patients/<uuid:patient_id>/erase/": "erase",
    "admin/procedures/<uuid:procedure_id>/": "procedure-change",
    "admin/procedures/<uuid:procedure_id>/own/": "own-numbers",
    "admin/enrol/": "enrol",
    "admin/protocols/": "protocols",
    "admin/protocols/new/": "protocol-new",
    "admin/protocols/<int:number>/": "protocol",
    "admin/cards/": "cards",
    "admin/reports/": "reports",
    "admin/staff/": "staff",
    "admin/clinic/": "clinic",
    "admin/cover/": "cover",
    "admin/access-report/": "access-report",
    "admin/break-glass/": "break-glass",
}
STOCK = {"admin/password_change/done/"}
SMALL = 120_000  # bytes


def shown(side: str) -> set[str]:
    """The pictures that the page about the desk, or the phone, shows."""
    return set(re.findall(rf"images/{side}/([\w-]+)\.png", (DOCS / f"{side}.md").read_text()))


def test_every_page_of_the_desk_has_a_picture():
    assert OF_PAGE.keys() == {route for route in PAGES if route.startswith("admin/")} - STOCK
    assert set(OF_PAGE.values()) <= shown("desk")


@pytest.mark.parametrize("side", ["desk", "phone"])
def test_every_picture_is_shown_and_small(side):
    found = {each.stem: each.stat().st_size for each in (DOCS / "images" / side).glob("*.png")}
    assert found.keys() == shown(side)
    assert max(found.values()) < SMALL
