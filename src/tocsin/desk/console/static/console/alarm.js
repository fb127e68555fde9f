// The sound of a threat that nobody has taken: two soft tones, again until somebody takes it.

import { keep, recall } from "./kept.js";

const EVERY = 4000;
const TONES = [587, 784];

const title = document.title;
let context = null;
let isMuted = recall("muted", "no") === "yes";
let wasBarred = true; // when the page was last touched, before that touch let it sound

const alarms = () => document.querySelectorAll("[data-alarm]").length;
const mayPlay = () => context?.state === "running";

export function startAlarm() {
  const button = document.getElementById("sound");
  if (!button || !("AudioContext" in window)) return;
  button.hidden = false;
  // A browser lets a page sound only after somebody has touched it.
  for (const touch of ["pointerdown", "keydown"]) {
    document.addEventListener(touch, () => {
      wasBarred = !mayPlay();
      wake().then(() => show(button));
    });
  }
  button.addEventListener("click", async () => {
    await wake();
    // The first click only lets it sound; the next ones turn it off and on.
    if (!wasBarred || isMuted) isMuted = !isMuted;
    keep("muted", isMuted ? "yes" : "no");
    show(button);
    if (!isMuted) play();
  });
  wake().then(() => show(button));
  document.addEventListener("tocsin:fresh", () => round(button));
  setInterval(() => round(button), EVERY);
  round(button);
}

async function wake() {
  context ??= new AudioContext();
  if (context.state !== "running") await Promise.race([context.resume(), pause(200)]);
}

const pause = (time) => new Promise((done) => setTimeout(done, time));

function round(button) {
  const number = alarms();
  document.title = number ? `(${number}) New threat · ${title}` : title;
  show(button);
  if (number && !isMuted && mayPlay()) play();
}

function show(button) {
  const words = isMuted ? "Sound: off" : mayPlay() ? "Sound: on" : "Sound: click";
  if (button.textContent !== words) button.textContent = words;
  button.setAttribute("aria-pressed", String(!isMuted));
  button.classList.toggle("is-warning", alarms() > 0 && (isMuted || !mayPlay()));
}

function play() {
  if (!mayPlay()) return;
  TONES.forEach((pitch, index) => {
    const start = context.currentTime + index * 0.22;
    const tone = context.createOscillator();
    const loudness = context.createGain();
    tone.type = "triangle";
    tone.frequency.value = pitch;
    loudness.gain.setValueAtTime(0, start);
    loudness.gain.linearRampToValueAtTime(0.25, start + 0.02);
    loudness.gain.exponentialRampToValueAtTime(0.001, start + 0.4);
    tone.connect(loudness).connect(context.destination);
    tone.start(start);
    tone.stop(start + 0.42);
  });
}
