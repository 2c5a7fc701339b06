// What was typed outlives a session that ended: it stays in this tab until it was taken.

const KEPT = "desk draft ";
const SENT = "desk sent";
// With what the page showed: what a colleague has changed since is not put back.
const TEXT =
  "textarea, select, input[name=shown], input:not([type=hidden], [type=password], [type=submit])";

const { person, clinic } = document.querySelector("[data-person]")?.dataset ?? {};

// What was begun at one clinic is not for a form of another.
function draftOf(form) {
  return `${form.dataset.draft} at ${clinic}`;
}

function forms() {
  return document.querySelectorAll("form[data-draft]");
}

function fields(form) {
  return [...form.elements].filter((each) => each.matches(TEXT));
}

function isTicked(field) {
  return field.type === "radio" || field.type === "checkbox";
}

function keep(form) {
  const typed = fields(form)
    .filter((each) => (isTicked(each) ? each.checked : each.value))
    .map((each) => [each.name, each.value]);
  sessionStorage.setItem(KEPT + draftOf(form), JSON.stringify(typed));
}

function giveBack(form) {
  const kept = sessionStorage.getItem(KEPT + draftOf(form));
  // What the server gave back itself is newer.
  const given = [...form.querySelectorAll("textarea")].some((each) => each.value);
  if (!kept || given || form.querySelector(".errors, .error")) return;
  fill(form, JSON.parse(kept));
  if (!fields(form).some(isTyped)) return;
  const words = document.createElement("p");
  words.className = "kept";
  words.textContent = "It was not sent. What you typed is here again.";
  form.prepend(words);
  const around = form.closest("details");
  if (around) around.open = true;
}

function fill(form, typed) {
  for (const field of fields(form)) {
    const own = typed.filter(([name]) => name === field.name).map(([, value]) => value);
    if (isTicked(field)) field.checked = own.includes(field.value);
    else if (own.length) field.value = own[0];
  }
}

// A choice alone is made again in no time; words and ticks are not.
function isTyped(field) {
  if (field.matches("select")) return false;
  return isTicked(field) ? field.checked !== field.defaultChecked : field.value !== field.defaultValue;
}

function forget(draft) {
  sessionStorage.removeItem(KEPT + draft);
  sessionStorage.removeItem(SENT);
}

// Whoever sits down here next is somebody else.
function forgetAll(of = () => true) {
  const kept = Object.keys(sessionStorage).filter((key) => key.startsWith("desk ") && of(key));
  for (const key of kept) sessionStorage.removeItem(key);
}

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form?.dataset.draft) keep(form);
});
document.addEventListener("submit", (event) => {
  if (event.target.action.endsWith("/logout/")) forgetAll();
  else sessionStorage.setItem(SENT, event.target.dataset.draft ? draftOf(event.target) : "");
});
if (person) forgetAll((key) => key.startsWith(KEPT) && !key.startsWith(`${KEPT}${person} `));
const sent = sessionStorage.getItem(SENT);
if (sent && document.querySelector(".messagelist .success, [data-taken]")) forget(sent);
for (const form of forms()) giveBack(form);
