// The list of who has not been told: what is pushed is put in its place, and keys enter who was told.

import { tick } from "./clocks.js";
import { hold, restore } from "./live.js";

const DEED = { j: () => move(1), k: () => move(-1), r: mark };
const form = document.getElementById("told-form");
const rows = () => [...document.querySelectorAll("[data-row]")];
const here = () => document.activeElement?.closest("[data-row]");

document.addEventListener("tocsin:list", (event) => apply(event.detail));
document.addEventListener("tocsin:key", (event) => DEED[event.detail]?.());
form?.addEventListener("submit", enter);
startDesk();

// What is pushed

function apply({ all, some }) {
  const focus = remember();
  for (const [part, items] of Object.entries(all ?? {})) {
    const box = document.getElementById(part);
    if (box) renew(box, items);
  }
  for (const [part, change] of Object.entries(some ?? {})) {
    const box = document.getElementById(part);
    if (!box) continue;
    for (const key of change.gone) document.getElementById(key)?.remove();
    for (const [key, html, after] of change.put) put(box, key, html, after);
  }
  tick();
  recall(focus);
}

// Everything: what is the same already stays as it is.
function renew(box, items) {
  const wanted = new Set(items.map(([key]) => key));
  for (const one of [...box.children]) if (!wanted.has(one.id)) one.remove();
  let after = "";
  for (const [key, digest, html] of items) {
    const old = document.getElementById(key);
    const before = old?.previousElementSibling?.id ?? "";
    if (old?.dataset.is !== digest || before !== after) put(box, key, html, after);
    after = key;
  }
}

function put(box, key, html, after) {
  const old = document.getElementById(key);
  const held = old && hold(old);
  const isBusy = old?.classList.contains("is-entering");
  const frame = document.createElement("template");
  frame.innerHTML = html;
  const fresh = frame.content.firstElementChild;
  old?.remove();
  const last = after && document.getElementById(after);
  if (last) last.after(fresh);
  else box.prepend(fresh);
  if (held) restore(held);
  if (isBusy) wait(fresh);
}

// Who works with the keyboard stays where he is. Where his row is gone he is on no row: what he meant
// for one person must not fall on another who took the place.
function remember() {
  const row = here();
  const part = document.activeElement?.closest("[data-part]");
  if (!part) return null;
  return { part, id: document.activeElement.id, row: row?.id, place: row ? rows().indexOf(row) : -1 };
}

function recall(focus) {
  if (!focus || document.activeElement !== document.body) return;
  const same = document.getElementById(focus.id) ?? document.getElementById(focus.row);
  if (!same) left = focus.place;
  (same ?? focus.part).focus({ preventScroll: true });
}

let left = -1; // place of the row that went while the keyboard was on it

// What is entered

function move(step) {
  const all = rows();
  const row = here();
  const from = row ? all.indexOf(row) + step : left >= 0 ? left - (step < 0 ? 1 : 0) : 0;
  left = -1;
  const next = all[Math.min(Math.max(from, 0), all.length - 1)];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

// The same for the mouse: a press counts for the row at which it was pointed, not for one that moved
// under the pointer since.
let aimed = "";
let isAstray = false;
const rowAt = (event) => event.target.closest?.("[data-row]")?.id ?? "";

document.addEventListener("pointermove", (event) => (aimed = rowAt(event)));
document.addEventListener("pointerdown", (event) => {
  isAstray = event.pointerType === "mouse" && rowAt(event) !== aimed;
  aimed = rowAt(event);
});
document.addEventListener("keydown", () => (isAstray = false));

// Only for the row that the keyboard is on: a letter alone must never speak for somebody.
function mark() {
  const row = here();
  const button = row?.querySelector("[data-mark]");
  if (!button || row.classList.contains("is-entering")) return;
  move(1);
  button.click();
}

async function enter(event) {
  const button = event.submitter;
  const row = button?.closest("[data-row]");
  if (!row) return;
  event.preventDefault();
  if (isAstray) {
    isAstray = false;
    say("The list moved under the pointer: nothing was entered. Press again.", true);
    return;
  }
  const body = new FormData(form, button);
  wait(row);
  say("");
  try {
    const answer = await fetch(form.action, {
      method: "POST", body, headers: { "HX-Request": "true" }, redirect: "error",
    });
    const words = plain(await answer.text());
    if (!answer.ok) throw new Error(words || "The server refused it.");
    say(words);
  } catch (error) {
    rest(document.getElementById(row.id));
    const whose = row.querySelector("strong")?.textContent ?? "";
    const why = error instanceof TypeError ? "The server did not answer." : error.message;
    say(`${whose}: nothing was entered. ${why}`, true);
  }
}

function wait(row) {
  row.classList.add("is-entering");
  for (const button of row.querySelectorAll("[data-mark]")) button.disabled = true;
}

function rest(row) {
  row?.classList.remove("is-entering");
  for (const button of row?.querySelectorAll("[data-mark]") ?? []) button.disabled = false;
}

function say(words, isBad = false) {
  const status = document.getElementById("told-status");
  status.textContent = words;
  status.classList.toggle("bad", isBad);
}

function plain(html) {
  return new DOMParser().parseFromString(html, "text/html").body.textContent.trim();
}

// The form of a duty desk: one for all, filled in for the desk whose button was pressed.

function startDesk() {
  const dialog = document.getElementById("desk");
  if (!dialog) return;
  if (dialog.open) (dialog.close(), dialog.showModal());
  document.getElementById("desk-close").addEventListener("click", (event) => {
    event.preventDefault();
    dialog.close();
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-desk]");
    if (!button) return;
    event.preventDefault();
    const deskForm = document.getElementById("desk-form");
    if (deskForm.elements.desk.value !== button.dataset.desk) deskForm.reset();
    deskForm.elements.desk.value = button.dataset.desk;
    for (const place of dialog.querySelectorAll("[data-fill]")) {
      place.textContent = button.dataset[place.dataset.fill];
    }
    dialog.showModal();
  });
}
