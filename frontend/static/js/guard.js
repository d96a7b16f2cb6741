// The wrong-brand guard. While somebody writes, the server is asked what in the text is not of this brand; it only marks.
// Sending decides: what comes back held back opens as a dialog whose safe button has the focus.
import { openDialog } from "./dialogs.js";

const PAUSE = 700;
const token = JSON.parse(document.body.getAttribute("hx-headers:inherited") ?? "{}");
let timer = 0;
let asked = 0; // an answer that was overtaken by a later question is not shown

async function check(field, note) {
  const mine = ++asked;
  const body = new URLSearchParams({ text: field.value });
  const answer = await fetch(note.dataset.check, { method: "POST", headers: { ...token, "HX-Request": "true" }, body }).catch(() => null);
  const shown = answer?.ok ? await answer.text() : ""; // without an answer nothing is marked: sending asks again
  if (mine === asked && note.isConnected) mark(field, note, shown);
}

function mark(field, note, shown) {
  note.innerHTML = shown;
  field.closest("form").toggleAttribute("data-doubt", Boolean(shown.trim()));
}

document.addEventListener("input", ({ target }) => {
  const note = target.matches?.("[data-composer=reply] textarea") && target.form.querySelector("[data-check]");
  if (!note) return;
  clearTimeout(timer);
  timer = setTimeout(() => check(target, note), PAUSE);
});

/** The dialog stands open in the page for browsers without scripts; here it becomes one that nothing gets past. */
function show() {
  const dialog = document.getElementById("guard");
  if (!dialog || dialog.matches(":modal")) return;
  dialog.removeAttribute("open");
  dialog.addEventListener("close", () => correct(dialog), { once: true });
  openDialog("guard");
  dialog.querySelector("[data-close]").focus({ focusVisible: true }); // however the answer was sent
}

/** Back in the text, at the first place to correct. */
function correct(dialog) {
  const field = document.getElementById("draft");
  const [start, end] = dialog.dataset.first.split(" ").map(Number);
  dialog.remove();
  field?.focus();
  field?.setSelectionRange(start, end);
}

document.addEventListener("htmx:after:swap", show);
show();
