import type { TreeWorkspace } from "./treeData.ts";

/** Moves the rows that go left before those that go right, keeping their order; returns where the right ones start. */
export function partitionRows(
  codes: Uint8Array | Uint16Array,
  base: number,
  lastLeft: number,
  missing: number,
  missingLeft: number,
  start: number,
  end: number,
  work: TreeWorkspace,
  hadMissing: { value: boolean },
): number {
  const { rows, w, wy, rowsRight, wRight, wyRight } = work;
  let left = start;
  let right = 0;
  for (let i = start; i < end; i++) {
    const code = codes[base + rows[i]];
    if (code === missing) hadMissing.value = true;
    if (code === missing ? missingLeft === 1 : code <= lastLeft) {
      rows[left] = rows[i];
      w[left] = w[i];
      wy[left] = wy[i];
      left++;
    } else {
      rowsRight[right] = rows[i];
      wRight[right] = w[i];
      wyRight[right] = wy[i];
      right++;
    }
  }
  for (let i = 0; i < right; i++) {
    rows[left + i] = rowsRight[i];
    w[left + i] = wRight[i];
    wy[left + i] = wyRight[i];
  }
  return left;
}
