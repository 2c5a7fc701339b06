// The queue keeps itself current: asks every few seconds while somebody looks at it.

import { keepCounting } from "./waiting.js";
import { merge } from "./merge.js";

const EVERY = 3000; // milliseconds from one answer to the next question: an alert shows within 6 s
const PATIENCE = 5000; // milliseconds

const queue = document.querySelector("#queue");
const freshness = document.querySelector("#queue-freshness");
const stale = document.querySelector("#queue-stale");
const news = document.querySelector("#queue-news");
const title = document.title.replace(/^\(\d+\) /, "");
const clock = { offset: Date.parse(queue.dataset.now) - Date.now() };

let etag = queue.dataset.etag;
let answeredAt = Date.now();
let timer = 0;
let asking = false;

// A request that hands over a parsed document: no string here ever becomes markup.
function ask() {
  if (asking) return;
  asking = true;
  clearTimeout(timer);
  const request = new XMLHttpRequest();
  request.open("GET", queue.dataset.source);
  request.responseType = "document";
  request.timeout = PATIENCE;
  request.setRequestHeader("If-None-Match", etag);
  request.addEventListener("load", () => answered(request));
  request.addEventListener("error", () => failed("The server does not answer."));
  request.addEventListener("timeout", () => failed("The server does not answer."));
  request.addEventListener("loadend", askLater);
  request.send();
}

function askLater() {
  asking = false;
  clearTimeout(timer);
  if (!document.hidden) timer = setTimeout(ask, EVERY);
}

function answered(request) {
  // An empty answer is not looked at: it would be parsed as broken XML.
  const rows = request.status === 200 && request.response?.querySelector("#queue-rows");
  if (rows) {
    etag = request.getResponseHeader("ETag");
    show(rows);
  } else if (request.status !== 304) {
    const signedOut = new URL(request.responseURL).pathname !== queue.dataset.source;
    failed(signedOut ? "You are signed out." : "The server could not answer.", signedOut);
    return;
  }
  clock.offset = Date.parse(request.getResponseHeader("Desk-Time")) - Date.now();
  answeredAt = Date.now();
  stale.hidden = true;
  sayHowFresh();
}

function show(rows) {
  const arrived = merge(queue, rows);
  document.title = Number(rows.dataset.open) ? `(${rows.dataset.open}) ${title}` : title;
  if (arrived.length) news.textContent = `New in the queue: ${arrived.join("; ")}`;
}

function failed(why, signedOut = false) {
  stale.textContent = `${why} What you see is of ${atTheClinic(answeredAt)} and may be out of date. `;
  if (signedOut) {
    const again = document.createElement("a");
    again.href = location.href;
    again.textContent = "Sign in again";
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
