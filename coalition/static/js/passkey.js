// Asks the browser for the passkey the server's options name, and sends its answer.
const form = document.querySelector("[data-passkey]");
const how = form.dataset.passkey;
try {
  const parse = PublicKeyCredential[`parse${how === "create" ? "Creation" : "Request"}OptionsFromJSON`];
  const key = await navigator.credentials[how]({ publicKey: parse(JSON.parse(form.dataset.options)) });
  const extensions = JSON.stringify(key.getClientExtensionResults());
  form.elements.credential.value = JSON.stringify({ ...key.toJSON(), extensions });
  form.submit();
} catch {
  form.querySelector("[data-passkey-failed]").hidden = false;
}
