// One's day: what is now and next, by the device's own clock; kept on the device for when there is
// no net, and brought up to date when there is. The page works without it.
"use strict";

const STORE = "saphan-days-1";
const day = () => document.getElementById("day");
const here = location.origin + location.pathname;

// What is now, what is next, and in how long.
const inWords = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "always" });
// A browser may not have the words of this language: then those of the page stay.
const known = Intl.RelativeTimeFormat.supportedLocalesOf([document.documentElement.lang]).length > 0;
function until(moment, now) {
  const minutes = Math.round((moment - now) / 60000);
  if (minutes < 120) return inWords.format(minutes, "minute");
  return minutes < 2880 ? inWords.format(Math.round(minutes / 60), "hour") : inWords.format(Math.round(minutes / 1440), "day");
}
function fill(region, slots) {
  const cards = region.querySelector("[data-cards]");
  const wanted = slots.map((slot) => slot.querySelector(".card").outerHTML).join("");
  if (cards.dataset.shown !== wanted) {
    cards.innerHTML = wanted;
    cards.dataset.shown = wanted;
  }
  region.hidden = slots.length === 0;
}
function tick() {
  const now = Date.now(), root = day();
  const slots = [...root.querySelectorAll(".slot:not([data-kind=free])")];
  if (!slots.length) return;
  const from = (slot) => Date.parse(slot.dataset.begins), to = (slot) => Date.parse(slot.dataset.ends);
  for (const slot of slots) {
    slot.toggleAttribute("data-over", to(slot) <= now);
    if (from(slot) <= now && now < to(slot)) slot.setAttribute("aria-current", "time");
    else slot.removeAttribute("aria-current");
  }
  const next = slots.find((slot) => from(slot) > now);
  const current = slots.filter((slot) => from(slot) <= now && now < to(slot));
  fill(root.querySelector("[data-now]"), current);
  fill(root.querySelector("[data-next]"), next ? [next] : []);
  if (next && known) root.querySelector("[data-until]").textContent = until(from(next), now);
  root.querySelector("[data-done]").hidden = Boolean(next || current.length);
}

// On the device.
async function keep(response) {
  if (!("caches" in window)) return;
  const store = await caches.open(STORE);
  const pieces = new Set(performance.getEntriesByType("resource").map((entry) => entry.name.split("#")[0])
    .filter((name) => name.startsWith(`${location.origin}/static/`)));
  await Promise.all([...pieces].map(async (name) => {
    if (!(await store.match(name, { ignoreVary: true }))) await store.add(name).catch(() => {});
  }));
  await store.put(here, response); // last: what is kept is whole
}
function offline(yes) {
  for (const note of document.querySelectorAll("[data-offline]")) note.hidden = !yes;
}
async function refresh() {
  let response;
  try {
    response = await fetch(here, { cache: "no-store", headers: { Accept: "text/html" } });
  } catch {
    return offline(true);
  }
  if (response.status === 404) {
    if ("caches" in window) await (await caches.open(STORE)).delete(here, { ignoreVary: true });
    return location.reload();
  }
  if (!response.ok) return offline(true);
  const copy = response.clone();
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html").getElementById("day");
  const busy = day().querySelector("form:focus-within, details[open] form");
  if (fresh && !busy) day().replaceWith(document.adoptNode(fresh));
  offline(false);
  tick();
  await keep(copy);
}

document.addEventListener("submit", (event) => {
  if (navigator.onLine) return;
  event.preventDefault();
  for (const note of document.querySelectorAll("[data-unsent]")) note.hidden = false;
});
addEventListener("online", refresh);
addEventListener("offline", () => offline(true));
document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh(); });
setInterval(tick, 15000);
setInterval(() => { if (!document.hidden) refresh(); }, 60000);
tick();
if ("serviceWorker" in navigator) navigator.serviceWorker.register(day().dataset.worker).catch(() => {});
if (document.readyState === "complete") refresh();
else addEventListener("load", () => setTimeout(refresh, 300));
