// The map of a draft: the county's areas, and the ground that a person draws. The text field below
// the map holds all that is drawn; the map reads and writes it, and nothing is kept elsewhere.

import { readGrounds, writeGrounds } from "./ground.js";
import { colourOf, makeMap, onTheme } from "./mapmaking.js";

const NEAR = 14; // pixels from the first corner at which a click closes the piece
const NO_MAP =
  "The map cannot be shown in this browser. Write the ground as text below: all can be done there.";

const find = (id) => document.getElementById(id);
const field = find("ground");
const list = find("map-pieces");
const kept = new Map(
  [...(list?.querySelectorAll("[data-text]") ?? [])].map((row) => [row.dataset.text, row.dataset.by]),
);

let map = null;
let pieces = [];
let corners = null; // of the piece that is being drawn; null while none is
let history = []; // the texts before each change that was made here

function start() {
  if (!field || !find("map-part")) return;
  find("map-part").hidden = false;
  field.addEventListener("input", read);
  find("map-open").addEventListener("click", () => (find("map-sheet").hidden ? open() : close()));
  find("map-draw").addEventListener("click", draw);
  find("map-finish").addEventListener("click", finish);
  find("map-undo").addEventListener("click", undo);
  list.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-piece]");
    if (button) remove(Number(button.dataset.piece));
  });
  find("audience").addEventListener("change", shade);
  read();
  if (pieces.length) open();
}

// The text is the truth: the map and the list show it.
function read() {
  const { pieces: found, fault } = readGrounds(field.value);
  pieces = found;
  say(fault ? `Line ${fault} of the text is no corner.` : "");
  write();
}

function change(next) {
  history.push(field.value);
  field.value = writeGrounds(next);
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function remove(index) {
  change(pieces.filter((_, at) => at !== index));
  (list.querySelector("button") ?? find("map-draw")).focus();
}

function undo() {
  if (corners) {
    corners.pop();
    if (!corners.length) corners = null;
  } else if (history.length) {
    field.value = history.pop();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  write();
}

function draw() {
  corners = corners ? null : [];
  say(
    corners
      ? "Click each corner on the map; click the first one again to finish. By keys: arrows move the map, Enter sets a corner at the cross."
      : "",
  );
  if (corners) map?.getCanvas().focus();
  write();
}

function finish() {
  if (!corners || corners.length < 3) {
    say("A piece of ground needs three corners.");
    return;
  }
  const ring = corners;
  corners = null;
  change([...pieces, [ring]]);
  say("The piece is in the text below. It is kept when you keep the draft.");
}

function addCorner(at) {
  const first = corners[0] && map.project(corners[0]);
  const here = map.project(at);
  if (corners.length > 2 && Math.hypot(here.x - first.x, here.y - first.y) < NEAR) finish();
  else {
    corners.push([Number(at.lng.toFixed(6)), Number(at.lat.toFixed(6))]);
    say(`Corner ${corners.length} is set.`);
  }
  write();
}

// What is shown, as it is now.
function write() {
  list.replaceChildren(...pieces.map(row));
  find("map-draw").disabled = !map; // a click before the map has come would be lost
  find("map-draw").textContent = corners ? "Stop drawing" : "Draw ground";
  find("map-draw").setAttribute("aria-pressed", String(Boolean(corners)));
  find("map-finish").hidden = !corners;
  find("map-finish").disabled = (corners?.length ?? 0) < 3;
  find("map-undo").disabled = !corners?.length && !history.length;
  find("map").classList.toggle("is-drawing", Boolean(corners));
  if (!map?.getSource("drawn")) return;
  map.doubleClickZoom[corners ? "disable" : "enable"]();
  map.getSource("drawn").setData(collection(pieces.map(polygon)));
  map.getSource("numbers").setData(collection(pieces.map(number)));
  map.getSource("open").setData(collection(corners?.length ? [line(corners)] : []));
}

function row(rings, index) {
  const by = kept.get(writeGrounds([rings]));
  const item = document.createElement("li");
  const words = document.createElement("span");
  const button = document.createElement("button");
  const count = rings.reduce((sum, ring) => sum + ring.length, 0);
  words.textContent = `${index + 1}. ${by ? `drawn by ${by}` : "drawn by you, not kept yet"}: ${count} corners`;
  button.type = "button";
  button.className = "plain";
  button.dataset.piece = index;
  button.textContent = "Delete";
  button.setAttribute("aria-label", `Delete piece ${index + 1}`);
  item.append(words, " ", button);
  return item;
}

const collection = (features) => ({ type: "FeatureCollection", features });
const feature = (geometry, properties = {}) => ({ type: "Feature", properties, geometry });
const closed = (ring) => [...ring, ring[0]];
const polygon = (rings) => feature({ type: "Polygon", coordinates: rings.map(closed) });
const number = ([ring], index) =>
  feature({ type: "Point", coordinates: [mean(ring, 0), mean(ring, 1)] }, { name: String(index + 1) });
const mean = (ring, at) => ring.reduce((sum, corner) => sum + corner[at], 0) / ring.length;
const line = (ring) => feature({ type: "LineString", coordinates: ring.length > 1 ? ring : closed(ring) });

function say(words) {
  find("map-says").textContent = words;
}

async function open() {
  find("map-sheet").hidden = false;
  find("map-open").textContent = "Hide the map";
  find("map-open").setAttribute("aria-expanded", "true");
  if (map) return;
  try {
    map = await make();
  } catch (error) {
    console.warn("The map was given up:", error);
    giveUp();
    return;
  }
  write();
  shade();
}

function close() {
  find("map-sheet").hidden = true;
  find("map-open").textContent = "Show the map";
  find("map-open").setAttribute("aria-expanded", "false");
}

function giveUp() {
  close();
  find("map-open").hidden = true;
  say(NO_MAP);
}

async function make() {
  const box = find("map");
  const ground = await fetchGround(box);
  const made = await makeMap(box, styleOf(ground), bounds(ground), "Map of the ground");
  made.on("click", (event) => map && corners && addCorner(event.lngLat));
  made.getCanvas().addEventListener("keydown", onKey);
  onTheme(recolour);
  return made;
}

async function fetchGround(box) {
  const answer = await fetch(box.dataset.ground);
  if (!answer.ok) throw new Error(`the ground: ${answer.status}`);
  return answer.json();
}

function onKey(event) {
  if (!corners) return;
  if (event.key === "Enter") addCorner(map.getCenter());
  else if (event.key === "Backspace") undo();
  else if (event.key === "Escape") draw();
  else return;
  event.preventDefault();
}

// Each layer's colours, as the page has them by day and by night.
const COLOURS = {
  ground: { "background-color": "--sunk" },
  areas: { "fill-color": "--panel" },
  chosen: { "fill-color": "--span" },
  borders: { "line-color": "--edge" },
  drawn: { "fill-color": "--open" },
  "drawn-line": { "line-color": "--open" },
  "drawn-names": { "text-color": "--strong", "text-halo-color": "--panel" },
  "open-line": { "line-color": "--bad" },
  "open-corners": { "circle-color": "--bad", "circle-stroke-color": "--panel" },
  names: { "text-color": "--strong", "text-halo-color": "--panel" },
};

function styleOf(ground) {
  const empty = collection([]);
  const source = (data) => ({ type: "geojson", data });
  const layer = (id, type, more, paint) => ({ id, type, ...more, paint: { ...paint, ...paintOf(id) } });
  const text = (size) => ({ "text-field": ["get", "name"], "text-font": ["sans-serif"], "text-size": size });
  return {
    version: 8,
    sources: {
      areas: source(ground.areas),
      names: source(ground.names),
      drawn: source(empty),
      numbers: source(empty),
      open: source(empty),
    },
    layers: [
      layer("ground", "background", {}, {}),
      layer("areas", "fill", { source: "areas" }, {}),
      layer("chosen", "fill", { source: "areas", filter: ["in", "key", ""] }, {}),
      layer("borders", "line", { source: "areas" }, { "line-width": 1.5 }),
      layer("drawn", "fill", { source: "drawn" }, { "fill-opacity": 0.25 }),
      layer("drawn-line", "line", { source: "drawn" }, { "line-width": 3 }),
      layer("open-line", "line", { source: "open" }, { "line-width": 2, "line-dasharray": [2, 1] }),
      layer("open-corners", "circle", { source: "open" }, { "circle-radius": 5, "circle-stroke-width": 2 }),
      layer("names", "symbol", { source: "names", layout: text(14) }, { "text-halo-width": 1.5 }),
      layer("drawn-names", "symbol", { source: "numbers", layout: text(13) }, { "text-halo-width": 1.5 }),
    ],
  };
}

const paintOf = (id) =>
  Object.fromEntries(Object.entries(COLOURS[id]).map(([what, name]) => [what, colourOf(name)]));

function recolour() {
  for (const id of Object.keys(COLOURS)) {
    for (const [what, colour] of Object.entries(paintOf(id))) map?.setPaintProperty(id, what, colour);
  }
}

function shade() {
  const keys = [...document.querySelectorAll('#audience input[name="areas"]:checked')];
  map?.setFilter("chosen", ["in", "key", ...keys.map((one) => one.value)]);
}

// West, south, east, north of what there is; the drawn ground and the ticked areas first.
function bounds(ground) {
  const ticked = new Set(
    [...document.querySelectorAll('#audience input[name="areas"]:checked')].map((one) => one.value),
  );
  const chosen = ground.areas.features.filter((one) => ticked.has(one.properties.key));
  const shown = [...chosen.map((one) => one.geometry.coordinates), ...pieces];
  const points = (shown.length ? shown : ground.areas.features.map((one) => one.geometry.coordinates)).flat(Infinity);
  if (!points.length) return null;
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (let at = 0; at < points.length; at += 2) {
    const [lon, lat] = [points[at], points[at + 1]];
    box[0] = Math.min(box[0], lon);
    box[1] = Math.min(box[1], lat);
    box[2] = Math.max(box[2], lon);
    box[3] = Math.max(box[3], lat);
  }
  return box;
}

start();
