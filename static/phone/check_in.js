// The form works without this. It adds: "none of these" clears the rest; what is filled in is kept on
// this phone at every tap; and what cannot be sent is saved here, advised on, and sent later.

import { answersOf } from "./answers.js";
import { dropDraft, keepDraft, keepDrafts, replaced } from "./draft.js";
import { adviceOn, nowOf, show } from "./meanwhile.js";
import { askForSync, discard, flush, noteAdvice, save, send, waiting } from "./outbox.js";

const RETRY_AFTER = 10_000; // ms, then twice as long each time
const LONGEST_WAIT = 300_000; // ms

const form = document.querySelector("form.check-in");
const button = form.querySelector("button[type=submit]");
const part = (id) => document.getElementById(id);
const [unsent, saved, signedOut] = ["unsent", "saved", "signed-out"].map(part);
const words = button.textContent;
const field = form.elements;

let plan = null;
let owner = "";
let entry = null; // what was pressed "send" on, as it was then
let timer = null;
let tries = 0;

export function start(itsPlan) {
  plan = itsPlan;
  owner = field.patient.value;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    press();
  });
  window.addEventListener("online", again);
  document.addEventListener("visibilitychange", () => document.hidden || again());
  if (!part("problems")) keepDrafts(owner, form);
}

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
  for (const name of ["csrfmiddlewaretoken", "check_in_id"]) fields.delete(name);
  return fields;
}

const isStill = (fields) => JSON.stringify(entry?.fields) === JSON.stringify([...fields]);

// Pressed again without a change it is the same; changed, it corrects what may have arrived already.
function entryOf(fields) {
  if (isStill(fields)) return entry;
  const before = entry;
  if (before) field.check_in_id.value = crypto.randomUUID();
  const [id, pairs] = [field.check_in_id.value, [...fields]];
  if (field.corrects.value) return { id, fields: pairs, path: "/check-in/", form: [["check_in_id", id], ...pairs] };
  const observed = before?.body.observed_at ?? nowOf(plan);
  const body = { observed_at: observed, ...answersOf(fields, plan.form), ...(before && { corrects: before.id }) };
  return { id, fields: pairs, path: `/api/v1/check-ins/${id}/`, body };
}

function press() {
  tries = 0;
  entry = entryOf(filledIn());
  return deliver();
}

async function deliver() {
  clearTimeout(timer);
  button.disabled = true;
  button.textContent = button.dataset.sending;
  const token = document.body.dataset.csrf;
  const told = await throughTheStore(token).catch(() => directly(token));
  free();
  await act(told);
}

// Saved first, so that it is not lost with the page; again each time, should it have been wiped.
async function throughTheStore(token) {
  await save(owner, entry);
  await dropDraft(owner);
  if (replaced() && replaced() !== entry.id) await discard(owner, replaced());
  const { state, sent } = await flush(owner, token);
  if (entry.id in sent) return { state: "sent", card: sent[entry.id] };
  if (["signed-out", "other"].includes(state)) return { state };
  const mine = (await waiting(owner)).find(({ id }) => id === entry.id);
  // Sent by another tab or the worker, or wiped: asked for once more, the server says which.
  if (!mine && state === "sent") return directly(token);
  return { state: mine?.trouble ? "trouble" : state, stored: true };
}

// Old browsers, and pages that are not secure, have no store: then this page must stay open.
const directly = (token) => send(owner, entry, token).catch(() => ({ state: "unsent" }));

async function act({ state, card, stored }) {
  unsent.hidden = saved.hidden = signedOut.hidden = true;
  if (state === "sent") return arrive(card);
  if (state === "trouble") return letTheServerSayWhy();
  if (state !== "unsent") return lockedOut(state);
  (stored ? saved : unsent).hidden = false;
  timer = setTimeout(deliver, Math.min(RETRY_AFTER * 2 ** tries, LONGEST_WAIT));
  if (tries++ === 0) meanwhile();
  if (stored) askForSync();
}

function again() {
  if (saved.hidden && unsent.hidden) return;
  tries = 1;
  deliver();
}

function meanwhile() {
  if (!plan.rules) return;
  const fields = new FormData();
  for (const [name, value] of entry.fields) fields.append(name, value);
  const told = adviceOn(plan, fields);
  const card = part("meanwhile");
  const first = card.hidden;
  show(card, plan, told);
  if (first) card.focus();
  noteAdvice(owner, told, entry.body?.observed_at ?? nowOf(plan)).catch(() => {});
}

// Whoever comes back here finds the form as it was sent, and corrects that.
async function arrive(card) {
  const change = `${card}change/`;
  if (!isStill(filledIn())) {
    await keepDraft(owner, form, { corrects: entry.id }).catch(() => {});
    return location.assign(change);
  }
  history.replaceState(null, "", change);
  location.assign(card);
}

// What cannot be right is shown by the server's own page; until then it is kept as a draft.
async function letTheServerSayWhy() {
  await keepDraft(owner, form).catch(() => {});
  await discard(owner, entry.id).catch(() => {});
  entry = null;
  if (field.csrfmiddlewaretoken) form.submit();
  else location.reload(); // the page without network cannot send; the real one can
}

function free() {
  button.disabled = false;
  button.textContent = words;
}

// The session ended while the form was open: what was typed stays, even if nothing more can load.
async function lockedOut(state) {
  meanwhile();
  signedOut.hidden = false;
  signedOut.focus();
  await import("./signed_out.js").then(({ askToSignIn }) => askToSignIn(owner, state), () => {});
}

// What was told last time is ticked, to be looked at and sent again; what was told now stays.
part("same")?.addEventListener("click", (event) => {
  const { boxes } = event.target.dataset;
  if (!boxes) return;
  event.preventDefault();
  const now = new Set([...form.querySelectorAll(":checked")].map(({ name }) => name));
  for (const box of form.querySelectorAll(boxes)) {
    if (!now.has(box.name)) box.click();
    box.closest("details")?.setAttribute("open", "");
  }
});

// Leaving would lose what is only on this page, so the browser asks; but never before a call.
let calls = false;
document.addEventListener("click", ({ target }) => { calls = target.closest("[href^='tel:']") !== null; });
window.addEventListener("beforeunload", (event) => {
  if (!calls && (!unsent.hidden || !signedOut.hidden)) event.preventDefault();
});

const given = part("offline-data");
if (given) start({ ...JSON.parse(given.textContent), kept_at: Date.now() });
