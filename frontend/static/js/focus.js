// A live update never moves focus. When a swap took the focused element away, focus goes to the nearest heading.
let before = null;

const regionOf = (element) => element?.closest?.("[data-pane], dialog, main");

document.addEventListener("htmx:before:swap", () => {
  const element = document.activeElement;
  before = element && element !== document.body ? { element, region: regionOf(element) } : null;
});

document.addEventListener("htmx:after:swap", () => {
  const summary = document.querySelector(".err-summary[data-fresh]");
  if (summary) return land(summary);
  if (before && !before.element.isConnected && document.activeElement === document.body) rescue(before.region);
});

function rescue(region) {
  const place = region?.isConnected ? region : document.querySelector("main");
  land(place.querySelector("h1, h2, h3") ?? place);
}

function land(element) {
  delete element.dataset.fresh;
  element.tabIndex = -1;
  element.focus({ preventScroll: false });
}

/** A full page that came back with mistakes starts at their list. */
const first = document.querySelector(".err-summary[data-fresh]");
if (first) land(first);

document.addEventListener("click", (event) => {
  const link = event.target.closest(".err-summary a[href^='#']");
  const field = link && document.getElementById(link.hash.slice(1));
  if (field) { event.preventDefault(); field.focus(); }
});
