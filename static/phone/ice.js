// The countdown. The server says what time it is and when the ice comes off; the phone's clock is
// only used to see how much time has passed since, so it may be set wrong. Ice that starts without
// network is saved on this phone and counted down here.

import { askForSync, discard, flush, save, waiting } from "./outbox.js";

const SECOND = 1000;
const STILL_ON_PERHAPS = 5 * 60 * SECOND;
const part = (name) => document.querySelector(`[data-${name}]`);
const timer = part("timer");
const form = document.querySelector("[data-panel=ready] form");
const owner = timer && (document.body.dataset.patient || timer.dataset.owner);

function clock() {
  const { now, speed } = timer.dataset;
  const [server, loaded] = [Date.parse(now), Date.now()];
  return () => server + (Date.now() - loaded) * Number(speed);
}

function times() {
  const { on, off, again } = timer.dataset;
  return { on: Date.parse(on), off: Date.parse(off), again: Date.parse(again) };
}

function stateAt(now, { off, again }) {
  if (now < off) return "on";
  return now < again ? "rest" : "ready";
}

function inMinutes(ms) {
  const seconds = Math.ceil(ms / SECOND);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

function draw(state, now, { on, off, again }) {
  const [from, until] = state === "on" ? [on, off] : [off, again];
  part("left").textContent = inMinutes(until - now);
  timer.querySelector(".ring-left").setAttribute("stroke-dashoffset", (100 * (now - from)) / (until - from));
}

function enter(state, now, { off }) {
  const before = timer.dataset.state;
  if (state === "ready" && before !== "ready") return location.reload(); // a fresh form, a fresh id
  timer.dataset.state = state;
  for (const panel of document.querySelectorAll("[data-panel]")) {
    panel.hidden = panel.dataset.panel !== state;
  }
  part("here").hidden = !(timer.dataset.local && state === "on");
  if (!part("here").hidden) document.querySelector("div[data-panel=on]").hidden = true;
  if (before === "on" && state === "rest") timeIsUp();
}

function timeIsUp() {
  part("up").hidden = false;
  part("told").textContent = part("told").dataset.upWords;
  navigator.vibrate?.([300, 200, 300, 200, 300]);
}

async function stayAwake() {
  try {
    await navigator.wakeLock?.request("screen");
  } catch {
    // The phone saves power; the message still comes.
  }
}

function run() {
  const nowIs = clock();
  const at = times();
  const tick = () => {
    const now = nowIs();
    const state = stateAt(now, at);
    if (state !== timer.dataset.state) enter(state, now, at);
    if (state === "ready") return;
    if (now - at.off > STILL_ON_PERHAPS) part("up").hidden = true;
    draw(state, now, at);
    setTimeout(tick, SECOND / 4);
  };
  tick();
  if (timer.dataset.state === "on") stayAwake();
}

// --- without network ------------------------------------------------------------------------------

async function begin(event) {
  event.preventDefault();
  const id = form.elements.session_id.value;
  const entry = { id, path: `/api/v1/ice-sessions/${id}/`, body: { started_at: new Date(clock()()).toISOString() } };
  try {
    await save(owner, entry);
  } catch {
    return form.submit();
  }
  const { sent } = await flush(owner, document.body.dataset.csrf);
  if (id in sent) return location.assign("/ice/");
  const mine = (await waiting(owner)).find((each) => each.id === id);
  if (mine?.trouble) return letTheServerSayWhy(id);
  countHere(entry);
  askForSync();
}

async function letTheServerSayWhy(id) {
  await discard(owner, id);
  if (form.elements.csrfmiddlewaretoken) form.submit();
  else location.reload();
}

// The skin rests for as long as the ice was on.
function countHere({ body: { started_at: on } }) {
  const length = Number(timer.dataset.minutes) * 60 * SECOND;
  const after = (lengths) => new Date(Date.parse(on) + lengths * length).toISOString();
  Object.assign(timer.dataset, { on, off: after(1), again: after(2), local: "yes" });
  if (clock()() < Date.parse(timer.dataset.again)) run();
}

async function countWhatWaits() {
  const ice = (await waiting(owner)).filter(({ path, trouble }) => path.includes("/ice-sessions/") && !trouble);
  if (ice.length) countHere(ice.at(-1));
}

if (timer?.dataset.state === "ready" && form && owner) {
  form.addEventListener("submit", begin);
  countWhatWaits().catch(() => {});
}
if (timer && timer.dataset.state !== "ready") {
  run();
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && timer.dataset.state === "on") stayAwake();
  });
  window.addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
}
