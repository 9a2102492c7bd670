// Smooths the exhibition: runs without leaving the page, drawing, camera, microphone, one's own
// visit, and screens that follow a guide. Everything works without it, except those three devices.
"use strict";

{
  const NOTED = "saphan-visit";
  const LONGEST = 1600;
  const one = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];

  // ---- Running
  function show(html, form) {
    const page = new DOMParser().parseFromString(html, "text/html");
    const fresh = one("#answer", page);
    const problems = one(".try-form .errors, .try-form [aria-invalid]", page);
    if (!fresh || problems || one(".try-form .notice[data-tone=wrong]", page)) {
      document.open();
      document.write(html);
      document.close();
      return;
    }
    const answer = one("#answer");
    answer.replaceWith(fresh);
    fresh.removeAttribute("aria-busy");
    if (fresh.dataset.poll) poll(fresh.dataset.poll);
    else {
      if (form && innerWidth < 960) fresh.scrollIntoView({ block: "start" });
      fresh.tabIndex = -1;
      fresh.focus({ preventScroll: true });
    }
  }

  async function poll(address) {
    for (let failures = 0; failures < 20;) {
      try {
        const response = await fetch(address, { headers: { "X-Requested-With": "fetch" } });
        if (response.url && !response.url.includes(address)) return location.assign(response.url);
        return show(await response.text());
      } catch {
        failures += 1;
        await new Promise((done) => setTimeout(done, 1000 * failures));
      }
    }
  }

  async function run(event) {
    const form = event.target;
    event.preventDefault();
    const data = new FormData(form, event.submitter);
    if (!event.submitter?.name) {
      for (const input of all("input[type=file][data-kind=image]", form)) {
        if (input.files[0]) data.set(input.name, await smaller(input.files[0]), "photo.jpg");
      }
      for (const [name, blob] of made) {
        const input = form.elements[name];
        if (input && !(input.files && input.files[0])) data.set(name, blob, blob.type === "audio/wav" ? "voice.wav" : "picture.png");
      }
    }
    const answer = one("#answer");
    answer.setAttribute("aria-busy", "true");
    const buttons = all("button", form);
    for (const button of buttons) button.disabled = true;
    try {
      const response = await fetch(form.action, { method: "POST", body: data });
      show(await response.text(), form);
      if (response.redirected) history.replaceState(null, "", response.url);
    } catch {
      answer.removeAttribute("aria-busy");
      for (const button of buttons) button.disabled = false;
      form.submit();
      return;
    }
    for (const button of buttons) button.disabled = false;
  }

  // A phone's picture has 4 MB and its place in it; neither is needed.
  async function smaller(file) {
    try {
      const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
      const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(picture.width * scale);
      canvas.height = Math.round(picture.height * scale);
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      return await new Promise((done) => canvas.toBlob((blob) => done(blob || file), "image/jpeg", 0.9));
    } catch {
      return file;
    }
  }

  // ---- Drawing, camera, microphone: what they make waits here under the input's name
  const made = new Map();

  function drawing(place) {
    const name = place.dataset.draw;
    const canvas = one("canvas", place);
    const context = canvas.getContext("2d");
    const field = place.closest(".input-of");
    place.hidden = false;
    const ground = new Image();
    const wipe = () => {
      context.fillStyle = "#fff";
      context.fillRect(0, 0, canvas.width, canvas.height);
      if (ground.complete && ground.naturalWidth) context.drawImage(ground, 0, 0, canvas.width, canvas.height);
      made.delete(name);
    };
    ground.onload = () => {
      canvas.width = Math.min(960, ground.naturalWidth);
      canvas.height = Math.round(canvas.width * ground.naturalHeight / ground.naturalWidth);
      wipe();
    };
    if (field.dataset.over) ground.src = field.dataset.over;
    wipe();
    let last = null;
    const at = (event) => {
      const box = canvas.getBoundingClientRect();
      return [(event.clientX - box.left) * canvas.width / box.width, (event.clientY - box.top) * canvas.height / box.height];
    };
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      last = at(event);
      event.preventDefault();
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!last) return;
      const here = at(event);
      context.strokeStyle = "#26231e";
      context.lineWidth = Math.max(2, canvas.width / 240);
      context.lineCap = "round";
      context.beginPath();
      context.moveTo(...last);
      context.lineTo(...here);
      context.stroke();
      last = here;
    });
    canvas.addEventListener("pointerup", () => {
      last = null;
      canvas.toBlob((blob) => made.set(name, blob), "image/png");
    });
    one("[data-clear]", place).addEventListener("click", wipe);
  }

  function camera(place) {
    if (!navigator.mediaDevices?.getUserMedia) return;
    place.hidden = false;
    const video = one("video", place);
    const start = one("[data-start]", place);
    const shot = one("[data-shot]", place);
    start.addEventListener("click", async () => {
      try {
        const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: LONGEST } });
        video.srcObject = stream;
        video.hidden = shot.hidden = false;
        start.hidden = true;
        await video.play();
      } catch {
        one("[data-denied]", place).hidden = false;
      }
    });
    shot.addEventListener("click", () => {
      const canvas = document.createElement("canvas");
      canvas.width = video.videoWidth;
      canvas.height = video.videoHeight;
      canvas.getContext("2d").drawImage(video, 0, 0);
      for (const track of video.srcObject.getTracks()) track.stop();
      video.hidden = shot.hidden = true;
      start.hidden = false;
      const preview = one(`[data-preview="${place.dataset.camera}"]`);
      preview.src = canvas.toDataURL("image/jpeg", 0.9);
      preview.hidden = false;
      canvas.toBlob((blob) => made.set(place.dataset.camera, blob), "image/jpeg", 0.9);
    });
  }

  function wav(chunks, rate) {
    const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    const view = new DataView(new ArrayBuffer(44 + length * 2));
    const write = (at, text) => [...text].forEach((letter, i) => view.setUint8(at + i, letter.charCodeAt(0)));
    write(0, "RIFF");
    view.setUint32(4, 36 + length * 2, true);
    write(8, "WAVEfmt ");
    [[16, 16, 4], [20, 1, 2], [22, 1, 2], [24, rate, 4], [28, rate * 2, 4], [32, 2, 2], [34, 16, 2]].forEach(
      ([at, value, size]) => (size === 4 ? view.setUint32(at, value, true) : view.setUint16(at, value, true)));
    write(36, "data");
    view.setUint32(40, length * 2, true);
    let at = 44;
    for (const chunk of chunks) {
      for (const sample of chunk) {
        view.setInt16(at, Math.max(-1, Math.min(1, sample)) * 32767, true);
        at += 2;
      }
    }
    return new Blob([view], { type: "audio/wav" });
  }

  function recorder(place, done) {
    if (!navigator.mediaDevices?.getUserMedia || !window.AudioContext) return;
    place.hidden = false;
    const start = one("[data-start]", place);
    const stop = one("[data-stop]", place);
    const told = one("output", place);
    start.addEventListener("click", async () => {
      let stream;
      try {
        stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, noiseSuppression: true } });
      } catch {
        one("[data-denied]", place).hidden = false;
        return;
      }
      const context = new AudioContext({ sampleRate: 16000 });
      const source = context.createMediaStreamSource(stream);
      const node = context.createScriptProcessor(4096, 1, 1);
      const chunks = [];
      node.onaudioprocess = (event) => {
        chunks.push(event.inputBuffer.getChannelData(0).slice());
        const seconds = Math.round(chunks.length * 4096 / context.sampleRate);
        told.textContent = `${seconds} s`;
        if (seconds >= 15) end();
      };
      const end = () => {
        node.onaudioprocess = null;
        for (const track of stream.getTracks()) track.stop();
        context.close();
        done(wav(chunks, context.sampleRate), told);
        stop.hidden = true;
        start.hidden = false;
      };
      source.connect(node);
      node.connect(context.destination);
      start.hidden = true;
      stop.hidden = false;
      stop.onclick = end;
    });
  }

  // What was said becomes text in the field; the visitor reads it over before she runs anything.
  async function speak(place, sound, told) {
    const form = place.closest("form");
    const data = new FormData();
    data.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    data.set("speech", sound, "voice.wav");
    told.textContent = "…";
    let address = form.dataset.voice;
    for (let turn = 0; turn < 20; turn += 1) {
      const response = await fetch(address, turn ? {} : { method: "POST", body: data });
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const answer = one("#answer", page);
      if (answer?.dataset.poll) {
        address = answer.dataset.poll;
        continue;
      }
      const heard = one(".parts .quoted blockquote", answer || page);
      told.textContent = heard ? "" : one(".notice", answer || page)?.textContent || "";
      if (heard) {
        const field = form.elements[place.dataset.speak];
        field.value = heard.textContent.trim();
        field.focus();
      }
      return;
    }
  }

  for (const form of all("form[data-run]")) form.addEventListener("submit", run);
  for (const place of all("[data-draw]")) drawing(place);
  for (const place of all("[data-camera]")) camera(place);
  for (const place of all("[data-record]")) recorder(place, (sound) => made.set(place.dataset.record, sound));
  for (const place of all("[data-speak]")) recorder(place, (sound, told) => speak(place, sound, told));
  const waiting = one("#answer[data-poll]");
  if (waiting) poll(waiting.dataset.poll);
  for (const input of all("input[type=file][data-kind=image]")) {
    input.addEventListener("change", () => {
      const preview = one(`[data-preview="${input.name}"]`);
      if (!input.files[0] || !preview) return;
      const reader = new FileReader();
      reader.onload = () => {
        preview.src = reader.result;
        preview.hidden = false;
      };
      reader.readAsDataURL(input.files[0]);
      made.delete(input.name);
    });
  }

  // ---- My visit: in this browser alone. A kiosk belongs to nobody and notes nothing.
  const kiosk = document.body.classList.contains("kiosk");
  const read = () => {
    try {
      return JSON.parse(localStorage.getItem(NOTED)) || {};
    } catch {
      return {};
    }
  };
  const exhibit = one(".exhibit[data-slug]");
  if (exhibit && !kiosk) {
    try {
      localStorage.setItem(NOTED, JSON.stringify({ ...read(), [exhibit.dataset.slug]: new Date().toISOString().slice(0, 10) }));
    } catch {
      // private windows keep nothing: then there is no visit to show
    }
  }
  const seen = kiosk ? {} : read();
  for (const link of all("[data-exhibit]")) if (seen[link.dataset.exhibit]) link.dataset.seen = "";
  const visit = one("[data-visit]");
  if (visit) {
    let count = 0;
    for (const line of all("[data-exhibit-line]", visit)) {
      const day = seen[line.dataset.exhibitLine];
      line.hidden = !day;
      if (day) {
        count += 1;
        one("[data-when]", line).textContent = new Date(day).toLocaleDateString(document.documentElement.lang);
      }
    }
    one("[data-visit-none]").hidden = count > 0;
    one("[data-visit-do]").hidden = count === 0;
    one("[data-visit-clear]").addEventListener("click", () => {
      localStorage.removeItem(NOTED);
      location.reload();
    });
    one("[data-visit-print]").addEventListener("click", () => print());
  }

  // ---- Following a guide
  const following = one("[data-follow]");
  const code = document.cookie.match(/(?:^|; )saphan_tour=(\w+)/)?.[1];
  const address = following?.dataset.follow || (code && `/${location.pathname.split("/")[1]}/exhibition/tour/${code}/now/`);
  if (address) {
    const store = `saphan-tour-${code}`;
    let known = sessionStorage.getItem(store);
    const look = async () => {
      try {
        const told = await (await fetch(address)).json();
        if (!told.open) {
          document.cookie = "saphan_tour=; max-age=0; path=/";
          sessionStorage.removeItem(store);
          if (following) location.reload();
          return;
        }
        if (String(told.moves) !== known && told.url) {
          known = String(told.moves);
          sessionStorage.setItem(store, known);
          if (location.pathname !== new URL(told.url, location).pathname) return location.assign(told.url);
        }
      } catch {
        // the house does not answer just now; the next look may find it
      }
      setTimeout(look, 2000);
    };
    look();
  }
}
