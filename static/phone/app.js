// On every page: keep the service worker current, renew this phone's address for messages, send what
// waits on this phone, and keep today's plan for when there is no network.

import { ask } from "./api.js";
import { askForSync, flush, waiting } from "./outbox.js";
import { drop, keep, names, read } from "./store.js";

const owner = document.body.dataset.patient;
const RETRY_AFTER = 30_000; // ms, then twice as long each time
let tries = 0;
let timer = null;

const policy = window.trustedTypes?.createPolicy("afterblock", {
  createScriptURL: (url) => {
    if (url !== "/sw.js") throw new TypeError("the only worker is /sw.js");
    return url;
  },
});

async function start() {
  if (!("serviceWorker" in navigator)) return;
  const registration = await navigator.serviceWorker.register(
    policy ? policy.createScriptURL("/sw.js") : "/sw.js",
    { scope: "/" },
  );
  // Phones drop addresses without telling: each start says again where messages go.
  const subscription = await registration.pushManager?.getSubscription();
  if (subscription && owner) await ask("POST", "push-subscriptions/", subscription.toJSON());
}

// --- what waits to be sent ------------------------------------------------------------------------

async function sendWhatWaits() {
  clearTimeout(timer);
  if (!(await names("entry/")).some(([whose]) => whose === owner)) return;
  const { state, sent } = await flush(owner, document.body.dataset.csrf);
  const left = await waiting(owner);
  // Only who has something waiting loads what shows it.
  const { showOutbox } = await import("./outbox_card.js");
  showOutbox(owner, state, Object.keys(sent).length > 0, left);
  if (left.every(({ trouble }) => trouble)) return;
  askForSync();
  if (state === "unsent") timer = setTimeout(sendWhatWaits, RETRY_AFTER * 2 ** Math.min(tries++, 5));
}

// --- today's plan ---------------------------------------------------------------------------------

async function keepPlan() {
  const answer = await fetch("/offline/plan/", { redirect: "error" });
  const plan = await answer.json();
  if (plan.patient !== owner) return;
  const waits = (await waiting(owner)).some(({ baseline }) => !baseline);
  const before = waits && (await read(owner, "plan").catch(() => null));
  // The server does not know yet what was told since: what this phone said to that stands.
  const standing = before ? { advice: before.advice, advised_at: before.advised_at, due: false } : {};
  await keep(owner, "plan", { ...plan, ...standing, kept_at: Date.now() });
  for (const [whose, what] of await names("")) {
    if (whose !== owner && !what.startsWith("entry/")) await drop(whose, what);
  }
}

// The page works without any of these, so a failure waits for the next start.
start().catch((error) => console.warn("Afterblock could not start its worker:", error.name));
if (owner) {
  const wake = () => {
    tries = 0;
    return sendWhatWaits().catch(() => {});
  };
  wake().then(() => document.getElementById("offline-data") || keepPlan().catch(() => {}));
  window.addEventListener("online", wake);
  document.addEventListener("visibilitychange", () => document.hidden || wake());
}
// Whoever signed out meanwhile is not shown again from the browser's memory of the page.
window.addEventListener("pageshow", ({ persisted }) => persisted && location.reload());

document.querySelector("[autofocus]")?.focus();
