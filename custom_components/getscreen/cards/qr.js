/**
 * A QR encoder for short links: byte mode, error correction M, versions 1 to 10 (up to 213 bytes). Home Assistant's own <ha-qr-code> is
 * in a chunk that only its Markdown loads, under a name that changes with every release.
 */

// By version: codewords in all, codewords of error correction in each block, blocks, and the last centre of alignment patterns.
const TOTAL = [0, 26, 44, 70, 100, 134, 172, 196, 242, 292, 346];
const CORRECTION = [0, 10, 16, 26, 18, 24, 16, 18, 22, 22, 26];
const BLOCKS = [0, 1, 1, 1, 2, 2, 4, 4, 4, 5, 5];
const CENTRE = [0, 0, 18, 22, 26, 30, 34, 38, 42, 46, 50];
const MASKS = [
  (x, y) => (x + y) % 2,
  (x, y) => y % 2,
  (x) => x % 3,
  (x, y) => (x + y) % 3,
  (x, y) => ((y >> 1) + Math.floor(x / 3)) % 2,
  (x, y) => ((x * y) % 2) + ((x * y) % 3),
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2,
];

/** Return the QR code of a text as rows of booleans, true being dark; undefined if the text is too long. */
export function qrMatrix(text) {
  const data = new TextEncoder().encode(text);
  const version = TOTAL.findIndex((_, version) => data.length + (version < 10 ? 2 : 3) <= dataSize(version));
  if (version < 0) return undefined;
  const bits = interleave(codewords(data, version), version);
  const candidates = MASKS.map((_, mask) => draw(bits, version, mask)).map((matrix) => [penalty(matrix), matrix]);
  return candidates.reduce((best, next) => (next[0] < best[0] ? next : best))[1];
}

/** Return a matrix as the data of an SVG path in units of a module, with a quiet zone of four around it. */
export function qrPath(matrix) {
  return matrix.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x + 4} ${y + 4}h1v1h-1z` : ""))).join("");
}

const dataSize = (version) => TOTAL[version] - CORRECTION[version] * BLOCKS[version];

/** Mode, length and text as bytes, filled up to the size of the version. */
function codewords(data, version) {
  const length = version < 10 ? [data.length] : [data.length >> 8, data.length & 255];
  // The mode takes four bits, so that everything after it is shifted by half a byte.
  const bytes = [...length, ...data, 0];
  const result = bytes.map((byte, index) => (((index ? bytes[index - 1] : 4) & 15) << 4) | (byte >> 4));
  for (let pad = 0xec; result.length < dataSize(version); pad ^= 0xec ^ 0x11) result.push(pad);
  return result;
}

/** Cut the data into blocks, add to each its error correction, and return the bits of all, in turns. */
function interleave(data, version) {
  const count = BLOCKS[version];
  const short = Math.floor(data.length / count);
  const longer = data.length % count;
  const blocks = Array.from({ length: count }, (_, index) => {
    const start = index * short + Math.max(0, index - (count - longer));
    return data.slice(start, start + short + (index >= count - longer ? 1 : 0));
  });
  const corrections = blocks.map((block) => correction(block, CORRECTION[version]));
  const turns = [blocks, corrections].flatMap((parts) =>
    Array.from({ length: Math.max(...parts.map((part) => part.length)) }, (_, index) => parts.map((part) => part[index])).flat(),
  );
  return turns.filter((byte) => byte !== undefined).flatMap((byte) => [7, 6, 5, 4, 3, 2, 1, 0].map((bit) => (byte >> bit) & 1));
}

/** The remainder of a block by the generator polynomial of Reed and Solomon. */
function correction(block, size) {
  let generator = [1];
  for (let index = 0, root = 1; index < size; index++, root = times(root, 2)) {
    generator = [...generator, 0].map((factor, at) => factor ^ (at ? times(generator[at - 1], root) : 0));
  }
  const rest = [...block, ...new Array(size).fill(0)];
  block.forEach((_, at) => {
    const factor = rest[at];
    generator.forEach((part, index) => (rest[at + index] ^= times(part, factor)));
  });
  return rest.slice(block.length);
}

/** The product of two elements of the field of 256. */
function times(a, b) {
  let product = 0;
  for (let bit = 7; bit >= 0; bit--) product = (product << 1) ^ (product & 128 ? 0x11d : 0) ^ ((b >> bit) & 1 ? a : 0);
  return product;
}

/** A number followed by its remainder by a polynomial of so many bits. */
function checked(value, bits, polynomial) {
  let rest = value << bits;
  for (let bit = 31 - bits; bit >= 0; bit--) if ((rest >> (bit + bits)) & 1) rest ^= polynomial << bit;
  return (value << bits) | rest;
}

function draw(bits, version, mask) {
  const size = 17 + 4 * version;
  const matrix = Array.from({ length: size }, () => new Array(size).fill(undefined));
  drawPatterns(matrix, version, mask);
  let next = 0;
  for (let right = size - 1; right > 0; right -= right === 8 ? 3 : 2) {
    const upwards = ((right - (right < 7 ? 1 : 2)) & 2) === ((size - 3) & 2);
    for (let step = 0; step < size; step++) {
      const y = upwards ? size - 1 - step : step;
      for (const x of [right, right - 1]) {
        if (matrix[y][x] === undefined) matrix[y][x] = Boolean((bits[next++] ?? 0) ^ (MASKS[mask](x, y) === 0));
      }
    }
  }
  return matrix;
}

/** All that is the same whatever the text is. */
function drawPatterns(matrix, version, mask) {
  const size = matrix.length;
  const set = (x, y, dark) => x in matrix && y in matrix && (matrix[y][x] = Boolean(dark));
  const rings = (x, y, radius, light) => {
    for (let dy = -radius; dy <= radius; dy++) {
      for (let dx = -radius; dx <= radius; dx++) set(x + dx, y + dy, !light.includes(Math.max(Math.abs(dx), Math.abs(dy))));
    }
  };
  for (let at = 8; at < size - 8; at++) [set(at, 6, at % 2 === 0), set(6, at, at % 2 === 0)];
  [[3, 3], [size - 4, 3], [3, size - 4]].forEach(([x, y]) => rings(x, y, 4, [2, 4]));
  const last = CENTRE[version];
  const centres = last ? [6, ...(version < 7 ? [] : [(6 + last) / 2]), last] : [];
  const free = ([x, y]) => x + y > 12 && x + y !== 6 + last;
  const middle = version < 7 ? [] : [[centres[1], centres[1]]];
  [...centres.flatMap((x) => centres.map((y) => [x, y])).filter(free), ...middle].forEach(([x, y]) => rings(x, y, 2, [1]));
  // Error correction M is 0 in the two bits above the mask.
  const format = checked(mask, 10, 0x537) ^ 0x5412;
  for (let bit = 0; bit < 15; bit++) {
    const dark = (format >> bit) & 1;
    set(8, bit < 6 ? bit : bit < 8 ? bit + 1 : size - 15 + bit, dark);
    set(bit < 8 ? size - 1 - bit : bit < 9 ? 7 : 14 - bit, 8, dark);
  }
  set(8, size - 8, true);
  const number = checked(version, 12, 0x1f25);
  for (let bit = 0; bit < (version < 7 ? 0 : 18); bit++) {
    const [low, high] = [Math.floor(bit / 3), size - 11 + (bit % 3)];
    [set(low, high, (number >> bit) & 1), set(high, low, (number >> bit) & 1)];
  }
}

/** How badly a matrix can be read: long runs, what looks like a corner, and how far it is from half dark. */
function penalty(matrix) {
  const lines = [...matrix, ...matrix.map((_, x) => matrix.map((row) => row[x]))].map((line) => line.map(Number).join(""));
  let sum = 0;
  for (const line of lines) {
    for (const run of line.match(/0{5,}|1{5,}/g) ?? []) sum += run.length - 2;
    sum += 40 * (line.match(/(?=00001011101|10111010000)/g)?.length ?? 0);
  }
  const share = matrix.flat().filter(Boolean).length / matrix.length ** 2;
  return sum + 10 * Math.floor(Math.abs(share - 0.5) * 20);
}
