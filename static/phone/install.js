// Where the browser can put the app on the phone by itself, one tap does it.

const offer = document.getElementById("install-now");
let prompt = null;

window.addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  prompt = event;
  offer.hidden = false;
});

offer.querySelector("button").addEventListener("click", async () => {
  await prompt.prompt();
  offer.hidden = true;
});
