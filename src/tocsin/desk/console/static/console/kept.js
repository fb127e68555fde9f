// What this machine remembers of a person's choices; where storage is barred, for this page only.

const held = new Map();

export function recall(name, otherwise) {
  try {
    return localStorage.getItem(`tocsin-${name}`) ?? otherwise;
  } catch {
    return held.get(name) ?? otherwise;
  }
}

export function keep(name, value) {
  held.set(name, value);
  try {
    localStorage.setItem(`tocsin-${name}`, value);
  } catch {
    // held above
  }
}
