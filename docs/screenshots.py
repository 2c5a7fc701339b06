"""Take the README's pictures of the running product: `make screenshots`."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.e2e.chromium import launch
from tests.journeys.product import Product, running

IMAGES = Path(__file__).resolve().parent / "images"
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}


@contextmanager
def a_page(browser: Browser, size: dict[str, int], scheme: str = "light") -> Iterator[Page]:
    context = browser.new_context(
        viewport=size, color_scheme=scheme, device_scale_factor=2 if size is PHONE else 1
    )
    yield context.new_page()
    context.close()


def sign_in_phone(page: Page, product: Product, name: str) -> None:
    code = next(each["code"] for each in product.demo["patients"] if each["name"] == name)
    page.goto(f"{product.base_url}/join/")
    page.locator("input[name=code]").fill(code)
    page.locator("form button[type=submit]").first.click()
    page.wait_for_url(f"{product.base_url}/")


def sign_in_desk(page: Page, product: Product) -> None:
    page.goto(f"{product.base_url}/accounts/login/")
    page.locator("input[name=login]").fill(product.demo["staff"]["email"])
    page.locator("input[name=password]").fill(product.demo["staff"]["password"])
    page.locator("form button[type=submit]").first.click()
    page.wait_for_url(f"{product.base_url}/admin/")


def take_phone(browser: Browser, product: Product) -> None:
    with a_page(browser, PHONE) as page:
        sign_in_phone(page, product, "Tom Novak")
        save(page, "phone-today")
        page.goto(f"{product.base_url}/check-in/")
        save(page, "phone-check-in")
        page.goto(f"{product.base_url}/ice/")
        save(page, "phone-ice")
    with a_page(browser, PHONE) as page:
        sign_in_phone(page, product, "Harold Finch")
        page.goto(f"{product.base_url}/history/")
        page.locator("main a[href^='/check-in/']").first.click()
        save(page, "phone-care-card")


def take_desk(browser: Browser, product: Product) -> None:
    with a_page(browser, DESK) as page:
        sign_in_desk(page, product)
        save(page, "desk-queue")


def save(page: Page, name: str) -> None:
    page.wait_for_load_state("networkidle")
    page.screenshot(path=IMAGES / f"{name}.png")


def main() -> None:
    IMAGES.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as var,
        running(Path(var)) as product,
        sync_playwright() as playwright,
        launch(playwright) as browser,
    ):
        take_phone(browser, product)
        take_desk(browser, product)


if __name__ == "__main__":
    main()
