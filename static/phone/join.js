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

if (token) {
  // Out of the address bar and the history before anything else: whoever looks sees no secret.
  history.replaceState(null, "", location.pathname);
  document.getElementById("link-again").addEventListener("click", join);
  document.getElementById("link-use")?.addEventListener("click", join);
  if (other) {
    show("signed-in", false);
    tell("link-other");
  } else join();
}
