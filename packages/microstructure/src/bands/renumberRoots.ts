import type { BandSpace } from "./bandSpace.ts";
import type { RowReader, RowStore } from "./rowStore.ts";

/**
 * Gives every label its root in `parent` and numbers the roots 1 … n in raster order; 0 stays 0.
 *
 * @param labels - below the length of `parent`
 * @param parent - of every label, itself for a root; left with paths of one step
 * @param out - may be `labels`
 * @returns n
 */
export function renumberRoots(
  space: BandSpace,
  labels: RowReader<Uint32Array>,
  parent: Uint32Array,
  out: RowStore<Uint32Array>,
): number {
  for (let k = 0; k < parent.length; k++) {
    let root = k;
    while (parent[root] !== root) root = parent[root]!; // labels below length, here and below
    for (let step = k; step !== root; ) {
      const up = parent[step]!;
      parent[step] = root;
      step = up;
    }
  }
  const number = new Uint32Array(parent.length);
  let n = 0;
  for (const { from, to } of space.bands(0)) {
    const rows = labels.read(from, to);
    const numbers = out.read(from, to);
    for (let i = 0; i < rows.length; i++) {
      const root = parent[rows[i]!]!;
      if (number[root] === 0 && root !== 0) number[root] = ++n;
      numbers[i] = number[root]!;
    }
    out.write(from, numbers);
  }
  return n;
}
