import type { Matrix } from "@materiome/core";

const SHIFT = 9;

/**
 * A number for each row that equal rows have in common, and others but by a chance of 10⁻¹⁰ or so: a hash of the values to 9
 * figures. `columns` are those that count.
 */
export function rowPrints(x: Matrix, columns: ArrayLike<number>): Float64Array {
  const bits = new DataView(new ArrayBuffer(8));
  return Float64Array.from({ length: x.rows }, (_, i) => {
    let [a, b] = [0x811c9dc5, 0x1b873593];
    for (let k = 0; k < columns.length; k++) {
      const value = x.data[i * x.columns + (columns[k] as number)] as number; // columns of x
      bits.setFloat64(0, Number.isNaN(value) ? Number.NaN : Number(value.toPrecision(SHIFT)) + 0);
      for (const word of [bits.getUint32(0), bits.getUint32(4)]) {
        a = Math.imul(a ^ word, 0x01000193) ^ (a >>> 15);
        b = Math.imul(b ^ word, 0x85ebca6b) ^ (b >>> 13);
      }
    }
    return (a >>> 0) * 2 ** 21 + ((b >>> 0) & 0x1fffff);
  });
}

/** Rows of x, by index, that are equal to a row with one of the prints in the columns that those are of. */
export function sharedRows(x: Matrix, columns: ArrayLike<number>, prints: Float64Array): number[] {
  const known = new Set(prints);
  return Array.from(rowPrints(x, columns)).flatMap((print, i) => (known.has(print) ? [i] : []));
}
