import { SPLIT_SIZE, type TreeWorkspace } from "../kernels/index.ts";

/** Buffers for growing trees on n rows of d columns; `nClasses` is 0 for regression. */
export function createWorkspace(n: number, d: number, nClasses: number): TreeWorkspace {
  return {
    rows: new Int32Array(n),
    w: new Float64Array(n),
    wy: new Float64Array(n),
    rowsRight: new Int32Array(n),
    wRight: new Float64Array(n),
    wyRight: new Float64Array(n),
    keys: new Int32Array(Math.max(n, 64)),
    bins: new Float64Array(256 * Math.max(2, nClasses)),
    occupied: new Int32Array(8),
    order: new Int32Array(d),
    stack: new Int32Array(5 * (n + 2)),
    histograms: [],
    freeHistograms: [],
    split: new Float64Array(SPLIT_SIZE),
    classTotals: new Float64Array(nClasses),
    classLeft: new Float64Array(nClasses),
  };
}
