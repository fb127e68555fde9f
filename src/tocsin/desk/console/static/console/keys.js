// Letters as keys. They can be turned off, because who speaks to his machine types letters.

import { keep, recall } from "./kept.js";

const GO = { b: "/", l: "/list", m: "/mine", o: "/outbox", a: "/arrivals", c: "/county" };

let isOn = recall("keys", "on") === "on";
let isGoing = false;

const isTyping = (target) => target.closest("input, textarea, select, [contenteditable]");

export function startKeys() {
  const dialog = document.getElementById("keys");
  const help = document.getElementById("help");
  if (!dialog || !help) return;
  help.hidden = false;
  help.addEventListener("click", () => dialog.showModal());
  const box = document.getElementById("keys-on");
  box.checked = isOn;
  box.addEventListener("change", () => {
    isOn = box.checked;
    keep("keys", isOn ? "on" : "off");
  });
  document.addEventListener("keydown", (event) => {
    const isPlain = !(event.ctrlKey || event.metaKey || event.altKey);
    if (isOn && isPlain && !isTyping(event.target) && !dialog.open) press(event, dialog);
  });
}

function press(event, dialog) {
  const wasGoing = isGoing;
  isGoing = event.key === "g";
  if (wasGoing && GO[event.key]) go(GO[event.key]);
  else if (event.key === "?") dialog.showModal();
  else if (event.key === "n") go("/calls/new");
  else if (event.key === "t") document.querySelector("[data-take]")?.click();
  else if (!event.repeat) document.dispatchEvent(new CustomEvent("tocsin:key", { detail: event.key }));
}

function go(address) {
  // Only where this person's pages lead.
  const link = document.querySelector(`nav a[href="${address}"], a[href="${address}"]`);
  if (link) location.assign(address);
}
