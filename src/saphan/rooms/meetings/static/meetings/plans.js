// A part of the page that says how often to look again: it is replaced by itself until it no longer
// says so. Without script the page loads itself again.
"use strict";

let region = document.querySelector("[data-refresh]");
async function look() {
  if (!region) return;
  try {
    const response = await fetch(location.href, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const fresh = response.ok && page.getElementById(region.id);
    if (fresh) {
      const focused = region.contains(document.activeElement) && document.activeElement.id;
      const open = [...region.querySelectorAll("details")].map((each) => each.open);
      region.replaceWith(fresh);
      [...fresh.querySelectorAll("details")].forEach((each, at) => { each.open = open[at] || each.open; });
      if (focused) document.getElementById(focused)?.focus();
      region = fresh.dataset.refresh ? fresh : null;
    }
  } catch { /* no connection for once */ }
  if (region) setTimeout(look, Number(region.dataset.refresh));
}
if (region) setTimeout(look, Number(region.dataset.refresh));
