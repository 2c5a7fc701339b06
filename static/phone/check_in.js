// The form works without this. It adds: "none of these" clears the rest, and a form that could not
// be sent stays filled in, is advised on by the phone itself, and is tried again.

import { ask } from "./api.js";
import { adviseMeanwhile } from "./meanwhile.js";

const RETRY_AFTER = 10_000; // ms
const form = document.querySelector("form.check-in");
const button = form.querySelector("button[type=submit]");
const part = (id) => document.getElementById(id);
const [unsent, signedOut, signedIn, code] = ["unsent", "signed-out", "signed-in", "code-again"].map(part);
const words = button.textContent;
let waiting = null;

for (const group of form.querySelectorAll("[data-ticks]")) {
  group.addEventListener("change", ({ target }) => {
    if (!target.checked) return;
    for (const box of group.querySelectorAll("input")) {
      if ((box.value === "none") !== (target.value === "none")) box.checked = false;
    }
  });
}

part("problems")?.focus();

// What is hidden is not sent; it is still there if it is shown again.
function filledIn() {
  const fields = new FormData(form);
  for (const box of form.querySelectorAll(".reveal input")) if (!box.offsetParent) fields.delete(box.name);
  return fields;
}

function free() {
  button.disabled = false;
  button.textContent = words;
}

async function send() {
  clearTimeout(waiting);
  waiting = null;
  button.disabled = true;
  button.textContent = button.dataset.sending;
  const fields = filledIn();
  try {
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(fields) });
    const { pathname } = new URL(answer.url);
    if (answer.status === 422) return leave(() => form.submit()); // let the browser show why
    if (answer.status === 403 || pathname === "/join/") return await whoIsIn();
    if (answer.redirected) return leave(() => arrive(pathname));
  } catch {
    // No network: said below.
  }
  unsent.hidden = false;
  free();
  waiting = setTimeout(send, RETRY_AFTER);
  adviseMeanwhile(fields);
}

function leave(go) {
  unsent.hidden = signedOut.hidden = true;
  go();
}

// Whoever comes back here finds the form as it was sent, and corrects that.
function arrive(careCard) {
  history.replaceState(null, "", `${careCard}change/`);
  location.assign(careCard);
}

// --- the session ended while the form was open: what was typed stays ------------------------------

async function whoIsIn() {
  free();
  unsent.hidden = true;
  const { ok, body } = await ask("GET", "session/");
  if (isSame(body)) return welcomeBack(body);
  tell(ok ? "other" : "");
  adviseMeanwhile(filledIn());
  signedOut.focus();
}

const isSame = (who) => who?.name === signedOut.dataset.name;

function welcomeBack({ csrf_token: token }) {
  document.body.dataset.csrf = form.elements.csrfmiddlewaretoken.value = token;
  signedOut.hidden = true;
  signedIn.hidden = false;
  signedIn.focus();
}

function tell(why) {
  signedOut.hidden = false;
  for (const line of signedOut.querySelectorAll("[data-why]")) line.hidden = line.dataset.why !== why;
}

async function signIn() {
  try {
    const { ok, status, body } = await ask("POST", "session/", { code: code.value });
    if (isSame(body)) return welcomeBack(body);
    tell(ok ? "other" : status < 500 ? "refused" : "unsent");
  } catch {
    tell("unsent");
  }
}

signedOut.querySelector("button").addEventListener("click", signIn);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (document.activeElement === code) signIn();
  else send();
});
window.addEventListener("online", () => waiting && send());
window.addEventListener("pageshow", free);
// Leaving would lose what is not sent, so the browser asks; but never before a call.
let calls = false;
document.addEventListener("click", ({ target }) => { calls = target.closest("[href^='tel:']") !== null; });
window.addEventListener("beforeunload", (event) => {
  if (!calls && (!unsent.hidden || !signedOut.hidden)) event.preventDefault();
});
