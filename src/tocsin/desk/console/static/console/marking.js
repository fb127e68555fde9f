// Takes words that are selected in the text into an empty row. The server finds them by the place of
// their first character; without scripts they are typed.

const text = document.getElementById("reading-text");
const rows = document.getElementById("rows");
const took = document.getElementById("took");

// The selected words and the place of their first character, counted in whole characters.
function selected() {
  const chosen = getSelection();
  if (!chosen.rangeCount || chosen.isCollapsed) return null;
  const range = chosen.getRangeAt(0);
  if (!text.contains(range.startContainer) || !text.contains(range.endContainer)) return null;
  const before = document.createRange();
  before.selectNodeContents(text);
  before.setEnd(range.startContainer, range.startOffset);
  const raw = range.toString();
  const lead = raw.length - raw.trimStart().length;
  const words = raw.trim();
  return words && { words, at: [...before.toString()].length + lead };
}

const part = (row, name) => row.querySelector(`[name$="-${name}"]`);
const isEmpty = (row) => !["field", "words", "which", "at"].some((name) => part(row, name).value);

function emptyRow() {
  const all = [...rows.querySelectorAll(".markrow")];
  const found = all.find(isEmpty);
  if (found || all.length >= Number(rows.dataset.most)) return found;
  return all.length ? grow(all.at(-1)) : null;
}

// One more row behind the last, with names and labels of its own.
function grow(last) {
  const number = Number(part(last, "words").name.split("-")[1]);
  const row = last.cloneNode(true);
  row.querySelectorAll(".rowfault, .nth, .out").forEach((one) => one.remove());
  row.classList.remove("is-removed");
  row.setAttribute("aria-label", `Row ${number + 1}`);
  for (const one of row.querySelectorAll("[id], [name], [for]")) {
    for (const name of ["id", "name", "for"]) {
      const value = one.getAttribute(name);
      if (value) one.setAttribute(name, value.replace(/^span-\d+-/, `span-${number + 1}-`));
    }
    one.removeAttribute("aria-invalid");
    one.removeAttribute("aria-describedby");
    if ("value" in one) one.value = "";
  }
  last.after(row);
  return row;
}

function take() {
  const found = selected();
  if (!found) return (took.textContent = "Select words in the text first.");
  const row = emptyRow();
  if (!row) return (took.textContent = "There is no room for another row.");
  part(row, "words").value = found.words;
  part(row, "at").value = found.at;
  took.textContent = `“${found.words}” is in the last row: choose what the words say.`;
  part(row, "field").focus();
}

document.getElementById("take").hidden = false;
const button = document.getElementById("take-it");
// Pressing a button would end the selection in some browsers.
button.addEventListener("mousedown", (event) => event.preventDefault());
button.addEventListener("click", take);
