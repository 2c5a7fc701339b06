"""What a person typed stays: after Back, after a session ended, beside another person's link."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.e2e.conftest import token_of
from tests.e2e.phone_store import fill_in
from tests.e2e.test_phone import path_of, pytestmark, score, send, tick
from tests.factories import a_clinic, a_patient, a_procedure
from tracker import clock
from tracker.models import CheckIn, Clinic, DeviceSession, Invitation, Patient
from tracker.services import invitations

__all__ = ["pytestmark"]


def invited_too(patient: Patient) -> invitations.Invited:
    return invitations.invite(patient=patient, invited_by=None, now=clock.now())


def another(patient: Patient, clinic: Clinic | None = None) -> Patient:
    other = a_patient(clinic or patient.clinic, name="Bo Reed")
    a_procedure(other, now=clock.now())
    return other


def end_the_session() -> None:
    DeviceSession.objects.update(revoked_at=clock.now())


def sign_in_again(page: Page, invited: invitations.Invited) -> None:
    page.get_by_label("Your new code").fill(invited.code.lower())
    page.get_by_role("button", name="Sign in").click()


# --- what is hidden is not sent ---------------------------------------------------------------


def test_what_was_hidden_again_is_not_sent(page):
    page.goto("/check-in/")
    score(page, "site", 8)
    page.get_by_role("group", name="Does your usual medicine or ice help enough?").get_by_label(
        "No", exact=True
    ).check()
    tick(page, "Something looks different")
    page.get_by_role("group", name="Redness").get_by_label("As big as a coin").check()
    page.get_by_label("Anything else?").fill("it burns")
    tick(page, "I need an answer today")
    score(page, "site", 2)
    tick(page, "Normal: no redness")
    page.get_by_label("Anything else?").fill("")
    send(page)

    page.wait_for_url("**/check-in/*-*/")
    answers = CheckIn.objects.get().answers
    assert answers["pain"] == {"site": 2}
    assert answers["site"]["redness"] == 0
    assert "other" not in answers


# --- back, and second thoughts ----------------------------------------------------------------


def test_back_from_the_care_card_shows_what_was_sent_and_corrects_it(page):
    page.goto("/check-in/")
    score(page, "usual", 4)
    tick(page, "None of these")
    page.get_by_label("Temperature").fill("98.2")
    send(page)
    page.wait_for_url("**/check-in/*-*/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Look after yourself")
    page.go_back()

    expect(page.locator("[name=usual][value='4']")).to_be_checked()
    expect(page.get_by_label("Temperature")).to_have_value("98.2")
    score(page, "usual", 5)
    send(page)
    page.wait_for_url("**/check-in/*-*/")
    expect(page.get_by_text("Usual pain: 5 of")).to_be_visible()
    newest = CheckIn.objects.latest("pk")
    assert newest.corrects is not None
    assert newest.answers["pain"] == {"usual": 5}


# --- the session ended ------------------------------------------------------------------------


def test_answers_outlive_a_session_that_ended_meanwhile(page, patient):
    page.goto("/check-in/")
    score(page, "usual", 6)
    end_the_session()
    send(page)

    panel = page.locator("#signed-out")
    expect(panel).to_be_focused()
    expect(panel).to_contain_text("Nothing was sent: this phone is signed out")
    expect(page.locator("[name=usual][value='6']")).to_be_checked()
    assert path_of(page) == "/check-in/" and not CheckIn.objects.exists()

    page.get_by_label("Your new code").fill("ABCD-999999")
    page.get_by_role("button", name="Sign in").click()
    expect(panel.get_by_text("This code does not work.")).to_be_visible()

    sign_in_again(page, invited_too(patient))
    expect(page.get_by_text("You are signed in again. Now send your answers.")).to_be_visible()
    send(page)
    page.wait_for_url("**/check-in/*-*/")
    assert CheckIn.objects.get().answers["pain"] == {"usual": 6}


def test_an_emergency_is_answered_on_a_phone_that_is_signed_out(page):
    page.goto("/check-in/")
    tick(page, "Chest pain")
    end_the_session()
    send(page)

    expect(page.locator("#meanwhile h2")).to_have_text("Call 911 now")


def test_answers_of_one_person_are_never_sent_as_anothers(page, patient):
    page.goto("/check-in/")
    score(page, "usual", 6)
    end_the_session()
    send(page)
    sign_in_again(page, invited_too(another(patient)))

    expect(page.get_by_text("Somebody else is signed in now")).to_be_visible()
    send(page)
    expect(page.get_by_text("Somebody else is signed in now")).to_be_visible()
    assert not CheckIn.objects.exists()


def test_a_phone_that_can_keep_nothing_asks_before_leaving_but_not_before_a_call(page, handset):
    page.add_init_script("Object.defineProperty(window, 'indexedDB', { value: undefined })")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.goto("/check-in/")
    tick(page, "Chest pain")
    handset.set_offline(True)
    send(page)
    expect(page.get_by_text("Not sent yet. Keep this page open")).to_be_visible()
    page.locator("#meanwhile").get_by_role("link", name="Call 911").click()
    assert asked == []
    page.locator(".tabs").get_by_role("link", name="Today").click(no_wait_after=True)

    expect(page.locator("[name=emergency][value=chest_pain]")).to_be_checked()
    assert asked == ["beforeunload"]


def test_a_phone_that_is_signed_out_says_so_though_nothing_more_can_be_loaded(phone, cable):
    asked: list[str] = []
    phone.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    phone.goto("/check-in/")
    fill_in(phone)
    phone.context.route("**/api/v1/**", lambda route: route.fulfill(status=401, body="{}"))
    phone.evaluate(
        "caches.keys().then((all) => Promise.all(all.map((each) => caches.delete(each))))"
    )
    cable.down()
    send(phone)

    expect(phone.locator("#signed-out")).to_be_focused()
    expect(phone.locator("#signed-out")).to_contain_text("this phone is signed out")
    phone.locator(".tabs").get_by_role("link", name="Today").click(no_wait_after=True)
    expect(phone.locator("[name=usual][value='5']")).to_be_checked()
    assert asked == ["beforeunload"]


# --- a link for somebody else -----------------------------------------------------------------


def test_a_link_takes_nobodys_place_unasked(page, patient):
    link = invited_too(another(patient, a_clinic(name="Hill Clinic")))
    page.goto(f"/join/#{token_of(link)}")

    expect(page.get_by_role("heading", name="Ada Quill is signed in on this phone")).to_be_visible()
    assert "#" not in page.url
    expect(page.get_by_text("The new link is from: Hill Clinic")).to_be_visible()
    expect(page.get_by_text("Bo Reed")).to_have_count(0)
    page.get_by_role("link", name="Stay with Ada Quill").click()
    expect(page.get_by_text("Signed in as Ada Quill.")).to_be_visible()
    assert Invitation.objects.get(patient=link.invitation.patient).used_at is None


def test_a_link_is_used_once_its_reader_says_so(page, patient):
    page.goto(f"/join/#{token_of(invited_too(another(patient)))}")
    page.get_by_role("button", name="Use the new link").click()

    expect(page.get_by_text("Signed in as Bo Reed.")).to_be_visible()
