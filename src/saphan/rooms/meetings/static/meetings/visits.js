// While a plan is computed, look again every few seconds, as long as the page is in sight.
"use strict";
const box = document.querySelector("[data-look-again]");
if (box) {
  setInterval(() => { if (!document.hidden) location.reload(); },
    1000 * Number(box.dataset.lookAgain));
}
