// A picture or a document that was attached is looked at in the page; without scripts its link downloads it.
import { openDialog } from "./dialogs.js";

const byId = (id) => document.getElementById(id);

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-preview]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const { preview: name, pages } = link.dataset;
  byId("preview-title").textContent = name;
  byId("preview-file").href = link.href;
  byId("preview-shown").replaceChildren(pages ? frame(name, pages) : picture(name, link.href));
  openDialog("preview");
});

const picture = (alt, src) => Object.assign(document.createElement("img"), { alt, src });
const frame = (title, src) => Object.assign(document.createElement("iframe"), { title, src });
