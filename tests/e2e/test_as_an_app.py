"""What makes it an app: it can be installed; its messages say nothing and open the right page."""

from __future__ import annotations

import json
import uuid

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests.e2e.phone_store import await_worker, eventually
from tests.e2e.test_phone import FAKE_PUSH, path_of, worker_id
from tracker import clock
from tracker.delivery import push, texts
from tracker.models import Delivery, PushSubscription
from tracker.models.delivery import MessageKind

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FOR_PATIENTS = [kind for kind in MessageKind if not kind.startswith("STAFF")]
OF_HEALTH = (
    "pain", "fever", "temperature", "sugar", "sign", "wound", "nerve", "block", "alert", "clinic",
    "dolor", "fiebre", "temperatura", "azúcar", "señal", "herida", "nervio", "bloqueo", "clínica",
    "ada", "quill", "lake",
)  # fmt: skip
SHOWN = """() => navigator.serviceWorker.ready.then((worker) => worker.getNotifications())
  .then((all) => all.map(({ title, body }) => [title, body]))"""
TAP = """async () => {
  // A finger lets a worker bring a page to the front; a test may not.
  WindowClient.prototype.focus = async function () { return this; };
  let opened = null;
  clients.openWindow = async (address) => { opened = address; };
  const [notification] = await registration.getNotifications();
  const event = new NotificationEvent("notificationclick", { notification });
  let acting = null;
  event.waitUntil = (until) => { acting = until; };
  dispatchEvent(event);
  await acting;
  return opened;
}"""


# --- installed --------------------------------------------------------------------------------


def test_chromium_has_nothing_to_say_against_installing_it(phone):
    """A context of its own folder: private windows install nothing."""
    tools = phone.context.new_cdp_session(phone)
    assert tools.send("Page.getAppManifest")["errors"] == []
    assert tools.send("Page.getInstallabilityErrors")["installabilityErrors"] == []
    tools.detach()


# --- messages ---------------------------------------------------------------------------------


@pytest.fixture
def app(page) -> Page:
    await_worker(page)
    return page


def arrives(app: Page, origin: str, message: dict) -> CDPSession:
    tools, registration = worker_id(app)
    told = {"origin": origin, "registrationId": registration, "data": json.dumps(message)}
    tools.send("ServiceWorker.deliverPushMessage", told)
    return tools


def a_message(patient, kind: str) -> dict:
    row = Delivery(clinic=patient.clinic, patient=patient, kind=kind, key=f"test:{kind}")
    row.receipt_id = uuid.uuid4()
    return push.payload(row)


def tap(app: Page) -> str | None:
    (worker,) = app.context.service_workers
    return worker.evaluate(TAP)


@pytest.mark.parametrize("language", ["en", "es"])
def test_what_a_message_shows_says_nothing_about_health(app, patient, live_server, language):
    patient.language = language
    patient.save(update_fields=["language"])
    for kind in FOR_PATIENTS:
        arrives(app, live_server.url, a_message(patient, kind))
    wanted = [texts.text_for(kind, language) for kind in FOR_PATIENTS]
    assert eventually(app, lambda: len(app.evaluate(SHOWN)) == len(FOR_PATIENTS))
    shown = app.evaluate(SHOWN)
    assert sorted(shown) == sorted([each.title, each.body] for each in wanted)
    words = json.dumps(shown, ensure_ascii=False).lower()
    assert [each for each in OF_HEALTH if each in words] == []


@pytest.mark.parametrize(
    ("kind", "path"),
    [("ICE_OFF", "/ice/"), ("CHECK_IN", "/check-in/"), ("GLUCOSE", "/check-in/"), ("UNSEEN", "/")],
)
def test_tapping_a_message_opens_its_page(app, patient, live_server, settings, kind, path):
    settings.BASE_URL = live_server.url
    app.goto("/history/")
    arrives(app, live_server.url, a_message(patient, kind))
    assert eventually(app, lambda: app.evaluate(SHOWN) != [])
    assert tap(app) is None  # the page that is open goes there
    app.wait_for_url(f"**{path}")
    assert path_of(app) == path
    expect(app.locator("h1")).to_be_visible()
    assert app.evaluate(SHOWN) == []


def test_a_message_that_names_another_site_opens_today(app, patient, live_server):
    app.goto("/history/")
    message = a_message(patient, "CHECK_IN")
    message["notification"]["navigate"] = "https://example.org/check-in/"
    arrives(app, live_server.url, message)
    assert eventually(app, lambda: app.evaluate(SHOWN) != [])
    tap(app)
    app.wait_for_url(f"{live_server.url}/")


def test_tapping_a_message_while_the_app_is_closed_opens_it(app, patient, live_server, settings):
    settings.BASE_URL = live_server.url
    arrives(app, live_server.url, a_message(patient, "ICE_OFF"))
    assert eventually(app, lambda: app.evaluate(SHOWN) != [])
    app.goto("about:blank")
    assert tap(app) == f"{live_server.url}/ice/"


# --- the test message tells the truth -----------------------------------------------------------


@pytest.fixture
def subscribed(handset, page, push_service) -> Page:
    handset.add_init_script(FAKE_PUSH % json.dumps(push_service.browser().subscription))
    page.clock.install()
    page.goto("/")
    await_worker(page)
    page.get_by_role("button", name="Turn messages on").click()
    expect(page.get_by_text("Messages are on.")).to_be_visible()
    return page


def test_a_test_message_that_does_not_arrive_is_said_not_to_have(subscribed):
    subscribed.get_by_role("button", name="Send a test message").click()
    expect(subscribed.get_by_text("A test message is on its way.")).to_be_visible()
    subscribed.clock.fast_forward(59_000)
    expect(subscribed.get_by_text("A test message is on its way.")).to_be_visible()
    subscribed.clock.fast_forward(2_000)
    expect(subscribed.get_by_text("The test message has not arrived.")).to_be_visible()


def test_a_phone_that_the_server_does_not_know_is_told_to_turn_messages_on(subscribed):
    PushSubscription.objects.update(ended_at=clock.now())
    subscribed.get_by_role("button", name="Send a test message").click()
    expect(subscribed.get_by_text("This phone gets no messages now.")).to_be_visible()
    expect(subscribed.get_by_role("button", name="Turn messages on")).to_be_visible()


def test_each_start_says_again_where_messages_go(handset, page, push_service):
    held = FAKE_PUSH.replace("held = null;", "held = {};").replace("=> held;", "=> fake;")
    handset.add_init_script(held % json.dumps(push_service.browser().subscription))
    with page.expect_response("**/api/v1/push-subscriptions/") as first:
        page.goto("/history/")
    assert first.value.status == 201
    PushSubscription.objects.update(ended_at=clock.now())
    with page.expect_response("**/api/v1/push-subscriptions/"):
        page.goto("/progress/")
    assert PushSubscription.objects.get().ended_at is None
