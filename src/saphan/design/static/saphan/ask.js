// The answer comes in two steps: what shares the words of the question, then what shares its meaning.
"use strict";

{
  const answer = document.querySelector("[data-stream]");
  const status = document.querySelector("#answer-status");
  const box = document.querySelector(".askbox");
  let source = null;

  function show(html) {
    const active = document.activeElement;
    const focused = answer.contains(active) ? active.getAttribute("href") : null;
    answer.innerHTML = html;
    // Whoever was reading a record goes on reading it.
    if (focused) [...answer.querySelectorAll("a")].find((link) => link.getAttribute("href") === focused)?.focus();
    const said = answer.querySelector("[data-status]");
    status.textContent = said ? said.textContent : answer.textContent.slice(0, 200);
  }

  function stream(question, plain) {
    if (source) source.close();
    answer.setAttribute("aria-busy", "true");
    answer.innerHTML = "";
    const waiting = document.createElement("p");
    waiting.className = "answer-status";
    waiting.textContent = answer.dataset.waiting;
    answer.append(waiting);
    status.textContent = answer.dataset.waiting;
    source = new EventSource(`${answer.dataset.stream}?${new URLSearchParams({ q: question })}`);
    let came = false;
    const done = () => {
      source.close();
      answer.removeAttribute("aria-busy");
    };
    source.addEventListener("words", (event) => { came = true; show(event.data); });
    for (const last of ["meaning", "problem"]) {
      source.addEventListener(last, (event) => { came = true; show(event.data); done(); });
    }
    for (const failed of ["broken", "error"]) {
      source.addEventListener(failed, () => {
        done();
        if (came) status.textContent = answer.dataset.broken;
        else location.assign(plain);
      });
    }
  }

  box.addEventListener("submit", (event) => {
    const question = box.elements.q.value.trim();
    if (!question) return;
    event.preventDefault();
    const plain = `${box.action.split("?")[0]}?${new URLSearchParams({ q: question })}`;
    history.pushState({ ask: question }, "", plain);
    stream(question, plain);
  });
  addEventListener("popstate", () => location.reload());

  if (answer.hasAttribute("data-live")) {
    const address = new URL(location.href);
    address.searchParams.delete("live");
    history.replaceState(null, "", address);
    stream(box.elements.q.value.trim(), address.href);
  }
}
