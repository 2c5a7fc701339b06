// What waits to be sent. Each entry keeps the id it was born with, so that sending it again never
// makes two of it. One sends at a time on this phone, whichever tab or worker asks.

import { drop, keep, names, read, readAll } from "./store.js";

const TRY_AGAIN = [408, 425, 429];
const CARE_CARD = /^\/check-in\/[\da-f-]{36}\/$/;

const alone = (act) => (navigator.locks ? navigator.locks.request("afterblock-outbox", act) : act());

export async function waiting(owner) {
  return (await readAll(owner, "entry/")).sort((one, other) => one.at - other.at);
}

// In the order in which they were saved, even if the clock is put back meanwhile.
export async function save(owner, entry) {
  const last = (await waiting(owner)).at(-1);
  const at = Math.max(Date.now(), (last?.at ?? 0) + 1);
  await keep(owner, `entry/${entry.id}`, { at, ...entry });
  navigator.storage?.persist?.();
}

// A bonus where it exists: the worker sends when the network is back, with no page open.
export async function askForSync() {
  const registration = await navigator.serviceWorker?.ready;
  await registration?.sync?.register("outbox").catch(() => {});
}

// As the pages of the server write it, in either language: 9:14 AM.
export const hour = (moment, timeZone) => new Date(moment).toLocaleTimeString("en-US", { timeStyle: "short", timeZone });

export const discard = (owner, id) => drop(owner, `entry/${id}`);

// How it went, and the care cards of what the server confirmed just now, by id. "sent" when nothing is
// left that could be sent; else "unsent", "signed-out", or "other": somebody else is signed in.
export async function flush(owner, token) {
  const sent = {};
  const state = await alone(() => sendAll(owner, token, sent)).catch(() => "unsent");
  return { state, sent };
}

export async function flushAll() {
  const owners = new Set((await names("entry/")).map(([owner]) => owner));
  const states = [];
  for (const owner of owners) states.push((await flush(owner)).state);
  return states;
}

// One that the server cannot take now keeps back only what corrects it.
async function sendAll(owner, token, sent) {
  const held = new Set();
  for (const entry of await waiting(owner)) {
    if (entry.trouble) continue;
    if (held.has(entry.body?.corrects)) held.add(entry.id);
    if (held.has(entry.id)) continue;
    const told = await send(owner, entry, token);
    ({ token } = told);
    if (["signed-out", "other"].includes(told.state)) return told.state;
    if (told.state === "unsent") held.add(entry.id);
    else await settle(owner, entry, told, sent);
  }
  return held.size ? "unsent" : "sent";
}

async function settle(owner, entry, told, sent) {
  if (told.state === "trouble") return keep(owner, `entry/${entry.id}`, { ...entry, trouble: told.why });
  if (told.advice && !entry.baseline) await noteAdvice(owner, told.advice, entry.body.observed_at);
  await discard(owner, entry.id);
  sent[entry.id] = told.card;
}

// What stands is what was said of the latest moment, by the server or by this phone.
export async function noteAdvice(owner, advice, advised_at) {
  const plan = await read(owner, "plan");
  if (!plan || Date.parse(plan.advised_at) > Date.parse(advised_at)) return;
  await keep(owner, "plan", { ...plan, advice, advised_at, due: false, same: "" });
}

// A token belongs to whoever is signed in: nobody else's answers can travel under it.
export async function send(owner, entry, token) {
  const answer = token && (await put(entry, token));
  if (answer && answer.status !== 403) return { token, ...(await meaningOf(entry, answer)) };
  const session = await fetch("/api/v1/session/", { cache: "no-store" });
  if (session.status === 401) return { state: "signed-out" };
  // A server that fails does not know who is signed in.
  const { kind, patient, csrf_token: fresh } = session.ok ? await session.json() : {};
  if (!fresh) return { state: "unsent", token };
  if (patient !== owner) return { state: "other" };
  const last = await put(entry, fresh);
  // The patient may have taken a caregiver's right away: that does not pass by itself.
  const passes = last.status === 403 && !(kind === "caregiver" && last.headers.has("X-Afterblock-Instance"));
  return { token: fresh, ...(passes ? { state: "unsent" } : await meaningOf(entry, last)) };
}

// A correction is a form: the server adds to it what the form cannot say.
function put({ path, body, form }, token) {
  return fetch(path, {
    method: form ? "POST" : "PUT",
    headers: { "X-CSRFToken": token, ...(form ? {} : { "Content-Type": "application/json" }) },
    body: form ? new URLSearchParams(form) : JSON.stringify(body),
  });
}

async function meaningOf({ id, form }, answer) {
  const { pathname } = new URL(answer.url);
  if (answer.status === 401 || pathname === "/join/") return { state: "signed-out" };
  if (answer.ok && form) return { state: CARE_CARD.test(pathname) ? "sent" : "unsent", card: pathname };
  // A hotel's sign-in page says "200" too: only an answer with this id says that it is stored.
  const said = await answer.json().catch(() => ({}));
  if (answer.ok) return { state: said.id === id ? "sent" : "unsent", advice: said.advice, card: `/check-in/${id}/` };
  if (answer.status >= 500 || answer.status < 400 || TRY_AGAIN.includes(answer.status)) return { state: "unsent" };
  const why = (said.errors ?? []).map(({ detail }) => detail);
  return { state: "trouble", why: { status: answer.status, why } };
}
