// The card: a button that prints it. Without this script the browser's own menu does.

const button = document.querySelector("#print");
button.hidden = false;
button.addEventListener("click", () => window.print());
