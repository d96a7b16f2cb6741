// While a person reads or writes, the session stays alive although nothing is sent: the server hears of it now and then.
// An open page alone, or its stream, keeps nothing alive.
const EVERY = 300_000;

const token = JSON.parse(document.body.getAttribute("hx-headers:inherited") ?? "{}");
let toldAt = performance.now();

function active() {
  const now = performance.now();
  if (document.hidden || now - toldAt < EVERY) return;
  toldAt = now;
  fetch("/session/activity", { method: "POST", headers: token }).catch(() => {}); // the next sign makes up for it
}

if (document.querySelector('form[action="/sign-out"]')) {
  for (const name of ["keydown", "pointerdown", "wheel"]) document.addEventListener(name, active, { passive: true });
}
