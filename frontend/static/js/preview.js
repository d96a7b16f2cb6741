// A picture that was attached is looked at in the page; without scripts its link downloads it.
import { openDialog } from "./dialogs.js";

const byId = (id) => document.getElementById(id);

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-preview]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const name = link.dataset.preview;
  byId("preview-title").textContent = byId("preview-img").alt = name;
  byId("preview-img").src = byId("preview-file").href = link.href;
  openDialog("preview");
});
