// Signing out asks first when something waits to be sent, and leaves nothing of the patient here.

import { flush } from "./outbox.js";
import { forget, names } from "./store.js";

const form = document.getElementById("sign-out");
const part = (id) => document.getElementById(id);
const show = (id, visible) => { part(id).hidden = !visible; };

const PATIENCE = 2000; // ms
const silence = () => new Promise((_, giveUp) => { setTimeout(giveUp, PATIENCE); });

// Of anybody: also of somebody who was signed in here before. Null is not none: the store says nothing.
async function unsent() {
  const found = await Promise.race([names("entry/", silence), silence()]).catch(() => null);
  return found && found.length;
}

async function ask() {
  const count = await unsent();
  part("unsent-count").textContent = count;
  show("unsent-known", count !== null);
  show("unsent-unknown", count === null);
  show("unsent-first", count !== 0);
  show("sign-out", count === 0);
  if (count !== 0) part("unsent-first").focus();
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
  await Promise.race([forget(), silence()]).catch(() => {});
  const worker = await navigator.serviceWorker?.getRegistration().catch(() => null);
  await worker?.unregister();
  location.replace("/join/?out"); // this page has said what is lost
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  await asked;
  if (!form.hidden) signOut();
});
part("send-first").addEventListener("click", sendFirst);
part("lose-them").addEventListener("click", signOut);
const asked = ask();
