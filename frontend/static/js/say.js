// Two live regions, present from first paint: polite for news, assertive for what cannot wait.
export function say(text, { assertive = false } = {}) {
  const region = document.getElementById(assertive ? "live-assertive" : "live-polite");
  if (!region || !text) return;
  region.textContent = ""; // the same sentence twice must be heard twice
  setTimeout(() => (region.textContent = text), 60);
}

/** HX-Trigger: {"say": {"text": …, "assertive": true}}, or an SSE message `event: say` with the same as JSON. */
document.addEventListener("say", ({ detail }) => {
  const { text, assertive } = typeof detail?.data === "string" ? JSON.parse(detail.data) : detail;
  say(text, { assertive });
});
