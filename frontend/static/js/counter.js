// A visit that cannot be sent now waits on this device, under the clerk's own key, and is sent when there is a connection.
// The form's own key makes it the same visit however often it is sent; the moment it was filled in goes with it.
import "./tree.js";
import { say } from "./say.js";
import { toast } from "./toast.js";
import { fill } from "./words.js";

const AGAIN = 30000;
const PATIENCE = 20000;
/** A look-up puts another one in its place. */
const visit = () => document.getElementById("visit");
const kept = document.getElementById("kept");
const place = kept && `portavoce-visits ${location.pathname} ${kept.dataset.clerk}`;
/** What is wrong with the form itself stays wrong; whatever else was answered, as to a session that has ended, is tried again. */
const GONE = 404;
const WRONG = [GONE, 409, 422];
/** What a form that is corrected has of the page, and not of when it was filled in. */
const HERE = ["_csrf", "shop"];
const refused = (answer) => WRONG.includes(answer?.status);
const saved = (answer) => answer?.ok && new URL(answer.url).searchParams.has("saved");

const waiting = () => JSON.parse(localStorage.getItem(place) ?? "[]");

const others = (stored) => waiting().filter((each) => each.fields.form_key !== stored.fields.form_key);

function keep(visits) {
  visits.length ? localStorage.setItem(place, JSON.stringify(visits)) : localStorage.removeItem(place);
  show();
}

function show() {
  const visits = waiting();
  kept.hidden = !visits.length;
  const { one, many, stuck } = kept.dataset;
  const n = visits.filter((each) => !each.refused).length;
  kept.querySelector("h2 span").textContent = n ? (n === 1 ? one : fill(many, { n })) : stuck;
  kept.querySelector("ul").replaceChildren(...visits.filter((each) => each.refused).map(line));
}

/** One that was not accepted goes back into the form. */
function line(stored) {
  const item = document.createElement("li");
  const text = Object.assign(document.createElement("span"), { textContent: `${stored.fields.note ?? ""}: ${kept.dataset.refused} ` });
  const button = Object.assign(document.createElement("button"), { type: "button", className: "btn", textContent: kept.dataset.correct });
  button.addEventListener("click", () => {
    for (const [name, value] of Object.entries(stored.fields)) enter(name, value);
    keep(others(stored));
    visit().querySelector("#f-note").focus();
  });
  item.append(text, button);
  return item;
}

function enter(name, value) {
  for (const field of visit().querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
    if (field.type === "radio") field.checked = field.value === value;
    else if (field.type === "checkbox") field.checked = Boolean(value);
    else if (!HERE.includes(field.name)) field.value = value;
  }
}

async function post(fields) {
  const body = new URLSearchParams({ ...fields, _csrf: visit().elements._csrf.value });
  try {
    return await fetch(visit().action, { method: "POST", body, signal: AbortSignal.timeout(PATIENCE) });
  } catch {
    return null;
  }
}

let sending = false;

async function send() {
  if (!visit() || sending) return;
  sending = true;
  for (const stored of waiting().filter((each) => !each.refused)) {
    const answer = await post(stored.fields);
    if (!saved(answer) && !refused(answer)) break;
    keep(refused(answer) ? [...others(stored), { ...stored, refused: true }] : others(stored));
    if (!refused(answer)) toast(kept.dataset.sent);
  }
  sending = false;
}

async function save() {
  const form = visit();
  const fields = Object.fromEntries(new FormData(form));
  delete fields._csrf;
  const answer = await post(fields);
  if (saved(answer)) return location.assign(answer.url);
  // Once more, for the page that says why; a shop that is not there any more has none.
  if (refused(answer) && answer.status !== GONE) return form.submit();
  const filled = fields.filled || new Date().toISOString();
  keep([...waiting(), { fields: { ...fields, filled }, refused: refused(answer) }]);
  form.reset();
  form.elements.form_key.value = crypto.randomUUID();
  for (const name of ["filled", "lookup"]) form.elements[name].value = "";
  const said = refused(answer) ? kept.dataset.refused : kept.dataset.saved;
  toast(said);
  say(said);
}

let busy = false;

document.addEventListener("submit", async (event) => {
  if (event.target !== visit() || event.submitter?.hasAttribute("data-lookup")) return;
  event.preventDefault();
  if (busy) return;
  busy = true;
  await save();
  busy = false;
});

/** The first button of the form looks somebody up: from any other field, Enter saves. */
document.addEventListener("keydown", (event) => {
  const field = event.target;
  if (event.key !== "Enter" || field.form !== visit() || !field.matches("input") || field.id === "f-who") return;
  event.preventDefault();
  visit().requestSubmit(visit().querySelector("[data-save]"));
});

if (kept) {
  show();
  send();
  window.addEventListener("online", send);
  setInterval(send, AGAIN);
}
