"""Every page of the phone, with something on it: readable, large enough, in both languages."""

from __future__ import annotations

import uuid
from urllib.parse import urlsplit

import pytest
from django.test import RequestFactory
from playwright.sync_api import Page

from tests.e2e.test_phone import SMALL, pytestmark, violations
from tests.factories import a_check_in, a_phone, a_staff
from tracker import clock
from tracker.models import Caregiver, CheckIn, DeviceSession
from tracker.models.callback_request import CallWindow
from tracker.models.therapy import TherapyKind
from tracker.pages.urls import urlpatterns
from tracker.services import callback_requests, caregivers, messages, patient_record, therapies

__all__ = ["pytestmark"]

CARD = "/check-in/<uuid:check_in_id>/"
PAGES = [
    "/",
    "/check-in/",
    "/ice/",
    "/history/",
    "/join/",
    "/sign-out/",
    "/offline/",
    "/nothing/",
    "/progress/",
    "/progress/for-the-doctor/",
    "/therapies/",
    "/people/",
    "/phones/",
    "/reminders/",
    "/my-data/",
    "/my-data/who-looked/",
    "/call-back/",
    "/from-the-clinic/",
    "/offline/check-in/",
    CARD,
    f"{CARD}change/",
]
FILES = {"/manifest.webmanifest", "/sw.js", "/offline/plan/"}
ROOT_SIZES = ["18px", "36px"]


@pytest.fixture
def lived(page: Page, patient) -> Page:
    """A phone of somebody who has used everything, and who is not well."""
    now = clock.now()
    phone = a_phone(patient, now=now)
    nurse = a_staff(patient.clinic, name="Nora Park")
    a_check_in(patient, now=now, pain={"usual": 9, "site": 8, "controlled": False})
    therapies.log(
        phone=phone, client_id=uuid.uuid4(), kind=TherapyKind.WALK, minutes=20, done_at=now, now=now
    )  # fmt: skip
    caregivers.add(phone=phone, name="Maximiliana Featherstonehaugh", may_log=True, now=now)
    callback_requests.ask(
        phone=phone, client_id=uuid.uuid4(), window=CallWindow.values[0], about="Sleep", now=now
    )  # fmt: skip
    messages.send(staff=nurse, patient_id=patient.pk, template="please_call", now=now)
    patient_record.view_patient(staff=nurse, patient_id=patient.pk, now=now)
    return page


def speaks(patient, language: str) -> None:
    patient.language = language
    patient.save(update_fields=["language"])


def paths() -> list[str]:
    """Where the pages stand for this patient."""
    check_in = str(CheckIn.objects.get().client_id)
    return [page.replace("<uuid:check_in_id>", check_in) for page in PAGES]


def test_every_page_that_can_be_opened_is_looked_at():
    """What is only sent to refuses to be opened; every other address is a page."""
    routes = {each.pattern: each.callback for each in urlpatterns}
    get = RequestFactory().get("/")
    sent = {pattern for pattern, view in routes.items() if view(get).status_code == 405}
    opened = {f"/{pattern}" for pattern in routes.keys() - sent}
    assert opened - FILES == {*PAGES} - {"/nothing/"}


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(lived, patient, language, scheme):
    speaks(patient, language)
    lived.emulate_media(color_scheme=scheme)
    for path in paths():
        assert violations(lived, path) == [], path


@pytest.mark.parametrize("language", ["en", "es"])
def test_nothing_is_cut_or_too_small_on_a_narrow_phone(lived, patient, language):
    speaks(patient, language)
    lived.set_viewport_size({"width": 320, "height": 640})
    for path in paths():
        lived.goto(path)
        assert lived.evaluate(SMALL) == [], path
        for size in ROOT_SIZES:
            lived.evaluate("size => { document.documentElement.style.fontSize = size }", size)
            assert lived.evaluate("document.documentElement.scrollWidth") <= 320, (path, size)


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_before_somebody_is_signed_in(browser, live_server, db, language, scheme):
    context = browser.new_context(base_url=live_server.url, locale=language, color_scheme=scheme)
    page = context.new_page()
    for path in ("/join/", "/join/?ended"):
        assert violations(page, path) == [], path
    page.get_by_role("textbox").fill("ABCD-999999")
    page.locator("form button").click()
    assert page.locator("html").get_attribute("lang") == language
    assert page.locator("#code-error").is_visible()
    assert violations(page) == []
    context.close()


@pytest.mark.parametrize("may_log", [False, True], ids=["reads", "answers"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_for_somebody_who_helps(lived, scheme, may_log):
    helper = Caregiver.objects.get()
    Caregiver.objects.update(may_log=may_log)
    DeviceSession.objects.update(caregiver=helper)
    lived.emulate_media(color_scheme=scheme)
    for path in ("/", "/check-in/", "/ice/", "/history/", "/call-back/", "/people/"):
        assert violations(lived, path) == [], path


def test_the_tabs_stand_at_the_bottom_of_a_short_page(page):
    page.set_viewport_size({"width": 390, "height": 1600})
    page.goto("/sign-out/")
    assert page.evaluate("document.querySelector('.tabs').getBoundingClientRect().bottom") == 1600


def test_a_code_for_somebody_who_helps_survives_no_refresh_and_lets_in_once(lived):
    lived.goto("/people/")
    lived.get_by_label("Name").fill("Bo")
    lived.get_by_role("button", name="Make a code").click()
    assert lived.locator("h2", has_text="A code for Bo").is_visible()
    assert urlsplit(lived.url).path == "/people/"
    lived.reload()
    assert lived.locator("h2", has_text="A code for Bo").count() == 0
    assert lived.get_by_role("button", name="End their access now Bo", exact=True).count() == 1


def test_the_pictures_show_how_to_put_the_app_on_a_phone(page):
    page.goto("/reminders/#install")
    broken = "[...document.images].filter(e => !e.naturalWidth).map(e => e.src)"
    assert page.locator(".steps img").count() == 6
    assert page.evaluate(broken) == []
