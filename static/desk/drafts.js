// What was typed outlives a session that ended: it stays in this tab until it was taken.

const KEPT = "desk draft ";
const SENT = "desk sent";

function forms() {
  return document.querySelectorAll("form[data-draft]");
}

function fields(form) {
  return [...form.elements].filter((each) => each.matches("textarea, select, [type=radio]"));
}

function keep(form) {
  const typed = fields(form)
    .filter((each) => (each.type === "radio" ? each.checked : each.value))
    .map((each) => [each.name, each.value]);
  sessionStorage.setItem(KEPT + form.dataset.draft, JSON.stringify(typed));
}

function giveBack(form) {
  const kept = sessionStorage.getItem(KEPT + form.dataset.draft);
  // What the server gave back itself is newer.
  if (!kept || fields(form).some((each) => each.matches("textarea") && each.value)) return;
  for (const [name, value] of JSON.parse(kept)) fill(form, name, value);
  if (!fields(form).some((each) => each.matches("textarea") && each.value)) return;
  const words = document.createElement("p");
  words.className = "kept";
  words.textContent = "It was not sent. What you typed is here again.";
  form.prepend(words);
  const around = form.closest("details");
  if (around) around.open = true;
}

function fill(form, name, value) {
  for (const field of fields(form).filter((each) => each.name === name)) {
    if (field.type === "radio") field.checked = field.value === value;
    else field.value = value;
  }
}

function forget(draft) {
  sessionStorage.removeItem(KEPT + draft);
  sessionStorage.removeItem(SENT);
}

// Whoever sits down here next is somebody else.
function forgetAll() {
  const kept = Object.keys(sessionStorage).filter((key) => key.startsWith("desk "));
  for (const key of kept) sessionStorage.removeItem(key);
}

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form?.dataset.draft) keep(form);
});
document.addEventListener("submit", (event) => {
  if (event.target.action.endsWith("/logout/")) forgetAll();
  else sessionStorage.setItem(SENT, event.target.dataset.draft ?? "");
});
const sent = sessionStorage.getItem(SENT);
if (sent && document.querySelector(".messagelist .success")) forget(sent);
for (const form of forms()) giveBack(form);
