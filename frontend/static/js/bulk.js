// Several contacts of the queue at once, all of one brand: Space on an item selects it, Shift with Space or a click all
// from the last one to it, the box beside it too. What is selected outlives every live update of the list.
import { openDialog } from "./dialogs.js";
import { say } from "./say.js";
import { count, words } from "./words.js";

const LOOK_AGAIN = 500;
const byId = (id) => document.getElementById(id);
const list = byId("queue-waiting");
const selected = new Set(); // ids of interactions
let slug = ""; // of the brand all of them are of
let anchor = null;

const idOf = (item) => item.id.slice("qi-".length);
const itemOf = (element) => element?.closest?.("#queue-waiting > li");
const shown = () => [...list.children].filter((item) => !item.hidden);
const nameOf = (item) => item.querySelector(".qi-t .vh")?.textContent.replace(/:\s*$/, "") ?? item.dataset.brand;

function toggle(item, on = !selected.has(idOf(item))) {
  if (on && selected.size && item.dataset.brand !== slug) {
    say(words.oneBrand, { assertive: true });
    byId("bulk-note").textContent = words.oneBrand;
    return mark();
  }
  on ? selected.add(idOf(item)) : selected.delete(idOf(item));
  slug = selected.size ? item.dataset.brand : "";
  anchor = idOf(item);
  byId("bulk-note").textContent = "";
  mark();
}

/** All of the brand from the last one touched to this one; others between them are passed over. */
function extend(item) {
  const items = shown();
  const from = items.findIndex((each) => idOf(each) === anchor);
  const to = items.indexOf(item);
  if (from < 0) return toggle(item, true);
  const between = items.slice(Math.min(from, to), Math.max(from, to) + 1);
  for (const each of between) if (!slug || each.dataset.brand === slug) toggle(each, true);
}

function clear() {
  selected.clear();
  slug = "";
  anchor = null;
  byId("bulk-note").textContent = "";
  mark();
}

function mark() {
  for (const item of list.children) {
    const box = item.querySelector(".qi-pick");
    const on = selected.has(idOf(item));
    if (box && box.checked !== on) box.checked = on;
    item.toggleAttribute("data-selected", on);
  }
  const bar = byId("bulk-bar");
  bar.hidden = selected.size === 0;
  byId("queue").toggleAttribute("data-selecting", !bar.hidden);
  const said = selected.size ? `${count(selected.size, "selectedOne", "selectedMany")}, ${brandName()}` : "";
  if (byId("bulk-count").textContent === said) return;
  byId("bulk-count").textContent = said;
  say(said || words.selectedNone);
}

const brandName = () => {
  const item = [...list.children].find((each) => each.dataset.brand === slug);
  return item ? nameOf(item) : slug;
};

/** What was taken by others or left the list is not selected any more. */
function forget() {
  const there = new Set([...list.children].map(idOf));
  const gone = [...selected].filter((id) => !there.has(id));
  gone.forEach((id) => selected.delete(id));
  if (!selected.size) slug = "";
  mark();
}

function open() {
  const form = byId("bulk-selected");
  form.replaceChildren(...[...selected].map((value) => Object.assign(document.createElement("input"), { name: "contact", value })));
  openDialog("bulk");
  htmx.ajax("POST", `/b/${slug}/bulk/choice`, { source: form, target: "#bulk-body" });
}

let asked = 0;

/** How far it is, as long as it runs, whether the dialog is open or not. */
function follow() {
  const url = byId("bulk-body").querySelector("[data-poll]")?.dataset.poll;
  clearTimeout(asked);
  if (url) asked = setTimeout(() => htmx.ajax("GET", url, { source: "#bulk-body", target: "#bulk-body", swap: "innerMorph" }), LOOK_AGAIN);
}

/** After each step the focus is where the next key is wanted, and what came of it is heard. */
function land() {
  const body = byId("bulk-body");
  const place = body.querySelector(".err-summary, [aria-invalid], [name=verb]:checked") ?? body.querySelector("[data-land]");
  if (byId("bulk").open && !body.contains(document.activeElement)) place?.focus();
  const done = body.querySelector("[data-finished]:not([data-heard])");
  if (!done) return;
  done.dataset.heard = "";
  say(done.querySelector(".h-md")?.textContent);
  clear();
  byId("bulk-last").hidden = false;
}

function onKey(event) {
  const item = itemOf(event.target);
  if (event.code === "Space" && item && event.target.matches(".qi")) {
    event.preventDefault();
    event.shiftKey ? extend(item) : toggle(item);
  }
  if (event.key === "Escape" && selected.size && byId("queue").contains(event.target)) clear();
}

function onClick(event) {
  const item = itemOf(event.target);
  if (event.target.matches?.(".qi-pick")) return event.shiftKey ? extend(item) : toggle(item, event.target.checked);
  if (item && event.shiftKey && event.target.closest(".qi")) {
    event.preventDefault();
    event.stopPropagation();
    extend(item);
  }
}

function start() {
  document.addEventListener("keydown", onKey);
  list.addEventListener("click", onClick, true);
  byId("bulk-act").addEventListener("click", open);
  byId("bulk-clear").addEventListener("click", () => {
    clear();
    byId("queue-heading").focus();
  });
  new MutationObserver(forget).observe(list, { childList: true });
  document.addEventListener("htmx:after:swap", () => { mark(); land(); follow(); });
}

if (list && byId("bulk-bar")) start();
