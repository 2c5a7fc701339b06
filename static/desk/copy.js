// A button that copies the block of text above it. Without this script one marks it by hand.

for (const button of document.querySelectorAll("[data-copy]")) {
  const block = button.parentElement.querySelector("pre");
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(block.textContent);
    button.textContent = "Copied";
  });
}
