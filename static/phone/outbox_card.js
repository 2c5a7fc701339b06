// Says honestly what waits on this phone, what has left it, and what needs somebody's attention.

import { discard, hour } from "./outbox.js";
import { keep } from "./store.js";

const box = document.getElementById("outbox");

export function showOutbox(owner, state, someSent, left) {
  if (!box) return;
  const shown = !left.length ? "sent" : state === "sent" ? "" : state;
  for (const line of box.querySelectorAll("[data-state]")) line.hidden = line.dataset.state !== shown;
  for (const title of box.querySelectorAll("[data-title]")) title.hidden = (title.dataset.title === "waits") !== left.length > 0;
  box.querySelector("ul").replaceChildren(...left.map((entry) => line(owner, entry)));
  box.querySelector("ul").hidden = !left.length;
  box.hidden = !left.length && !someSent;
}

function line(owner, entry) {
  const made = document.createElement("li");
  if (!entry.trouble) {
    made.append(`${hour(entry.at)}: ${box.dataset.saved}`);
    return made;
  }
  const refused = entry.trouble.status === 403;
  made.append([`${hour(entry.at)}: ${refused ? box.dataset.refused : box.dataset.trouble}`, ...entry.trouble.why].join(" "), " ");
  made.append(entry.fields && !refused ? button(box.dataset.look, () => lookAt(owner, entry)) : button(box.dataset.drop, () => remove(owner, entry)));
  return made;
}

function button(words, act) {
  const made = document.createElement("button");
  made.className = "link";
  made.type = "button";
  made.textContent = words;
  made.addEventListener("click", act);
  return made;
}

// Everything that was typed becomes the open check-in again; the entry goes when that is saved.
async function lookAt(owner, { id, fields }) {
  const corrects = new Map(fields).get("corrects") ?? "";
  await keep(owner, "draft", { at: Date.now(), corrects, fields, replaces: id });
  location.assign(corrects ? `/check-in/${corrects}/change/` : "/check-in/");
}

async function remove(owner, { id }) {
  await discard(owner, id);
  location.reload();
}
