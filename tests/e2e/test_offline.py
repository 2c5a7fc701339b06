"""Days without network: what is saved waits, and is sent once."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.utils.dateformat import time_format
from playwright.sync_api import expect

from tests.e2e.phone_store import (
    CANARY,
    PATIENCE,
    SAVED,
    await_worker,
    cut_and_save,
    eventually,
    expect_saved,
    fill_in,
    plan,
    score,
    send,
    sync,
    usual_pains,
    waiting,
    wake,
)
from tests.e2e.test_nothing_is_lost import invited_too, sign_in_again
from tests.e2e.test_phone import tick
from tests.e2e.test_standard_check_ins import told_yesterday
from tests.factories import a_check_in, fever
from tracker import clock
from tracker.models import Caregiver, CheckIn, DeviceSession, IceSession

NO_BREAK = "\N{NO-BREAK SPACE}"
AGE = """async (hours) => {
  const { keep, names, read } = await import("/static/phone/store.js");
  const [[owner]] = await names("plan");
  const plan = await read(owner, "plan");
  await keep(owner, "plan", { ...plan, kept_at: plan.kept_at - hours * 3_600_000 });
}"""

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


# --- a start without network ------------------------------------------------------------------


def test_a_start_without_network_opens_the_day_and_the_form_and_loses_nothing(
    phone, start, cable, patient
):
    a_check_in(patient, now=clock.now(), **fever("38.5"))
    phone.reload()
    assert eventually(phone, lambda: plan(phone).get("alerts"))

    page = start().new_page()
    cable.down()
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Day 2")
    expect(page.locator("#stands h2")).to_have_text("Call the clinic today")
    expect(page.locator("#known")).to_contain_text("Fever: Sent to the clinic at")
    assert page.locator("#clinic a").first.get_attribute("href") == "tel:+15555550100"

    page.locator(".tabs").get_by_role("link", name="Check in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("How are you now?")
    expect(page.get_by_label("Blood sugar", exact=True)).to_be_visible()  # Ada has diabetes
    expect(page.get_by_text("In the first hours: any of these?")).to_have_count(0)
    tick(page, "Chest pain")
    expect(page.get_by_text("This can be an emergency. Call 911 now.")).to_be_visible()
    fill_in(page)
    send(page)
    expect(page.locator("#meanwhile h2")).to_have_text("Call 911 now")
    expect_saved(page)

    page = start().new_page()
    page.goto("/")
    expect(page.locator("#stands h2")).to_have_text("Call 911 now")
    expect(page.locator("#outbox").get_by_text(SAVED)).to_be_visible()
    assert CheckIn.objects.count() == 1

    cable.up()
    expect(page.get_by_text("has now reached the clinic")).to_be_visible(timeout=PATIENCE)
    assert CheckIn.objects.count() == 2
    assert CheckIn.objects.latest("observed_at").answers["symptoms"]["chest_pain"] is True
    assert waiting(page) == 0


def test_the_hour_without_network_is_the_one_that_the_clinics_pages_show(phone, cable, patient):
    patient.language, patient.timezone = "es", "Asia/Tokyo"  # far from this machine's clock
    patient.save(update_fields=["language", "timezone"])
    told = a_check_in(patient, now=clock.now(), **fever("38.5")).check_in
    phone.goto("/")
    at = time_format(told.observed_at.astimezone(ZoneInfo("Asia/Tokyo")), "g:i A")
    expect(phone.locator("#due + p")).to_contain_text(at.replace(" ", NO_BREAK))
    assert eventually(phone, lambda: plan(phone).get("advised_at") == told.observed_at.isoformat())
    cable.down()
    phone.goto("/")
    expect(phone.locator("#stands time")).to_contain_text(at)


def test_a_phone_that_nobody_signed_in_on_shows_the_screen_for_emergencies(start, cable):
    page = start().new_page()
    page.goto("/join/")
    await_worker(page)
    cable.down()
    page.goto("/check-in/")
    tick(page, "Chest pain")
    expect(page.get_by_text("This can be an emergency. Call 911 now.")).to_be_visible()
    expect(page.get_by_role("button", name="Send and see what to do")).to_have_count(0)


# --- the same as last time --------------------------------------------------------------------


def test_last_time_is_offered_without_network_while_it_is_recent(phone, cable, patient):
    told_yesterday(patient)
    phone.reload()
    assert eventually(phone, lambda: bool(plan(phone).get("same")))
    phone.evaluate(AGE, 27)
    cable.down()
    phone.goto("/check-in/")
    expect(phone.locator("#same")).to_be_visible()

    phone.evaluate(AGE, 2)
    phone.goto("/check-in/")
    expect(phone.locator("form.check-in")).to_be_visible()
    expect(phone.locator("#same")).to_be_hidden()


def test_last_time_is_not_offered_once_something_later_was_sent(phone, cable, patient):
    told_yesterday(patient)
    phone.reload()
    assert eventually(phone, lambda: bool(plan(phone).get("same")))
    cut_and_save(phone, cable)
    phone.goto("about:blank")
    cable.up()
    idle = phone.context.new_page()
    idle.goto("/static/phone/icon.svg")
    sync(idle, cable.url)
    assert eventually(idle, lambda: waiting(idle) == 0)

    cable.down()
    phone.goto("/check-in/")
    expect(phone.locator("form.check-in")).to_be_visible()
    expect(phone.locator("#same")).to_be_hidden()


# --- sent once --------------------------------------------------------------------------------


def test_an_answer_that_got_lost_on_its_way_makes_no_second_check_in(phone, cable):
    phone.goto("/check-in/")
    fill_in(phone)
    cable.lose_answers()
    send(phone)
    expect_saved(phone)
    assert CheckIn.objects.count() == 1

    cable.up()
    wake(phone)
    phone.wait_for_url("**/check-in/*-*/")
    assert usual_pains() == [5]


def test_what_is_changed_before_it_was_sent_corrects_what_was_saved(phone, cable):
    cut_and_save(phone, cable, usual=5)
    score(phone, "usual", 7)
    send(phone)
    expect_saved(phone)
    assert waiting(phone) == 2

    cable.up()
    wake(phone)
    assert eventually(phone, lambda: CheckIn.objects.count() == 2)
    first, second = CheckIn.objects.order_by("pk")
    assert (second.corrects, second.answers["pain"]["usual"]) == (first, 7)


def test_tabs_and_the_worker_that_send_at_once_send_each_entry_once(phone, cable):
    cut_and_save(phone, cable, usual=3)
    cut_and_save(phone, cable, usual=4)
    tabs = [phone, phone.context.new_page(), phone.context.new_page()]
    for tab in tabs:
        tab.goto("/")
    cable.asked.clear()
    cable.up()
    for tab in tabs:
        tab.evaluate("() => { setTimeout(() => dispatchEvent(new Event('online'))) }")
    sync(phone, cable.url)

    assert eventually(phone, lambda: waiting(phone) == 0)
    assert sorted(usual_pains()) == [3, 4]
    sent = [line for line in cable.asked if line.startswith("PUT /api/v1/check-ins/")]
    assert len(sent) == len(set(sent)) == 2


def test_the_worker_alone_sends_what_waits(phone, cable):
    cut_and_save(phone, cable)
    phone.goto("about:blank")
    cable.up()
    idle = phone.context.new_page()
    idle.goto("/static/phone/icon.svg")
    sync(idle, cable.url)
    assert eventually(idle, lambda: usual_pains() == [5])


# --- what the server cannot take --------------------------------------------------------------


def test_a_refused_check_in_keeps_everything_and_says_why_where_it_can_be_mended(phone, cable):
    cable.down()
    phone.goto("/check-in/")
    fill_in(phone)
    phone.get_by_label("Temperature").fill("60")
    send(phone)
    expect_saved(phone)

    phone.goto("/")
    cable.up()
    expect(phone.locator("#outbox").get_by_text("This could not be taken.")).to_be_visible()
    phone.get_by_role("button", name="Look at it").click()
    expect(phone.get_by_label("Anything else?")).to_have_value(CANARY)
    phone.get_by_label("Temperature").fill("98.2")
    send(phone)
    phone.wait_for_url("**/check-in/*-*/")
    assert usual_pains() == [5]
    assert waiting(phone) == 0


def test_a_session_that_is_gone_keeps_what_waits_and_asks_to_sign_in(phone, cable, patient):
    cut_and_save(phone, cable)
    phone.context.clear_cookies(name=settings.PHONE_COOKIE)
    cable.up()
    wake(phone)
    expect(phone.get_by_role("heading", name="this phone is signed out")).to_be_visible()
    assert waiting(phone) == 1 and not CheckIn.objects.exists()

    sign_in_again(phone, invited_too(patient))
    expect(phone.get_by_text("You are signed in again.")).to_be_visible()
    send(phone)
    phone.wait_for_url("**/check-in/*-*/")
    assert usual_pains() == [5]


def test_a_server_that_fails_is_asked_again(phone, cable):
    phone.goto("/check-in/")
    fill_in(phone)
    failing = "**/api/v1/check-ins/**"
    phone.context.route(failing, lambda route: route.fulfill(status=503, body="{}"))
    send(phone)
    expect_saved(phone)
    phone.context.unroute(failing)
    wake(phone)
    phone.wait_for_url("**/check-in/*-*/")
    assert usual_pains() == [5]


def test_whoever_may_only_read_is_offered_no_form_without_network(phone, cable, patient):
    reader = Caregiver.objects.create(
        clinic=patient.clinic, patient=patient, name="Luis", created_at=clock.now()
    )
    DeviceSession.objects.filter(patient=patient).update(caregiver=reader)
    phone.reload()
    assert eventually(phone, lambda: plan(phone).get("may_log") is False)
    cable.down()

    phone.goto("/")
    expect(phone.locator("#clinic")).to_be_visible()
    expect(phone.locator("#due")).to_be_hidden()
    expect(phone.locator("#ice")).to_be_hidden()
    phone.goto("/check-in/")
    expect(phone.get_by_role("button", name="Send and see what to do")).to_have_count(0)
    expect(phone.get_by_text("Do you have any of these now?")).to_be_visible()


# --- ice --------------------------------------------------------------------------------------


@pytest.mark.parametrize("where", ["the page", "a start without network"])
def test_ice_that_starts_without_network_is_counted_here_and_told_once(phone, cable, where):
    if where == "the page":
        phone.goto("/ice/")
        cable.down()
    else:
        cable.down()
        phone.goto("/")
    phone.get_by_role("button", name="Start 20 minutes of ice").click()
    left = phone.locator("[data-left]")
    expect(left).to_contain_text("19:5")
    expect(phone.get_by_text("With no signal no message can come")).to_be_visible()
    phone.goto("/")
    expect(left).to_contain_text("19:")
    assert not IceSession.objects.exists()

    cable.up()
    expect(phone.get_by_text("has now reached the clinic")).to_be_visible(timeout=PATIENCE)
    phone.goto("/ice/")
    expect(phone.get_by_role("button", name="I took it off now")).to_be_visible()
    assert IceSession.objects.count() == 1
