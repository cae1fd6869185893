/** Borders between pairs of regions, in the order in which they were first met: sums over the cracks of each. */
export interface BorderTable {
  count: number;
  /** The two regions, a < b. */
  a: Uint32Array;
  b: Uint32Array;
  /** Cracks, and their strengths added up. */
  cracks: Float64Array;
  strength: Float64Array;
  /** The same over the cracks that are free of a third region. */
  freeCracks: Float64Array;
  freeStrength: Float64Array;
  /** Hash table: place + 1 of a border, 0 where free. Its length is a power of two. */
  slots: Int32Array;
}

export function createBorderTable(): BorderTable {
  const capacity = 1024;
  return {
    count: 0,
    a: new Uint32Array(capacity),
    b: new Uint32Array(capacity),
    cracks: new Float64Array(capacity),
    strength: new Float64Array(capacity),
    freeCracks: new Float64Array(capacity),
    freeStrength: new Float64Array(capacity),
    slots: new Int32Array(4 * capacity),
  };
}

/**
 * Adds the cracks right of and below the pixels of rows `from` … `to` − 1 of an image of `height` rows to `table`, in raster
 * order. A crack has the larger strength of its two pixels; it is free where no third label lies `reach` pixels from its
 * pixel in any of eight directions. A crack beside label 0 is no border, but makes others near it less free. `labels` and
 * `strength` begin with row `top` of the image and hold `reach` rows around the band, at least one, cut at the border of the image.
 */
export function addBorders(
  width: number,
  height: number,
  top: number,
  from: number,
  to: number,
  labels: Uint32Array,
  strength: Float32Array,
  reach: number,
  table: BorderTable,
): void {
  for (let y = from; y < to; y++) {
    const rowAbove = (Math.max(0, y - reach) - top) * width;
    const rowHere = (y - top) * width;
    const rowBelow = (Math.min(height - 1, y + reach) - top) * width;
    for (let x = 0; x < width; x++) {
      const i = rowHere + x;
      const a = labels[i];
      for (let side = 0; side < 2; side++) {
        if (side === 0 ? x === width - 1 : y === height - 1) continue;
        const j = side === 0 ? i + 1 : i + width;
        const b = labels[j];
        if (a === b || a === 0 || b === 0) continue;
        const value = Math.max(strength[i], strength[j]);
        const left = x < reach ? 0 : x - reach;
        const right = x + reach < width ? x + reach : width - 1;
        let isFree = true;
        for (let k = 0; k < 9 && isFree; k++) {
          const row = k < 3 ? rowAbove : k < 6 ? rowHere : rowBelow;
          const c = labels[row + (k % 3 === 0 ? left : k % 3 === 1 ? x : right)];
          isFree = c === a || c === b;
        }
        const e = a < b ? placeOf(table, a, b) : placeOf(table, b, a);
        table.cracks[e]++;
        table.strength[e] += value;
        if (isFree) {
          table.freeCracks[e]++;
          table.freeStrength[e] += value;
        }
      }
    }
  }
}

function placeOf(table: BorderTable, a: number, b: number): number {
  const last = table.slots.length - 1;
  let slot = hash(a, b) & last;
  while (table.slots[slot] !== 0) {
    const e = table.slots[slot] - 1;
    if (table.a[e] === a && table.b[e] === b) return e;
    slot = (slot + 1) & last;
  }
  if (table.count === table.a.length) {
    enlarge(table);
    return placeOf(table, a, b);
  }
  const e = table.count++;
  table.slots[slot] = e + 1;
  table.a[e] = a;
  table.b[e] = b;
  return e;
}

function hash(a: number, b: number): number {
  const mixed = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}

function enlarge(table: BorderTable): void {
  const capacity = 2 * table.a.length;
  table.a = longer(table.a, new Uint32Array(capacity));
  table.b = longer(table.b, new Uint32Array(capacity));
  table.cracks = longer(table.cracks, new Float64Array(capacity));
  table.strength = longer(table.strength, new Float64Array(capacity));
  table.freeCracks = longer(table.freeCracks, new Float64Array(capacity));
  table.freeStrength = longer(table.freeStrength, new Float64Array(capacity));
  const slots = new Int32Array(4 * capacity);
  for (let e = 0; e < table.count; e++) {
    let slot = hash(table.a[e], table.b[e]) & (slots.length - 1);
    while (slots[slot] !== 0) slot = (slot + 1) & (slots.length - 1);
    slots[slot] = e + 1;
  }
  table.slots = slots;
}

function longer<T extends Uint32Array | Float64Array>(values: T, into: T): T {
  into.set(values);
  return into;
}
