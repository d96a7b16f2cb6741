// `/` at the start of a line of the composer, or its button, opens the palette with the snippets of the contact;
// `@` at the start of a word of a note, or its button, with the colleagues it may mention.
import { comeBack, openDialog } from "./dialogs.js";
import { toast } from "./toast.js";
import { words } from "./words.js";

const byId = (id) => document.getElementById(id);
const palette = byId("palette");
const token = JSON.parse(document.body.getAttribute("hx-headers:inherited") ?? "{}");
let stroke = ""; // opened the palette, and was meant as text if nothing is chosen

const before = (field) => field.selectionStart === field.selectionEnd && field.value.slice(0, field.selectionStart);
const STROKES = {
  "/": (field) => /(^|\n)$/.test(before(field)),
  "@": (field) => field.form.dataset.composer === "note" && /(^|\s)$/.test(before(field)),
};

export function put(field, text) {
  field.focus();
  comeBack();
  field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true })); // drafts.js keeps it
}

function ask(kind, pressed) {
  if (!palette || palette.open) return false;
  stroke = pressed ? kind : "";
  openDialog("palette");
  const field = byId("pal-q");
  field.value = kind;
  palette.querySelector("form").dispatchEvent(new Event("palette:ask"));
  return true;
}

/** Something was chosen: the stroke was no text. */
export const chosen = () => (stroke = "");

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
  const held = event.ctrlKey || event.altKey || event.metaKey;
  if (!STROKES[key] || isComposing || (held && !event.getModifierState("AltGraph"))) return; // AltGr types @ in Italy
  if (target.id === "draft" && STROKES[key](target) && ask(key, true)) event.preventDefault();
});

document.addEventListener("click", ({ target }) => {
  const kind = target.closest?.("[data-insert-by]")?.dataset.insertBy;
  if (kind) { byId("draft")?.focus(); ask(kind, false); }
});

palette?.addEventListener("close", () => {
  if (stroke && byId("draft")) put(byId("draft"), stroke);
  stroke = "";
});
