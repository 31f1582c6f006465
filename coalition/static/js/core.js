// On every page: one sending per form, focus on errors, characters left, fresh times, copy buttons.
const { lang } = document.documentElement;
const all = (selector, act, root = document) => root.querySelectorAll(selector).forEach(act);

// A second press within eight seconds is a slip, unless it opens a new window.
addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented || event.submitter?.formTarget) return;
  if (form.dataset.sent) return event.preventDefault();
  const mark = (on) => {
    form.dataset.sent = on ? "1" : "";
    all(".button", (button) => button.ariaDisabled = on || null, form);
  };
  mark(true);
  setTimeout(mark, 8000, false);
  addEventListener("pageshow", () => mark(false), { once: true });
});

const summary = document.querySelector("[data-error-summary]");
if (summary) {
  summary.focus();
  summary.addEventListener("click", (event) => {
    const field = event.target.hash && document.getElementById(event.target.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    (field.closest(".field") ?? field).scrollIntoView();
    field.focus({ preventScroll: true });
  });
}

all("[data-maximum]", (area) => {
  const words = document.getElementById(area.dataset.counter);
  const number = new Intl.NumberFormat(lang);
  const show = () => {
    // By code points, as the server counts.
    const left = area.dataset.maximum - [...area.value].length;
    words.textContent = words.dataset[left < 0 ? "over" : "left"].replace("{n}", number.format(Math.abs(left)));
    words.classList.toggle("is-over", left < 0);
  };
  area.addEventListener("input", show);
  show();
});

const UNITS = [["day", 864e5], ["hour", 36e5], ["minute", 6e4]];
const relative = new Intl.RelativeTimeFormat(lang, { numeric: "auto" });
const refresh = () => all("[data-relative]", (time) => {
  const gap = new Date(time.dateTime) - Date.now();
  const [unit, size] = UNITS.find(([, size]) => Math.abs(gap) >= size) ?? UNITS[2];
  time.textContent = relative.format(Math.trunc(gap / size), unit);
});
setInterval(refresh, 6e4);

all("[data-copy]", (button) => {
  if (!navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
    button.textContent = button.dataset.done;
  });
});
