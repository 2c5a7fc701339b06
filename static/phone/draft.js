// The open check-in, kept at every tap: it is there again after a reload, a crash, or Back.

import { hour } from "./outbox.js";
import { drop, keep, read } from "./store.js";

const GOOD_FOR = 4 * 3_600_000; // ms; later it would say how somebody was, not how they are
const note = document.getElementById("draft");

let replaces = null; // an entry that could not be taken as it was
let writing = Promise.resolve(); // one after another: the last tap is what stays

export const replaced = () => replaces;

export async function keepDrafts(owner, form) {
  const draft = await read(owner, "draft").catch(() => null);
  if (draft && isFor(form, draft)) restore(owner, form, draft);
  for (const tap of ["input", "change"]) {
    form.addEventListener(tap, ({ target }) => target.name && keepDraft(owner, form).catch(() => {}));
  }
}

export function keepDraft(owner, form, { corrects = form.elements.corrects.value } = {}) {
  const fields = [...new FormData(form)].filter(([name]) => !["csrfmiddlewaretoken", "corrects"].includes(name));
  writing = writing.catch(() => {}).then(() => keep(owner, "draft", { at: Date.now(), corrects, fields, replaces }));
  return writing;
}

export function dropDraft(owner) {
  writing = writing.catch(() => {}).then(() => drop(owner, "draft"));
  return writing;
}

const isFor = (form, { corrects, at }) => corrects === form.elements.corrects.value && Date.now() - at < GOOD_FOR;

function restore(owner, form, draft) {
  ({ replaces } = draft);
  for (const box of form.elements) {
    const values = draft.fields.filter(([name]) => name === box.name).map(([, value]) => value);
    if (["checkbox", "radio"].includes(box.type)) box.checked = values.includes(box.value);
    else if (values.length) box.value = values[0];
  }
  for (const box of form.querySelectorAll("details :checked:not([value=number], [value=meter])")) {
    if (!box.closest(".units")) box.closest("details").open = true;
  }
  note.querySelector("time").textContent = hour(draft.at);
  note.hidden = false;
  note.querySelector("button").addEventListener("click", async () => {
    await dropDraft(owner);
    location.reload();
  });
}
