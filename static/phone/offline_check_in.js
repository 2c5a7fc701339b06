// The check-in without network: the form that every phone keeps, asked as the stored plan says.

import { start } from "./check_in.js";
import { hoursNow, nowOf } from "./meanwhile.js";
import { waiting } from "./outbox.js";
import { names, read } from "./store.js";

const FIRST_HOURS = 24;
const form = document.querySelector("form.check-in");
const part = (id) => document.getElementById(id);

async function ask() {
  const [[owner] = []] = await names("plan").catch(() => []);
  const plan = owner && (await read(owner, "plan").catch(() => null));
  if (!plan?.may_log) return nobody();
  document.querySelector(".brand span").textContent = plan.clinic.name;
  const { elements } = form;
  elements.patient.value = owner;
  elements.check_in_id.value = crypto.randomUUID();
  for (const [name, value] of Object.entries(plan.start)) {
    for (const option of form.querySelectorAll(`[name=${name}]`)) option.checked = option.value === value;
  }
  if (plan.glucose) part("id_glucose").closest("details").open = true;
  await offerTheSame(owner, plan);
  const hours = hoursNow(plan);
  if (hours !== null && hours > FIRST_HOURS) {
    part("id_other").before(part("id_feeling"));
    part("id_first_hours").closest("section").remove();
  }
  form.hidden = false;
  start(plan);
}

// What waits to be sent was told later than what the plan knows.
async function offerTheSame(owner, plan) {
  const { same, same_until: until } = plan;
  if (!same || Date.parse(until) <= Date.parse(nowOf(plan)) || (await waiting(owner)).length) return;
  part("same").querySelector("a").dataset.boxes = same;
  part("same").hidden = false;
}

// Nobody is signed in here, or somebody who may only read. The screen for emergencies needs nobody.
function nobody() {
  part("no-network").hidden = true;
  form.hidden = false;
  form.querySelector(".send").remove();
  for (const section of form.querySelectorAll("section:not(.alarm), details")) section.remove();
}

ask();
