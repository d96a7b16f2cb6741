// Unsent text survives every swap and every browser: <textarea data-draft="<conversation> reply" data-keep="<address>">.
// Kept in memory by conversation, and on the server two seconds after the last key or when the field is left; forgotten
// when the form that holds it was accepted by the server.
const SAVE_AFTER = 2_000;
const token = JSON.parse(document.body.getAttribute("hx-headers:inherited") ?? "{}");
const drafts = new Map();
const waiting = new Map(); // field -> timer of its next save
const unkept = new Set(); // keys whose last text the server does not have yet
const seen = new Map(); // key -> which answer of the brand's own had been read when its text was begun

export const unsent = () => drafts.size > 0;

document.addEventListener("input", ({ target }) => {
  const key = target.dataset?.draft;
  if (!key) return;
  if (!drafts.has(key)) seen.set(key, target.form?.elements.native?.value);
  target.value ? drafts.set(key, target.value) : drafts.delete(key);
  if (!target.dataset.keep) return target.value ? unkept.add(key) : unkept.delete(key);
  unkept.add(key);
  clearTimeout(waiting.get(target));
  waiting.set(target, setTimeout(() => keep(target), SAVE_AFTER));
});

document.addEventListener("focusout", ({ target }) => waiting.has(target) && keep(target));
document.addEventListener("visibilitychange", () => document.hidden && [...waiting.keys()].forEach(keep));

/** What could not be saved is tried with the next key; the text is on the screen all the time. */
async function keep(field) {
  clearTimeout(waiting.get(field));
  waiting.delete(field);
  const { draft: key, keep: address } = field.dataset;
  const [text, form] = [field.value, field.form];
  const body = new URLSearchParams({ text, form_key: form?.elements.form_key?.value ?? "" });
  const answer = await fetch(address, { method: "PUT", headers: token, body, keepalive: true }).catch(() => null);
  if (answer?.ok && (drafts.get(key) ?? "") === text) unkept.delete(key);
}

function restore() {
  for (const field of document.querySelectorAll("textarea[data-draft]")) {
    const { draft: key } = field.dataset;
    if (field.value || !drafts.has(key)) continue;
    field.value = drafts.get(key);
    if (field.form?.elements.native) field.form.elements.native.value = seen.get(key) ?? "";
  }
}

/** Who was asked about an answer of the brand's own is not asked again: the text counts as written after it. */
function asked() {
  for (const field of document.querySelectorAll("textarea[data-asked]")) {
    field.removeAttribute("data-asked");
    drafts.set(field.dataset.draft, field.value);
    seen.set(field.dataset.draft, field.form.elements.native.value);
    keep(field);
  }
}

document.addEventListener("htmx:after:request", ({ target, detail }) => {
  if (!(target instanceof HTMLFormElement) || detail.ctx.response.status >= 400) return;
  for (const field of target.querySelectorAll("[data-draft]")) {
    clearTimeout(waiting.get(field));
    waiting.delete(field);
    drafts.delete(field.dataset.draft);
    unkept.delete(field.dataset.draft);
  }
});

document.addEventListener("htmx:after:swap", restore);
document.addEventListener("htmx:after:swap", asked);

addEventListener("beforeunload", (event) => {
  if (unkept.size) event.preventDefault();
});
