"""What a phone keeps, as its browser has it: names and sealed bytes."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import CDPSession, Error, Page, expect

from tests.e2e.cable import Cable
from tracker.models import CheckIn

PATIENCE = 20_000  # ms
STEP = 100  # ms
RECORDS = """async () => {
  if (!(await indexedDB.databases()).length) return [];
  const base = await new Promise((give) => {
    const request = indexedDB.open("afterblock");
    request.onsuccess = () => give(request.result);
  });
  const all = (name) => new Promise((give) => {
    const request = base.transaction("kept").objectStore("kept")[name]();
    request.onsuccess = () => give(request.result);
  });
  // One may be sent between the two questions.
  let names, records;
  do [names, records] = [await all("getAllKeys"), await all("getAll")];
  while (names.length !== records.length);
  base.close();
  const latin = new TextDecoder("latin1");
  return names.map((name, at) => [name, latin.decode(records[at].bytes)]);
}"""
KEY_OUT = """async () => {
  const base = await new Promise((give) => {
    const request = indexedDB.open("afterblock");
    request.onsuccess = () => give(request.result);
  });
  const key = await new Promise((give) => {
    const request = base.transaction("keys").objectStore("keys").get("key");
    request.onsuccess = () => give(request.result);
  });
  base.close();
  return crypto.subtle.exportKey("raw", key).then(() => "out", (error) => error.name);
}"""
PLAN = """async () => {
  const { read } = await import("/static/phone/store.js");
  return read(document.body.dataset.patient, "plan");
}"""
LEFT = """async () => ({
  databases: (await indexedDB.databases()).map(({ name }) => name),
  storage: [...Object.keys(localStorage), ...Object.keys(sessionStorage), document.cookie],
  cached: (await Promise.all((await caches.keys()).map(async (name) => {
    const cache = await caches.open(name);
    const kept = await cache.keys();
    return Promise.all(kept.map(async (each) => (await cache.match(each)).text()));
  }))).flat(),
})"""


def records(page: Page) -> dict[str, str]:
    """The sealed bytes by the name of the record, without its owner."""
    return {name.partition("/")[2]: data for name, data in asked(page, RECORDS)}


def plan(page: Page) -> dict:
    """What the phone opens without network; {} while it has kept nothing."""
    return asked(page, PLAN) or {}


def asked(page: Page, script: str):
    """What the page answers, or the next one: a phone moves on when all is sent."""
    while True:
        try:
            return page.evaluate(script)
        except Error as error:
            if "context was destroyed" not in error.message:
                raise
            page.wait_for_load_state()


def waiting(page: Page) -> int:
    return sum(name.startswith("entry/") for name in records(page))


def eventually(page: Page, holds: Callable[[], bool]) -> bool:
    for _ in range(PATIENCE // STEP):
        if holds():
            return True
        page.wait_for_timeout(STEP)
    return False


def wake(page: Page) -> None:
    """The phone notices that the network is back."""
    page.evaluate("() => { dispatchEvent(new Event('online')) }")


def await_worker(page: Page) -> None:
    """Load the page under its worker: one that was loading meanwhile is not taken over."""
    page.evaluate(
        """Promise.race([navigator.serviceWorker.ready.then(() => true),
        new Promise((_, late) => setTimeout(() => late(new Error("no worker")), 20000))])"""
    )
    page.reload()


def sync(page: Page, origin: str) -> None:
    """The browser wakes the worker, as it does when the network is back."""
    tools = page.context.new_cdp_session(page)
    registration = _registration(page, tools)
    told = {"origin": origin, "registrationId": registration, "tag": "outbox", "lastChance": False}
    tools.send("ServiceWorker.dispatchSyncEvent", told)
    tools.detach()


def _registration(page: Page, tools: CDPSession) -> str:
    found: list[str] = []
    tools.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: found.extend(each["registrationId"] for each in event["registrations"]),
    )
    tools.send("ServiceWorker.enable")
    assert eventually(page, lambda: bool(found))
    return found[-1]


# --- check-ins without network ----------------------------------------------------------------

CANARY = "zebra-canary"
SAVED = "Saved on this phone, not sent yet."


def score(page: Page, name: str, value: int) -> None:
    page.locator(f"label:has([name={name}][value='{value}'])").click()


def send(page: Page) -> None:
    page.get_by_role("button", name="Send and see what to do").click()


def fill_in(page: Page, usual: int = 5, text: str = CANARY) -> None:
    score(page, "usual", usual)
    page.get_by_label("Anything else?").fill(text)


def cut_and_save(page: Page, cable: Cable, usual: int = 5) -> None:
    cable.down()
    page.goto("/check-in/")
    fill_in(page, usual)
    send(page)
    expect_saved(page)


def expect_saved(page: Page) -> None:
    """What stands on the page while it is hidden is not said."""
    expect(page.locator("#saved")).to_be_visible()
    expect(page.locator("#saved")).to_contain_text(SAVED)


def expect_draft_kept(page: Page) -> None:
    """The last tap is written down: nothing has changed any more for a while."""
    seen: list[str] = []

    def stands() -> bool:
        seen.append(records(page).get("draft", ""))
        return bool(seen[-1]) and seen[-4:] == [seen[-1]] * 4

    assert eventually(page, stands)


def usual_pains() -> list[int]:
    rows = CheckIn.objects.order_by("observed_at")
    return [each["pain"]["usual"] for each in rows.values_list("answers", flat=True)]
