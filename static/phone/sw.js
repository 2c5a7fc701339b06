// The service worker: messages, pages to show without network, and sending what waits. It keeps files
// of the shell and never a page or an answer with anybody's data. The server writes `SHELL` above, and
// `flushAll` of outbox.js.

const KEPT = `afterblock-shell-${SHELL.version}`;
const PATIENCE = 8000; // ms; a network this slow is none

self.addEventListener("install", (event) => {
  event.waitUntil(keepShell());
});

async function keepShell() {
  const cache = await caches.open(KEPT);
  await cache.addAll(SHELL.urls.map((url) => new Request(url, { cache: "reload" })));
  await self.skipWaiting();
}

self.addEventListener("activate", (event) => {
  event.waitUntil(dropOldShells());
});

async function dropOldShells() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== KEPT).map((name) => caches.delete(name)));
  await self.clients.claim();
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { pathname, origin } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(networkElse(request, SHELL.pages[pathname] ?? SHELL.pages[""]));
  else if (SHELL.urls.includes(pathname)) event.respondWith(networkElse(request, request));
});

async function networkElse(request, kept) {
  const asked = fetch(request);
  asked.catch(() => {}); // it may fail long after something else was shown
  const answer = await Promise.race([asked, late()]).catch(() => null);
  // A proxy whose server is away says 502 to 504: that is no network either.
  if (answer && (answer.status < 502 || answer.status > 504)) return answer;
  const cache = await caches.open(KEPT);
  // Pages vary by cookie; what is kept here is the same for everybody.
  return (await cache.match(kept, { ignoreVary: true })) ?? answer ?? asked;
}

const late = () => new Promise((_, giveUp) => { setTimeout(giveUp, PATIENCE); });

self.addEventListener("sync", (event) => {
  if (event.tag === "outbox") event.waitUntil(sendWhatWaits());
});

async function sendWhatWaits() {
  const states = await flushAll();
  // The browser tries again later, by a schedule of its own.
  if (states.includes("unsent")) throw new Error("not all is sent");
}

self.addEventListener("push", (event) => {
  event.waitUntil(showMessage(event.data));
});

async function showMessage(data) {
  const { title, body, lang, navigate, tag, data: more } = read(data);
  // Always shown, whatever arrived: browsers take the permission away from silent messages.
  await self.registration.showNotification(title, {
    body, lang, tag, icon: "/static/phone/icon-192.png", data: { ...more, navigate },
  });
  await Promise.allSettled([confirm(more?.receipt), tellPages()]);
}

function read(data) {
  try {
    const { notification } = data.json();
    if (notification.title) return notification;
  } catch {
    // Not ours, or broken on the way: say the least that is true.
  }
  return { title: "Afterblock", body: "", lang: "en", navigate: "/" };
}

async function confirm(receipt) {
  if (receipt) await post("/api/v1/receipts/", { receipt });
}

async function tellPages() {
  const pages = await self.clients.matchAll({ includeUncontrolled: true });
  for (const page of pages) page.postMessage({ kind: "message-shown" });
}

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data?.navigate ?? "/"));
});

async function open(address) {
  const { origin, href } = new URL(address, self.location.origin);
  const target = origin === self.location.origin ? href : `${self.location.origin}/`;
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const page = pages.find((each) => each.url === target) ?? pages[0];
  if (!page) return self.clients.openWindow(target);
  await page.focus();
  if (page.url === target) return;
  // A page that this worker does not steer yet cannot be sent elsewhere: open another.
  await page.navigate(target).catch(() => self.clients.openWindow(target));
}

self.addEventListener("pushsubscriptionchange", (event) => {
  event.waitUntil(renew(event));
});

async function renew({ oldSubscription, newSubscription }) {
  const options = oldSubscription?.options;
  const fresh = newSubscription ?? (options && (await self.registration.pushManager.subscribe(options)));
  if (!fresh) return; // the next start of a page posts what there is
  const session = await fetch("/api/v1/session/");
  if (!session.ok) return;
  const { csrf_token: token } = await session.json();
  await post("/api/v1/push-subscriptions/", fresh.toJSON(), { "X-CSRFToken": token });
}

function post(url, body, headers = {}) {
  return fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
}
