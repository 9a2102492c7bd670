// The screen in the hall: back to the beginning when nobody is there, in two stages.
"use strict";

{
  const dialog = document.querySelector("[data-idle]");
  const attract = document.querySelector("[data-attract]");
  const seconds = (name) => Number(dialog.dataset[name]);
  const count = dialog.querySelector(".idle-count");
  let warning = 0;
  let counting = 0;
  let looping = 0;
  let before = null;
  let touched = false;

  function rest() {
    clearTimeout(warning);
    warning = setTimeout(warn, seconds("warnAfter") * 1000);
  }

  function warn() {
    // At the beginning there is nothing to lose: invite the next visitor at once.
    if (location.pathname === dialog.dataset.home && !touched && !attract) return rest();
    if (attract && scrollY === 0 && !document.querySelector("textarea")?.value) return invite();
    before = document.activeElement;
    let left = seconds("resetAfter");
    count.textContent = left;
    dialog.hidden = false;
    dialog.querySelector("button").focus();
    counting = setInterval(() => {
      left -= 1;
      count.textContent = left;
      if (left <= 0) location.assign(dialog.dataset.home);
    }, 1000);
  }

  function stay() {
    if (!dialog.hidden) {
      dialog.hidden = true;
      clearInterval(counting);
      if (before) before.focus();
    }
    rest();
  }

  function invite() {
    const links = [...attract.querySelectorAll("a")];
    let turn = 0;
    attract.hidden = false;
    looping = setInterval(() => {
      links.forEach((link, index) => link.classList.toggle("now", index === turn % links.length));
      turn += 1;
    }, matchMedia("(prefers-reduced-motion: reduce)").matches ? 10000 : 2000);
  }

  for (const kind of ["pointerdown", "keydown", "wheel", "touchmove"]) {
    addEventListener(kind, (event) => {
      touched = true;
      if (attract && !attract.hidden && !event.target.closest?.("[data-attract] a")) {
        attract.hidden = true;
        clearInterval(looping);
      }
      stay();
    }, { passive: true });
  }
  dialog.querySelector("button").addEventListener("click", stay);
  // The way out of the house ends here: show where a link leads, but do not follow it.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || new URL(link.href).host === location.host) return;
    event.preventDefault();
    if (!link.dataset.told) link.append(` (${link.href})`);
    link.dataset.told = "yes";
  });
  rest();
}
