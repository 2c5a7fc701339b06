// Signing out asks first when something waits to be sent, and leaves nothing of the patient here.

import { flush } from "./outbox.js";
import { forget, names } from "./store.js";

const form = document.getElementById("sign-out");
const part = (id) => document.getElementById(id);
const show = (id, visible) => { part(id).hidden = !visible; };

// Of anybody: also of somebody who was signed in here before.
const unsent = async () => (await names("entry/").catch(() => [])).length;

async function ask() {
  const count = await unsent();
  part("unsent-count").textContent = count;
  show("unsent-first", count > 0);
  show("sign-out", count === 0);
  if (count) part("unsent-first").focus();
}

async function sendFirst() {
  const { state } = await flush(document.body.dataset.patient, document.body.dataset.csrf);
  show("sign-out-unsent", state !== "sent");
  await ask();
}

// The server first: a phone that could not tell it would look signed out, and be signed in.
async function signOut() {
  show("sign-out-unsent", false);
  try {
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), redirect: "manual" });
    if (answer.type !== "opaqueredirect") return form.submit();
  } catch {
    return show("sign-out-unsent", true);
  }
  await forget().catch(() => {});
  const worker = await navigator.serviceWorker?.getRegistration().catch(() => null);
  await worker?.unregister();
  location.replace("/join/");
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  signOut();
});
part("send-first").addEventListener("click", sendFirst);
part("lose-them").addEventListener("click", signOut);
ask();
