// The map of the units: where each was last seen, how old that is, and in whose company it is. The
// table of the units says the same in words; nothing is told by colour alone.

import { clock, now } from "./clocks.js";
import { keep, recall } from "./kept.js";
import { colourOf, makeMap, onTheme } from "./mapmaking.js";

const EVERY = 2000; // milliseconds between two looks at the units
const SIZE = 34; // pixels of a symbol, at two to one
const WORDS = { alone: "alone", not_known: "not known", together: "together", at_station: "at a station" };
const INKS = { alone: "--bad", not_known: "--open", together: "--good", at_station: "--quiet" };
const RANKS = Object.keys(WORDS);
const NO_MAP = "The map cannot be shown in this browser. The table of the units says the same.";

const find = (id) => document.getElementById(id);
let map = null;
let units = [];
let chosen = ""; // key of the unit whose facts are shown
let isFetching = false;

export function startUnitMap() {
  find("map-part").hidden = false;
  find("map-open").addEventListener("click", () => (find("map-sheet").hidden ? open() : close()));
  if (recall("unit-map", "off") === "on") open();
  setInterval(look, EVERY);
}

async function open() {
  keep("unit-map", "on");
  find("map-sheet").hidden = false;
  find("map-open").textContent = "Hide the map";
  find("map-open").setAttribute("aria-expanded", "true");
  if (map) return look();
  try {
    map = await make();
  } catch (error) {
    console.warn("The map was given up:", error);
    close();
    find("map-open").hidden = true;
    say(NO_MAP);
  }
}

function close() {
  keep("unit-map", "off");
  find("map-sheet").hidden = true;
  find("map-open").textContent = "Show the map";
  find("map-open").setAttribute("aria-expanded", "false");
}

async function make() {
  const facts = await ask("");
  units = facts.units;
  const made = await makeMap(find("unit-map"), styleOf(facts), bounds(facts), "Map of the units");
  for (const [name, image] of symbols()) made.addImage(name, image, { pixelRatio: 2 });
  made.addLayer(unitLayer());
  made.getSource("units").setData(collection(units.filter((one) => one.place).map(point)));
  made.on("click", "units", (event) => tell(event.features[0].properties.key));
  made.on("mouseenter", "units", () => find("unit-map").classList.add("is-over"));
  made.on("mouseleave", "units", () => find("unit-map").classList.remove("is-over"));
  onTheme(recolour);
  find("unit-map").dataset.units = units.length;
  return made;
}

async function ask(query) {
  const answer = await fetch(find("unit-map").dataset.facts + query);
  if (!answer.ok || answer.redirected) throw new Error(`the units: ${answer.status}`);
  return answer.json();
}

// Only where somebody can see it, and one question at a time.
async function look() {
  if (!map || isFetching || document.hidden || find("map-sheet").hidden) return;
  isFetching = true;
  try {
    units = (await ask("?units")).units;
    map.getSource("units").setData(collection(units.filter((one) => one.place).map(point)));
    find("unit-map").dataset.units = units.length;
    say("");
    if (chosen) tell(chosen);
  } catch {
    say("The units on the map are old: the server does not answer.");
  } finally {
    isFetching = false;
  }
}

// A unit as the map draws it. What is broken is said beside it, and so is the age of an old position.
function point(unit) {
  const [lon, lat, at] = unit.place;
  const open = unit.breaches.find((one) => !one.is_excused);
  const mark = open ? "-broken" : "";
  const words = [unit.sign];
  if (open) words.push(`against an order ${clock(now() - Date.parse(open.since))}`);
  else if (unit.breaches.length) words.push("excused");
  if (unit.is_old) words.push(`${clock(now() - Date.parse(at))} old`);
  else if (unit.doubts.length) words.push("doubtful");
  const facts = { key: unit.key, icon: `${unit.company}${mark}`, label: words.join("\n") };
  const rank = (open ? 0 : 10) + RANKS.indexOf(unit.company);
  return feature(
    { type: "Point", coordinates: [lon, lat] },
    { ...facts, rank, isPale: unit.is_old || unit.doubts.length > 0, isLoud: Boolean(open) },
  );
}

function tell(key) {
  chosen = key;
  const unit = units.find((one) => one.key === key);
  if (!unit) return write("The unit is not known any more.");
  const parts = [`${unit.sign}, ${unit.agency}, ${unit.status}: ${WORDS[unit.company]}. ${unit.reason}`];
  for (const one of unit.breaches) {
    const end = one.is_excused ? ", excused" : "";
    parts.push(`Against an order since ${clock(now() - Date.parse(one.since))}${end}: ${one.says}`);
  }
  parts.push(...unit.doubts);
  if (unit.place) parts.push(`Position ${clock(now() - Date.parse(unit.place[2]))} old.`);
  write(parts.join(" "));
}

function write(words) {
  if (find("map-unit").textContent !== words) find("map-unit").textContent = words;
}

function say(words) {
  if (find("map-says").textContent !== words) find("map-says").textContent = words;
}

const collection = (features) => ({ type: "FeatureCollection", features });
const feature = (geometry, properties) => ({ type: "Feature", properties, geometry });

// Symbols: the shapes of the key below the map, each with and without the ring of a breach.

const SHAPES = {
  alone: (pen, r) => polygon(pen, [[0, -r], [r, r * 0.8], [-r, r * 0.8]]),
  not_known: (pen, r) => polygon(pen, [[0, -r], [r, 0], [0, r], [-r, 0]]),
  together: (pen, r) => pen.arc(0, 0, r * 0.8, 0, 7),
  at_station: (pen, r) => polygon(pen, [[-r * 0.75, -r * 0.75], [r * 0.75, -r * 0.75], [r * 0.75, r * 0.75], [-r * 0.75, r * 0.75]]),
};

function polygon(pen, [first, ...others]) {
  pen.moveTo(...first);
  for (const one of others) pen.lineTo(...one);
  pen.closePath();
}

function symbols() {
  return RANKS.flatMap((company) => [
    [company, symbol(company, false)],
    [`${company}-broken`, symbol(company, true)],
  ]);
}

function symbol(company, isBroken) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIZE * 2;
  const pen = canvas.getContext("2d");
  pen.translate(SIZE, SIZE);
  pen.beginPath();
  SHAPES[company](pen, SIZE * 0.42);
  pen.fillStyle = colourOf(isBroken ? "--bad" : INKS[company]);
  pen.fill();
  pen.lineWidth = 3;
  pen.strokeStyle = colourOf("--panel");
  pen.stroke();
  if (isBroken) {
    pen.beginPath();
    pen.arc(0, 0, SIZE * 0.88, 0, 7);
    pen.lineWidth = 6;
    pen.strokeStyle = colourOf("--bad");
    pen.stroke();
  }
  return pen.getImageData(0, 0, canvas.width, canvas.height);
}

// Layers and their colours, as the page has them by day and by night.

const COLOURS = {
  ground: { "background-color": "--sunk" },
  areas: { "fill-color": "--panel" },
  borders: { "line-color": "--edge" },
  ordered: { "fill-color": "--open" },
  "ordered-line": { "line-color": "--open" },
  units: { "text-color": "--strong", "text-halo-color": "--panel" },
};

const paintOf = (id) =>
  Object.fromEntries(Object.entries(COLOURS[id]).map(([what, name]) => [what, colourOf(name)]));

function styleOf({ grounds }) {
  const source = (features) => ({ type: "geojson", data: collection(features) });
  const layer = (id, type, more, paint) => ({ id, type, ...more, paint: { ...paint, ...paintOf(id) } });
  return {
    version: 8,
    sources: {
      areas: source(grounds.filter((one) => !one.properties.order)),
      ordered: source(grounds.filter((one) => one.properties.order)),
      units: source([]),
    },
    layers: [
      layer("ground", "background", {}, {}),
      layer("areas", "fill", { source: "areas" }, {}),
      layer("borders", "line", { source: "areas" }, { "line-width": 1 }),
      layer("ordered", "fill", { source: "ordered" }, { "fill-opacity": 0.12 }),
      layer("ordered-line", "line", { source: "ordered" }, { "line-width": 2.5, "line-dasharray": [3, 1.5] }),
    ],
  };
}

// What is broken is drawn last and keeps its words where there is no room for all.
function unitLayer() {
  return {
    id: "units",
    type: "symbol",
    source: "units",
    layout: {
      "icon-image": ["get", "icon"],
      "icon-allow-overlap": true,
      "text-field": ["get", "label"],
      "text-font": ["sans-serif"],
      "text-size": 12,
      "text-anchor": "top",
      "text-offset": [0, 0.9],
      "text-optional": true,
      "symbol-sort-key": ["get", "rank"],
    },
    paint: {
      "icon-opacity": ["case", ["get", "isPale"], 0.45, 1],
      "text-opacity": ["case", ["get", "isPale"], 0.75, 1],
      "text-halo-width": 1.5,
      ...paintOf("units"),
    },
  };
}

function recolour() {
  for (const id of Object.keys(COLOURS)) {
    for (const [what, colour] of Object.entries(paintOf(id))) map?.setPaintProperty(id, what, colour);
  }
  for (const [name, image] of symbols()) map?.updateImage(name, image);
}

// West, south, east, north of the ordered ground and of who breaks an order, else of everything.
function bounds({ grounds }) {
  const ordered = grounds.filter((one) => one.properties.order);
  const shown = ordered.length ? ordered : grounds;
  const places = units.filter((one) => one.place && (!ordered.length || one.breaches.length));
  const points = [
    ...shown.map((one) => one.geometry.coordinates).flat(Infinity),
    ...places.flatMap((one) => one.place.slice(0, 2)),
  ];
  if (!points.length) return null;
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (let at = 0; at < points.length; at += 2) {
    box[0] = Math.min(box[0], points[at]);
    box[1] = Math.min(box[1], points[at + 1]);
    box[2] = Math.max(box[2], points[at]);
    box[3] = Math.max(box[3], points[at + 1]);
  }
  return box;
}
