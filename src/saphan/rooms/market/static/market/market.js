// Posting: saves while you type, keeps words when there is no connection, and on a phone asks one
// question at a time. Everything works without it.
"use strict";

const form = document.querySelector("form[data-post]");
if (form) {
  const say = form.dataset;
  const status = form.querySelector("[data-status]");
  const store = "saphan-words:";
  let address = form.dataset.autosave || "";
  let place = store + location.pathname;
  let timer = 0, busy = false, again = false, stopped = false, sending = false;

  const entries = () => [...new FormData(form)].filter(([name, value]) =>
    typeof value === "string" && !["csrfmiddlewaretoken", "version"].includes(name));
  const clock = (moment) => new Intl.DateTimeFormat(document.documentElement.lang,
    { hour: "2-digit", minute: "2-digit" }).format(moment);
  const tell = (text) => { status.textContent = text; };
  const labelOf = (name) => {
    const control = form.elements[name] || form.elements[`${name}-0-name`];
    const field = control && (control.closest ? control : control[0]).closest(".field");
    const label = field && field.querySelector("label, legend");
    return label ? label.firstChild.textContent.trim() : name;
  };

  // On this device, until the house has them.
  const keep = () => {
    try { localStorage.setItem(place, JSON.stringify({ at: Date.now(), words: entries() })); } catch { /* full or forbidden */ }
  };
  const forget = () => { try { localStorage.removeItem(place); } catch { /* forbidden */ } };
  const fill = (words) => {
    const given = new Map();
    for (const [name, value] of words) given.set(name, [...(given.get(name) || []), value]);
    for (const control of form.elements) {
      if (!control.name || ["csrfmiddlewaretoken", "version", "action"].includes(control.name)) continue;
      const values = given.get(control.name) || [];
      if (control.type === "checkbox" || control.type === "radio") control.checked = values.includes(control.value);
      else if (values.length) control.value = values[0];
    }
    form.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const offerKept = () => {
    let kept = null;
    try { kept = JSON.parse(localStorage.getItem(place)); } catch { /* nothing readable */ }
    if (!kept || JSON.stringify(kept.words) === JSON.stringify(entries())) return forget();
    const notice = document.querySelector("[data-kept]");
    notice.hidden = false;
    notice.querySelector("[data-put-back]").addEventListener("click", () => { fill(kept.words); notice.hidden = true; });
    notice.querySelector("[data-forget]").addEventListener("click", () => { forget(); notice.hidden = true; });
  };
  offerKept();

  async function save() {
    if (!address || stopped || sending) return;
    if (busy) { again = true; return; }
    busy = true;
    tell(say.saving);
    try {
      const response = await fetch(address, { method: "POST", body: new FormData(form),
        headers: { "X-Autosave": "1", Accept: "application/json" } });
      const answer = await response.json();
      if (response.status === 409) { stopped = true; tell(answer.conflict); }
      else if (!response.ok) tell(answer.error || answer.detail || say.offline);
      else took(answer);
    } catch { tell(say.offline); }
    busy = false;
    if (again) { again = false; later(); }
  }
  function took(answer) {
    form.elements.version.value = answer.version;
    const time = clock(new Date(answer.saved_at));
    const wrong = Object.keys(answer.errors);
    if (!answer.url) return tell(say.keptAt.replace("%time%", time));
    if (!wrong.length && !again) forget();
    if (address !== answer.url) {
      forget();
      address = form.action = answer.url;
      place = store + answer.url;
      history.replaceState(history.state, "", answer.url);
    }
    tell(wrong.length ? say.savedExcept.replace("%time%", time).replace("%fields%", wrong.map(labelOf).join(", "))
      : say.saved.replace("%time%", time));
  }
  const later = () => { clearTimeout(timer); timer = setTimeout(save, 1500); };
  for (const kind of ["input", "change"]) {
    form.addEventListener(kind, (event) => {
      if (event.target.closest(".walk")) return;
      keep();
      later();
    });
  }
  addEventListener("online", save);
  document.addEventListener("visibilitychange", () => { if (document.hidden && timer) save(); });
  form.addEventListener("submit", () => { sending = true; clearTimeout(timer); keep(); });
  addEventListener("pageshow", () => { sending = false; });

  // Tables of text boxes: one more row when asked.
  for (const table of form.querySelectorAll("table.rows")) {
    const more = Object.assign(document.createElement("button"), { type: "button", className: "quiet", textContent: say.row });
    more.addEventListener("click", () => {
      const body = table.tBodies[0], next = body.rows.length;
      if (next >= 20) return;
      const row = body.rows[next - 1].cloneNode(true);
      for (const box of row.querySelectorAll("input")) {
        box.name = box.name.replace(/-\d+-/, `-${next}-`);
        box.id = box.id.replace(/-\d+-/, `-${next}-`);
        box.setAttribute("aria-label", box.getAttribute("aria-label").replace(/\d+$/, next + 1));
        box.value = "";
      }
      body.append(row);
      row.querySelector("input").focus();
    });
    table.after(more);
  }

  // One question at a time.
  const fields = [...form.querySelectorAll(".part .field")];
  const phone = matchMedia("(width < 40rem)");
  const bar = form.querySelector(".post-do");
  let at = Math.max(0, fields.findIndex((field) => field.matches(".field-wrong")));
  let walking = false;
  const make = (name, properties) => Object.assign(document.createElement(name), properties);
  const walk = make("div", { className: "walk" });
  const counter = make("p", { className: "help" });
  const progress = make("progress", { max: fields.length });
  progress.setAttribute("aria-hidden", "true");
  const toggle = make("button", { type: "button", className: "quiet" });
  walk.append(counter, progress, toggle);
  const moves = make("p", { className: "walk-do" });
  const back = make("button", { type: "button", className: "quiet", textContent: say.back });
  const next = make("button", { type: "button", textContent: say.next });
  const end = make("button", { type: "button", className: "quiet", textContent: say.end });
  moves.append(back, end, next);
  function show(focus) {
    form.classList.toggle("one-by-one", walking);
    form.classList.toggle("at-end", at === fields.length - 1);
    toggle.textContent = walking ? say.all : say.one;
    counter.hidden = progress.hidden = moves.hidden = !walking;
    fields.forEach((field, position) => field.toggleAttribute("data-away", walking && position !== at));
    for (const part of form.querySelectorAll(".part")) part.toggleAttribute("data-away", walking && !part.contains(fields[at]));
    counter.textContent = say.question.replace("%number%", at + 1).replace("%total%", fields.length);
    progress.value = at + 1;
    back.disabled = at === 0;
    next.hidden = end.hidden = at === fields.length - 1;
    if (focus) {
      const control = fields[at].querySelector("input:not([type=hidden]), textarea, select");
      if (control) control.focus({ preventScroll: true });
      scrollTo({ top: form.getBoundingClientRect().top + scrollY - 16 });
    }
  }
  function go(step) {
    at = Math.min(fields.length - 1, Math.max(0, at + step));
    show(true);
  }
  back.addEventListener("click", () => go(-1));
  next.addEventListener("click", () => go(1));
  end.addEventListener("click", () => go(fields.length));
  toggle.addEventListener("click", () => { walking = !walking; show(false); });
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || !event.target.matches("input:not([type=checkbox], [type=radio])")) return;
    event.preventDefault(); // Enter in a line goes on; it does not send half a record
    if (walking) go(1);
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("#errors a, #gate a");
    const field = link && walking && fields.findIndex((one) => one.querySelector(`[id="${link.hash.slice(1)}"]`));
    if (link && field >= 0) { at = field; show(true); }
  });
  form.prepend(walk);
  bar.prepend(moves);
  const adapt = () => { walking = phone.matches; walk.hidden = !walking; show(false); };
  phone.addEventListener("change", adapt);
  adapt();
}

// An import under way: look again until it is over.
async function look() {
  const run = document.querySelector("#run[data-poll]");
  if (!run) return;
  try {
    const response = await fetch(run.dataset.poll, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const fresh = page.querySelector("#run");
    if (response.ok && fresh) run.replaceWith(fresh);
  } catch { /* the next look may succeed */ }
  offerCopy();
  setTimeout(look, 1500);
}
setTimeout(look, 1000);

function offerCopy() {
  for (const area of document.querySelectorAll("textarea[data-copy]:not([data-ready])")) {
    area.dataset.ready = "yes";
    const button = Object.assign(document.createElement("button"), { type: "button", className: "quiet", textContent: area.dataset.copy });
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(area.value);
      button.textContent = area.dataset.copied;
    });
    area.after(button);
  }
}
offerCopy();
