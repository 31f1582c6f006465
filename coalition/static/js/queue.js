// A list to decide on: j and k move, x ticks, a and r press the row's own buttons, while the focus is inside the
// list and unless switched off. The bar below says how many are ticked.
const list = document.querySelector("[data-queue]");
const OFF = "queue-keys-off";

const keys = document.querySelector("[data-queue-keys]");
const keySwitch = keys?.querySelector("[data-queue-switch]");
if (keySwitch) {
  keys.hidden = false;
  keySwitch.checked = !localStorage.getItem(OFF);
  keySwitch.addEventListener("change", () => {
    keySwitch.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "1");
  });
}

list?.addEventListener("keydown", (event) => {
  const typing = event.target.matches("textarea, select, input:not([type=checkbox])");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || localStorage.getItem(OFF)) return;
  const here = event.target.closest("[data-row]");
  const rows = [...list.querySelectorAll("[data-row]")];
  const at = rows.indexOf(here);
  const key = event.key.toLowerCase();
  if (key === "j" || key === "k") {
    rows[at < 0 ? 0 : at + (key === "j" ? 1 : -1)]?.focus();
  } else if (key === "x") here?.querySelector("input[type=checkbox]")?.click();
  else if (key === "a" || key === "r") here?.querySelector(`[data-key="${key}"]`)?.click();
  else return;
  event.preventDefault();
});

const bar = document.querySelector("[data-bulk]");
if (list && bar) {
  const language = document.documentElement.lang;
  const plural = new Intl.PluralRules(language);
  const number = new Intl.NumberFormat(language);
  const button = bar.querySelector("[data-bulk-button]");
  const plain = button.textContent;
  const say = (element, count) => {
    const words = JSON.parse(element.dataset.words);
    return (words[plural.select(count)] ?? words.other).replace("{n}", number.format(count));
  };
  const show = () => {
    const count = list.querySelectorAll("[data-row] input:checked").length;
    button.textContent = count ? say(button, count) : plain;
    const told = bar.querySelector("[data-bulk-count]");
    told.textContent = count ? say(told, count) : "";
  };
  list.addEventListener("change", show);
  show();
}
