// `/` at the start of a line of the composer, or its button, opens the palette with the snippets of the contact.
import { openDialog } from "./dialogs.js";
import { toast } from "./toast.js";
import { words } from "./words.js";

const byId = (id) => document.getElementById(id);
const palette = byId("palette");
const token = JSON.parse(document.body.getAttribute("hx-headers:inherited") ?? "{}");
let slash = false; // the palette was opened by a stroke that was meant as text if nothing is chosen

const atLineStart = (field) =>
  field.selectionStart === field.selectionEnd && /(^|\n)$/.test(field.value.slice(0, field.selectionStart));

function put(field, text) {
  field.focus();
  field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true })); // drafts.js keeps it
}

function ask(bySlash) {
  if (!palette || palette.open) return false;
  slash = bySlash;
  openDialog("palette");
  const field = byId("pal-q");
  field.value = "/";
  palette.querySelector("form").dispatchEvent(new Event("palette:ask"));
  return true;
}

/** Something was chosen: the stroke was no text. */
export const chosen = () => (slash = false);

/** The words come from the server, filled for this contact; a contact that was changed meanwhile gets none. */
export async function insert(address, snippet) {
  const conversation = byId("conv");
  const form = new URLSearchParams({ snippet, expected_brand: byId("draft")?.form.elements.expected_brand.value ?? "" });
  const answer = await fetch(address, { method: "POST", headers: token, body: form }).catch(() => null);
  if (byId("conv") !== conversation && byId("conv")?.dataset.interaction !== conversation?.dataset.interaction) return;
  if (!answer?.ok) return toast(words.failed);
  const field = byId("draft");
  if (field) put(field, await answer.text());
}

document.addEventListener("keydown", (event) => {
  const { target, key, isComposing } = event;
  if (key !== "/" || isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
  if (target.id === "draft" && atLineStart(target) && ask(true)) event.preventDefault();
});

document.addEventListener("click", ({ target }) => {
  if (target.closest?.("[data-snippets]")) { byId("draft")?.focus(); ask(false); }
});

palette?.addEventListener("close", () => {
  if (slash && byId("draft")) put(byId("draft"), "/");
  slash = false;
});
