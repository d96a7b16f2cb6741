// A request that never reached the server says so; answers with an error bring their own fragment.
import { toast } from "./toast.js";
import { words } from "./words.js";

document.addEventListener("htmx:error", ({ target, detail }) => {
  const aborted = detail.error?.name === "AbortError";
  if (!aborted && target.id !== "live") toast(words.failed);
});

/** Messages in #alerts can be put away. */
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-dismiss]")) event.target.closest(".alert")?.remove();
});
