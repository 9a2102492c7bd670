// What makes the pages of an event smoother. Everything works without it.
"use strict";

// Print.
const printer = document.querySelector("[data-print]");
if (printer) {
  printer.hidden = false;
  printer.addEventListener("click", () => window.print());
}

// One box for all boxes of a page. Delegated: filters replace the list.
function showAll() {
  for (const label of document.querySelectorAll("[data-all]")) label.hidden = false;
}
showAll();
document.addEventListener("change", (event) => {
  const all = event.target.closest && event.target.closest("[data-all]");
  if (!all) return;
  for (const box of all.closest("form").querySelectorAll("input[name=party]")) {
    box.checked = event.target.checked;
  }
});
const queue = document.querySelector("#queue");
if (queue) new MutationObserver(showAll).observe(queue.parentNode, { childList: true });

// Numbers at the door stay true while others check in, too.
const tallies = document.querySelector("[data-refresh]");
if (tallies) {
  setInterval(async () => {
    if (document.hidden) return;
    try {
      const response = await fetch(location.pathname, { headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const fresh = page.querySelector("[data-refresh]");
      if (response.ok && fresh) document.querySelector("[data-refresh]").innerHTML = fresh.innerHTML;
    } catch {
      // The next round tries again.
    }
  }, 10000);
}

// The camera reads codes where the browser can; else the field takes them.
const camera = document.querySelector("[data-camera]");
if (camera && "BarcodeDetector" in window && navigator.mediaDevices) {
  const [start, stop] = camera.querySelectorAll("button");
  const video = camera.querySelector("video");
  const wrong = camera.querySelector("[role=alert]");
  let stream = null;
  camera.hidden = false;

  const end = () => {
    if (stream) for (const track of stream.getTracks()) track.stop();
    stream = null;
    video.hidden = stop.hidden = true;
    start.hidden = false;
  };
  const look = async (detector) => {
    if (!stream) return;
    try {
      const [found] = await detector.detect(video);
      if (found && found.rawValue) {
        end();
        document.querySelector("#code").value = found.rawValue;
        document.querySelector("#scan").submit();
        return;
      }
    } catch {
      // The picture is not there yet.
    }
    setTimeout(() => look(detector), 150);
  };
  start.addEventListener("click", async () => {
    wrong.hidden = true;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      video.srcObject = stream;
      video.hidden = stop.hidden = false;
      start.hidden = true;
      await video.play();
      look(new BarcodeDetector({ formats: ["qr_code"] }));
    } catch {
      end();
      wrong.hidden = false;
    }
  });
  stop.addEventListener("click", end);
}
