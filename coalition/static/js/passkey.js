// Asks the browser for the passkey that a form's options name when its button is pressed, and sends the answer.
for (const form of document.querySelectorAll("[data-passkey]")) {
  const failed = form.querySelector("[data-passkey-failed]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!form.reportValidity()) return;
    failed.hidden = true;
    try {
      const how = form.dataset.passkey;
      const parse = `parse${how === "create" ? "Creation" : "Request"}OptionsFromJSON`;
      const publicKey = PublicKeyCredential[parse](JSON.parse(form.dataset.options));
      form.elements.credential.value = JSON.stringify(await navigator.credentials[how]({ publicKey }));
      form.submit();
    } catch {
      failed.hidden = false;
    }
  });
}
