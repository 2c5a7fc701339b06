// Shown in place of a page that could not be fetched: today, as this phone knows it. It tries that
// page again, by hand or by itself.

import { nowOf, show } from "./meanwhile.js";
import { hour, waiting } from "./outbox.js";
import { showOutbox } from "./outbox_card.js";
import { names, read } from "./store.js";

const RETRY_AFTER = 3000; // ms; "online" alone often comes before the network really answers
const DAY = 86_400_000; // ms
const FOLLOWED_DAYS = 14;
const part = (id) => document.getElementById(id);

async function again() {
  try {
    // This very page: the server may live while its database is away.
    const { status } = await fetch(location.href, { method: "HEAD", cache: "no-store" });
    if (status < 500) location.reload();
  } catch {
    // Still away.
  }
}

async function today() {
  const [[owner] = []] = await names("plan");
  const plan = owner && (await read(owner, "plan"));
  if (!plan) return;
  const left = await waiting(owner);
  showDay(plan);
  if (plan.may_log) showDue(plan);
  if (plan.advice) showAdvice(plan);
  showKnown(plan);
  showClinic(plan);
  showOutbox(owner, "unsent", false, left);
  if (plan.ice && plan.may_log) await showIce(owner, plan);
}

// Days of the patient's own calendar, wherever this phone is.
const dayOf = (moment, { timezone }) => new Date(moment).toLocaleDateString("en-CA", { timeZone: timezone });

function dayNumber(plan) {
  return plan.day_zero && (Date.parse(dayOf(nowOf(plan), plan)) - Date.parse(plan.day_zero)) / DAY;
}

function showDay(plan) {
  document.querySelector(".brand span").textContent = plan.clinic.name;
  part("as-of").querySelector("time").textContent = when(plan.now, plan);
  part("as-of").hidden = false;
  const day = dayNumber(plan);
  if (day === null || day < 0 || location.pathname !== "/") return;
  part("title").textContent = part("title").dataset.day.replace("%n", day);
}

function showDue(plan) {
  const today = dayOf(nowOf(plan), plan);
  const told = plan.advised_at && dayOf(plan.advised_at, plan) === today;
  const due = dayOf(plan.now, plan) === today ? plan.due : !told && (dayNumber(plan) ?? 0) <= FOLLOWED_DAYS;
  const title = part("due-title");
  title.textContent = title.dataset[due ? "due" : told ? "told" : "nothing"];
  part("due").hidden = false;
}

function showAdvice(plan) {
  const card = part("stands");
  card.querySelector("time").textContent = when(plan.advised_at, plan);
  show(card, plan, plan.advice);
}

// What is on is counted down; what is not can be started.
async function showIce(owner, plan) {
  const timer = document.querySelector("[data-timer]");
  const now = nowOf(plan);
  const runs = Date.parse(plan.ice.again) > Date.parse(now);
  Object.assign(timer.dataset, { owner, now, speed: plan.speed, ...(runs && { ...plan.ice, state: "kept", local: "yes" }) });
  document.querySelector("[name=session_id]").value = crypto.randomUUID();
  await import("./ice.js");
  part("ice").hidden = false;
}

function showKnown({ alerts, nobody_has_seen: nobody }) {
  const lines = alerts.map(({ name, said }) => `${name}: ${said}`);
  if (nobody) lines.push(nobody);
  part("known").querySelector("ul").replaceChildren(...lines.map(item));
  part("known").hidden = !lines.length;
}

function item(words) {
  const made = document.createElement("li");
  made.textContent = words;
  return made;
}

function showClinic({ clinic, spoken }) {
  part("clinic-name").textContent = clinic.name;
  for (const link of part("clinic").querySelectorAll("a")) {
    const number = clinic[link.dataset.phone];
    link.href = `tel:${number}`;
    link.querySelector("span").textContent = spoken[number] ?? "";
    link.hidden = !number;
  }
  part("clinic").querySelector(".quiet").textContent = clinic.hours;
  part("clinic").hidden = false;
}

// By the patient's own clock, as everything that the clinic said.
function when(moment, { timezone: timeZone }) {
  const how = { weekday: "long", day: "numeric", month: "long", timeZone };
  return `${new Date(moment).toLocaleDateString(document.documentElement.lang, how)}, ${hour(moment, timeZone)}`;
}

today().catch(() => {}); // without a store this page still says whom to call
part("again").addEventListener("click", () => location.reload());
window.addEventListener("online", again);
setInterval(() => document.hidden || again(), RETRY_AFTER);
