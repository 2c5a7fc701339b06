// Messages on this phone: asked for by a tap, told with a reason, tested honestly.

import { ask } from "./api.js";

const PATIENCE = 60_000; // ms that a test message may take
const card = document.getElementById("messages-card");
const told = document.getElementById("messages-told");
const say = (name) => { told.textContent = name ? told.dataset[name] : ""; };
let lateTest = null;

const onIphone = /iP(hone|ad|od)/.test(navigator.userAgent) && !navigator.standalone;
const able = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

async function subscription() {
  const registration = await navigator.serviceWorker.ready;
  return registration.pushManager.getSubscription();
}

async function state() {
  if (!able || !card.dataset.key) return onIphone ? "install" : "unable";
  if (Notification.permission === "denied") return "denied";
  if (Notification.permission === "granted" && (await subscription())) return "on";
  return "ask";
}

async function show() {
  const now = await state();
  for (const part of card.querySelectorAll("[data-messages]")) part.hidden = part.dataset.messages !== now;
  card.hidden = false;
}

function bytes(base64url) {
  const base64 = base64url.replaceAll("-", "+").replaceAll("_", "/");
  return Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
}

async function turnOn() {
  if ((await Notification.requestPermission()) !== "granted") return;
  const { pushManager } = await navigator.serviceWorker.ready;
  const fresh = await pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: bytes(card.dataset.key),
  });
  const answer = await ask("POST", "push-subscriptions/", fresh.toJSON());
  if (!answer.ok) {
    await fresh.unsubscribe();
    throw new Error("refused");
  }
}

async function turnOff() {
  const old = await subscription();
  if (!old) return;
  await ask("DELETE", "push-subscriptions/", { endpoint: old.endpoint });
  await old.unsubscribe();
}

async function test() {
  const answer = await ask("POST", "push-subscriptions/test/");
  if (answer.status === 409) return nowhereToSend();
  if (!answer.ok) throw new Error("refused");
  say("asked");
  lateTest = setTimeout(() => say("lost"), PATIENCE);
}

// The address was ended meanwhile: here it looks as if messages were on.
async function nowhereToSend() {
  await (await subscription())?.unsubscribe();
  say("none");
}

function arrived({ data }) {
  if (data?.kind !== "message-shown" || lateTest === null) return;
  clearTimeout(lateTest);
  lateTest = null;
  say("arrived");
}

function onTap(id, act) {
  document.getElementById(id).addEventListener("click", async () => {
    say("");
    try {
      await act();
    } catch {
      say("failed");
    }
    await show();
  });
}

onTap("messages-on", turnOn);
onTap("messages-off", turnOff);
onTap("messages-test", test);
navigator.serviceWorker?.addEventListener("message", arrived);
show();
