// The care card of a check-in that could not be sent yet: what this phone itself can say to it.

import { advise } from "./offline_advice.js";
import { answersOf } from "./answers.js";

const HOUR = 3_600_000;
const GRID = 2 ** 20;
const kept = document.getElementById("offline-data");
const data = kept && JSON.parse(kept.textContent);
const card = document.getElementById("meanwhile");
const loaded = Date.now();

// Only how much time has passed is the phone's; it may be set wrong.
function hoursNow() {
  if (data.hours === null) return null;
  // On the server's grid, so that a window of whole hours ends for both at the same moment.
  return Math.round((data.hours + ((Date.now() - loaded) * data.speed) / HOUR) * GRID) / GRID;
}

function spoken(text) {
  return Object.entries(data.spoken).reduce((said, [number, read]) => said.replaceAll(number, read), text);
}

function paragraph(content) {
  const made = document.createElement("p");
  made.append(content);
  return made;
}

function call({ label, phone }, index) {
  const link = document.createElement("a");
  link.className = index ? "button plain" : "button";
  link.href = `tel:${phone}`;
  link.append(label);
  if (data.spoken[phone]) link.append(" ", numberOf(phone));
  return paragraph(link);
}

function reason({ because }) {
  const made = document.createElement("li");
  made.textContent = because;
  return made;
}

function numberOf(phone) {
  const made = document.createElement("span");
  made.className = "number";
  made.textContent = data.spoken[phone];
  return made;
}

export function adviseMeanwhile(fields) {
  if (!data) return;
  const told = advise(data, answersOf(fields, data.form), hoursNow());
  const asked = told.questions.map(({ detail }) => detail);
  const lines = [...new Set([...asked, ...told.text.split("\n")])];
  const said = lines.filter((line) => line !== data.foot && line !== told.headline);
  card.className = `care care-${data.levels[told.tier]}`;
  card.querySelector("h2").textContent = told.headline;
  card.querySelector("[data-calls]").replaceChildren(...told.actions.map(call));
  card.querySelector("[data-lines]").replaceChildren(...said.map((line) => paragraph(spoken(line))));
  card.querySelector("ul").replaceChildren(...told.reasons.map(reason));
  const first = card.hidden;
  card.hidden = false;
  if (first) card.focus();
}
