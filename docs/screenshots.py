"""Take pictures of every page of the running product: `make screenshots`.

`docs/images` holds what the README shows, and `docs/images/phone` and `docs/images/desk` the rest.
`make screenshots ARGS="--every var/pictures"` takes each page as a whole, for whoever looks at them
after a change of style: the phone light and dark, in English and Spanish, the desk light and dark
and on smaller screens. `--only desk` leaves the phone out, `--only phone` the desk.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from docs import desk_pictures, phone_pictures
from docs.small_png import small
from tests.e2e.chromium import launch
from tests.journeys.product import Product, running

IMAGES = Path(__file__).resolve().parent / "images"
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}
WHO = "Harold Finch"
"""The fictional patient whose phone has something on every page."""

PHONE_PAGES = {
    "today": "/",
    "check-in": "/check-in/",
    "ice": "/ice/",
    "history": "/history/",
    "progress": "/progress/",
    "for-the-doctor": "/progress/for-the-doctor/",
    "therapies": "/therapies/",
    "people": "/people/",
    "phones": "/phones/",
    "reminders": "/reminders/",
    "my-data": "/my-data/",
    "who-looked": "/my-data/who-looked/",
    "call-back": "/call-back/",
    "from-the-clinic": "/from-the-clinic/",
    "sign-out": "/sign-out/",
    "offline": "/offline/",
    "offline-check-in": "/offline/check-in/",
    "join": "/join/",
    "nothing-here": "/nothing/",
}
DESK_SCREENS = {
    "light-1440": ("light", 1440),
    "dark-1440": ("dark", 1440),
    "light-1024": ("light", 1024),
    "light-390": ("light", 390),
}


# --- people -----------------------------------------------------------------------------------


@contextmanager
def a_page(browser: Browser, product: Product, size: dict[str, int]) -> Iterator[Page]:
    context = browser.new_context(base_url=product.base_url, viewport=size)
    yield context.new_page()
    context.close()


def sign_in_phone(page: Page, product: Product, name: str) -> None:
    code = next(each["code"] for each in product.demo["patients"] if each["name"] == name)
    phone_pictures.join(page, code)


# --- what somebody did before -----------------------------------------------------------------


def live(phone: Page, desk: Page, helper: Page) -> None:
    """Use what the demo has not: so that no page is empty."""
    phone.goto("/therapies/")
    phone.get_by_role("button", name="Walk").click()
    phone.goto("/call-back/")
    phone.locator(".tick").first.click()
    phone.get_by_role("button", name="Ask for a call back").click()
    phone_pictures.join(helper, phone_pictures.let_in(phone, "Ana Finch", may_log=False))
    desk.goto("/admin/patients/")
    desk.get_by_role("link", name=WHO).first.click()
    desk.wait_for_load_state("networkidle")
    desk.evaluate(
        """() => {
          const form = document.querySelector("form[action$='/message/']");
          form.querySelector("[name=template]").checked = true;
          form.requestSubmit(form.querySelector("[type=submit]"));
        }"""
    )
    desk.wait_for_load_state("networkidle")


# --- pictures ---------------------------------------------------------------------------------


def save(page: Page, path: Path) -> None:
    """The whole page, on a screen as tall as it is: what sticks to the bottom stands there."""
    page.wait_for_load_state("networkidle")
    size = page.viewport_size or PHONE
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": size["width"], "height": max(height, size["height"])})
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(taken(page))
    page.set_viewport_size(size)


def glance(page: Page, path: Path) -> None:
    """What the first screen shows."""
    page.wait_for_load_state("networkidle")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(taken(page))


def taken(page: Page) -> bytes:
    blank = page.context.new_page()
    picture = small(page.screenshot(), blank)
    blank.close()
    return picture


def take_phone(page: Page, folder: Path) -> None:
    for name, path in PHONE_PAGES.items():
        page.goto(path)
        save(page, folder / f"{name}.png")
    page.goto("/history/")
    page.locator("main a[href^='/check-in/']").first.click()
    save(page, folder / "care-card.png")


def take_phones(browser: Browser, page: Page, product: Product, every: Path | None) -> None:
    """Each address and each helper; for whoever looks at all of it, also what no address shows."""
    looks = [(language, scheme) for language in ("en", "es") for scheme in ("light", "dark")]
    with phone_pictures.people(browser, product, page) as others:
        for language, scheme in looks if every else looks[:1]:
            folder = every / f"{language}-{scheme}" if every else IMAGES / "phone"
            phone_pictures.speak(product, language)
            for each in (page, *others.values()):
                each.emulate_media(color_scheme=scheme)
            take_phone(page, folder)
            phone_pictures.take_helpers(others, partial(_whole, folder))
            if every:
                phone_pictures.take_states(others, partial(_whole, folder))


def take_readme(page: Page, desk: Page) -> None:
    """The six pictures that the README shows."""
    for name in ("today", "check-in", "ice", "progress"):
        page.goto(PHONE_PAGES[name])
        glance(page, IMAGES / f"phone-{name}.png")
    page.goto("/history/")
    page.locator("main a[href^='/check-in/']").first.click()
    glance(page, IMAGES / "phone-care-card.png")
    desk.goto("/admin/")
    glance(desk, IMAGES / "desk-queue.png")


def take_every_desk(page: Page, product: Product, folder: Path) -> None:
    for name, (scheme, width) in DESK_SCREENS.items():
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": DESK["height"]})
        take = partial(_whole, folder / name)
        desk_pictures.take_desk(page, product, take)


def _whole(folder: Path, page: Page, name: str) -> None:
    save(page, folder / f"{name}.png")


def _first_screen(folder: Path, page: Page, name: str) -> None:
    glance(page, folder / f"{name}.png")


def take(browser: Browser, product: Product, every: Path | None, only: str) -> None:
    with (
        a_page(browser, product, PHONE) as phone,
        a_page(browser, product, PHONE) as helper,
        a_page(browser, product, DESK) as desk,
    ):
        sign_in_phone(phone, product, WHO)
        desk_pictures.sign_in(desk, product, desk_pictures.PEOPLE["nurse"])
        live(phone, desk, helper)
        if not every:
            take_readme(phone, desk)
        desk_pictures.sign_out(desk)
        if only != "desk":
            take_phones(browser, phone, product, every)
        if only == "phone":
            return
        if every:
            take_every_desk(desk, product, every / "desk")
        else:
            desk_pictures.take_desk(desk, product, partial(_first_screen, IMAGES / "desk"))


def main() -> None:
    reads = argparse.ArgumentParser(description=__doc__)
    reads.add_argument("--every", type=Path, help="a folder for each page as a whole")
    reads.add_argument("--only", choices=("phone", "desk"), default="", help="leave the other out")
    asked = reads.parse_args()
    with (
        tempfile.TemporaryDirectory() as var,
        running(Path(var)) as product,
        sync_playwright() as playwright,
        launch(playwright) as browser,
    ):
        take(browser, product, asked.every, asked.only)


if __name__ == "__main__":
    main()
