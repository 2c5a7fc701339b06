// The session ended while the check-in was open: a new code, and what was typed can be sent.

import { ask } from "./api.js";

const [panel, welcome, code] = ["signed-out", "signed-in", "code-again"].map((id) => document.getElementById(id));
const button = panel.querySelector("button");
let owner = "";

export function askToSignIn(whose, state) {
  owner = whose;
  tell(state);
  panel.focus();
}

function tell(why) {
  panel.hidden = false;
  for (const line of panel.querySelectorAll("[data-why]")) line.hidden = line.dataset.why !== why;
}

async function signIn() {
  try {
    const { ok, status, body } = await ask("POST", "session/", { code: code.value });
    if (body?.patient === owner) return welcomeBack(body);
    tell(ok ? "other" : status < 500 ? "refused" : "unsent");
  } catch {
    tell("unsent");
  }
}

function welcomeBack({ csrf_token: token }) {
  document.body.dataset.csrf = token;
  const field = document.querySelector("form.check-in").elements.csrfmiddlewaretoken;
  if (field) field.value = token;
  panel.hidden = true;
  welcome.hidden = false;
  welcome.focus();
}

button.addEventListener("click", signIn);
code.addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  event.preventDefault(); // it would send the answers
  signIn();
});
