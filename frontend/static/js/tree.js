// A tree of choices, one list at a time: <fieldset data-tree> with lists <div data-level="the choice above it">, in which
// <button data-into="choice"> opens the list below and <button data-back>, or Esc, goes back to where one came from.
const lists = (tree) => [...tree.querySelectorAll("[data-level]")];
const option = (list) => list.querySelector("label input, [data-into]");

function show(tree, level) {
  for (const list of lists(tree)) list.hidden = list.dataset.level !== level;
  return lists(tree).find((list) => !list.hidden);
}

function into(button) {
  option(show(button.closest("[data-tree]"), button.dataset.into))?.focus();
}

function back(list) {
  const tree = list.closest("[data-tree]");
  const opener = tree.querySelector(`[data-into="${list.dataset.level}"]`);
  show(tree, opener.closest("[data-level]").dataset.level);
  opener.focus();
}

/** What is chosen is seen, else the first list. */
function start() {
  for (const tree of document.querySelectorAll("[data-tree]:not([data-started])")) {
    tree.dataset.started = "";
    show(tree, tree.querySelector("input:checked")?.closest("[data-level]").dataset.level ?? "");
  }
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest?.("[data-into], [data-back]");
  if (!button) return;
  button.matches("[data-into]") ? into(button) : back(button.closest("[data-level]"));
});

document.addEventListener("keydown", (event) => {
  const list = event.key === "Escape" && event.target.closest?.("[data-tree] [data-level]");
  if (!list || !list.dataset.level) return;
  event.preventDefault(); // the dialog stays open
  back(list);
});

document.addEventListener("htmx:after:swap", start);
start();
