// Unsent text survives every swap: <textarea data-draft="<conversation> reply">. Kept in memory only, by conversation;
// forgotten when the form that holds it was accepted by the server.
const drafts = new Map();

export const unsent = () => drafts.size > 0;

document.addEventListener("input", ({ target }) => {
  const key = target.dataset?.draft;
  if (!key) return;
  target.value ? drafts.set(key, target.value) : drafts.delete(key);
});

function restore() {
  for (const field of document.querySelectorAll("textarea[data-draft]")) {
    if (!field.value && drafts.has(field.dataset.draft)) field.value = drafts.get(field.dataset.draft);
  }
}

document.addEventListener("htmx:after:request", ({ target, detail }) => {
  if (!(target instanceof HTMLFormElement) || detail.ctx.response.status >= 400) return;
  target.querySelectorAll("[data-draft]").forEach((field) => drafts.delete(field.dataset.draft));
});

document.addEventListener("htmx:after:swap", restore);

addEventListener("beforeunload", (event) => {
  if (drafts.size) event.preventDefault();
});
