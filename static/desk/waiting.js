// How long somebody has been waiting, counted on the server's clock.

const EVERY = 1000; // milliseconds

export function keepCounting(root, clock) {
  const count = () => {
    const now = Date.now() + clock.offset;
    for (const time of root.querySelectorAll("time[data-since]")) {
      const words = duration(now - Date.parse(time.dateTime));
      // Only what changed: a selection of text, or a screen reader, is not disturbed.
      if (time.textContent !== words) time.textContent = words;
    }
  };
  setInterval(count, EVERY);
}

export function duration(milliseconds) {
  const minutes = Math.max(0, Math.floor(milliseconds / 60000));
  if (minutes < 1) return "under a minute";
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
  const days = Math.floor(hours / 24);
  return hours % 24 ? `${days} d ${hours % 24} h` : `${days} d`;
}
