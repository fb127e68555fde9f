// Keeps the page true: the server says that something changed, the parts marked `data-live` are
// fetched again. When the server is silent, the page says so.

import { now, timeOfDay } from "./clocks.js";

const SILENT = 5000; // after so many milliseconds without a sign of life the page is not live
const PAUSE = 300; // changes that come together are fetched together

const root = document.documentElement;
const bare = new Map(); // the parts as the server last wrote them, by id

let source;
let heardAt = now();
let waiting = null;
let busyUntil = 0;
let startedAt = 0;
let leaving = false; // a form is on its way: its answer is the next page
let stuck = ""; // what the page says for good: it cannot be brought up to date

export function startLive() {
  if (!root.dataset.live || !window.htmx) return;
  for (const part of parts()) bare.set(part.id, plain(part));
  document.getElementById("live").hidden = false;
  document.body.addEventListener("htmx:beforeRequest", began);
  document.body.addEventListener("htmx:afterRequest", ended);
  document.body.addEventListener("htmx:oobBeforeSwap", before);
  document.body.addEventListener("htmx:oobAfterSwap", after);
  document.addEventListener("visibilitychange", () => document.hidden || refresh());
  document.addEventListener("submit", leave);
  connect();
  setInterval(watch, 1000);
}

function connect() {
  source?.close();
  source = new EventSource(root.dataset.live);
  // What changed while nobody listened is not known: the page asks for itself anew.
  source.addEventListener("open", () => (alive(), refresh()));
  source.addEventListener("beat", alive);
  source.addEventListener("change", () => (alive(), refresh()));
  // Parts that are sent, not fetched.
  source.addEventListener("list", (event) => {
    alive();
    document.dispatchEvent(new CustomEvent("tocsin:list", { detail: JSON.parse(event.data) }));
  });
}

function alive() {
  heardAt = now();
  say(stuck);
}

function watch() {
  if (stuck || now() - heardAt < SILENT) return;
  say(`Not live: reconnecting. What you see is from ${timeOfDay(heardAt)}.`);
  if (source.readyState === EventSource.CLOSED) connect();
}

function say(words) {
  const banner = document.getElementById("stale");
  if (banner.textContent !== words) banner.textContent = words;
  banner.hidden = !words;
  root.classList.toggle("is-stale", Boolean(words));
  document.querySelector("#live .words").textContent = words ? "Not live" : "Live";
}

// What a form changes is announced before its answer arrives, to this page too: fetching the page
// that is being left would only find that it has ended. A form that htmx sends does not leave.
function leave(event) {
  if (event.defaultPrevented) return;
  leaving = true;
  setTimeout(() => ((leaving = false), refresh()), SILENT);
}

export function refresh() {
  // A page that means "seen" when it is fetched is fetched only where somebody can see it.
  if (root.dataset.liveWhen === "visible" && document.hidden) return;
  if (waiting) return;
  const wait = Math.max(PAUSE + Math.random() * PAUSE, busyUntil - Date.now());
  waiting = setTimeout(() => {
    waiting = null;
    if (leaving) return;
    const asker = document.getElementById("refresh");
    const ids = parts().map((part) => `#${part.id}`);
    if (!asker || !ids.length) return;
    asker.setAttribute("hx-select-oob", ids.join(","));
    window.htmx.trigger(asker, "refresh");
  }, wait);
}

const parts = () => [...document.querySelectorAll("[data-live][id]")].filter((one) => one !== root);
const isRefresh = (event) => event.detail.elt?.id === "refresh";

function began(event) {
  if (isRefresh(event)) startedAt = Date.now();
}

function ended(event) {
  if (!isRefresh(event)) return;
  // A page that is heavy to make is asked for less often.
  busyUntil = Date.now() + 3 * (Date.now() - startedAt);
  const { status, responseURL } = event.detail.xhr;
  if (new URL(responseURL || location.href).pathname === "/login") {
    stuck = "You are signed out. Reload the page and sign in: nothing here is up to date.";
  } else if (status >= 400 && status < 500) {
    stuck = "This page is out of date: what it shows has ended or was changed. Reload it.";
  }
  if (stuck) say(stuck);
}

// The part as the server wrote it, without what differs at every writing.
function plain(part) {
  const copy = part.cloneNode(true);
  for (const time of copy.querySelectorAll("time")) time.textContent = "";
  for (const secret of copy.querySelectorAll("[name=csrfmiddlewaretoken]")) secret.remove();
  for (const open of copy.querySelectorAll("details[open]")) open.open = false;
  return copy.innerHTML;
}

let held = null;

function before(event) {
  const { target, fragment } = event.detail;
  const fresh = fragment.querySelector?.(`#${target.id}`) ?? fragment.firstElementChild;
  if (!fresh) return;
  const text = plain(fresh);
  if (bare.get(target.id) === text) {
    event.detail.shouldSwap = false;
    return;
  }
  bare.set(target.id, text);
  held = hold(target);
}

function after(event) {
  if (held) restore(held);
  held = null;
  document.dispatchEvent(new CustomEvent("tocsin:fresh", { detail: event.detail.target?.id }));
}

// What a person has opened and typed in a part stays as he left it.
export function hold(part) {
  const fields = [...part.querySelectorAll("input[id], textarea[id], select[id]")];
  return {
    open: [...part.querySelectorAll("details[id]")].map((one) => [one.id, one.open]),
    typed: fields.map((one) => [one.id, one.value, one.checked]),
  };
}

export function restore({ open, typed }) {
  for (const [id, isOpen] of open) {
    const one = document.getElementById(id);
    if (one) one.open = isOpen;
  }
  for (const [id, value, isChecked] of typed) {
    const one = document.getElementById(id);
    if (!one) continue;
    one.value = value;
    one.checked = isChecked;
  }
}
