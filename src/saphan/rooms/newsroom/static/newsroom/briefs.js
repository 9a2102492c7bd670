// Writing a brief: saves while you type, says what does not agree with its source, and keeps words
// on this device when there is no connection. Everything works without it.
"use strict";

const form = document.querySelector("form[data-brief]");
if (form) {
  const say = form.dataset;
  const status = form.querySelector("[data-status]");
  const place = `saphan-words:${location.pathname}`;
  let timer = 0, busy = false, again = false, stopped = false, sending = false;

  const entries = () => [...new FormData(form)].filter(([name]) =>
    !["csrfmiddlewaretoken", "version", "order", "article", "figure"].includes(name));
  const tell = (text) => { status.textContent = text; };
  const clock = (moment) => new Intl.DateTimeFormat(document.documentElement.lang,
    { hour: "2-digit", minute: "2-digit" }).format(moment);

  // On this device, until the house has them.
  const keep = () => {
    try { localStorage.setItem(place, JSON.stringify(entries())); } catch { /* full or forbidden */ }
  };
  const forget = () => { try { localStorage.removeItem(place); } catch { /* forbidden */ } };
  const fill = (words) => {
    const given = new Map(words);
    for (const control of form.querySelectorAll("input[type=text], textarea")) {
      if (given.has(control.name)) control.value = given.get(control.name);
    }
    later();
  };
  const offer = () => {
    let kept = null;
    try { kept = JSON.parse(localStorage.getItem(place)); } catch { /* nothing readable */ }
    if (!kept || JSON.stringify(kept) === JSON.stringify(entries())) return forget();
    const notice = document.querySelector("[data-kept]");
    notice.hidden = false;
    notice.querySelector("[data-put-back]").addEventListener("click", () => { fill(kept); notice.hidden = true; });
    notice.querySelector("[data-forget]").addEventListener("click", () => { forget(); notice.hidden = true; });
  };
  offer();

  // What does not agree with its source, beside each sentence.
  function show(findings) {
    for (const list of form.querySelectorAll("[data-found]")) {
      const rows = findings.filter((one) => one.block === list.dataset.found).map((one) => {
        const row = document.createElement("li"), words = document.createElement("bdi");
        if (one.blocks) row.dataset.blocks = "";
        words.textContent = one.words;
        row.append(`${one.message} `, words);
        return row;
      });
      list.replaceChildren(...rows);
    }
  }

  async function save() {
    if (stopped || sending) return;
    if (busy) { again = true; return; }
    busy = true;
    tell(say.saving);
    try {
      const response = await fetch(location.pathname, { method: "POST", body: new FormData(form),
        headers: { "X-Autosave": "1", Accept: "application/json" } });
      const answer = await response.json();
      if (response.status === 409) { stopped = true; tell(answer.conflict); }
      else if (!response.ok) tell(Object.values(answer.errors || {}).flat().join(" ") || say.offline);
      else {
        form.elements.version.value = answer.version;
        show(answer.findings);
        if (!again) forget();
        tell(say.saved.replace("%time%", clock(new Date(answer.saved_at))));
      }
    } catch { tell(say.offline); }
    busy = false;
    if (again) { again = false; later(); }
  }
  function later() { clearTimeout(timer); timer = setTimeout(save, 1500); }
  form.addEventListener("input", (event) => {
    keep();
    if (event.target.name && !["new_text", "article", "words", "figure"].includes(event.target.name)) later();
  });
  addEventListener("online", save);
  document.addEventListener("visibilitychange", () => { if (document.hidden && timer) save(); });
  form.addEventListener("submit", () => { sending = true; clearTimeout(timer); if (navigator.onLine) forget(); });
  addEventListener("pageshow", () => { sending = false; });
}
