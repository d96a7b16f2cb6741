// The open contact: which of reply and note is shown, the marks that follow it, and the stream that is told of it.
import { tick } from "./clocks.js";
import { say } from "./say.js";

const byId = (id) => document.getElementById(id);
const live = byId("live");
const NEAR_END = 80;
const stacked = matchMedia("(max-width: 48rem)"); // the conversation is below the queue, see reflow.css
let shown = null;

/** Reply or note: one form is seen, and it owns the id `draft` that keys.js looks for. */
function compose(kind) {
  for (const form of document.querySelectorAll("[data-composer]")) {
    const on = form.dataset.composer === kind;
    form.hidden = !on;
    form.toggleAttribute("data-pane", on);
    const field = form.querySelector("textarea");
    on ? (field.id = "draft") : field.removeAttribute("id");
  }
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-compose]");
  if (!link) return;
  event.preventDefault();
  compose(link.dataset.compose);
  byId("draft")?.focus();
});

/** The text that an answer of the brand's own made needless. */
document.addEventListener("click", ({ target }) => {
  const asked = target.closest("[data-discard]")?.closest(".lint");
  if (!asked) return;
  const field = asked.closest("form").querySelector("textarea");
  field.value = "";
  field.dispatchEvent(new Event("input", { bubbles: true }));
  asked.remove();
  field.removeAttribute("aria-describedby");
  field.removeAttribute("aria-invalid");
  field.focus();
});

function toEnd() {
  const timeline = byId("timeline");
  if (timeline) timeline.scrollTop = timeline.scrollHeight;
}

/** Who reads at the end stays at the end when a message arrives; who scrolled up stays where they are. */
let followed = false;
document.addEventListener("htmx:before:swap", () => {
  const timeline = byId("timeline");
  followed = Boolean(timeline) && timeline.scrollHeight - timeline.scrollTop - timeline.clientHeight < NEAR_END;
});

/** Older ones are asked for once their link is seen; what is being read stays where it is. */
const older = new IntersectionObserver((seen) => {
  for (const { target, isIntersecting } of seen) if (isIntersecting && target.isConnected) target.click();
});
const watchOlder = () => document.querySelectorAll("[data-older]").forEach((link) => older.observe(link));
let reading = null;
document.addEventListener("htmx:before:swap", ({ target }) => {
  const timeline = byId("timeline");
  reading = target.matches?.("[data-older]") ? { timeline, left: timeline.scrollHeight - timeline.scrollTop } : null;
});
document.addEventListener("htmx:after:swap", () => {
  if (reading?.timeline.isConnected) reading.timeline.scrollTop = reading.timeline.scrollHeight - reading.left;
  reading = null;
  watchOlder();
});

function mark(interaction) {
  for (const item of document.querySelectorAll("#queue .qi")) {
    const current = Boolean(interaction) && item.pathname.endsWith(interaction);
    current ? item.setAttribute("aria-current", "true") : item.removeAttribute("aria-current");
  }
}

/** The stream is asked anew with the contact that is open now; its snapshot brings everything up to date. */
let request = null;
let overtaken = false; // another contact was opened while the stream was being asked: what answers may be of the one before
live?.addEventListener("htmx:before:request", ({ detail }) => {
  request = detail.ctx.request;
  request.action = live.getAttribute("hx-sse:connect"); // htmx asks with what stood there when the page was loaded
});
live?.addEventListener("htmx:sse:after:connection", () => {
  if (overtaken) setTimeout(askAnew); // hx-sse takes its reader after this event
  overtaken = false;
});

function askAnew() {
  const reader = live._htmx?.sse?.reader;
  reader ? reader.cancel() : (overtaken = true);
}

function follow(url) {
  if (live.getAttribute("hx-sse:connect") === url) return;
  live.setAttribute("hx-sse:connect", url);
  if (request) request.action = url;
  askAnew();
}

function opened() {
  const conversation = byId("conv");
  const interaction = conversation?.dataset.interaction ?? "";
  mark(interaction);
  if (conversation === shown) return followed && toEnd();
  const same = shown?.dataset.interaction === interaction;
  shown = conversation;
  toEnd();
  tick();
  remember();
  follow(conversation?.dataset.stream ?? "/desk/stream");
  if (same) return;
  if (stacked.matches) conversation?.scrollIntoView();
  const icon = document.querySelector("link[rel=icon]");
  if (icon && conversation?.dataset.icon) icon.href = conversation.dataset.icon;
}

document.addEventListener("htmx:after:swap", opened);

/** After sending the hand stays in the text, and taking a contact leads there: the person asked for it. */
const toWrite = new WeakSet(); // answers after which the hand goes to the text; the stream's swaps may come between
document.addEventListener("htmx:after:request", ({ detail }) => {
  const form = detail.ctx.sourceElement; // what the stream replaced meanwhile is not the event's target any more
  const writes = form?.dataset?.composer || form?.matches?.("#takebar form, #next-form, #guard-form, #channel-form");
  if (writes && detail.ctx.response.status < 400) toWrite.add(detail.ctx);
});
document.addEventListener("htmx:after:swap", ({ detail }) => {
  if (toWrite.has(detail.ctx)) byId("draft")?.focus();
});

/** The stream may say first that a contact is taken: a dialog that was opened by then comes again with the answer. */
let interrupted = null;
document.addEventListener("htmx:before:swap", ({ detail }) => {
  const taken = String(detail.ctx.request?.action).endsWith(`/${shown?.dataset.interaction}/claim`);
  interrupted = taken ? document.querySelector("#dialogs dialog[open]")?.id : null;
});
document.addEventListener("htmx:after:swap", () => {
  if (interrupted) document.querySelector(`[data-open="${interrupted}"]`)?.click();
  interrupted = null;
});

/** Undo takes back what its message names, whatever is open by then. */
document.addEventListener("undo", ({ detail }) => {
  htmx.ajax("POST", detail.url, { source: "#desk-work", target: "#desk-work" });
});

/** Whose voice it is: an opened contact says it by its answer; a page that was loaded, as by going back, here. */
const VOICE = "voice";
const remember = () => shown && sessionStorage.setItem(VOICE, shown.dataset.brand);

shown = byId("conv");
if (shown && sessionStorage.getItem(VOICE) !== shown.dataset.brand) say(shown.dataset.voice, { assertive: true });
remember();
mark(shown?.dataset.interaction);
toEnd();
watchOlder();
