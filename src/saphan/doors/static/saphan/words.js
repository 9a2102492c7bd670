// The translation desk: keys for what the buttons do, and a word before unsaved words are left.
// Everything works without it.
"use strict";

const form = document.querySelector("form[data-work]");
if (form) {
  const boxes = [...form.querySelectorAll("textarea:not([readonly])")];
  const press = (name) => {
    const found = form.querySelector(`[data-key="${name}"]:not([disabled])`);
    if (found) found.click();
    return Boolean(found);
  };
  const go = (step) => {
    const at = boxes.indexOf(document.activeElement);
    const box = boxes[at < 0 ? 0 : Math.min(boxes.length - 1, Math.max(0, at + step))];
    if (!box) return false;
    box.focus();
    box.closest(".sentence").scrollIntoView({ block: "center" });
    return true;
  };
  const keys = (event) => {
    if (event.isComposing) return false;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) return press(event.shiftKey ? "finish" : "save");
    if (!event.altKey || event.ctrlKey || event.metaKey) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return false;
    return event.shiftKey ? press(step > 0 ? "next" : "previous") : go(step);
  };
  document.addEventListener("keydown", (event) => { if (keys(event)) event.preventDefault(); });
  for (const line of form.querySelectorAll(".keys")) line.hidden = false;

  let changed = false;
  form.addEventListener("input", () => { changed = true; });
  form.addEventListener("submit", () => { changed = false; });
  addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
  const first = boxes.find((box) => !box.value && !box.closest(".put").querySelector(".join :checked"));
  if (first && !document.querySelector("[data-focus]")) first.focus({ preventScroll: true });
}
