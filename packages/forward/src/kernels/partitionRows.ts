import type { TreeWorkspace } from "./treeData.ts";

/** Moves the rows that go left before those that go right, keeping their order; returns where the right ones start. */
export function partitionRows(
  codes: Uint8Array,
  base: number,
  lastLeft: number,
  start: number,
  end: number,
  work: TreeWorkspace,
): number {
  const { rows, w, classes, rowsRight, wRight, classesRight } = work;
  let left = start;
  let right = 0;
  for (let i = start; i < end; i++) {
    if (codes[base + rows[i]] <= lastLeft) {
      rows[left] = rows[i];
      w[left] = w[i];
      classes[left] = classes[i];
      left++;
    } else {
      rowsRight[right] = rows[i];
      wRight[right] = w[i];
      classesRight[right] = classes[i];
      right++;
    }
  }
  for (let i = 0; i < right; i++) {
    rows[left + i] = rowsRight[i];
    w[left + i] = wRight[i];
    classes[left + i] = classesRight[i];
  }
  return left;
}
