// Ctrl K: a combobox over a list the server renders. The hand stays in the text; aria-activedescendant names the option.
import { KEYS } from "./keys.js";
import { chosen, insert, put } from "./snippets.js";
import { count, words } from "./words.js";

const palette = document.getElementById("palette");
const byId = (id) => document.getElementById(id);
const options = () => [...palette.querySelectorAll("[role=option]")];
const active = () => palette.querySelector("[role=option][aria-selected=true]");

/** Nothing of the time before is shown: who may see what is asked anew each time. */
function opened() {
  byId("pal-q").value = "";
  byId("pal-list").replaceChildren();
  beside();
  palette.querySelector("form").dispatchEvent(new Event("palette:ask"));
}

/** The contact that is open, whose brand's snippets may be offered. */
function beside() {
  const { open, brand } = palette.querySelector("form").elements;
  const conversation = byId("conv");
  open.disabled = brand.disabled = !conversation;
  open.value = conversation?.dataset.interaction ?? "";
  brand.value = conversation?.dataset.brand ?? "";
}

function activate(option) {
  active()?.setAttribute("aria-selected", "false");
  const field = byId("pal-q");
  if (!option) return field.removeAttribute("aria-activedescendant");
  option.setAttribute("aria-selected", "true");
  field.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

/** Only what this page can do now is offered, and how much that is is said politely. */
function shown() {
  for (const option of options()) {
    const { press, insert: writes, put: text } = option.dataset;
    if ((press && !document.querySelector(press)) || ((writes || text) && !byId("draft"))) option.remove();
  }
  for (const group of palette.querySelectorAll("[role=group]")) if (!group.querySelector("[role=option]")) group.remove();
  const left = options();
  activate(left[0]);
  byId("pal-none").hidden = left.length > 0;
  byId("pal-said").textContent = left.length ? count(left.length, "suggestion", "suggestions") : words.noSuggestion;
}

function move(step) {
  const all = options();
  if (all.length) activate(all[(all.indexOf(active()) + step + all.length) % all.length]);
}

/** On the desk beside the queue, elsewhere as a page; what is being written stays where it is. */
function go(address) {
  const work = byId("desk-work");
  if (!work || !/^\/b\/[^/]+\/interactions\//.test(address)) return location.assign(address);
  const link = Object.assign(document.createElement("a"), { href: address, hidden: true });
  for (const [name, value] of Object.entries({ "hx-get": address, "hx-target": "#desk-work", "hx-push-url": "true" })) {
    link.setAttribute(name, value);
  }
  document.body.append(link);
  htmx.process(link);
  link.click();
  link.remove();
}

function choose(option) {
  if (!option) return;
  chosen();
  palette.close();
  const { go: address, press, key, insert: source, snippet, put: text } = option.dataset;
  if (text) put(byId("draft"), text);
  else if (source) insert(source, snippet);
  else if (address) go(address);
  else if (press) document.querySelector(press)?.click();
  else if (key) KEYS[key]?.();
}

const STEPS = { ArrowDown: () => move(1), ArrowUp: () => move(-1), Enter: () => choose(active()) };

function pressed(event) {
  if (event.isComposing || !STEPS[event.key]) return;
  event.preventDefault();
  STEPS[event.key]();
}

function start() {
  palette.addEventListener("dialog:opened", opened);
  palette.addEventListener("keydown", pressed);
  palette.addEventListener("submit", (event) => event.preventDefault());
  palette.addEventListener("click", ({ target }) => choose(target.closest("[role=option]")));
  document.addEventListener("htmx:after:swap", ({ detail }) => {
    if (detail.ctx.target?.id === "pal-list") shown();
  });
}

if (palette) start();
