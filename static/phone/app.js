// On every page: keep the service worker current, and renew this phone's address for messages.

import { ask } from "./api.js";

const policy = window.trustedTypes?.createPolicy("afterblock", {
  createScriptURL: (url) => {
    if (url !== "/sw.js") throw new TypeError("the only worker is /sw.js");
    return url;
  },
});

async function start() {
  if (!("serviceWorker" in navigator)) return;
  const registration = await navigator.serviceWorker.register(
    policy ? policy.createScriptURL("/sw.js") : "/sw.js",
    { scope: "/" },
  );
  // Phones drop addresses without telling: each start says again where messages go.
  const subscription = await registration.pushManager?.getSubscription();
  const signedIn = document.querySelector(".tabs") !== null;
  if (subscription && signedIn) await ask("POST", "push-subscriptions/", subscription.toJSON());
}

// The page works without either, so a failure waits for the next start.
start().catch((error) => console.warn("Afterblock could not start its worker:", error.name));

document.querySelector("[autofocus]")?.focus();
