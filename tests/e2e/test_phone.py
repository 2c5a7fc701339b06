"""The patient's side in a real browser: join, check in, ice, messages, also without network."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.e2e.conftest import token_of
from tests.factories import a_check_in
from tracker import clock
from tracker.models import CheckIn, Delivery, IceSession, Invitation, PushSubscription
from tracker.models.delivery import DeliveryState
from tracker.services import sending

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def path_of(page: Page) -> str:
    return urlsplit(page.url).path


def tick(page: Page, words: str) -> None:
    page.locator("label", has_text=words).first.click()


def score(page: Page, name: str, value: int) -> None:
    page.locator(f"label:has([name={name}][value='{value}'])").click()


def send(page: Page) -> None:
    page.get_by_role("button", name="Send and see what to do").click()


# --- joining ----------------------------------------------------------------------------------


def test_a_link_signs_in_once_and_leaves_no_secret_in_the_address(page, handset, invited):
    assert "#" not in page.url
    assert Invitation.objects.get().used_at is not None

    second = handset.new_page()
    second.goto(f"/join/#{token_of(invited)}")
    second.get_by_role("button", name="Use the new link").click()
    expect(second.get_by_role("heading", name="This link does not work any more")).to_be_visible()
    assert "#" not in second.url


def test_a_link_waits_for_a_connection(handset, invited):
    page = handset.new_page()
    page.route("**/api/v1/session/", lambda route: route.abort())
    page.goto(f"/join/#{token_of(invited)}")
    expect(page.get_by_role("heading", name="No connection")).to_be_visible()
    assert Invitation.objects.get().used_at is None

    page.unroute("**/api/v1/session/")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("h1")).to_contain_text("Day ")


def test_without_scripts_everything_works(browser, live_server, invited):
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/join/")
    page.get_by_label("Type the code from your card").fill(invited.code.lower())
    page.get_by_role("button", name="Join").click()
    page.get_by_role("link", name="Check in").first.click()
    tick(page, "None of these")
    page.get_by_label("Temperature").fill("101.3")
    send(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Call the clinic today")

    page.goto("/ice/")
    page.get_by_role("button", name="Start 20 minutes of ice").click()
    expect(page.get_by_text("The ice is on. Take it off at")).to_be_visible()
    page.get_by_role("button", name="I took it off now").click()
    expect(page.get_by_text("your skin needs a rest")).to_be_visible()
    context.close()


# --- checking in ------------------------------------------------------------------------------


def test_a_good_day_is_told_in_five_taps(page):
    page.goto("/check-in/")
    tick(page, "None of these")
    score(page, "usual", 2)
    score(page, "site", 1)
    tick(page, "Normal: no redness")
    send(page)

    page.wait_for_url("**/check-in/*-*/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Look after yourself")
    answers = CheckIn.objects.get().answers
    assert answers["pain"] == {"usual": 2, "site": 1}
    assert answers["symptoms"]["dyspnea"] is False


def test_none_of_these_and_a_sign_exclude_each_other(page):
    page.goto("/check-in/")
    group = page.get_by_role("group", name="Do you have any of these now?")
    none, chest = group.get_by_label("None of these"), group.get_by_label("Chest pain")
    none.check()
    chest.check()
    expect(none).not_to_be_checked()
    none.check()
    expect(chest).not_to_be_checked()


def test_an_emergency_is_answered_before_anything_is_sent(page, handset):
    page.goto("/check-in/")
    handset.set_offline(True)
    call = page.get_by_text("This can be an emergency. Call 911 now.")
    expect(call).to_be_hidden()
    tick(page, "Trouble breathing")
    expect(call).to_be_visible()
    assert page.locator("#call-now a").get_attribute("href") == "tel:911"


def test_follow_up_questions_show_when_they_matter(page):
    page.goto("/check-in/")
    more = page.get_by_role("group", name="Does your usual medicine or ice help enough?")
    expect(more).to_be_hidden()
    score(page, "site", 7)
    expect(more).to_be_visible()
    score(page, "site", 6)
    expect(more).to_be_hidden()

    skin = page.get_by_role("group", name="Redness")
    tick(page, "Something looks different")
    expect(skin).to_be_visible()
    skin.get_by_label("As big as a coin").check()
    tick(page, "Normal: no redness")
    expect(skin).to_be_hidden()


def test_a_refused_answer_takes_the_focus_and_loses_nothing(page):
    page.goto("/check-in/")
    score(page, "usual", 4)
    page.get_by_label("Temperature").fill("60")
    send(page)

    expect(page.locator("#problems")).to_be_focused()
    page.locator("#problems a").click()
    expect(page.get_by_label("Temperature")).to_be_focused()
    expect(page.get_by_label("Temperature")).to_have_value("60")
    expect(page.locator("[name=usual][value='4']")).to_be_checked()
    assert not CheckIn.objects.exists()


def test_a_check_in_without_network_is_not_lost_and_not_doubled(page, handset):
    page.goto("/check-in/")
    score(page, "usual", 5)
    handset.set_offline(True)
    send(page)
    expect(page.get_by_text("Saved on this phone, not sent yet.")).to_be_visible()
    expect(page.locator("[name=usual][value='5']")).to_be_checked()

    handset.set_offline(False)
    page.wait_for_url("**/check-in/*-*/")
    assert CheckIn.objects.count() == 1


def test_did_you_mean_is_one_tap(page):
    page.goto("/check-in/")
    page.get_by_label("Temperature").fill("101.3")
    tick(page, "°C")
    send(page)
    page.get_by_role("button", name="Yes, I meant 101.3 °F").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Call the clinic today")
    assert CheckIn.objects.latest("pk").answers["temperature"]["unit"] == "[degF]"


def test_a_check_in_by_keyboard_alone(page):
    page.goto("/check-in/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the page")).to_be_focused()
    page.get_by_label("Trouble breathing").focus()
    for _ in range(14):
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.get_by_label("None of these").first).to_be_checked()
    page.keyboard.press("Tab")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")

    page.wait_for_url("**/check-in/*-*/")
    assert CheckIn.objects.get().answers["pain"] == {"usual": 3}


# --- ice --------------------------------------------------------------------------------------


def test_the_countdown_survives_a_reload_and_a_phone_with_a_wrong_clock(handset, page):
    handset.add_init_script("const real = Date.now; Date.now = () => real() + 3 * 3600_000")
    page.goto("/ice/")
    page.get_by_role("button", name="Start 20 minutes of ice").click()
    left = page.locator("[data-left]")
    expect(left).to_contain_text("19:5")
    page.reload()
    expect(left).to_contain_text("19:5")
    assert IceSession.objects.count() == 1


def test_a_fast_clock_runs_the_countdown_through_to_the_next_start(page, settings):
    settings.CLOCK_STARTED_AT = clock.now()
    settings.CLOCK_SPEED = 300.0  # 20 minutes in four seconds
    page.goto("/ice/")
    page.get_by_role("button", name="Start 20 minutes of ice").click()
    expect(page.locator("[data-timer]")).to_have_attribute("data-state", "on")
    expect(page.locator("[data-up]")).to_be_visible()
    expect(page.get_by_role("status")).to_have_text("Take the ice off now.")
    expect(page.get_by_role("button", name="Start 20 minutes of ice")).to_be_visible()


# --- messages and the app ---------------------------------------------------------------------

FAKE_PUSH = """
(() => {
  let held = null;
  const subscription = %s;
  const fake = { endpoint: subscription.endpoint, toJSON: () => subscription,
    unsubscribe: async () => { held = null; return true; } };
  PushManager.prototype.getSubscription = async () => held;
  PushManager.prototype.subscribe = async () => (held = fake);
})();
"""


def worker_id(page: Page) -> tuple[object, str]:
    """Find the worker's registration through the browser's own tools."""
    tools = page.context.new_cdp_session(page)
    found: list[str] = []
    tools.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: found.extend(each["registrationId"] for each in event["registrations"]),
    )
    tools.send("ServiceWorker.enable")
    for _ in range(50):
        if found:
            break
        page.wait_for_timeout(100)
    return tools, found[-1]


def await_worker(page: Page) -> None:
    """Load the page under its worker: one that was loading meanwhile is not taken over."""
    page.evaluate(
        """Promise.race([navigator.serviceWorker.ready.then(() => true),
        new Promise((_, late) => setTimeout(() => late(new Error("no worker")), 8000))])"""
    )
    page.reload()


def becomes_seen(page: Page, delivery: Delivery) -> bool:
    for _ in range(50):
        delivery.refresh_from_db()
        if delivery.state == DeliveryState.SEEN:
            return True
        page.wait_for_timeout(100)
    return False


def test_a_message_travels_from_the_test_button_to_the_screen_and_back(
    handset, page, push_service, live_server
):
    phone = push_service.browser()
    handset.add_init_script(FAKE_PUSH % json.dumps(phone.subscription))
    page.goto("/")
    await_worker(page)
    page.get_by_role("button", name="Turn messages on").click()
    expect(page.get_by_text("Messages are on.")).to_be_visible()
    assert PushSubscription.objects.get().endpoint == phone.endpoint

    page.get_by_role("button", name="Send a test message").click()
    expect(page.get_by_text("A test message is on its way.")).to_be_visible()
    delivery = Delivery.objects.get()
    sending.deliver(delivery_id=delivery.pk, now=clock.now())
    (message,) = push_service.wait_for(1)

    tools, registration = worker_id(page)
    tools.send(
        "ServiceWorker.deliverPushMessage",
        {
            "origin": live_server.url,
            "registrationId": registration,
            "data": json.dumps(message.payload),
        },
    )
    expect(page.get_by_text("The test message arrived.")).to_be_visible()
    shown = page.evaluate(
        "navigator.serviceWorker.ready.then(r => r.getNotifications())"
        ".then(all => all.map(one => [one.title, one.body]))"
    )
    assert shown == [["It works", "Messages reach this phone."]]
    assert becomes_seen(page, delivery)
    tools.detach()

    page.get_by_role("button", name="Turn messages off").click()
    expect(page.get_by_role("button", name="Turn messages on")).to_be_visible()
    assert PushSubscription.objects.get().ended_at is not None


def test_without_network_the_app_opens_and_says_whom_to_call(page, handset):
    page.goto("/")
    await_worker(page)
    handset.set_offline(True)
    page.goto("/history/")

    expect(page.get_by_role("heading", level=1)).to_have_text("No connection")
    assert page.get_by_role("link", name="Call 911").first.get_attribute("href") == "tel:911"
    styled = page.evaluate("getComputedStyle(document.querySelector('.button')).minHeight")
    assert styled == "54px"

    handset.set_offline(False)  # the page tries again by itself
    expect(page.get_by_role("heading", level=1)).to_have_text("What you told us")


def test_the_worker_keeps_no_page_with_anybodys_data(page):
    for path in ("/", "/history/", "/check-in/"):
        page.goto(path)
    await_worker(page)
    kept = page.evaluate(
        "caches.keys().then(names => Promise.all(names.map(name => caches.open(name))))"
        ".then(all => Promise.all(all.map(cache => cache.keys())))"
        ".then(all => all.flat().map(request => new URL(request.url).pathname))"
    )

    assert kept and all(path.startswith(("/offline/", "/static/phone/")) for path in kept)


# --- for everybody ----------------------------------------------------------------------------


def violations(page: Page, path: str = "") -> list[tuple[str, str]]:
    """What axe finds on a page; without a path, on the one that is shown."""
    # A tall screen: on a small one the tabs at the bottom cover what is about to scroll into view.
    page.set_viewport_size({"width": 390, "height": 6000})
    if path:
        page.goto(path)
    found = Axe().run(page, options={"runOnly": WCAG}).response["violations"]
    return [(each["id"], each["nodes"][0]["html"]) for each in found]


@pytest.mark.parametrize("level", ["self", "call_today", "emergency"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_a_care_card(page, patient, scheme, level):
    answers = {
        "self": {"pain": {"usual": 1}},
        "call_today": {"temperature": {"value": "38.5", "unit": "Cel"}},
        "emergency": {"symptoms": {"chest_pain": True}},
    }
    recorded = a_check_in(patient, now=clock.now(), **answers[level])
    page.emulate_media(color_scheme=scheme)
    for path in (f"/check-in/{recorded.check_in.client_id}/", "/"):
        assert violations(page, path) == [], path


SMALL = """[...document.querySelectorAll(
  'main button, main .button, .tick, .band label, .units label, summary, .tabs a, .sos, .brand,' +
  'main :is([type=text], [type=time], textarea), li > a, p > a:only-child, footer a')]
  .filter(e => e.offsetParent && Math.min(e.offsetHeight, e.offsetWidth) < 48)
  .map(e => e.textContent.trim())"""
