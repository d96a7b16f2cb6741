// The search page: arrows go from the box through the results and back.
import "./app.js";

const page = document.getElementById("search-page");

page?.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || event.target.matches("select") || event.altKey || event.ctrlKey || event.metaKey) return;
  const stops = [document.getElementById("q"), ...page.querySelectorAll("[data-hit]")];
  const at = stops.indexOf(event.target);
  const next = stops[at + step];
  if (at < 0 || !next) return;
  event.preventDefault();
  next.focus();
});
