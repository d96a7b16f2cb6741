// Handling time: while the contact that is mine is open, the tab is seen and the person does something, the server
// hears of it at once and then every minute; it hears again when the person turns to something else.
// The stream is answered once a minute, whatever the person does: silence is how the server learns of a cut line.
const EVERY = 60_000;
const IDLE = 60_000;

const token = JSON.parse(document.body.getAttribute("hx-headers:inherited") ?? "{}");
const url = () => document.querySelector("#conv-head [data-handling]")?.dataset.handling;
let open = null; // the address that was last told
let toldAt = 0;
let activeAt = 0;

function tell(address, method) {
  fetch(address, { method, headers: token, keepalive: true }).catch(() => {}); // the next sign makes up for it
}

function leave() {
  if (open) tell(open, "DELETE");
  open = null;
}

function sign() {
  const address = url();
  if (open && open !== address) leave();
  if (!address || document.hidden) return;
  const now = performance.now();
  if (open && now - toldAt < EVERY) return;
  open = address;
  toldAt = now;
  tell(address, "POST");
}

function active() {
  activeAt = performance.now();
  sign();
}

let hereAt = performance.now(); // loading the page was a sign

document.getElementById("live")?.addEventListener("htmx:sse:after:message", () => {
  if (performance.now() - hereAt < EVERY) return;
  hereAt = performance.now();
  tell("/desk/sign", "POST");
});

for (const name of ["keydown", "pointerdown", "wheel", "focusin"]) {
  document.addEventListener(name, active, { passive: true });
}
document.addEventListener("htmx:after:swap", () => { if (open && open !== url()) leave(); });
document.addEventListener("visibilitychange", () => (document.hidden ? leave() : active()));
addEventListener("pagehide", leave);
setInterval(() => { if (performance.now() - activeAt < IDLE) sign(); }, EVERY / 4);
