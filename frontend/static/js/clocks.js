// Time left, ticking from the server's deadline and the server's clock. Text changes every second and is therefore
// not a live region; the clock inside [data-active-sla] speaks once at a quarter left, at 60 seconds and at breach.
import { say } from "./say.js";
import { words, fill, count } from "./words.js";

const QUARTER = 0.25;
const pageNow = Number(document.querySelector('meta[name="portavoce-now"]')?.content) || Date.now();
let ahead = pageNow - Date.now();
const said = new Set();

/** Milliseconds since 1970 by the server's clock. */
export const serverNow = () => Date.now() + ahead;
export const setServerNow = (ms) => { if (ms > 0) ahead = ms - Date.now(); };

const two = (n) => String(n).padStart(2, "0");
const parts = (seconds) => {
  const whole = Math.abs(seconds);
  return { hours: Math.floor(whole / 3600), minutes: Math.floor((whole % 3600) / 60), rest: whole % 60 };
};

export function short(seconds) {
  const { hours, minutes, rest } = parts(seconds);
  return (seconds < 0 ? "+" : "") + (hours ? `${hours}h ${two(minutes)}m` : `${minutes}:${two(rest)}`);
}

export function spoken(seconds) {
  const { hours, minutes } = parts(seconds);
  const pieces = [hours && count(hours, "hour", "hours"), minutes && count(minutes, "minute", "minutes")];
  const time = pieces.filter(Boolean).join(" ") || words.lessThanAMinute;
  return fill(seconds < 0 ? words.overdueBy : words.dueIn, { time });
}

const secondsLeft = (clock) => Math.floor((Number(clock.dataset.dueAt) - serverNow()) / 1000);
const fractionLeft = (clock, seconds) => Math.max(0, Math.min(1, seconds / (Number(clock.dataset.total) || 1)));

function show(clock) {
  const seconds = secondsLeft(clock);
  const fraction = fractionLeft(clock, seconds);
  clock.dataset.state = seconds < 0 ? "bad" : fraction < QUARTER ? "warn" : "ok";
  put(clock.querySelector(".v"), short(seconds));
  put(clock.querySelector(".say"), spoken(seconds));
  clock.querySelector(".ring")?.style.setProperty("--p", fraction.toFixed(2));
}

function put(element, text) {
  if (element && element.textContent !== text) element.textContent = text;
}

/** Speaks a threshold that was crossed while looking; one already behind when the clock appears stays silent. */
function announce(clock) {
  const seconds = secondsLeft(clock);
  const fraction = fractionLeft(clock, seconds);
  cross(clock, "quarter", fraction < QUARTER, () => say(fill(words.quarterLeft, { time: spoken(seconds) })));
  cross(clock, "minute", seconds <= 60, () => say(words.oneMinuteLeft));
  cross(clock, "breach", seconds < 0, () => say(words.breached, { assertive: true }));
  said.add(clock.dataset.dueAt);
}

function cross(clock, name, passed, speak) {
  const key = `${clock.dataset.dueAt} ${name}`;
  if (!passed || said.has(key)) return;
  said.add(key);
  if (said.has(clock.dataset.dueAt)) speak();
}

const activeClock = () => document.querySelector("[data-active-sla] .sla[data-due-at]");

/** What Alt T says. */
export const activeTimeLeft = () => {
  const clock = activeClock();
  return clock ? spoken(secondsLeft(clock)) : words.noClock;
};

export function tick() {
  document.querySelectorAll(".sla[data-due-at]").forEach(show);
  const active = activeClock();
  if (active) announce(active);
}

tick();
setInterval(tick, 1000);
document.addEventListener("htmx:after:swap", tick);
document.addEventListener("heartbeat", ({ detail }) => setServerNow(Number(detail?.data)));
