// Clocks that run on: `time.since` counts up from its moment, `time.until` down to it. They follow
// the server's clock, because a console's own may be wrong.

const root = document.documentElement;
const ahead = Date.parse(root.dataset.now) - Date.now();

export const now = () => Date.now() + ahead;

export function clock(milliseconds) {
  const total = Math.max(0, Math.floor(milliseconds / 1000));
  const two = (number) => String(number).padStart(2, "0");
  const days = Math.floor(total / 86400);
  const hours = Math.floor(total / 3600) % 24;
  const rest = `${two(Math.floor(total / 60) % 60)}:${two(total % 60)}`;
  if (days) return `${days} d ${hours}:${rest}`;
  return hours ? `${hours}:${rest}` : rest;
}

export function timeOfDay(moment) {
  const shape = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" };
  return new Intl.DateTimeFormat("en-GB", { ...shape, timeZone: root.dataset.zone }).format(moment);
}

export function tick() {
  for (const time of document.querySelectorAll("time.since, time.until")) {
    const moment = Date.parse(time.dateTime);
    const text = clock(time.classList.contains("since") ? now() - moment : moment - now());
    if (time.textContent !== text) time.textContent = text;
  }
}

export function startClocks() {
  tick();
  setInterval(tick, 1000);
}
