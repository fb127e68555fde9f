// Plays a call: the wave, the browser's own player, and the words, all at the same second.

import WaveSurfer from "../vendor/wavesurfer/wavesurfer.esm.js";

const STEP = 2; // seconds of one arrow key

let wave = null;
let audio = null;
let words = [];
let stopAt = Infinity;

function start() {
  const player = document.getElementById("player");
  if (!player || player.dataset.started) return;
  player.dataset.started = "yes";
  audio = document.getElementById("audio");
  document.getElementById("player-keys").hidden = false;
  draw(player);
  words = [...document.querySelectorAll("#transcript .w")];
  words.forEach(makeButton);
  audio.addEventListener("timeupdate", follow);
  audio.addEventListener("pause", () => (stopAt = Infinity));
}

function draw(player) {
  wave?.destroy();
  const peaks = player.dataset.peaks.split(",").map((peak) => Number(peak) / 100);
  const probe = document.getElementById("wave");
  wave = WaveSurfer.create({
    container: probe,
    media: audio,
    peaks: [peaks],
    duration: Number(player.dataset.duration),
    height: 72,
    barWidth: 2,
    barGap: 1,
    barRadius: 1,
    normalize: true,
    waveColor: colourOf(probe, "--wave"),
    progressColor: colourOf(probe, "--wave-played"),
    cursorColor: colourOf(probe, "--wave-cursor"),
    cspNonce: document.getElementById("wave-style").nonce,
  });
}

// A custom property as the colour that it means in this theme.
function colourOf(probe, name) {
  const swatch = document.createElement("span");
  swatch.style.color = `var(${name})`;
  probe.append(swatch);
  const found = getComputedStyle(swatch).color;
  swatch.remove();
  return found;
}

function makeButton(word, index) {
  word.setAttribute("role", "button");
  word.tabIndex = index === 0 ? 0 : -1;
}

function playFrom(from, to = Infinity) {
  audio.currentTime = Math.max(0, from);
  stopAt = to;
  audio.play();
}

function follow() {
  const at = audio.currentTime;
  if (at >= stopAt) audio.pause();
  for (const word of words) {
    const isNow = !audio.paused && at >= Number(word.dataset.from) && at < Number(word.dataset.to);
    word.classList.toggle("now", isNow);
  }
}

function move(word, by) {
  const next = words[words.indexOf(word) + by];
  if (!next) return;
  word.tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
}

function onWord(event) {
  const word = event.target.closest?.("#transcript .w");
  if (!word || !audio) return false;
  if (event.key === "Enter" || event.key === " ") playFrom(Number(word.dataset.from));
  else if (event.key === "ArrowRight") move(word, 1);
  else if (event.key === "ArrowLeft") move(word, -1);
  else return false;
  event.preventDefault();
  return true;
}

document.addEventListener("click", (event) => {
  const word = event.target.closest("#transcript .w");
  const span = event.target.closest("button.span[data-from]");
  if (!audio || !(word || span)) return;
  if (word) playFrom(Number(word.dataset.from));
  // A little before and after: words are cut hard otherwise.
  else playFrom(Number(span.dataset.from) - 0.25, Number(span.dataset.to || Infinity) + 0.4);
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || onWord(event) || !audio) return;
  if (event.target.closest("input, textarea, select, button, a, summary, audio, dialog")) return;
  if (event.key === " ") audio.paused ? audio.play() : audio.pause();
  else if (event.key === "ArrowLeft") audio.currentTime = Math.max(0, audio.currentTime - STEP);
  else if (event.key === "ArrowRight") audio.currentTime += STEP;
  else return;
  event.preventDefault();
});

document.addEventListener("tocsin:fresh", start);
document.getElementById("theme")?.addEventListener("click", () => {
  const player = document.getElementById("player");
  if (player && audio?.paused) draw(player);
});
start();
