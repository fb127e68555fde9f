// One key on a unit's call sign sets its status, arrows go from unit to unit. Without scripts the
// line at the top does the same.

const form = document.getElementById("row-form");
const codes = new Map((form?.dataset.keys ?? "").split(" ").map((one) => one.split(":")));

let last = ""; // the unit on whose row the keys are

const links = () => [...document.querySelectorAll("#units [data-unit]")];

document.addEventListener("focusin", ({ target }) => {
  if (target.dataset?.unit) last = target.dataset.unit;
  else if (target !== document.body) last = "";
});

// Before the letters of all pages hear it: here they mean something else.
document.addEventListener(
  "keydown",
  (event) => {
    const link = event.target.closest?.("#units [data-unit]");
    if (!link || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      const all = links();
      all[all.indexOf(link) + step]?.focus();
    } else if (codes.has(event.key.toLowerCase())) {
      keep(link.dataset.unit, codes.get(event.key.toLowerCase()));
    } else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  },
  true,
);

function keep(unit, code) {
  form.elements.call_sign.value = unit;
  form.elements.status.value = code;
  form.requestSubmit();
}

// The list is written anew while somebody stands on a row of it: he stands there again.
document.addEventListener("tocsin:fresh", ({ detail }) => {
  if (detail !== "units" || !last) return;
  links().find((one) => one.dataset.unit === last)?.focus({ preventScroll: true });
});
