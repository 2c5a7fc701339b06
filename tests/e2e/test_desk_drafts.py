"""A form that was being filled in when the session ended is there again after signing in."""

from __future__ import annotations

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from tests.e2e.test_desk import desk, wide  # noqa: F401  (fixtures)
from tests.factories import PASSWORD, a_clinic
from tracker.access import Staff
from tracker.models import CheckIn, Clinic, Membership, Patient

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BACK = "It was not sent. What you typed is here again."


def sign_in(page: Page, who: Staff) -> None:
    page.get_by_label("Email").fill(who.user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def end_session(page: Page) -> None:
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)


def kept(page: Page) -> list[str]:
    return page.evaluate("() => Object.keys(sessionStorage).filter((key) => key.includes('draft'))")


def test_an_enrolment_outlives_the_session(desk):  # noqa: F811
    page = desk.page
    page.goto("/admin/enrol/")
    page.get_by_label("Name").fill("Ana Ruiz")
    page.get_by_label("Phone", exact=True).fill("555 555 0142")
    page.get_by_label("Right").check()
    page.get_by_label("Therapeutic").check()
    page.get_by_label("Takes a blood thinner").check()
    page.get_by_role("group", name="Steroid given").get_by_label("Yes").check()
    end_session(page)
    page.get_by_role("button", name="Enrol and show the card").click()
    sign_in(page, desk.nora)

    expect(page.get_by_text(BACK)).to_be_visible()
    expect(page.get_by_label("Takes a blood thinner")).to_be_checked()
    page.get_by_role("button", name="Enrol and show the card").click()
    expect(page.locator("#code")).to_be_visible()
    enrolled = Patient.objects.get()
    assert (enrolled.name, enrolled.anticoagulant) == ("Ana Ruiz", True)
    assert kept(page) == []


def test_what_was_asked_on_the_phone_outlives_the_session(desk):  # noqa: F811
    page, alert = desk.page, desk.alert()
    page.goto(f"/admin/patients/{alert.patient_id}/check-in/")
    page.get_by_label("Usual pain").fill("4")
    page.get_by_label("In their words").fill("my foot tingles")
    page.get_by_label("How urgent to them").select_option("today")
    end_session(page)
    page.get_by_role("button", name="Record, and show what to say").click()
    sign_in(page, desk.nora)

    expect(page.get_by_text(BACK)).to_be_visible()
    expect(page.get_by_label("Usual pain")).to_have_value("4")
    page.get_by_role("button", name="Record, and show what to say").click()
    expect(page.get_by_role("link", name="Recorded: to Harold Finch")).to_be_visible()
    assert CheckIn.objects.latest("pk").answers["other"]["text"] == "my foot tingles"
    assert kept(page) == []


def test_what_one_began_is_not_for_whoever_signs_in_next(desk):  # noqa: F811
    page, alert = desk.page, desk.alert()
    page.goto(f"/admin/patients/{alert.patient_id}/")
    page.get_by_label("New note").fill("half a thought")
    assert len(kept(page)) == 1
    end_session(page)
    page.goto("/admin/")
    sign_in(page, desk.ben)
    page.goto(f"/admin/patients/{alert.patient_id}/")
    expect(page.get_by_label("New note")).to_have_value("")
    assert kept(page) == []


def test_what_was_refused_stands_as_the_server_gave_it_back(desk):  # noqa: F811
    page = desk.page
    page.goto("/admin/enrol/")
    page.get_by_label("Name").fill("Ana Ruiz")
    page.get_by_role("button", name="Enrol and show the card").click()
    expect(page.get_by_text("Nobody is enrolled yet")).to_be_visible()
    expect(page.get_by_label("Name")).to_have_value("Ana Ruiz")
    expect(page.get_by_text(BACK)).to_have_count(0)


def test_what_a_colleague_corrected_meanwhile_is_not_put_back(desk):  # noqa: F811
    page, patient = desk.page, desk.alert().patient
    page.goto(f"/admin/patients/{patient.pk}/change/")
    page.locator("[name=address]").fill("1 Main St")
    end_session(page)
    page.get_by_role("button", name="Save").click()
    Patient.objects.filter(pk=patient.pk).update(anticoagulant=True)
    sign_in(page, desk.nora)

    expect(page.get_by_text(BACK)).to_be_visible()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    patient.refresh_from_db()
    assert (patient.address, patient.anticoagulant) == ("1 Main St", True)


def test_what_was_begun_at_one_clinic_waits_for_that_clinic(desk):  # noqa: F811
    page, there = desk.page, a_clinic(name="Hilltop")
    Membership.objects.create(clinic=there, user=desk.nora.user, role="NURSE")
    work_at(page, desk.nora.clinic)
    page.goto("/admin/enrol/")
    page.get_by_label("Name").fill("Ana Ruiz")
    other = page.context.new_page()
    work_at(other, there)
    page.get_by_role("button", name="Enrol and show the card").click()

    expect(page.get_by_text("you are at Hilltop now. Nothing was saved.")).to_be_visible()
    page.goto("/admin/enrol/")
    expect(page.get_by_label("Name")).to_have_value("")
    work_at(other, desk.nora.clinic)
    page.goto("/admin/enrol/")
    expect(page.get_by_label("Name")).to_have_value("Ana Ruiz")
    assert not Patient.objects.exists()


def work_at(page: Page, clinic: Clinic) -> None:
    page.goto("/accounts/clinic/")
    page.locator(f"button[name=clinic][value='{clinic.pk}']").click()
    page.wait_for_url("**/admin/")
