// Shown in place of a page that could not be fetched: try that page again, by hand or by itself.

const RETRY_AFTER = 3000; // ms; "online" alone often comes before the network really answers

async function again() {
  try {
    const answer = await fetch("/livez", { cache: "no-store" });
    if (answer.ok) location.reload();
  } catch {
    // Still away.
  }
}

document.getElementById("again").addEventListener("click", () => location.reload());
window.addEventListener("online", again);
setInterval(() => document.hidden || again(), RETRY_AFTER);
