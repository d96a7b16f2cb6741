// A visit that cannot be sent now waits on this device, under the clerk's own key, and is sent when there is a connection.
// The form's own key makes it the same visit however often it is sent; the moment it was filled in goes with it.
import "./tree.js";
import { say } from "./say.js";
import { toast } from "./toast.js";
import { fill } from "./words.js";

const AGAIN = 30000;
const PATIENCE = 20000;
const form = document.getElementById("visit");
const kept = document.getElementById("kept");
const place = kept && `portavoce-visits ${location.pathname} ${kept.dataset.clerk}`;
const away = (answer) => !answer || answer.status === 401 || answer.status >= 500;
const refused = (answer) => answer.status >= 400;

const waiting = () => JSON.parse(localStorage.getItem(place) ?? "[]");

function keep(visits) {
  visits.length ? localStorage.setItem(place, JSON.stringify(visits)) : localStorage.removeItem(place);
  show();
}

function show() {
  const visits = waiting();
  kept.hidden = !visits.length;
  const { one, many, stuck } = kept.dataset;
  const n = visits.filter((visit) => !visit.refused).length;
  kept.querySelector("h2 span").textContent = n ? (n === 1 ? one : fill(many, { n })) : stuck;
  kept.querySelector("ul").replaceChildren(...visits.filter((visit) => visit.refused).map(line));
}

/** One that was not accepted goes back into the form. */
function line(visit) {
  const item = document.createElement("li");
  const text = Object.assign(document.createElement("span"), { textContent: `${visit.fields.note ?? ""}: ${kept.dataset.refused} ` });
  const button = Object.assign(document.createElement("button"), { type: "button", className: "btn", textContent: kept.dataset.correct });
  button.addEventListener("click", () => {
    for (const [name, value] of Object.entries(visit.fields)) enter(name, value);
    keep(waiting().filter((each) => each.fields.form_key !== visit.fields.form_key));
    form.querySelector("#f-note").focus();
  });
  item.append(text, button);
  return item;
}

function enter(name, value) {
  for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
    if (field.type === "radio") field.checked = field.value === value;
    else if (field.type === "checkbox") field.checked = Boolean(value);
    else if (field.name !== "_csrf") field.value = value;
  }
}

async function post(fields) {
  const body = new URLSearchParams({ ...fields, _csrf: form.elements._csrf.value });
  try {
    return await fetch(form.action, { method: "POST", body, signal: AbortSignal.timeout(PATIENCE) });
  } catch {
    return null;
  }
}

let sending = false;

async function send() {
  if (!form || sending) return;
  sending = true;
  for (const visit of waiting().filter((each) => !each.refused)) {
    const answer = await post(visit.fields);
    if (away(answer)) break;
    const others = waiting().filter((each) => each.fields.form_key !== visit.fields.form_key);
    keep(refused(answer) ? [...others, { ...visit, refused: true }] : others);
    if (!refused(answer)) toast(kept.dataset.sent);
  }
  sending = false;
}

async function save() {
  const fields = Object.fromEntries(new FormData(form));
  delete fields._csrf;
  const answer = await post(fields);
  if (!away(answer)) {
    // What was saved shows its number; what was not is sent once more, for the page that says why.
    refused(answer) ? form.submit() : location.assign(answer.url);
    return;
  }
  keep([...waiting(), { fields: { ...fields, filled: fields.filled || new Date().toISOString() } }]);
  form.reset();
  form.elements.form_key.value = crypto.randomUUID();
  for (const name of ["filled", "lookup"]) form.elements[name].value = "";
  toast(kept.dataset.saved);
  say(kept.dataset.saved);
}

if (form) {
  let busy = false;
  form.addEventListener("submit", async (event) => {
    if (event.submitter?.hasAttribute("data-lookup")) return;
    event.preventDefault();
    if (busy) return;
    busy = true;
    await save();
    busy = false;
  });
}
if (kept) {
  show();
  send();
  window.addEventListener("online", send);
  setInterval(send, AGAIN);
}
