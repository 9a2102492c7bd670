// What makes pages smoother. Everything works without it.
"use strict";

// Characters left: the server has written how many are used; keep it true while typing.
document.addEventListener("input", (event) => {
  const limit = Number(event.target.dataset && event.target.dataset.limit);
  if (!limit) return;
  const count = document.querySelector(`[data-count="${event.target.id}"]`);
  if (!count) return;
  const used = [...event.target.value].length;
  count.textContent = `${used} / ${limit}`;
  count.classList.toggle("over", used > limit);
});

// Lists: a form with data-swap="#results" replaces that part of the page instead of the page.
let latest = 0;
async function swap(address, selector, remember) {
  const turn = ++latest;
  const region = document.querySelector(selector);
  region.setAttribute("aria-busy", "true");
  try {
    const response = await fetch(address, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const fresh = page.querySelector(selector);
    if (!response.ok || !fresh) throw new Error("no such part");
    if (turn !== latest) return;
    region.replaceWith(fresh);
    document.title = page.title;
    if (remember) history.pushState({ swap: selector }, "", address);
  } catch {
    location.assign(address);
  }
}
function addressOf(form) {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (value !== "") fields.append(name, value);
  return `${form.action.split("?")[0]}?${fields}`;
}
for (const kind of ["change", "submit"]) {
  document.addEventListener(kind, (event) => {
    const form = event.target.closest && event.target.closest("form[data-swap]");
    if (!form || (kind === "change" && event.target.matches("input[type=text], input[type=search]"))) return;
    event.preventDefault();
    swap(addressOf(form), form.dataset.swap, true);
  });
}
addEventListener("popstate", () => {
  const form = document.querySelector("form[data-swap]");
  if (form) swap(location.href, form.dataset.swap, false);
});

// Errors of a form: bring the reader to them.
const faulty = document.querySelector("[data-focus]");
if (faulty) faulty.focus();

// The ask box: Enter asks, Shift+Enter makes a new line. The answer is then streamed into its page.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  if (!event.target.matches(".askbox textarea")) return;
  event.preventDefault();
  event.target.form.requestSubmit();
});
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches(".askbox") || document.querySelector("[data-stream]")) return;
  if (!form.elements.live && form.elements.q.value.trim()) {
    const live = Object.assign(document.createElement("input"), { type: "hidden", name: "live", value: "1" });
    form.append(live);
    addEventListener("pageshow", () => live.remove(), { once: true });
  }
});
