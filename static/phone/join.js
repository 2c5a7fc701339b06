// A join link carries its secret behind the #, which browsers never send to a server.

import { ask } from "./api.js";

const token = location.hash.slice(1);
// Somebody is signed in already: a link takes nobody's place unasked.
const other = document.getElementById("link-other");
const show = (id, visible) => { document.getElementById(id).hidden = !visible; };

function tell(id) {
  show(id, true);
  document.getElementById(id).focus();
}

async function join() {
  if (other) show("link-other", false);
  show("link-unsent", false);
  show("joining", true);
  try {
    const answer = await ask("POST", "session/", { token });
    if (answer.ok) return location.replace(answer.body.signed_out?.length ? "/phones/" : "/");
    tell(answer.status < 500 ? "link-refused" : "link-unsent");
  } catch {
    tell("link-unsent");
  }
  show("joining", false);
}

// From whom it is, so that nobody gives up their place for a stranger's link.
async function sayWhose() {
  const body = new URLSearchParams({ token });
  const headers = { "X-CSRFToken": document.body.dataset.csrf };
  const answer = await fetch("/join/whose/", { method: "POST", headers, body });
  if (!answer.ok) return;
  document.querySelector("#link-clinic strong").textContent = (await answer.json()).clinic;
  show("link-clinic", true);
}

if (token) {
  // Out of the address bar and the history before anything else: whoever looks sees no secret.
  history.replaceState(null, "", location.pathname);
  document.getElementById("link-again").addEventListener("click", join);
  document.getElementById("link-use")?.addEventListener("click", join);
  if (other) {
    show("signed-in", false);
    tell("link-other");
    sayWhose().catch(() => {});
  } else join();
}
