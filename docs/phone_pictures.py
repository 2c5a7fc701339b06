"""Pictures of the phone that no address shows: who helps, the first hours, what somebody did."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from playwright.sync_api import Browser, Page

from tests.journeys.product import Product

SIZE = {"width": 390, "height": 844}
DIARY, EMERGENCY, FRESH, CALM = "Gloria Bennett", "Denise Carter", "Tom Novak", "Rosa Delgado"
READER, LOGGER = "June Finch", "Luis Finch"
Take = Callable[[Page, str], None]
"""Takes what a page shows, under a name."""


@contextmanager
def people(browser: Browser, product: Product, phone: Page) -> Iterator[dict[str, Page]]:
    """Further phones, signed in: of patients in other days, and of who helps on this one."""
    codes = {each["name"]: each["code"] for each in product.demo["patients"]}
    with ExitStack() as stack:
        pages = {}
        for name in (DIARY, EMERGENCY, FRESH, CALM, READER, LOGGER):
            context = browser.new_context(base_url=product.base_url, viewport=SIZE)
            stack.callback(context.close)
            pages[name] = context.new_page()
            join(pages[name], codes.get(name) or let_in(phone, name, may_log=name == LOGGER))
        with product.connected() as connection:
            connection.execute(
                "UPDATE tracker_procedure SET baseline_pain = NULL FROM tracker_patient"
                " WHERE tracker_patient.id = patient_id AND name = %s",
                [FRESH],
            )
        yield pages


def let_in(phone: Page, name: str, *, may_log: bool) -> str:
    """Let somebody in who helps; gives the code for their phone."""
    phone.goto("/people/")
    phone.get_by_label("Name").fill(name)
    if may_log:
        phone.locator("[name=may][value=log]").check()
    phone.get_by_role("button", name="Make a code").click()
    return phone.locator(".lead .number").inner_text()


def join(page: Page, code: str) -> None:
    page.goto("/join/")
    page.locator("input[name=code]").fill(code)
    page.locator("form button[type=submit]").first.click()
    page.locator("a[href='/sign-out/']").wait_for()


def speak(product: Product, language: str) -> None:
    with product.connected() as connection:
        connection.execute("UPDATE tracker_patient SET language = %s", [language])


def take_helpers(pages: dict[str, Page], take: Take) -> None:
    """The phones of who may only read, and of who may answer as well."""
    for who, name in ((READER, "caregiver-reads"), (LOGGER, "caregiver-answers")):
        for part, path in (("today", "/"), ("ice", "/ice/"), ("history", "/history/")):
            pages[who].goto(path)
            take(pages[who], f"{name}-{part}")
    pages[READER].goto("/check-in/")
    take(pages[READER], "caregiver-reads-not-theirs")


def take_states(pages: dict[str, Page], take: Take) -> None:
    """Other days, other advice, and a page while somebody uses it."""
    for who, name in ((DIARY, "diary"), (FRESH, "baseline"), (EMERGENCY, "emergency")):
        pages[who].goto("/")
        take(pages[who], f"today-{name}")
    for who, name in ((EMERGENCY, "emergency"), (CALM, "calm")):
        pages[who].goto("/history/")
        pages[who].locator("main a[href^='/check-in/']").first.click()
        take(pages[who], f"care-card-{name}")
    _check_in(pages[FRESH], take)
    _ice(pages[FRESH], take)
    _join(pages[CALM], take)


def _check_in(page: Page, take: Take) -> None:
    page.goto("/check-in/")
    page.locator("[name=emergency][value=chest_pain]").check()
    take(page, "check-in-emergency")
    page.locator("[name=emergency][value=none]").check()
    page.locator("label:has([name=site][value='8'])").click()
    page.locator("[name=site_look][value=different]").check()
    page.locator("#id_text").fill("?")
    take(page, "check-in-more")
    page.locator("#id_temperature").fill("60")
    page.locator(".send button").click()
    page.locator("#problems").wait_for()
    take(page, "check-in-refused")
    page.goto("/check-in/")
    page.locator("#id_temperature").fill("98.2")
    page.context.set_offline(True)
    page.locator(".send button").click()
    page.locator("#saved").wait_for()
    take(page, "check-in-saved-here")
    page.context.set_offline(False)
    page.wait_for_url("**/check-in/*-*/")


def _ice(page: Page, take: Take) -> None:
    page.goto("/ice/")
    if page.locator("[data-timer]").get_attribute("data-state") == "ready":
        page.locator("[data-panel=ready] button").click()
        page.locator("[data-panel=on] button").wait_for()
    take(page, "ice-runs")


def _join(page: Page, take: Take) -> None:
    """As somebody sees it who is not signed in: a page of its own, in the language of the phone."""
    language = page.locator("html").get_attribute("lang") or "en"
    context = page.context.browser.new_context(  # type: ignore[union-attr]
        base_url=page.url.partition("/check-in")[0], viewport=SIZE, locale=language
    )
    fresh = context.new_page()
    fresh.emulate_media(color_scheme="dark" if _is_dark(page) else "light")
    for name, path in (("new", "/join/"), ("ended", "/join/?ended")):
        fresh.goto(path)
        take(fresh, f"join-{name}")
    fresh.goto("/join/")
    fresh.locator("[name=code]").fill("ABCD-999999")
    fresh.locator("form button[type=submit]").first.click()
    take(fresh, "join-refused")
    context.close()


def _is_dark(page: Page) -> bool:
    return bool(page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches"))
