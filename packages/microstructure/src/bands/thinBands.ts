import { guoHallTable, thin } from "../kernels/index.ts";
import type { BandSpace } from "./bandSpace.ts";
import type { RowStore } from "./rowStore.ts";

/** Subiterations of the first pass: enough for lines up to about as many pixels thick. */
const FIRST = 16;
/** Of later ones, at least; bands of few rows would otherwise thin few rows at a time. */
const LEAST = 32;

/**
 * Thins a mask of 0 and 1 in place by Guo and Hall's algorithm, pixel for pixel as the kernel `thin` does the whole image.
 *
 * A subiteration decides on a pixel by its eight neighbours: a band with k rows around it can do k of them on its own. So all
 * bands are brought on by k subiterations, pass by pass, each from the rows as they were before the pass. A band rests while
 * no band that its rows reach deleted anything in the last two subiterations, one of each kind; when all rest, the end is reached.
 *
 * @param first - subiterations of the first pass, even; changes the time that it takes, not the result
 */
export function thinBands(space: BandSpace, mask: RowStore<Uint8Array>, first: number = FIRST): void {
  const { width, height, nBands } = space;
  const table = guoHallTable();
  const bandRows = space.band(0, 0).to;
  let isActive = new Uint8Array(nBands).fill(1);
  const most = nBands === 1 ? Number.MAX_SAFE_INTEGER - 1 : Math.max(LEAST, bandRows - (bandRows % 2));
  // Always even, so that every pass begins with the first kind of subiteration.
  for (let steps = nBands === 1 ? most : first; isActive.includes(1); steps = Math.min(most, 2 * steps)) {
    const active = new Uint8Array(nBands);
    // Rows above the next band that is thinned, as they were before the pass.
    let before = new Uint8Array(0);
    let beforeFrom = 0;
    for (const { index, from, to, top, bottom } of space.bands(steps)) {
      const highest = Math.floor(top / bandRows);
      const lowest = Math.floor((bottom - 1) / bandRows);
      if (!isActive.subarray(highest, lowest + 1).includes(1)) continue;
      const rows = mask.read(top, bottom).slice();
      rows.set(before.subarray((top - beforeFrom) * width)); // top ≥ beforeFrom: bands come from top to bottom
      if (!rows.includes(1)) continue;
      if (to < height) {
        beforeFrom = Math.max(0, to - steps);
        before = rows.slice((beforeFrom - top) * width, (to - top) * width);
      }
      const latest = thin(width, bottom - top, table, steps, from - top, to - top, rows);
      if (latest > 0) mask.write(from, rows.subarray((from - top) * width, (to - top) * width));
      if (latest > steps - 2) active[index] = 1;
    }
    isActive = active;
  }
}
