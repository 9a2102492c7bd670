// Checking figures with the keyboard: v verifies, x rejects. Only while the focus is in the part where
// figures are checked (WCAG 2.1.4), where the next figure puts it; never while somebody types.
"use strict";

const keys = document.querySelector("[data-keys]");
if (keys && location.hash === `#${keys.id}`) keys.focus();

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return;
  if (!event.target.closest("[data-keys]")) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const button = document.querySelector(`button[data-key="${CSS.escape(event.key)}"]`);
  if (!button) return;
  event.preventDefault();
  button.form.requestSubmit(button);
});
