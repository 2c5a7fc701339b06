"""Days without network in WebKitGTK, as tests/e2e/test_offline.py has them in Chromium.

The server is really gone here: its process is killed, and started again on the same port.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cluster import NOBODY_LISTENS
from tests.e2e import webkit
from tests.e2e.conftest import token_of
from tests.e2e.phone_store import CANARY, LEFT, PLAN, RECORDS, SAVED
from tests.e2e.webkit import Driver
from tests.faults.crew import Crew, Web, a_folder
from tests.journeys.product import until
from tests.push_service import PushService
from tracker import clock
from tracker.models import CheckIn, DeviceSession, IceSession

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("webkit"),  # they share a server and a screen
]

PATIENCE = 30  # seconds
SEND = "form.check-in .send button"
FORM = "document.querySelector('form.check-in')"
FILLED_IN = f"""() => {{
  const {{ usual, text }} = Object.fromEntries(new FormData({FORM}));
  return {{ usual, text }};
}}"""
DRAFT = f"""async () => {{
  const {{ read }} = await import("/static/phone/store.js");
  const kept = await read({FORM}.elements.patient.value, "draft");
  const {{ usual, text }} = Object.fromEntries(kept?.fields ?? []);
  return {{ usual, text }};
}}"""


@pytest.fixture(scope="session")
def driver() -> Iterator[Driver]:
    if missing := webkit.missing():
        said = f"{' and '.join(missing)} are missing: install webkit2gtk-driver and xvfb"
        if os.environ.get("REQUIRE_WEBKIT") == "1":
            pytest.fail(f"{said}, as REQUIRE_WEBKIT=1 asks.")
        pytest.skip(f"{said} to test in WebKitGTK")
    with a_folder() as folder, webkit.running(Path(folder)) as driver:
        yield driver


class Server:
    """The web server of the product on one port, whichever process it is."""

    def __init__(self, crew: Crew) -> None:
        self._crew = crew
        self._web: Web = crew.web()
        self.url = self._web.base_url

    def stop(self) -> None:
        self._web.kill()
        assert not self._web.answers()

    def start(self) -> None:
        if not self._web.answers():
            self._web = self._crew.web(port=int(self.url.rpartition(":")[2]))


@pytest.fixture(scope="module")
def server(django_db_setup) -> Iterator[Server]:
    with PushService() as service, a_folder() as folder:
        crew = Crew(Path(folder), service, NOBODY_LISTENS)
        try:
            yield Server(crew)
        finally:
            crew.dismiss()


class Phone:
    """A patient's phone in WebKit."""

    def __init__(self, driver: Driver, server: Server) -> None:
        self.driver, self.server = driver, server

    def open(self, path: str) -> None:
        self.driver.open(self.server.url + path)

    def join(self, token: str) -> None:
        self.open(f"/join/#{token}")
        self.driver.wait_for("h1", "Day ")
        until(lambda: self.driver.run(PLAN), seconds=PATIENCE)
        self.driver.run("() => navigator.serviceWorker.ready.then(() => true)")
        self.driver.reload()
        assert self.driver.run("() => navigator.serviceWorker.controller !== null")

    def tick(self, name: str, value: object) -> None:
        self.driver.click(f"label:has([name={name}][value='{value}'])")

    def check_in(self, usual: int) -> None:
        """Fill in and send what can only be saved."""
        self.open("/check-in/")
        self.tick("usual", usual)
        self.driver.type("[name=text]", CANARY)
        self.driver.click(SEND)
        self.driver.wait_for("#saved", SAVED)

    def kept(self) -> list[str]:
        """The names of what it keeps, without their owner."""
        return [name.partition("/")[2] for name, _ in self.driver.run(RECORDS)]

    def waiting(self) -> int:
        return sum(name.startswith("entry/") for name in self.kept())

    def expect_nothing_kept(self) -> None:
        self.driver.wait_for("h1", "Welcome")
        left = self.driver.run(LEFT)
        assert left["databases"] == []
        assert [each for each in left["storage"] if each] == []
        for words in (CANARY, "Ada Quill"):
            assert words not in repr(left["cached"]) and words not in self.driver.source()


@pytest.fixture
def phone(driver, server, invited) -> Iterator[Phone]:
    server.start()
    driver.begin()
    try:
        phone = Phone(driver, server)
        phone.join(token_of(invited))
        yield phone
    finally:
        driver.end()


def test_what_is_saved_while_the_server_is_gone_arrives_once_and_in_order(phone, server):
    server.stop()
    for number, usual in enumerate((3, 7, 4), start=1):
        phone.check_in(usual)
        phone.driver.reload()
        assert phone.waiting() == number
    phone.open("/")
    phone.driver.wait_for("#outbox", SAVED)
    assert not CheckIn.objects.exists()

    server.start()
    phone.driver.wait_for("#outbox", "has now reached the clinic")
    assert phone.waiting() == 0
    arrived = CheckIn.objects.order_by("pk").values_list("answers", flat=True)
    assert [each["pain"]["usual"] for each in arrived] == [3, 7, 4]


def test_the_open_check_in_is_there_again_without_a_server(phone, server):
    server.stop()
    phone.open("/check-in/")
    typed = {"usual": "5", "text": CANARY}
    phone.tick("usual", 5)
    phone.driver.type("[name=text]", CANARY)
    until(lambda: phone.driver.run(DRAFT) == typed, seconds=PATIENCE)
    phone.driver.reload()
    phone.driver.wait_for("#draft", "Not sent yet: you filled this in at")
    assert phone.driver.run(FILLED_IN) == typed


def test_what_can_be_an_emergency_is_answered_without_a_server(phone, server):
    server.stop()
    phone.open("/check-in/")
    phone.tick("emergency", "chest_pain")
    phone.driver.wait_for(".alarm", "This can be an emergency. Call 911 now.")
    phone.driver.click(SEND)
    phone.driver.wait_for("#meanwhile h2", "Call 911 now")


def test_ice_is_counted_down_through_a_reload_without_a_server(phone, server):
    server.stop()
    phone.open("/ice/")
    phone.driver.click("[data-panel=ready] button")
    phone.driver.wait_for("[data-left]", "19:")
    phone.driver.reload()
    phone.driver.wait_for("[data-left]", "19:")
    assert not IceSession.objects.exists()

    server.start()
    phone.driver.wait_for("#outbox", "has now reached the clinic")
    assert IceSession.objects.count() == 1


def test_signing_out_leaves_nothing_on_the_phone_nor_behind_the_back_button(phone):
    phone.open("/check-in/")
    phone.driver.type("[name=text]", CANARY)
    phone.open("/")
    phone.driver.wait_for("footer", "Ada Quill")
    phone.driver.click("footer a[href='/sign-out/']")
    phone.driver.click("#sign-out button")
    phone.expect_nothing_kept()
    phone.driver.back()
    phone.expect_nothing_kept()


def test_a_phone_that_was_signed_out_elsewhere_is_told_and_keeps_nothing(phone):
    phone.open("/")
    phone.driver.click(".tabs a[href='/history/']")
    phone.driver.wait_for("h1", "What you told us")
    DeviceSession.objects.update(revoked_at=clock.now())
    phone.driver.back()  # WebKit shows the page of before, which asks again
    phone.driver.wait_for("h2", "This phone was signed out")
    phone.expect_nothing_kept()
