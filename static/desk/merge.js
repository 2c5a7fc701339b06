// Puts new rows in place of old ones, without taking a form away from whoever is filling it in.

// Returns what is new, in words.
export function merge(queue, rows) {
  const known = new Set([...queue.querySelectorAll("tbody tr")].map((row) => row.id));
  const focused = document.activeElement;
  const focusedId = queue.contains(focused) ? focused.id : "";
  const picked = [...queue.querySelectorAll(".pick :checked")].map((box) => box.id);
  const fresh = document.adoptNode(rows);
  for (const busy of busyRows(queue)) keep(busy, fresh);
  queue.replaceChildren(fresh);
  for (const id of picked) pick(document.getElementById(id));
  giveBackFocus(focused, focusedId);
  return markArrived(queue, known);
}

// Taken by somebody else meanwhile, it cannot be picked any more.
function pick(box) {
  if (box) box.checked = true;
}

function busyRows(queue) {
  return [...queue.querySelectorAll("tbody tr")].filter((row) => row.querySelector("details[open]"));
}

// The cells are renewed, the form is not: it keeps its text, its place and the focus.
function keep(busy, fresh) {
  const next = fresh.querySelector(`#${CSS.escape(busy.id)}`);
  if (!next) {
    keepGone(busy, fresh);
    return;
  }
  const form = busy.querySelector("details");
  next.querySelector("details")?.replaceWith(form);
}

// Somebody else was faster. What was typed stays readable until the form is closed.
function keepGone(busy, fresh) {
  const table = document.createElement("table");
  const caption = table.createCaption();
  caption.className = "gone-note";
  caption.textContent = "No longer in the queue. What you typed is still here.";
  busy.classList.add("gone");
  table.createTBody().append(busy);
  const section = document.createElement("section");
  section.className = "tier";
  section.append(table);
  fresh.prepend(section);
  busy.querySelector("details").addEventListener("toggle", () => section.remove(), { once: true });
}

function giveBackFocus(focused, id) {
  if (document.activeElement === focused) return;
  const target = focused.isConnected ? focused : id && document.getElementById(id);
  if (target) target.focus({ preventScroll: true });
}

function markArrived(queue, known) {
  const arrived = [...queue.querySelectorAll("tbody tr")].filter((row) => !known.has(row.id));
  for (const row of arrived) row.classList.add("fresh");
  return arrived.map((row) => words(row, ".badge") + ", " + words(row, ".patient"));
}

function words(row, selector) {
  return row.querySelector(selector).textContent.trim();
}
