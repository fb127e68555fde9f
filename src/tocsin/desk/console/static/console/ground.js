// Ground as lines of text: a corner on each, latitude first; an empty line ends a piece; `hole` begins
// a hole in the piece above. The server reads the same lines.

const CORNER = /^([-+]?\d{1,3}(?:\.\d{1,12})?)[ \t]*[,; \t][ \t]*([-+]?\d{1,3}(?:\.\d{1,12})?)$/;

// The pieces, each a list of rings of [longitude, latitude]; or the number of the line at fault.
export function readGrounds(text) {
  const pieces = [];
  let isInside = false;
  for (const [index, line] of text.split(/\r\n|\r|\n/).entries()) {
    const words = line.trim();
    if (!words) {
      isInside = false;
      continue;
    }
    if (words.toLowerCase() === "hole" && isInside) {
      pieces.at(-1).push([]);
      continue;
    }
    const found = CORNER.exec(words);
    if (!found) return { pieces, fault: index + 1 };
    if (!isInside) pieces.push([[]]);
    pieces.at(-1).at(-1).push([Number(found[2]), Number(found[1])]);
    isInside = true;
  }
  return { pieces, fault: 0 };
}

export function writeGrounds(pieces) {
  return pieces.map((rings) => rings.map(lines).join("\nhole\n")).join("\n\n");
}

const lines = (ring) => ring.map(([lon, lat]) => `${plain(lat)}, ${plain(lon)}`).join("\n");
const plain = (degrees) => String(Number(degrees.toFixed(6)));
