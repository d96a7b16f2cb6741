// A picture or a document that was attached is looked at in the page; without scripts its link downloads it.
import { openDialog } from "./dialogs.js";

const byId = (id) => document.getElementById(id);

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-preview]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  show(link.dataset.preview, link.href, link.dataset.pages);
  openDialog("preview");
});

function show(name, file, pages) {
  const [picture, document] = [byId("preview-img"), byId("preview-doc")];
  byId("preview-title").textContent = name;
  byId("preview-file").href = file;
  picture.hidden = Boolean(pages);
  document.hidden = !pages;
  picture.alt = pages ? "" : name;
  document.title = pages ? name : "";
  pages ? picture.removeAttribute("src") : (picture.src = file);
  pages ? (document.src = pages) : document.removeAttribute("src");
}
