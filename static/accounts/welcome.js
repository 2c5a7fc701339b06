// The secret of a one-time link stands after the #, so that no server or proxy writes it down.

const field = document.querySelector("#id_token");
const secret = location.hash.slice(1);

if (field && secret) {
  field.value = secret;
  field.readOnly = true;
  history.replaceState(null, "", location.pathname);
}
