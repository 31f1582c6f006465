// The printed line while it is typed: posts the form to data-preview-url, shows the answer.
for (const box of document.querySelectorAll("[data-preview-url]")) {
  const form = box.closest("form");
  const line = box.querySelector("[data-preview]");
  let timer, asked;
  const ask = async () => {
    asked?.abort();
    asked = new AbortController();
    try {
      const answer = await fetch(box.dataset.previewUrl, { method: "POST", body: new FormData(form), signal: asked.signal });
      if (!answer.ok) return;
      const html = await answer.text();
      if (line.innerHTML !== html) line.innerHTML = html;
      box.hidden = !html.trim();
    } catch { /* typing went on, or the line is down */ }
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 400);
  };
  form.addEventListener("input", later);
  if (form.querySelector("input[type=text]")?.value) later();
}
