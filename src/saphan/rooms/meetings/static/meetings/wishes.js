// Answer many wishes quickly: a form with data-quick is sent in the background and only its part of
// the page is renewed. Everything works without it.
"use strict";

const rows = (part) => [...part.querySelectorAll("[data-row]")];

function renew(page, selector, at) {
  const fresh = page.querySelector(selector);
  document.querySelector(selector).replaceWith(fresh);
  const main = document.getElementById("main");
  main.querySelector(":scope > .messages")?.remove();
  const said = page.querySelector("#main > .messages");
  if (said) main.prepend(said);
  showHelp();
  const next = rows(fresh)[at] || rows(fresh).at(-1) || fresh.querySelector("h2");
  if (next) next.focus({ preventScroll: false });
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("form[data-quick]")) return;
  const part = form.closest("[data-part]");
  if (!part) return;
  event.preventDefault();
  const selector = part.dataset.part;
  const row = form.closest("[data-row]");
  const at = Math.max(rows(part).indexOf(row), 0);
  const body = new FormData(form, event.submitter);
  part.setAttribute("aria-busy", "true");
  try {
    const response = await fetch(form.action, { method: "POST", body, headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    if (!response.ok || !page.querySelector(selector)) throw new Error("not taken");
    renew(page, selector, at);
  } catch {
    // What was not taken is sent again as a page, which says why.
    form.removeAttribute("data-quick");
    part.removeAttribute("aria-busy");
    if (event.submitter) form.requestSubmit(event.submitter); else form.submit();
  }
});

// On a line that has the focus: 1 to 3 accepts, arrows go to the next line.
document.addEventListener("keydown", (event) => {
  const row = event.target.closest && event.target.closest("[data-row]");
  if (!row || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.target.matches("input, textarea, select")) return;
  const button = row.querySelector(`button[data-key="${event.key}"]`);
  if (button) {
    event.preventDefault();
    button.click();
    return;
  }
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || event.target !== row) return;
  const all = rows(row.closest("[data-part]") || document);
  const next = all[all.indexOf(row) + step];
  if (next) {
    event.preventDefault();
    next.focus();
  }
});

function showHelp() {
  for (const help of document.querySelectorAll(".keys-help")) help.hidden = !matchMedia("(hover: hover)").matches;
}
showHelp();
