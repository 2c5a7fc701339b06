"""Pictures of every page of the desk, each taken by whoever may open it."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from playwright.sync_api import Page

from tests.journeys.product import Product

PEOPLE = {
    "nurse": "nurse@demo.example",
    "doctor": "doctor@demo.example",
    "manager": "manager@demo.example",
}
PATIENT = "Harold Finch"
Take = Callable[[Page, str], None]
"""Takes what a page shows, under a name."""


def sign_in(page: Page, product: Product, email: str) -> None:
    page.goto("/accounts/login/")
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill(product.demo["staff"]["password"])
    with page.expect_navigation():
        page.locator("form button[type=submit]").first.click()


def sign_out(page: Page) -> None:
    page.goto("about:blank")  # an answer on its way to an open queue would bring the session back
    page.context.clear_cookies()


def take_desk(page: Page, product: Product, take: Take) -> None:
    """Every page, in the order of a day at work; what it needs is done on the way."""
    page.goto("/accounts/login/")
    take(page, "sign-in")
    sign_in(page, product, PEOPLE["nurse"])
    _queue(page, take)
    _patient(page, take)
    _enrolment(page, take)
    _numbers(page, take)
    sign_out(page)
    sign_in(page, product, PEOPLE["doctor"])
    _decisions(page, take)
    sign_out(page)
    sign_in(page, product, PEOPLE["manager"])
    _clinic(page, take)
    # Nobody in the demo runs the installation: the manager does, for one picture.
    _becomes(product, "OPERATOR")
    page.goto("/admin/break-glass/")
    take(page, "break-glass")
    _becomes(product, "MANAGER")
    sign_out(page)


def _queue(page: Page, take: Take) -> None:
    page.goto("/admin/")
    take(page, "queue")
    page.locator("#queue details.resolve summary").first.click()
    take(page, "queue-resolve")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Keys and sound").click()
    take(page, "keys")
    page.goto("/admin/")
    page.locator("#queue a.sign").first.click()
    take(page, "alert")


def _patient(page: Page, take: Take) -> None:
    page.goto("/admin/patients/")
    take(page, "patients")
    page.get_by_role("link", name=PATIENT).first.click()
    page.wait_for_load_state()
    home = page.url
    take(page, "patient")
    for name, link in (
        ("patient-change", "Change data"),
        ("procedure-add", "Another procedure"),
        ("call", "Check-in on the phone"),
    ):
        page.goto(home)
        page.get_by_role("link", name=link).click()
        page.wait_for_load_state()
        take(page, name)
    page.get_by_label("Usual pain").fill("8")
    page.locator("[name=temperature]").fill("38.4")
    _press(page, "Record, and show what to say")
    take(page, "call-done")
    page.goto(home)
    page.locator("article.procedure").get_by_role("link", name="Change").first.click()
    page.wait_for_load_state()
    take(page, "procedure-change")


def _enrolment(page: Page, take: Take) -> None:
    page.goto("/admin/enrol/")
    take(page, "enrol")
    page.get_by_label("Name").fill("Ana Ruiz")
    page.get_by_label("Phone", exact=True).fill("555 555 0142")
    page.get_by_label("Right").check()
    page.get_by_label("Therapeutic").check()
    page.get_by_role("group", name="Steroid given").get_by_label("Yes").check()
    _press(page, "Enrol and show the card")
    take(page, "card")


def _numbers(page: Page, take: Take) -> None:
    page.goto("/admin/protocols/")
    take(page, "protocols")
    page.goto("/admin/protocols/new/")
    take(page, "protocol-new")
    page.locator("[name=fever_celsius]").fill("38.5")
    page.locator("[name=fever_fahrenheit]").fill("101.3")
    page.locator("[name=reason]").fill("Our sheet says so since May.")
    page.locator("button[value=try]").click()
    page.locator("#tried").wait_for()
    take(page, "what-if")
    _press(page, "Submit for review")


def _decisions(page: Page, take: Take) -> None:
    page.goto("/admin/protocols/2/")
    take(page, "protocol")
    page.goto("/admin/cards/")
    take(page, "cards")
    page.goto("/admin/patients/")
    page.get_by_role("link", name=PATIENT).first.click()
    page.get_by_role("link", name="Numbers for").first.click()
    page.wait_for_load_state()
    take(page, "own-numbers")


def _clinic(page: Page, take: Take) -> None:
    for name, path in (
        ("reports", "/admin/reports/"),
        ("staff", "/admin/staff/"),
        ("clinic", "/admin/clinic/"),
        ("cover", "/admin/cover/"),
        ("access-report", "/admin/access-report/"),
        ("account", "/accounts/2fa/"),
        ("password", "/accounts/password/"),
        ("nothing-here", "/admin/nothing/"),
    ):
        page.goto(path)
        take(page, name)
    page.goto("/admin/patients/")
    page.get_by_role("link", name=PATIENT).first.click()
    page.get_by_role("link", name="Erase …").click()
    page.wait_for_load_state()
    take(page, "erase")
    page.goto("/admin/staff/")
    page.locator("[name=name]").first.fill("Kim Lee, RN")
    page.locator("[name=email]").first.fill(f"{uuid.uuid4().hex[:8]}@demo.example")
    _press(page, "Make a link")
    take(page, "staff-link")


def _press(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).first.click()


def _becomes(product: Product, role: str) -> None:
    with product.connected() as connection:
        connection.execute(
            "UPDATE tracker_membership SET role = %s WHERE user_id ="
            " (SELECT id FROM tracker_user WHERE email = %s)",
            [role, PEOPLE["manager"]],
        )
