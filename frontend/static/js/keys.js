// The keyboard of the desk. Matched on event.code, never a bare letter, never Ctrl+Alt (AltGr on Italian keyboards);
// <body data-shortcuts="off"> switches all of it off. Screen readers and browsers keep F5, F10, F11, F12.
import { openDialog } from "./dialogs.js";
import { say } from "./say.js";
import { activeTimeLeft } from "./clocks.js";

const visible = (element) => element.getClientRects().length > 0;
const all = (selector) => [...document.querySelectorAll(selector)].filter(visible);
const press = (selector) => all(selector)[0]?.click();

function movePane(step) {
  const panes = all("[data-pane]");
  const at = panes.findLastIndex((pane) => pane.contains(document.activeElement)); // innermost: panes may nest
  const start = at < 0 && step < 0 ? 0 : at;
  panes[(start + step + panes.length) % panes.length]?.focus();
}

function write(kind) {
  press(`[data-compose="${kind}"]`);
  requestAnimationFrame(() => all("#draft")[0]?.focus());
}

function openItem(number) {
  all("#queue .qi[href]")[number - 1]?.click();
}

function stepItem(step) {
  const items = all("#queue .qi[href]");
  const at = items.findIndex((item) => item.hasAttribute("aria-current"));
  items[Math.max(0, Math.min(items.length - 1, at < 0 ? 0 : at + step))]?.click();
}

const speakBrand = () => say(document.getElementById("conv")?.dataset.spoken, { assertive: true });
const speakLast = () => say(all("#conv .msg.in .bub").at(-1)?.innerText, { assertive: true });

export const KEYS = {
  "F2": () => press('[data-take="next"]'), // where the open contact has no button of its own for this key
  "F6": () => movePane(1),
  "Shift F6": () => movePane(-1),
  "Alt KeyR": () => write("reply"),
  "Alt KeyN": () => write("note"),
  "Alt KeyB": speakBrand,
  "Alt KeyT": () => say(activeTimeLeft(), { assertive: true }),
  "Alt KeyL": speakLast,
  "Alt ArrowDown": () => stepItem(1),
  "Alt ArrowUp": () => stepItem(-1),
  "Ctrl KeyK": () => document.getElementById("palette") && openDialog("palette"),
  "Ctrl Slash": () => openDialog("shortcuts"),
  "Ctrl Enter": () => document.activeElement?.closest("form[data-ctrl-enter]")?.requestSubmit(),
};
for (let digit = 1; digit <= 9; digit++) KEYS[`Alt Digit${digit}`] = () => openItem(digit);

/** `<button data-hotkey="F8">` is pressed by its key. */
const hotkey = (chord) => all(`[data-hotkey="${CSS.escape(chord)}"]`)[0];

function chordOf(event) {
  const code = event.ctrlKey && event.key === "/" ? "Slash" : event.code.replace("NumpadEnter", "Enter");
  const held = [(event.ctrlKey || event.metaKey) && "Ctrl", event.altKey && "Alt"];
  if (event.shiftKey && code !== "Slash") held.push("Shift");
  return [...held, code].filter(Boolean).join(" ");
}

const INSIDE_DIALOGS = new Set(["Ctrl Enter", "Ctrl Slash"]);

document.addEventListener("keydown", (event) => {
  if (document.body.dataset.shortcuts === "off" || event.isComposing) return;
  if (event.getModifierState("AltGraph") || (event.ctrlKey && event.altKey)) return;
  const chord = chordOf(event);
  if (document.querySelector("dialog[open]") && !INSIDE_DIALOGS.has(chord)) return;
  const button = hotkey(chord);
  if (!button && !KEYS[chord]) return;
  event.preventDefault();
  button ? button.click() : KEYS[chord]();
});
