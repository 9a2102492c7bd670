// The board: pick a meeting up (mouse, finger, or Enter), see in every cell what would break, drop
// it (Enter), or leave it (Escape). Without script each meeting is a link to a list of places.
"use strict";

const board = document.querySelector("table.board[data-spots]");
if (board) {
  const says = document.getElementById("board-says");
  const say = board.dataset;
  const cells = [...board.querySelectorAll("td[data-slot]")];
  const rows = [...board.tBodies[0].rows];
  let carried = null;   // the link of the meeting in hand
  let spots = new Map(), at = null, ghost = null, turn = 0;

  const tell = (...words) => { says.textContent = words.filter(Boolean).join(" "); };
  const seatOf = (cell) => cell.querySelector(".seat");
  const pairOf = (seat) => [...seat.querySelectorAll("span")].map((each) => each.textContent.trim()).join(" – ");
  const nameOf = (cell) => `${cell.parentElement.querySelector("th").textContent.trim()} · ${cell.dataset.number}:`;

  // What a cell says of the meeting in hand.
  function stateOf(cell) {
    if (cell.hasAttribute("data-fixed")) return null;
    const spot = spots.get(Number(cell.dataset.slot));
    if (!spot) return null;
    if (carried && cell.contains(carried)) return { state: "here", words: say.sayHere };
    const other = seatOf(cell);
    if (spot.state === "impossible") return { state: "impossible", words: `${say.sayImpossible} ${spot.words}` };
    if (spot.state === "swap") return { state: "swap", words: spot.words };
    if (other) return { state: "swap", words: say.sayTaken.replace("%(meeting)s", pairOf(other)) };
    return { state: "free", words: say.sayFree };
  }

  function show() {
    board.dataset.carrying = "";
    for (const cell of cells) {
      const found = stateOf(cell);
      if (found) { cell.dataset.state = found.state; cell.title = found.words; } else { cell.dataset.state = "impossible"; cell.title = say.sayImpossible; }
      cell.tabIndex = -1;
    }
  }

  async function pick(seat) {
    const mine = ++turn;
    carried = seat;
    seat.dataset.picked = "";
    spots = new Map();
    tell(say.sayLoading);
    try {
      const address = say.spots.replace("/0/", `/${seat.dataset.wish}/`);
      const response = await fetch(`${address}?plan=${say.plan}`, { headers: { Accept: "application/json" } });
      if (!response.ok) throw new Error("no answer");
      const found = await response.json();
      if (mine !== turn) return;
      const here = Number(board.dataset.place);
      spots = new Map(found.spots.filter((spot) => spot.place === here).map((spot) => [spot.slot, spot]));
    } catch {
      location.assign(seat.href);
      return;
    }
    if (!spots.size) { leave(say.sayNo); return; }
    show();
    tell(pairOf(seat), say.sayPicked);
    if (!ghost) go(seat.closest("td"), true);
  }

  function leave(words) {
    turn++;
    const seat = carried;
    if (seat) delete seat.dataset.picked;
    carried = null;
    delete board.dataset.carrying;
    for (const cell of cells) { delete cell.dataset.state; delete cell.dataset.over; cell.removeAttribute("title"); cell.removeAttribute("tabindex"); }
    if (ghost) { ghost.remove(); ghost = null; }
    tell(words);
    if (seat) seat.focus();
  }

  // The cell one is over: say what would break there.
  function go(cell, quiet) {
    if (at) delete at.dataset.over;
    at = cell;
    if (!cell) return;
    cell.dataset.over = "";
    if (quiet) return;
    const found = stateOf(cell);
    tell(nameOf(cell), found ? found.words : say.sayImpossible);
  }

  function drop(cell) {
    const found = cell && stateOf(cell);
    if (!found || found.state === "impossible") { tell(cell ? nameOf(cell) : "", found ? found.words : say.sayImpossible); return; }
    if (found.state === "here") { leave(say.sayCancelled); return; }
    const form = document.getElementById("board-move");
    const given = { plan: say.plan, wish: carried.dataset.wish, slot: cell.dataset.slot, place: board.dataset.place,
      table: cell.dataset.table, here: board.dataset.place };
    if (found.state === "swap") given.swap = "yes";
    for (const [name, value] of Object.entries(given)) {
      form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
    }
    form.submit();
  }

  // Keys.
  const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  board.addEventListener("keydown", (event) => {
    const seat = event.target.closest("a.seat");
    if (!carried) {
      if (seat && (event.key === "Enter" || event.key === " ")) { event.preventDefault(); pick(seat); }
      return;
    }
    if (event.key === "Escape") { event.preventDefault(); leave(say.sayCancelled); return; }
    if (event.key === "Enter" || event.key === " ") { event.preventDefault(); drop(at); return; }
    const step = STEPS[event.key];
    if (!step || !at) return;
    event.preventDefault();
    const turned = getComputedStyle(board).direction === "rtl" ? -1 : 1;
    const row = rows.indexOf(at.parentElement) + step[0];
    const column = at.cellIndex + step[1] * turned;
    const cell = rows[row] && rows[row].cells[column];
    if (!cell || !cell.dataset.slot) return;
    go(cell);
    cell.focus({ preventScroll: false });
  });

  // Mouse and finger. A tap picks up, the next tap drops; a mouse may also drag.
  let press = null;
  board.addEventListener("pointerdown", (event) => {
    const seat = event.target.closest("a.seat");
    if (event.button !== 0 || event.pointerType !== "mouse" || !seat || carried) return;
    press = { seat, x: event.clientX, y: event.clientY };
  });
  addEventListener("pointermove", (event) => {
    if (press && !ghost && Math.hypot(event.clientX - press.x, event.clientY - press.y) > 6) {
      ghost = press.seat.cloneNode(true);
      ghost.removeAttribute("id");
      ghost.classList.add("ghost");
      document.body.append(ghost);
      pick(press.seat);
    }
    if (!ghost) return;
    // Positions come from the pointer; the style sheet cannot know them.
    ghost.style.setProperty("left", `${event.clientX + 8}px`);
    ghost.style.setProperty("top", `${event.clientY + 8}px`);
    const under = document.elementFromPoint(event.clientX, event.clientY);
    const cell = under && under.closest("td[data-slot]");
    if (cell && cell !== at && board.contains(cell)) go(cell);
  });
  addEventListener("pointerup", (event) => {
    if (!press) return;
    const dragged = Boolean(ghost);
    press = null;
    if (!dragged) return;
    const swallow = (late) => { late.preventDefault(); late.stopPropagation(); };
    addEventListener("click", swallow, { capture: true, once: true });
    setTimeout(() => removeEventListener("click", swallow, { capture: true }), 50);
    const under = document.elementFromPoint(event.clientX, event.clientY);
    const cell = under && under.closest("td[data-slot]");
    ghost.remove();
    ghost = null;
    if (cell && board.contains(cell) && spots.size) drop(cell);
    else leave(say.sayCancelled);
  });
  board.addEventListener("click", (event) => {
    const seat = event.target.closest("a.seat"), cell = event.target.closest("td[data-slot]");
    if (carried) {
      event.preventDefault();
      if (cell) { go(cell); drop(cell); }
    } else if (seat) {
      event.preventDefault();
      pick(seat);
    }
  });
  board.addEventListener("pointerover", (event) => {
    const cell = carried && !ghost && event.pointerType === "mouse" && event.target.closest("td[data-slot]");
    if (cell && cell !== at) go(cell);
  });
  addEventListener("keydown", (event) => { if (event.key === "Escape" && carried) leave(say.sayCancelled); });
}
