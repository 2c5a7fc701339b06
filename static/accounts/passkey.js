// A passkey that was refused or put away is said in words, not in the console.

const error = document.querySelector("#passkey-error");

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  error.hidden = false;
});
