// What every map of ours shares: the library fetched when it is needed, the controls, the colours.

const LIBRARY = "../vendor/maplibre/maplibre-gl.mjs";
const STYLE = "../vendor/maplibre/maplibre-gl.css";
const PATIENCE = 15000; // milliseconds until a map that does not come is given up

export async function makeMap(box, style, bounds, title) {
  const [library] = await Promise.all([import(LIBRARY), loadStyle()]);
  const made = new library.Map({
    container: box,
    style,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    renderWorldCopies: false,
    bounds: bounds ?? undefined,
    fitBoundsOptions: { padding: 24 },
    locale: { "Map.Title": title },
  });
  made.touchZoomRotate.disableRotation();
  made.keyboard.disableRotation();
  made.addControl(new library.NavigationControl({ showCompass: false }));
  made.addControl(new library.ScaleControl({ unit: "metric" }));
  await loaded(made);
  return made;
}

// Calls back whenever the page changes between day and night.
export function onTheme(recolour) {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", recolour);
  new MutationObserver(recolour).observe(document.documentElement, { attributeFilter: ["data-theme"] });
}

// A custom property as the colour that it means in this theme.
export function colourOf(name) {
  const swatch = document.createElement("span");
  swatch.style.color = `var(${name})`;
  document.body.append(swatch);
  const found = getComputedStyle(swatch).color;
  swatch.remove();
  return found;
}

function loadStyle() {
  return new Promise((resolve, reject) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = new URL(STYLE, import.meta.url).href;
    link.onload = resolve;
    link.onerror = reject;
    document.head.prepend(link); // before our own, which has the last word
  });
}

function loaded(made) {
  return new Promise((resolve, reject) => {
    made.once("load", resolve);
    made.once("error", ({ error }) => reject(error));
    setTimeout(() => reject(new Error("it does not come")), PATIENCE);
  });
}
