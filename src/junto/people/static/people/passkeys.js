// Passkeys (WebAuthn Level 3), on the two pages that have such a form. Without it, signing in by code works as ever.
const bytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const text = (buffer) =>
  buffer && btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

// What the server wrote as base64url becomes bytes, and what the authenticator answers becomes base64url.
const read = (options) => {
  options.challenge = bytes(options.challenge);
  if (options.user) options.user.id = bytes(options.user.id);
  for (const list of ["excludeCredentials", "allowCredentials"]) {
    for (const known of options[list] ?? []) known.id = bytes(known.id);
  }
  return options;
};
const written = (credential) => {
  const response = {};
  for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[part]) response[part] = text(credential.response[part]);
  }
  return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response });
};

const ask = async (form) => {
  const answer = await fetch(form.dataset.options, {
    method: "POST",
    headers: { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
  });
  if (!answer.ok) throw new Error(answer.status === 429 || answer.status === 409 ? await answer.text() : "");
  return navigator.credentials[form.dataset.passkey]({ publicKey: read(await answer.json()) });
};

const send = async (event) => {
  event.preventDefault();
  event.stopPropagation();
  const form = event.currentTarget;
  const told = form.querySelector("[role=status]");
  const button = form.querySelector("button");
  told.textContent = "";
  button.setAttribute("aria-disabled", "true");
  try {
    form.elements.answer.value = written(await ask(form));
    form.submit();
  } catch (problem) {
    const isOurs = problem.constructor === Error && problem.message;
    told.textContent = isOurs ? problem.message : form.dataset.failed;
    button.removeAttribute("aria-disabled");
  }
};

if (window.PublicKeyCredential) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", send);
  }
  for (const section of document.querySelectorAll("[data-passkey-only]")) section.hidden = false;
}
