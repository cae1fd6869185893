import type { BandSpace } from "./bandSpace.ts";
import { CLOSED, growBands, OPEN, START } from "./growBands.ts";
import { mapRows } from "./mapRows.ts";
import type { RowReader, RowStore } from "./rowStore.ts";

/**
 * Hysteresis threshold: `out`, empty on entry, gets 1 where value ≥ low and the 8-connected region of such pixels holds a value
 * ≥ high.
 *
 * @example
 * hysteresisBands(space, ridges, 0.1, 0.3, space.store("uint8"));
 */
export function hysteresisBands(
  space: BandSpace,
  values: RowReader<Float32Array>,
  low: number,
  high: number,
  out: RowStore<Uint8Array>,
): void {
  const ground = mapRows(values, (rows) => {
    const codes = new Uint8Array(rows.length);
    for (let i = 0; i < codes.length; i++) codes[i] = rows[i]! < low ? CLOSED : rows[i]! < high ? OPEN : START; // same length
    return codes;
  });
  growBands(space, ground, 8, out);
}
