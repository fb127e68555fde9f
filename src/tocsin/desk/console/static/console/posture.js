// The posture grows old by itself: a unit falls silent, the judging stops, and nothing announces it.
// So what shows it is fetched anew every few seconds; a breach comes at once, like every change.

import { refresh } from "./live.js";
import { startUnitMap } from "./unitmap.js";

let waited = 0; // seconds

setInterval(() => {
  const every = Number(document.querySelector("[data-every]")?.dataset.every ?? 0);
  waited += 1;
  if (!every || waited < every) return;
  waited = 0;
  refresh();
}, 1000);
if (document.getElementById("unit-map")) startUnitMap();
