// What this phone keeps for days without network: the plan, the open check-in, what is not sent yet.
// Encrypted with a key that no script can read out. A record's name says whose it is, and no more.

const PATIENCE = 2000; // ms

let base = null;

function opened() {
  base ??= open().catch((error) => {
    base = null;
    throw error;
  });
  return base;
}

async function open() {
  const request = indexedDB.open("afterblock", 1);
  request.onupgradeneeded = () => ["keys", "kept"].forEach((name) => request.result.createObjectStore(name));
  const database = await done(request);
  database.onclose = () => { base = null; };
  database.onversionchange = () => {
    database.close();
    end();
  };
  return database;
}

// Somebody signed out, here or in another tab: what a page still shows, or has just fetched, must not
// be written down again.
function end() {
  base = Promise.reject(new Error("signed out"));
  base.catch(() => {});
}

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

// "Saved" is said only of what the disk has: strict, and after the whole transaction.
async function act(name, mode, ask) {
  const database = await opened();
  const transaction = database.transaction(name, mode, { durability: "strict" });
  const asked = ask(transaction.objectStore(name));
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(asked.result);
    transaction.onabort = transaction.onerror = () => reject(transaction.error ?? asked.error);
  });
}

async function key() {
  const kept = await act("keys", "readonly", (keys) => keys.get("key"));
  if (kept) return kept;
  const fresh = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  // Two tabs may come here at once: the first key that is stored counts.
  await act("keys", "readwrite", (keys) => keys.add(fresh, "key")).catch(() => {});
  return act("keys", "readonly", (keys) => keys.get("key"));
}

// The name is sealed in: a record under another name, or another owner's, cannot be opened.
const sealed = (iv, name) => ({ name: "AES-GCM", iv, additionalData: new TextEncoder().encode(name) });

async function unsealed(name, record) {
  const bytes = await crypto.subtle.decrypt(sealed(record.iv, name), await key(), record.bytes);
  return JSON.parse(new TextDecoder().decode(bytes));
}

export async function keep(owner, what, value) {
  const name = `${owner}/${what}`;
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const plain = new TextEncoder().encode(JSON.stringify(value));
  const bytes = await crypto.subtle.encrypt(sealed(iv, name), await key(), plain);
  await act("kept", "readwrite", (kept) => kept.put({ iv, bytes }, name));
}

export async function read(owner, what) {
  const name = `${owner}/${what}`;
  const record = await act("kept", "readonly", (kept) => kept.get(name));
  return record && unsealed(name, record);
}

export async function drop(owner, what) {
  await act("kept", "readwrite", (kept) => kept.delete(`${owner}/${what}`));
}

// Chromium may never answer while a server has it wipe the storage: nothing is kept then.
const late = () => new Promise((none) => { setTimeout(none, PATIENCE, []); });

// Whose records there are, of one sort: [[owner, what], ...]. It makes no store where there is none.
export async function names(sort, ifSilent = late) {
  const there = await Promise.race([indexedDB.databases?.(), ifSilent()]);
  if (there && !there.some(({ name }) => name === "afterblock")) return [];
  const all = await act("kept", "readonly", (kept) => kept.getAllKeys());
  return all.map((name) => name.split(/\/(.*)/s)).filter(([, what]) => what.startsWith(sort));
}

export async function readAll(owner, sort) {
  const mine = (await names(sort)).filter(([whose]) => whose === owner);
  const found = await Promise.all(mine.map(([, what]) => read(owner, what).catch(() => null)));
  return found.filter(Boolean); // another tab may have sent one meanwhile
}

// At the end nothing of anybody stays.
export async function forget() {
  const database = await base?.catch(() => null);
  end();
  database?.close();
  await done(indexedDB.deleteDatabase("afterblock"));
  for (const name of await caches.keys()) await caches.delete(name);
}
