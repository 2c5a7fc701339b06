// The care card that this phone writes by itself: for a check-in that could not be sent yet, and for
// the advice that stands while there is no network.

import { advise } from "./offline_advice.js";
import { answersOf } from "./answers.js";

const HOUR = 3_600_000;
const GRID = 2 ** 20;

// Only how much time has passed is the phone's; it may be set wrong. A clock that was put back tells
// nothing: then what depends on time counts as if it were so.
function elapsed({ kept_at: at, speed }) {
  const passed = Date.now() - at;
  return passed < 0 ? null : passed * speed;
}

export function nowOf(plan) {
  return new Date(Date.parse(plan.now) + (elapsed(plan) ?? 0)).toISOString();
}

export function hoursNow(plan) {
  const passed = elapsed(plan);
  if (plan.hours === null || passed === null) return null;
  // On the server's grid, so that a window of whole hours ends for both at the same moment.
  return Math.round((plan.hours + passed / HOUR) * GRID) / GRID;
}

function spoken(data, text) {
  return Object.entries(data.spoken).reduce((said, [number, read]) => said.replaceAll(number, read), text);
}

function paragraph(content) {
  const made = document.createElement("p");
  made.append(content);
  return made;
}

function call(data, { label, phone }, index) {
  const link = document.createElement("a");
  link.className = index ? "button plain" : "button";
  link.href = `tel:${phone}`;
  link.append(label);
  if (data.spoken[phone]) link.append(" ", numberOf(data.spoken[phone]));
  return paragraph(link);
}

function reason({ because }) {
  const made = document.createElement("li");
  made.textContent = because;
  return made;
}

function numberOf(digits) {
  const made = document.createElement("span");
  made.className = "number";
  made.textContent = digits;
  return made;
}

export const adviceOn = (data, fields) => advise(data, answersOf(fields, data.form), hoursNow(data));

export function show(card, data, told) {
  const asked = (told.questions ?? []).map(({ detail }) => detail);
  const lines = [...new Set([...asked, ...told.text.split("\n")])];
  const said = lines.filter((line) => line !== data.foot && line !== told.headline);
  card.className = `care care-${data.levels[told.tier]}`;
  card.querySelector("h2").textContent = told.headline;
  card.querySelector("[data-calls]").replaceChildren(...told.actions.map((each, index) => call(data, each, index)));
  card.querySelector("[data-lines]").replaceChildren(...said.map((line) => paragraph(spoken(data, line))));
  card.querySelector("ul").replaceChildren(...told.reasons.map(reason));
  card.hidden = false;
}
