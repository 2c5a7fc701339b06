// Shown in place of a page that could not be fetched: try that page again, by hand or by itself.

document.getElementById("again").addEventListener("click", () => location.reload());
window.addEventListener("online", () => location.reload());
