// Single keys on the queue. The row that one works on is the one that holds the focus.

import { remember, recall } from "./place.js";

const queue = document.querySelector("#queue");
const help = document.querySelector("#keys");
const button = document.querySelector("#keys-button");
const TYPING = "input:not([type=checkbox]), select, textarea, dialog";

const acts = {
  j: () => step(1),
  k: () => step(-1),
  a: (row) => row?.querySelector("button.take")?.click(),
  c: (row) => row?.querySelector("a.call")?.focus(),
  r: (row) => open(row?.querySelector("details.resolve")),
  "/": () => document.querySelector("#find").focus(),
  "?": () => help.showModal(),
};

function pressed(event) {
  const meant = event.ctrlKey || event.metaKey || event.altKey || event.isComposing;
  if (meant || event.defaultPrevented || event.target.closest(TYPING)) return;
  const act = acts[event.key];
  if (!act) return;
  event.preventDefault();
  act(rowOf(document.activeElement));
}

function step(by) {
  const rows = [...queue.querySelectorAll("tbody tr")];
  const at = rows.indexOf(rowOf(document.activeElement));
  const next = at < 0 ? rows[by > 0 ? 0 : rows.length - 1] : rows[at + by];
  if (next) enter(next);
}

function enter(row) {
  // What Enter opens: the alert, else the patient.
  const first = row.querySelector("a.sign") ?? row.querySelector("a.patient");
  first.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

function open(form) {
  if (!form) return;
  form.open = true;
  form.querySelector("select, textarea").focus();
}

function rowOf(element) {
  return queue.contains(element) ? element.closest("tbody tr") : null;
}

// After a page of its own for every act: back to the same row, or to the one in its place.
function goOn() {
  const place = recall();
  if (!place || document.activeElement !== document.body) return;
  const rows = [...queue.querySelectorAll("tbody tr")];
  const row = rows.find((each) => each.id === place.row) ?? rows[Math.min(place.at, rows.length - 1)];
  if (row) enter(row);
}

document.addEventListener("focusin", (event) => {
  const row = rowOf(event.target);
  if (row) remember(row, [...queue.querySelectorAll("tbody tr")].indexOf(row));
});
if ("keys" in queue.dataset) document.addEventListener("keydown", pressed);
button.hidden = false;
button.addEventListener("click", () => help.showModal());
document.querySelector("#filters").addEventListener("change", (event) => {
  event.currentTarget.requestSubmit();
});
goOn();
