// Short confirmations that go away by themselves; never the only copy of information.
const SHORT = 6000;
const WITH_ACTION = 10000;
/** Who asked for double time in the preferences has it here too. */
const pace = document.documentElement.dataset.pace === "double" ? 2 : 1;

export function toast(text, { action = "", onAction = () => {} } = {}) {
  const box = document.createElement("div");
  box.className = "toast";
  box.append(Object.assign(document.createElement("span"), { textContent: text }));
  if (action) box.append(button(action, () => { box.remove(); onAction(); }));
  document.getElementById("toasts").append(box);
  setTimeout(() => box.remove(), pace * (action ? WITH_ACTION : SHORT));
}

function button(text, onClick) {
  const element = Object.assign(document.createElement("button"), { type: "button", textContent: text });
  element.addEventListener("click", onClick);
  return element;
}

/** HX-Trigger: {"toast": {"text": …, "action": "Undo", "event": "undo", "url": …}}; the button fires `event` with
    its url on body: by then another toast may be seen, or another contact be open. */
document.addEventListener("toast", ({ detail }) => {
  const { text, action, event, url } = typeof detail?.data === "string" ? JSON.parse(detail.data) : detail;
  const fire = () => event && document.body.dispatchEvent(new CustomEvent(event, { bubbles: true, detail: { url } }));
  toast(text, { action, onAction: fire });
});
