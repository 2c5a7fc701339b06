// A page that is made to be printed: the button shows where printing works.
const button = document.getElementById("print");
if (button && window.print) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
