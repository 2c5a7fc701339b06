// One score by one tap. Without network it is saved on this phone, which says what to do and sends it later.

import { askForSync, flush, noteAdvice, save } from "./outbox.js";
import { read } from "./store.js";

const form = document.getElementById("one-tap");
const line = document.getElementById("one-tap-told");
const owner = form.elements.patient.value;
const loaded = Date.now();
let told = false;
let unable = false;
const isNow = form.elements.which.value === "diary";
// Asked for at once: a tap must not wait for it.
const judge = isNow && import("./meanwhile.js");
if (judge) judge.catch(() => {});

// The server says when it was so; the phone's clock only says how much time has passed since.
function observedAt() {
  const { at, speed } = form.dataset;
  return new Date(Date.parse(at) + (Date.now() - loaded) * Number(speed)).toISOString();
}

async function tell(usual) {
  const id = form.elements.check_in_id.value;
  const body = { observed_at: observedAt(), pain: { usual: Number(usual) } };
  await save(owner, { id, path: `/api/v1/check-ins/${id}/`, body, baseline: !isNow });
  // Before it is sent: who closes the page meanwhile finds it, and the server has the last word.
  if (isNow) await adviseMeanwhile(usual, body.observed_at).catch(() => {});
  const { sent } = await flush(owner, document.body.dataset.csrf);
  if (id in sent) return location.assign(isNow ? sent[id] : "/");
  askForSync();
  location.assign("/");
}

async function adviseMeanwhile(usual, at) {
  const plan = await read(owner, "plan");
  const { adviceOn } = await judge;
  const fields = new FormData();
  fields.append("usual", usual);
  if (plan?.rules) await noteAdvice(owner, adviceOn(plan, fields), at);
}

form.addEventListener("submit", (event) => {
  const score = event.submitter?.value;
  if (!score || unable) return; // the browser sends the form itself
  event.preventDefault();
  if (told) return;
  told = true;
  say(event.submitter);
  tell(score).catch(() => bySending(score));
});

function say(button) {
  button.setAttribute("aria-pressed", "true");
  line.textContent = line.dataset.sending;
}

// Old browsers, and pages that are not secure, have no store.
function bySending(score) {
  unable = true;
  form.querySelector(`[value="${score}"]`).click();
}
