// How a page asks the server: JSON, with the token that proves the page is ours.

export async function ask(method, path, body) {
  const answer = await fetch(`/api/v1/${path}`, {
    method,
    headers: { "Content-Type": "application/json", "X-CSRFToken": document.body.dataset.csrf },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const isJson = (answer.headers.get("Content-Type") ?? "").includes("json");
  return { ok: answer.ok, status: answer.status, body: isJson ? await answer.json() : null };
}
