// The stream of the desk: <div id="live" hx-sse:connect="…" hx-trigger="load, live:connect">. htmx's hx-sse reads it,
// swaps <hx-partial> messages, turns named ones into DOM events and reconnects with back-off. What it lacks is here:
// a watchdog (a heartbeat is due every 10 s), a retry when the very first request fails, and the way out on 401.
import { unsent } from "./drafts.js";
import { say } from "./say.js";
import { words } from "./words.js";

const SILENCE = 25_000;
const RETRY = 3_000;
const BANNER_AFTER = 3_000;

const live = document.getElementById("live");
let connection = null;
let asking = false;
let lastSign = performance.now();
let downSince = null;
let leaving = false;

addEventListener("pagehide", () => (leaving = true));

function up() {
  lastSign = performance.now();
  if (downSince === null) return;
  const announced = !banner().hidden;
  downSince = null;
  banner().hidden = true;
  if (announced) say(words.backOnline);
}

const down = () => (downSince ??= performance.now());
const banner = () => document.getElementById("offline");

/** The session is over. Who has text that was not sent may copy it first; everybody else is led to sign in and back. */
function signIn() {
  leaving = true;
  const target = `${live.dataset.signIn}?ended=1&next=${encodeURI(location.pathname)}`;
  if (!unsent()) return location.assign(target);
  const ended = document.getElementById("ended");
  ended.querySelector("a").href = target;
  ended.hidden = false;
  banner().hidden = true;
}

function reconnect() {
  lastSign = performance.now();
  down();
  if (connection?.reader) connection.reader.cancel(); // ends the read; hx-sse then fetches anew
  else if (!connection && !asking) live.dispatchEvent(new Event("live:connect"));
}

/** A first answer that is no stream is not shown anywhere: the banner and the retry are the message. */
function refuse(event) {
  const { status } = event.detail.ctx.response;
  if (status < 400) return;
  event.preventDefault();
  status === 401 ? signIn() : down();
}

function watch() {
  if (leaving) return;
  const now = performance.now();
  if (now - lastSign > (connection ? SILENCE : RETRY)) reconnect();
  if (downSince !== null && now - downSince > BANNER_AFTER) banner().hidden = false;
}

live?.addEventListener("htmx:before:request", () => (asking = true));
live?.addEventListener("htmx:finally:request", () => (asking = false));
live?.addEventListener("htmx:sse:after:connection", ({ detail }) => { connection = detail.connection; up(); });
live?.addEventListener("htmx:sse:after:message", up);
live?.addEventListener("htmx:sse:close", () => { connection = null; down(); });
live?.addEventListener("htmx:sse:error", ({ detail }) => (detail.status === 401 ? signIn() : down()));
live?.addEventListener("htmx:before:response", refuse);
live?.addEventListener("htmx:error", down);
if (live) setInterval(watch, 1000);
