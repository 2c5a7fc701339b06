"""Every page of the phone, with something on it: readable, large enough, in both languages."""

from __future__ import annotations

import uuid
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from tests.e2e.test_phone import PAGES as MAIN_PAGES
from tests.e2e.test_phone import SMALL, pytestmark, violations
from tests.factories import a_check_in, a_phone, a_staff
from tracker import clock
from tracker.models.callback_request import CallWindow
from tracker.models.therapy import TherapyKind
from tracker.pages.urls import urlpatterns
from tracker.services import callback_requests, caregivers, messages, patient_record, therapies

__all__ = ["pytestmark"]

PAGES = [
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


def test_every_page_that_can_be_opened_is_looked_at():
    opened = {f"/{each.pattern}" for each in urlpatterns if "<" not in str(each.pattern)}
    sent = {"/advice/answer/", "/ice/offers/", "/join/whose/", "/one-tap/"}
    assert opened - FILES - sent == {*PAGES, *MAIN_PAGES} - {"/nothing/"}


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(lived, patient, language, scheme):
    speaks(patient, language)
    lived.emulate_media(color_scheme=scheme)
    for path in PAGES:
        assert violations(lived, path) == [], path


@pytest.mark.parametrize("language", ["en", "es"])
def test_nothing_is_cut_or_too_small_on_a_narrow_phone(lived, patient, language):
    speaks(patient, language)
    lived.set_viewport_size({"width": 320, "height": 640})
    for path in PAGES:
        lived.goto(path)
        assert lived.evaluate(SMALL) == [], path
        for size in ROOT_SIZES:
            lived.evaluate("size => { document.documentElement.style.fontSize = size }", size)
            assert lived.evaluate("document.documentElement.scrollWidth") <= 320, (path, size)


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
