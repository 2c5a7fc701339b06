// Which row somebody works on, from one page of this tab to the next. No name, no number.

const PLACE = "desk place";

export function remember(row, at) {
  sessionStorage.setItem(PLACE, JSON.stringify({ row: row.id, at }));
}

export function recall() {
  return JSON.parse(sessionStorage.getItem(PLACE) ?? "null");
}
