// One list over all brands, fed brand by brand: SSE `event: queue` carries <ol data-brand-queue="slug"> with the
// waiting items of that brand. Items change in place; none moves or appears under the pointer or the focus.
import { count } from "./words.js";
import { tick } from "./clocks.js";

const SORT_EVERY = 5_000;

const byId = (id) => document.getElementById(id);
const held = new Map(); // id -> <li> that arrived while somebody was inside the list
const totals = new Map(); // slug -> count the server gave for a list it cut short
let sortedAt = 0;

const list = () => byId("queue-waiting");
const items = () => [...list().children];
const busy = () => list().matches(":hover") || list().contains(document.activeElement);
const due = (item) => Number(item.dataset.dueAt) || Infinity;

function receive(html) {
  const message = new DOMParser().parseFromString(html, "text/html");
  const brands = [...message.querySelectorAll("ol[data-brand-queue]")];
  if (message.querySelector("[data-snapshot]")) forgetBrandsOutside(brands.map((brand) => brand.dataset.brandQueue));
  for (const brand of brands) isCut(brand) ? showWhole(brand.dataset.brandQueue) : merge(brand.dataset.brandQueue, brand);
  settle();
}

/** The stream tells the first of each of many brands; who looks at one alone sees all of it. */
const isCut = ({ dataset, children }) =>
  dataset.brandQueue === list().dataset.only && children.length < Math.min(Number(dataset.total), shownOf(dataset.brandQueue));

async function showWhole(slug) {
  const answer = await fetch(`/b/${slug}/queue`, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer?.ok || list().dataset.only !== slug) return;
  const message = new DOMParser().parseFromString(await answer.text(), "text/html");
  const brand = message.querySelector("ol[data-brand-queue]");
  if (!brand) return;
  merge(slug, brand);
  busy() ? showCounts() : admit();
}

function forgetBrandsOutside(slugs) {
  for (const item of [...items(), ...held.values()]) if (!slugs.includes(item.dataset.brand)) drop(item);
}

function merge(slug, brand) {
  const incoming = new Map([...brand.children].map((item) => [item.id, item]));
  brand.dataset.total ? totals.set(slug, Number(brand.dataset.total)) : totals.delete(slug);
  for (const item of [...items(), ...held.values()]) {
    if (item.dataset.brand === slug && !incoming.has(item.id)) drop(item);
  }
  for (const item of incoming.values()) put(document.importNode(item, true));
}

function put(item) {
  const known = byId(item.id);
  if (known) replace(known, item);
  else held.set(item.id, item);
}

/** In place by morph, so that focus, hover and the running clock stay; the open item keeps its mark. */
function replace(known, item) {
  const current = known.querySelector("[aria-current]") && item.querySelector(".qi");
  current?.setAttribute("aria-current", "true");
  item.hidden = known.hidden;
  keepClock(known, item);
  if (known.isEqualNode(item)) return;
  htmx.swap({ text: item.outerHTML, target: known, swap: "outerMorph", sourceElement: list() });
}

function keepClock(known, item) {
  const [old, fresh] = [known, item].map((element) => element.querySelector(".sla"));
  if (old && fresh && old.dataset.dueAt === fresh.dataset.dueAt) fresh.replaceWith(old.cloneNode(true));
}

function drop(item) {
  held.delete(item.id);
  if (item.contains(document.activeElement)) neighbour(item)?.focus();
  item.remove();
}

const neighbour = (item) =>
  (item.nextElementSibling ?? item.previousElementSibling)?.querySelector("a") ?? byId("queue-heading");

/** Claimed or given back here: shown before the stream tells, whose next message of each list puts it right. */
function taken({ detail: { id } }) {
  const item = byId(`qi-${id}`) ?? held.get(`qi-${id}`);
  if (!item) return;
  drop(item);
  if (totals.has(item.dataset.brand)) totals.set(item.dataset.brand, totals.get(item.dataset.brand) - 1);
  item.id = `my-${id}`;
  item.hidden = false;
  byId("queue-mine")?.append(item);
  htmx.process(item);
  settle();
}

function released({ detail: { id } }) {
  const item = byId(`my-${id}`);
  if (item) drop(item);
}

/** Let in what waits and sort, when nobody is inside and the last sort is long enough ago. */
function settle() {
  const now = performance.now();
  if (!busy() && now - sortedAt >= SORT_EVERY) {
    sortedAt = now;
    admit();
  }
  showCounts();
}

function admit() {
  const scroller = list().closest(".q") ?? list();
  const top = scroller.scrollTop;
  for (const item of held.values()) {
    list().append(item);
    htmx.process(item);
  }
  held.clear();
  sort();
  filter();
  scroller.scrollTop = top;
  tick();
}

/** Only what is out of place moves. */
function sort() {
  const wanted = items().sort((one, other) => due(one) - due(other));
  wanted.forEach((item, at) => {
    const here = list().children[at];
    if (here !== item) list().insertBefore(item, here);
  });
}

function showCounts() {
  const waiting = [...items(), ...held.values()];
  const perBrand = Map.groupBy(waiting, (item) => item.dataset.brand);
  let total = 0;
  for (const label of document.querySelectorAll("[data-count-brand]")) {
    const slug = label.dataset.countBrand;
    const number = totals.get(slug) ?? perBrand.get(slug)?.length ?? 0;
    total += number;
    label.textContent = number;
  }
  document.querySelectorAll("[data-count-total]").forEach((label) => (label.textContent = total));
  byId("queue-empty").hidden = total > 0;
  byId("queue-new").hidden = held.size === 0;
  byId("queue-new").textContent = held.size ? count(held.size, "newItem", "newItems") : "";
}

/** `<a data-filter-brand="slug">` of the brand bar; empty shows all. */
function filter() {
  const only = list().dataset.only ?? "";
  for (const item of items()) item.hidden = Boolean(only) && item.dataset.brand !== only;
}

function choose(link) {
  list().dataset.only = link.dataset.filterBrand;
  for (const other of document.querySelectorAll("[data-filter-brand]")) {
    other === link ? other.setAttribute("aria-current", "true") : other.removeAttribute("aria-current");
  }
  filter();
  const only = list().dataset.only;
  if (only && shownOf(only) < Number(link.querySelector("[data-count-brand]")?.textContent)) showWhole(only);
}

/** `#brand-find` beside a bar of many brands: what does not match steps aside, Enter takes the first that does. */
function find({ target: { value } }) {
  for (const link of brandLinks()) link.hidden = !matches(link, value) && !link.hasAttribute("aria-current");
}

const brandLinks = () => [...document.querySelectorAll("#brand-bar [data-filter-brand]:not([data-filter-brand=''])")];
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const matches = (link, value) => plain(link.title).includes(plain(value.trim()));

function findEnds(event) {
  if (event.key !== "Enter") return;
  event.preventDefault();
  const found = event.target.value.trim() ? brandLinks().find((link) => matches(link, event.target.value)) : null;
  if (found) choose(found);
}

const shownOf = (slug) => [...items(), ...held.values()].filter((item) => item.dataset.brand === slug).length;

function start() {
  document.addEventListener("queue", ({ detail }) => receive(detail.data));
  document.addEventListener("taken", taken);
  document.addEventListener("released", released);
  byId("queue-new").addEventListener("click", () => {
    const first = held.values().next().value;
    admit();
    showCounts();
    first?.querySelector("a")?.focus();
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-filter-brand]");
    if (link) { event.preventDefault(); choose(link); }
  });
  byId("brand-find")?.addEventListener("input", find);
  byId("brand-find")?.addEventListener("keydown", findEnds);
  setInterval(settle, 1000);
}

if (list()) start();
