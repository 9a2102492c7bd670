// Passkeys: the browser is asked, then the form is sent with its answer. Where the browser knows no
// passkeys their buttons stay hidden; the password works without this file.
const known = Boolean(window.PublicKeyCredential && navigator.credentials);
for (const part of document.querySelectorAll("[data-needs-passkeys], form[data-passkey=get]")) part.hidden = !known;
for (const part of document.querySelectorAll("[data-needs-no-passkeys]")) part.hidden = known;
if (!known) for (const form of document.querySelectorAll("form[data-passkey=create]")) form.hidden = true;
for (const part of document.querySelectorAll(".other-ways")) {
  if (!part.querySelector(":scope > :not(h2, script, [hidden])")) part.hidden = true;
}

const bytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const listed = (list) => (list || []).map((entry) => ({ ...entry, id: bytes(entry.id) }));

async function options(form) {
  if (form.dataset.options) return JSON.parse(document.getElementById(form.dataset.options).textContent);
  const response = await fetch(form.dataset.optionsUrl, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(`options: ${response.status}`);
  return response.json();
}

async function credential(form) {
  const given = await options(form);
  if (form.dataset.passkey === "create") {
    const key = { ...given.creation_options.publicKey };
    key.challenge = bytes(key.challenge);
    key.user = { ...key.user, id: bytes(key.user.id) };
    key.excludeCredentials = listed(key.excludeCredentials);
    const made = await navigator.credentials.create({ publicKey: key });
    return packed(made, {
      attestationObject: text(made.response.attestationObject),
      transports: made.response.getTransports ? made.response.getTransports() : [],
    });
  }
  const key = { ...given.request_options.publicKey };
  key.challenge = bytes(key.challenge);
  key.allowCredentials = listed(key.allowCredentials);
  const found = await navigator.credentials.get({ publicKey: key });
  return packed(found, {
    authenticatorData: text(found.response.authenticatorData),
    signature: text(found.response.signature),
    userHandle: found.response.userHandle ? text(found.response.userHandle) : null,
  });
}

function packed(answer, response) {
  return JSON.stringify({
    id: answer.id,
    rawId: text(answer.rawId),
    type: answer.type,
    authenticatorAttachment: answer.authenticatorAttachment,
    clientExtensionResults: answer.getClientExtensionResults(),
    response: { clientDataJSON: text(answer.response.clientDataJSON), ...response },
  });
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("[data-passkey]")) return;
  event.preventDefault();
  const problem = form.querySelector("[data-problem]");
  problem.hidden = true;
  try {
    form.elements.credential.value = await credential(form);
    form.submit();
  } catch (error) {
    problem.textContent = error.name === "NotAllowedError" ? form.dataset.cancelled : form.dataset.failed;
    problem.hidden = false;
  }
});
