// Keeps days on the device: the page, its style, its fonts. From the net first, from the device
// when there is none. It looks after addresses of days and what they are made of, nothing else.
"use strict";

const STORE = "saphan-days-1";
const PATIENCE = 4000; // milliseconds
const DAY = /^\/[^/]+\/meetings\/day\/[^/]+\/$/;

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));

async function kept(request) {
  return (await caches.open(STORE)).match(request, { ignoreVary: true, ignoreSearch: false });
}

async function page(request) {
  const store = await caches.open(STORE);
  const old = await store.match(request.url, { ignoreVary: true });
  const waiting = new AbortController();
  const bell = old && setTimeout(() => waiting.abort(), PATIENCE);
  try {
    // By its address: a request for a page cannot be given a signal.
    const fresh = await fetch(request.url, { signal: waiting.signal, credentials: "same-origin",
      headers: { Accept: "text/html" }, cache: "no-store" });
    clearTimeout(bell);
    if (fresh.ok) await store.put(request.url, fresh.clone());
    else if (fresh.status === 404) await store.delete(request.url, { ignoreVary: true });
    return fresh.status >= 500 && old ? old : fresh;
  } catch (problem) {
    clearTimeout(bell);
    if (old) return old;
    throw problem;
  }
}

async function piece(request) {
  try {
    return (await kept(request)) || (await fetch(request));
  } catch {
    return Response.error();
  }
}

addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate") {
    if (DAY.test(url.pathname)) event.respondWith(page(request));
  } else if (url.pathname.startsWith("/static/")) {
    event.respondWith(piece(request));
  }
});
