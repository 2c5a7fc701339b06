"""The desk in a real browser: alerts arrive by themselves, and forms survive their arrival."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e.conftest import PATIENCE
from tests.factories import PASSWORD, a_check_in, a_clinic, a_patient, a_procedure, a_staff, fever
from tracker import clock
from tracker.access import Staff
from tracker.models import Alert, Clinic
from tracker.services import alerts

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SOON = 6000  # ms: the promise of the queue
IN_TIME = 20_000  # ms; for what nobody was promised within seconds


@dataclass(slots=True)
class Desk:
    """A clinic with two nurses; `page` is the first one's queue."""

    clinic: Clinic
    nora: Staff
    ben: Staff
    page: Page

    def alert(self, name: str = "Harold Finch", value: str = "38.4") -> Alert:
        patient = a_patient(self.clinic, name=name, email="at@home.test")
        a_procedure(patient, now=clock.now())
        recorded = a_check_in(patient, now=clock.now(), **fever(value))
        return recorded.events[0].alert

    def row(self, alert: Alert):
        return self.page.locator(f"#patient-{alert.patient_id}")


@pytest.fixture
def wide(browser: Browser, live_server) -> Iterator[BrowserContext]:
    """A desk's screen. Whatever its pages complain about fails the test."""
    context = browser.new_context(base_url=live_server.url, viewport={"width": 1440, "height": 900})
    context.set_default_timeout(PATIENCE)
    complaints: list[str] = []
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    context.on("console", lambda line: _note(complaints, line))
    yield context
    context.close()
    assert complaints == []


def _note(complaints: list[str], line) -> None:
    # Refused forms and a cut network belong to these tests; what has no address is axe's own.
    expected = any(each in line.text for each in ("status of 4", "net::ERR"))
    if line.type in ("error", "warning") and line.location["url"] and not expected:
        complaints.append(f"{line.text} {line.location}")


@pytest.fixture
def desk(wide: BrowserContext, transactional_db) -> Desk:
    clinic = a_clinic(name="Lake Clinic")
    nora = a_staff(clinic, name="Nora Park", on_call_order=1)
    ben = a_staff(clinic, name="Ben Ito")
    page = wide.new_page()
    page.goto("/admin/")
    page.get_by_label("Email").fill(nora.user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Queue")).to_be_visible()
    return Desk(clinic, nora, ben, page)


def test_an_alert_arrives_is_taken_and_resolved(desk):
    page = desk.page
    expect(page.get_by_text("Nobody waits to be taken.")).to_be_visible()

    alert = desk.alert()
    expect(desk.row(alert)).to_be_visible(timeout=SOON)
    expect(page).to_have_title("(1) Queue | Afterblock")
    expect(page.locator("#queue-news")).to_have_text("New in the queue: Call today, Harold Finch")
    expect(desk.row(alert)).to_contain_text("Temperature 38.4 °C; the limit is 38.0 °C.")

    desk.row(alert).get_by_role("button", name="Acknowledge").click()
    expect(page.get_by_text("It is yours now.")).to_be_visible()
    expect(desk.row(alert).locator(".owner")).to_contain_text("You back at")
    expect(page).to_have_title("Queue | Afterblock")

    desk.row(alert).get_by_text("Resolve …").click()
    desk.row(alert).get_by_label("Outcome").select_option("REACHED_ADVISED")
    desk.row(alert).get_by_role("button", name="Resolve", exact=True).click()
    expect(page.get_by_text("Resolved.")).to_be_visible()
    expect(desk.row(alert)).to_have_count(0)


def test_an_arrival_leaves_an_open_form_alone(desk):
    mine = desk.alert("Harold Finch")
    desk.page.reload()
    desk.row(mine).get_by_text("Resolve …").click()
    note = desk.row(mine).get_by_label("Note")
    note.press_sequentially("comes at")

    other = desk.alert("Mai Tran")
    expect(desk.row(other)).to_be_visible(timeout=SOON)
    expect(note).to_be_focused()
    note.press_sequentially(" three")
    expect(note).to_have_value("comes at three")


def test_a_note_outlives_the_alert_that_a_colleague_resolved(desk):
    mine = desk.alert("Harold Finch")
    desk.page.reload()
    desk.row(mine).get_by_text("Resolve …").click()
    desk.row(mine).get_by_label("Note").fill("my own words")
    alerts.resolve(
        staff=desk.ben, alert_id=mine.pk, outcome="VISIT_ARRANGED", note="", now=clock.now()
    )
    expect(desk.page.get_by_text("No longer in the queue.")).to_be_visible(timeout=SOON)
    expect(desk.row(mine).get_by_label("Note")).to_have_value("my own words")

    desk.row(mine).get_by_text("Resolve …").click()
    expect(desk.row(mine)).to_have_count(0)


def test_the_focus_stays_where_it_was(desk):
    mine = desk.alert("Harold Finch")
    desk.page.reload()
    button = desk.row(mine).get_by_role("button", name="Acknowledge")
    button.focus()
    other = desk.alert("Mai Tran")
    expect(desk.row(other)).to_be_visible(timeout=SOON)
    expect(button).to_be_focused()


def test_a_colleague_who_was_faster_is_named(desk):
    mine = desk.alert()
    desk.page.goto(f"/admin/alerts/{mine.pk}/")
    alerts.acknowledge(staff=desk.ben, alert_id=mine.pk, now=clock.now())
    desk.page.get_by_role("button", name="Acknowledge: I take it").click()
    expect(desk.page.get_by_text("Ben Ito has already taken this alert.")).to_be_visible()


def test_a_queue_that_cannot_be_asked_says_so_and_recovers(desk):
    page = desk.page
    page.context.set_offline(True)
    stale = page.get_by_text("Nothing was heard from the server. What you see is of")
    expect(stale).to_be_visible(timeout=IN_TIME)
    page.context.set_offline(False)
    expect(stale).to_be_hidden(timeout=IN_TIME)
    expect(page.get_by_text("Updated")).to_be_visible()


def test_a_queue_whose_session_ended_says_so(desk):
    desk.page.context.clear_cookies()
    expect(desk.page.get_by_text("You are signed out.")).to_be_visible(timeout=IN_TIME)
    desk.page.get_by_role("link", name="Sign in again").click()
    expect(desk.page.get_by_role("heading", name="Sign in to the desk")).to_be_visible()


def test_a_hidden_queue_rests_and_asks_at_once_when_seen(desk):
    asked: list[float] = []
    desk.page.on("request", lambda request: asked.append(time.monotonic()))
    _pretend(desk.page, hidden=True)
    desk.page.wait_for_timeout(5000)
    resting = len(asked)
    desk.page.wait_for_timeout(5000)
    assert len(asked) == resting
    _pretend(desk.page, hidden=False)
    desk.page.wait_for_timeout(1000)
    assert len(asked) == resting + 1


def _pretend(page: Page, *, hidden: bool) -> None:
    page.evaluate(
        """(hidden) => {
            Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
            document.dispatchEvent(new Event("visibilitychange"));
        }""",
        hidden,
    )


def test_waiting_times_count_on(desk):
    mine = desk.alert()
    Alert.objects.filter(pk=mine.pk).update(raised_at=clock.now())
    desk.page.reload()
    time_shown = desk.row(mine).locator("time[data-since]")
    expect(time_shown).to_have_text("under a minute")
    past = "2020-01-01T00:00:00+00:00"
    time_shown.evaluate("(time, past) => { time.dateTime = past; }", past)
    expect(time_shown).to_have_text(re.compile(r"^\d+ d( \d+ h)?$"), timeout=3000)


def test_escape_closes_a_form_and_returns_to_its_button(desk):
    mine = desk.alert()
    desk.page.reload()
    summary = desk.row(mine).locator("summary")
    summary.press("Enter")
    desk.row(mine).get_by_label("Note").press("Escape")
    expect(summary).to_be_focused()
    expect(desk.row(mine).get_by_label("Note")).to_be_hidden()


def test_a_patient_is_enrolled_and_the_card_fits_one_sheet(desk):
    page = desk.page
    page.get_by_role("link", name="Enrol", exact=True).click()
    page.get_by_label("Name").fill("Ana Ruiz")
    page.get_by_label("Phone", exact=True).fill("555 555 0142")
    page.get_by_label("Right").check()
    page.get_by_label("Therapeutic").check()
    page.get_by_role("group", name="Steroid given").get_by_label("Yes").check()
    page.get_by_role("button", name="Enrol and show the card").click()
    expect(page.locator("#code")).to_be_visible()
    expect(page.get_by_role("button", name="Print")).to_be_visible()
    assert page.pdf(format="Letter").count(b"/Type /Page\n") == 1
    page.emulate_media(media="print")
    expect(page.get_by_role("banner").first).to_be_hidden()
    expect(page.get_by_role("button", name="Print")).to_be_hidden()
    expect(page.locator("#code")).to_be_visible()
    page.emulate_media(media="screen")
    page.get_by_role("link", name="Done: to Ana Ruiz").click()
    expect(page.get_by_role("heading", name="Ana Ruiz")).to_be_visible()


def test_everything_works_without_javascript(desk, browser, live_server):
    mine = desk.alert()
    context = browser.new_context(
        base_url=live_server.url,
        java_script_enabled=False,
        storage_state=desk.page.context.storage_state(),
    )
    page = context.new_page()
    page.goto("/admin/")
    row = page.locator(f"#patient-{mine.patient_id}")
    row.get_by_role("button", name="Acknowledge").click()
    expect(page.get_by_text("It is yours now.")).to_be_visible()
    row.get_by_text("Resolve …").click()
    row.get_by_label("Outcome").select_option("NO_ACTION")
    row.get_by_role("button", name="Resolve", exact=True).click()
    expect(page.get_by_text("Say in the note why no action is needed.").first).to_be_visible()
    page.locator("#resolve").get_by_label("Note").fill("she measured again: 36.8 °C")
    page.get_by_role("button", name="Resolve with this outcome").click()
    expect(page.get_by_text("Resolved.")).to_be_visible()
    context.close()


@pytest.mark.parametrize("width", [1440, 1024, 768, 390])
def test_nothing_scrolls_sideways(desk, width):
    mine = desk.alert()
    desk.page.set_viewport_size({"width": width, "height": 900})
    for address in ("/admin/", f"/admin/alerts/{mine.pk}/", "/admin/enrol/", "/admin/patients/"):
        desk.page.goto(address)
        scrolled = "() => document.documentElement.scrollWidth - window.innerWidth"
        assert desk.page.evaluate(scrolled) <= 0, address
