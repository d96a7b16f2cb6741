// Native <dialog>: data-open="id" opens, data-close closes, a click on the backdrop closes, focus returns by itself.
const FIELDS = ".body input, .body select, .body textarea, .body [data-into]";
const FIRST = "[autofocus], [data-first-focus]";
const firstSeen = (elements) => [...elements].find((element) => element.checkVisibility());

export function openDialog(id) {
  const dialog = document.getElementById(id);
  if (!dialog?.showModal || dialog.open) return;
  leave(document.activeElement);
  dialog.showModal();
  (keepFirst(dialog) ?? firstSeen(dialog.querySelectorAll(FIELDS)))?.focus();
  dialog.dispatchEvent(new Event("dialog:opened"));
}

/** The hand comes back to its text by itself, but at its beginning: where it was is remembered here. */
let left = null;

function leave(field) {
  left = field?.selectionStart == null ? null : { field, start: field.selectionStart, end: field.selectionEnd };
}

export function comeBack() {
  if (left && document.activeElement === left.field) left.field.setSelectionRange(left.start, left.end);
  left = null;
}

document.addEventListener("close", comeBack, true);

/** htmx follows `autofocus` again at every live swap around an open dialog: from here on it is ours alone. */
function keepFirst(dialog) {
  const first = dialog.querySelector(FIRST);
  first?.removeAttribute("autofocus");
  first?.setAttribute("data-first-focus", "");
  return first;
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open]");
  if (opener) { event.preventDefault(); openDialog(opener.dataset.open); }
  if (event.target.closest("[data-close]")) event.target.closest("dialog")?.close();
  if (event.target instanceof HTMLDialogElement) event.target.close();
});

/** The server answered: close what asked. HX-Trigger: {"close-dialog": {"id": "wrapup"}} */
document.addEventListener("close-dialog", ({ detail }) => document.getElementById(detail.id)?.close());

/** 1 … 9 choose inside a list of options, or open what is below one: <div class="opts" data-digits>. */
document.addEventListener("keydown", (event) => {
  const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code)?.[1];
  const list = event.target.closest?.("[data-digits]");
  if (!digit || !list || event.altKey || event.ctrlKey || event.metaKey) return;
  list.querySelectorAll("input[type=radio], input[type=checkbox], [data-into]")[digit - 1]?.click();
});
