import { SPLIT_SIZE, type TreeWorkspace } from "../kernels/index.ts";

/** Buffers for growing class trees on n rows of d columns. */
export function createWorkspace(n: number, d: number, nClasses: number): TreeWorkspace {
  return {
    rows: new Int32Array(n),
    w: new Float64Array(n),
    classes: new Int32Array(n),
    rowsRight: new Int32Array(n),
    wRight: new Float64Array(n),
    classesRight: new Int32Array(n),
    keys: new Int32Array(n),
    bins: new Float64Array(256 * nClasses),
    occupied: new Int32Array(8),
    order: new Int32Array(d),
    stack: new Int32Array(4 * (n + 2)),
    split: new Float64Array(SPLIT_SIZE),
    classTotals: new Float64Array(nClasses),
    classLeft: new Float64Array(nClasses),
  };
}
