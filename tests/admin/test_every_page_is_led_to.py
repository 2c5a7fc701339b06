"""Every page of the desk is looked at by the browser tests, and something leads to it."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import resolve

from tests.admin.people import nobody
from tests.e2e.desk_pages import PAGES, Lived, a_lived_clinic
from tests.factories import PASSWORD
from tests.security.addresses import OF_A_ROW, every_address
from tests.security.world import Target

PARTS = {
    "admin/queue/": "the rows of the queue alone",
    "accounts/2fa/authenticate/": "tests/e2e/test_accounts.py looks at it",
    "accounts/2fa/recovery-codes/": "the same",
}
ALONE = {
    "admin/password_change/done/": "of the stock admin",
    "accounts/login/": "where everybody begins",
    "accounts/logout/": "the button signs out at once",
    "accounts/reauthenticate/": "asked for when it is needed",
    "accounts/password/reset/done/": "follows the last step",
    "accounts/inactive/": "for whoever was signed out for good",
    "accounts/welcome/": "a one-time link leads there",
    "accounts/clinic/": "for whoever works at two clinics",
    "accounts/2fa/webauthn/": "for whoever has a passkey",
    "accounts/2fa/recovery-codes/generate/": "for whoever has a second factor",
}
LINK = re.compile(r'href="(/(?:admin|accounts)/[^"#?]*)')


@pytest.fixture
def lived() -> Lived:
    return a_lived_clinic()


def as_(lived: Lived, role: str) -> Client:
    client = Client(REMOTE_ADDR=f"203.0.113.{len(role)}")
    if role in lived.staff:
        given = {"login": lived.staff[role].user.email, "password": PASSWORD}
        assert client.post("/accounts/login/", given).status_code == 302
    return client


def is_page(answer) -> bool:
    return answer.status_code == 200 and answer["Content-Type"].startswith("text/html")


def test_every_page_that_can_be_opened_is_looked_at(lived):
    ids = {key: lived.ids.get(key, nobody()) for key in OF_A_ROW}
    target = Target("here", lived.patient, None, ids, "")
    found = set()
    for role in (*lived.staff, "nobody"):
        client = as_(lived, role)
        for address in every_address():
            if not address.route.startswith(("admin/", "accounts/")):
                continue
            if is_page(client.get(address.path(target))):
                found.add(address.route)
            if address.route == "accounts/logout/":
                client = as_(lived, role)
    assert found - PARTS.keys() == PAGES.keys() - PARTS.keys()


def test_something_leads_to_every_page(lived):
    found: set[str] = set()
    for role in (*lived.staff, "nobody"):
        found |= routes_from(as_(lived, role), "/admin/")
    assert PAGES.keys() - ALONE.keys() - found == set()


def routes_from(client: Client, start: str) -> set[str]:
    """The routes of all that one comes to by links alone."""
    waiting, seen = [start], {start}
    while waiting:
        answer = client.get(waiting.pop(), follow=True)
        if not is_page(answer) and answer.status_code != 403:
            continue
        for link in LINK.findall(answer.content.decode()):
            if link not in seen:
                seen.add(link)
                waiting.append(link)
    return {resolve(link).route for link in seen}
