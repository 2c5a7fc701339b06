// The form works without this. It adds: "none of these" clears the rest, and a form that could not
// be sent stays filled in, is advised on by the phone itself, and is tried again.

import { adviseMeanwhile } from "./meanwhile.js";

const RETRY_AFTER = 10_000; // ms
const form = document.querySelector("form.check-in");
const button = form.querySelector("button[type=submit]");
const unsent = document.getElementById("unsent");
const words = button.textContent;
let waiting = null;

function untick(boxes) {
  for (const box of boxes) box.checked = false;
}

for (const group of form.querySelectorAll("[data-ticks]")) {
  group.addEventListener("change", ({ target }) => {
    const boxes = [...group.querySelectorAll("input[type=checkbox]")];
    if (!target.checked) return;
    untick(boxes.filter((box) => (box.value === "none") !== (target.value === "none")));
  });
}

// What is hidden again must not be sent.
const siteAnswers = [...document.querySelectorAll("#site-more input")];
for (const look of form.querySelectorAll("[name=site_look]")) {
  look.addEventListener("change", () => look.value === "normal" && untick(siteAnswers));
}

document.getElementById("problems")?.focus();

async function send() {
  clearTimeout(waiting);
  waiting = null;
  button.disabled = true;
  button.textContent = button.dataset.sending;
  try {
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
    if (answer.redirected) return location.assign(answer.url);
    if (answer.status < 500) return form.submit(); // refused: let the browser show why
  } catch {
    // No network: said below.
  }
  unsent.hidden = false;
  button.disabled = false;
  button.textContent = words;
  waiting = setTimeout(send, RETRY_AFTER);
  adviseMeanwhile(form);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  send();
});
window.addEventListener("online", () => waiting && send());
window.addEventListener("pageshow", () => {
  button.disabled = false;
  button.textContent = words;
});
