// The secret of a one-time link stands after the #: no address that is asked for, or written into
// a log, holds it. The form sends it once, in its body.

const field = document.querySelector("#id_token");
const secret = location.hash.slice(1);

if (field && secret) {
  field.value = secret;
  field.readOnly = true;
  history.replaceState(null, "", location.pathname);
}
