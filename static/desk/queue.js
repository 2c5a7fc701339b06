// The queue keeps itself current: asks every few seconds while somebody looks at it.

import { keepCounting } from "./waiting.js";
import { merge } from "./merge.js";
import { beep } from "./beep.js";

const EVERY = 3000; // milliseconds from one answer to the next question: an alert shows within 6 s
const PATIENCE = 5000; // milliseconds

const queue = document.querySelector("#queue");
const freshness = document.querySelector("#queue-freshness");
const stale = document.querySelector("#queue-stale");
const news = document.querySelector("#queue-news");
const title = document.title.replace(/^(Emergency! )?(\(\d+\) )?/, "");
const source = `${queue.dataset.source}?clinic=${queue.dataset.clinic}`;
const clock = { offset: Date.parse(queue.dataset.now) - Date.now() };

let etag = queue.dataset.etag;
let emergencies = Number(queue.querySelector("#queue-rows").dataset.emergencies);
let answeredAt = Date.now();
let timer = 0;
let asking = false;

// A request that hands over a parsed document: no string here ever becomes markup.
function ask() {
  if (asking) return;
  asking = true;
  clearTimeout(timer);
  const request = new XMLHttpRequest();
  request.open("GET", source);
  request.responseType = "document";
  request.timeout = PATIENCE;
  request.setRequestHeader("If-None-Match", etag);
  request.addEventListener("load", () => answered(request));
  request.addEventListener("error", () => failed("Nothing was heard from the server."));
  request.addEventListener("timeout", () => failed("Nothing was heard from the server."));
  request.addEventListener("loadend", askLater);
  request.send();
}

function askLater() {
  asking = false;
  clearTimeout(timer);
  if (!document.hidden) timer = setTimeout(ask, EVERY);
}

function answered(request) {
  // Only an answer with rows is read: 304 and refusals have no document.
  const rows = request.status === 200 && request.response?.querySelector("#queue-rows");
  if (rows) {
    show(rows);
  } else if (request.status !== 304) {
    refused(request);
    return;
  }
  // A 304 may bring one, too: it says until when the server need not look at every row.
  etag = request.getResponseHeader("ETag");
  clock.offset = Date.parse(request.getResponseHeader("Desk-Time")) - Date.now();
  answeredAt = Date.now();
  stale.hidden = true;
  sayHowFresh();
}

function refused(request) {
  const { pathname } = new URL(request.responseURL);
  if (pathname.startsWith("/accounts/")) failed("You are signed out.", "Sign in again");
  else if (request.status === 409) failed("You work at another clinic now.", "Show its queue");
  else failed("The server could not answer.");
}

function show(rows) {
  const arrived = merge(queue, rows);
  const { open, emergencies: now } = queue.querySelector("#queue-rows").dataset;
  const urgent = Number(now) ? "Emergency! " : "";
  document.title = urgent + (Number(open) ? `(${open}) ` : "") + title;
  if (arrived.length) news.textContent = `New in the queue: ${arrived.join("; ")}`;
  if (Number(now) > emergencies && "sound" in queue.dataset) beep();
  emergencies = Number(now);
}

function failed(why, remedy = "") {
  stale.textContent = `${why} What you see is of ${atTheClinic(answeredAt)} and may be out of date. `;
  if (remedy) {
    const again = document.createElement("a");
    again.href = location.href;
    again.textContent = remedy;
    stale.append(again);
  }
  stale.hidden = false;
}

function sayHowFresh() {
  const seconds = Math.round((Date.now() - answeredAt) / 1000);
  freshness.textContent = seconds < 2 ? "Updated just now" : `Updated ${seconds} s ago`;
  const checked = queue.querySelector("[data-checked]");
  if (checked) checked.textContent = atTheClinic(answeredAt);
}

// The clinic's clock, not this computer's: what the page says elsewhere is on it, too.
function atTheClinic(moment) {
  const time = new Date(moment + clock.offset);
  return time.toLocaleTimeString("en-US", { timeZone: queue.dataset.zone });
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden) clearTimeout(timer);
  else ask();
});
document.addEventListener("keydown", (event) => {
  const form = event.key === "Escape" && event.target.closest?.("details.resolve[open]");
  if (!form) return;
  form.open = false;
  form.querySelector("summary").focus();
});
setInterval(sayHowFresh, 1000);
keepCounting(queue, clock);
askLater();
