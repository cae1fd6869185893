import { treesWasm } from "../wasm/trees.wasm.ts";
import { createWasmEngine, type WasmEngine, type WasmExports } from "../wasm/wasmEngine.ts";

/** Functions of assembly/trees.ts; arrays are addresses. */
interface TreesExports extends WasmExports {
  begin(table: number): void;
  grow(m: number, nTry: number, minLeaf: number, maxDepth: number, isDrawn: number): number;
}

const engine: WasmEngine<TreesExports> = createWasmEngine<TreesExports>(treesWasm);

/** Columns of a row-major tile of codes. */
const TILE = 8;
/** Rows that are taken over together while the columns pass. */
const ROWS_AT_HAND = 1024;
/** Rows from which a node keeps its histogram, and bytes of it for each column, as assembly/trees has them. */
const HISTOGRAM_FROM = 1024;
const HISTOGRAM_BYTES = 256 * 20;
/** Bytes of a node that waits to be grown, and of the ranges of a column. */
const WAITING_BYTES = 20;
const RANGE_BYTES = 36;
const MOST_DEPTH = 2 ** 31 - 1;

/**
 * Inputs as ordered codes, column-major: code of row i in column f is `codes[f * n + i]`. Fine codes are dense ranks of the
 * distinct values, 65535 where the value is missing; coarse codes are at most 255 bins of them, 255 where it is missing.
 * `…Low` and `…High` hold the smallest and largest value behind a code; the fine ones of column f start at `fineOffset[f]`, the
 * coarse ones at `256 * f`.
 */
export interface RankedColumns {
  readonly n: number;
  readonly d: number;
  readonly coarse: Uint8Array;
  readonly coarseLow: Float64Array;
  readonly coarseHigh: Float64Array;
  readonly fine: Uint16Array;
  readonly fineOffset: Int32Array;
  readonly fineLow: Float64Array;
  readonly fineHigh: Float64Array;
  /** Columns with more than one value, ascending. */
  readonly usable: Int32Array;
}

export interface RegressionTreeOptions {
  /** One threshold drawn for each column (extra trees), or the best one. */
  readonly isDrawn: boolean;
  /** Columns that are not constant in a node which are tried there. */
  readonly nTry: number;
  /** Least weight of a leaf. */
  readonly minLeaf: number;
  readonly maxDepth: number;
}

/** Arrays live in memory of the module and are gone when the job ends. */
export interface RegressionTrees {
  /** [n], of which the caller fills the rows of a tree. */
  readonly rows: Int32Array;
  /** [n, 2], beside them: weight, and weight times target. */
  readonly pairs: Float64Array;
  /** xoshiro128** state, filled by the caller and advanced. */
  readonly random: Int32Array;
  /**
   * Grows a tree on the first m of the rows; 1 ≤ m ≤ n.
   *
   * @returns number of its nodes, at most 2 m − 1
   */
  grow(m: number): number;
  /** Of each node its column, −1 for a leaf. */
  readonly feature: Int32Array;
  /** Rows with value ≤ threshold go left; in a leaf, its predicted value. */
  readonly threshold: Float64Array;
  /** Left child, which the right one follows. */
  readonly left: Int32Array;
  /** Whether missing values go left. */
  readonly missingLeft: Uint8Array;
}

/**
 * Lets `job` grow regression trees, each split maximising the decrease of the weighted squared error, on columns that are copied
 * into the WebAssembly module once, in each thread that grows: 3 bytes for each code and 16 for each distinct value, or 2 and 8 for
 * drawn splits, besides about 100 for each row. Nodes of up to 32 rows are split exactly, larger ones between coarse bins; drawn splits are
 * always exact. Missing values go to the side that scores better; where a node has none, with its larger part.
 *
 * Where all columns are tried, nodes of 1024 rows and more keep histograms, for which room is taken: 5 bytes more for each code.
 *
 * Trusts its arguments: codes and rows out of range are not looked for.
 *
 * @param y - [n], targets: rows of one value are not split
 * @throws DomainError if more than 4 GiB would be needed
 * @see Breiman, Friedman, Olshen & Stone, Classification and Regression Trees (1984)
 * @see Geurts, Ernst & Wehenkel, Mach. Learn. 63, 3 (2006), doi:10.1007/s10994-006-6226-1 (drawn splits)
 * @example
 * useRegressionTrees(columns, y, { isDrawn: false, nTry: columns.d, minLeaf: 1, maxDepth: 20 }, (trees) => {
 *   y.forEach((value, i) => {
 *     trees.rows[i] = i;
 *     trees.pairs.set([1, value], 2 * i);
 *   });
 *   trees.random.set([1, 2, 3, 4]);
 *   return trees.feature.slice(0, trees.grow(y.length));
 * });
 */
export function useRegressionTrees<Result>(
  columns: RankedColumns,
  y: Float64Array,
  { isDrawn, nTry, minLeaf, maxDepth }: RegressionTreeOptions,
  job: (trees: RegressionTrees) => Result,
): Result {
  const { n, d, usable } = columns;
  const nUsable = usable.length;
  const rowCodes = TILE * Math.ceil(nUsable / TILE);
  const keepsHistograms = !isDrawn && nTry >= nUsable && n >= HISTOGRAM_FROM;
  // Nodes that keep one have no rows in common; one more is taken while a node is parted.
  const nSlots = keepsHistograms ? Math.floor(n / HISTOGRAM_FROM) + 1 : 0;
  const best = isDrawn ? 0 : 1;
  // In bytes, in the order of assembly/trees/memory.ts.
  const sizes = {
    usable: 4 * nUsable,
    coarse: best * n * d,
    fine: best * 2 * n * d,
    coarseLow: best * 8 * 256 * d,
    coarseHigh: best * 8 * 256 * d,
    fineOffset: 4 * (d + 1),
    fineLow: 8 * columns.fineLow.length,
    fineHigh: best * 8 * columns.fineHigh.length,
    tiled: (1 - best) * 2 * rowCodes * n,
    y: 8 * n,
    rows: 4 * n,
    pairs: 16 * n,
    rowsRight: 4 * n,
    pairsRight: 16 * n,
    order: 4 * nUsable,
    stack: WAITING_BYTES * (n + 2),
    histograms: nSlots * HISTOGRAM_BYTES * nUsable,
    freeSlots: 4 * nSlots,
    ranges: (1 - best) * RANGE_BYTES * rowCodes,
    random: 16,
    feature: 8 * n,
    threshold: 16 * n,
    left: 8 * n,
    missingLeft: 2 * n,
    table: 4 * 32,
  };
  type Name = keyof typeof sizes;
  const names = Object.keys(sizes) as Name[];
  const lengths = names.map((name) => Math.ceil(sizes[name] / 8));
  return engine.use("useRegressionTrees", lengths, (wasm, addresses, view) => {
    const { buffer } = view(0, 0);
    const at = Object.fromEntries(names.map((name, k) => [name, addresses[k]])) as Record<Name, number>;
    const integers = (name: Name): Int32Array => new Int32Array(buffer, at[name], sizes[name] / 4);
    const numbers = (name: Name): Float64Array => new Float64Array(buffer, at[name], sizes[name] / 8);
    integers("usable").set(usable);
    integers("fineOffset").set(columns.fineOffset);
    numbers("fineLow").set(columns.fineLow);
    numbers("y").set(y);
    if (isDrawn) {
      tileRows(columns, rowCodes, new Uint16Array(buffer, at.tiled, rowCodes * n));
    } else {
      new Uint8Array(buffer, at.coarse, n * d).set(columns.coarse);
      new Uint16Array(buffer, at.fine, n * d).set(columns.fine);
      numbers("coarseLow").set(columns.coarseLow);
      numbers("coarseHigh").set(columns.coarseHigh);
      numbers("fineHigh").set(columns.fineHigh);
    }
    const inOrder = [
      ...[n, nUsable, at.usable, at.coarse, at.fine, at.coarseLow, at.coarseHigh, at.fineOffset, at.fineLow],
      ...[at.fineHigh, at.tiled, 2 * rowCodes, at.y, at.rows, at.pairs, at.rowsRight, at.pairsRight, at.order],
      ...[at.stack, at.histograms, at.freeSlots, at.ranges, at.random],
      ...[at.feature, at.threshold, at.left, at.missingLeft],
    ];
    new Uint32Array(buffer, at.table, inOrder.length).set(inOrder);
    return job({
      rows: integers("rows"),
      pairs: numbers("pairs"),
      random: integers("random"),
      grow(m: number): number {
        wasm.begin(at.table);
        return wasm.grow(m, nTry, minLeaf, Math.min(maxDepth, MOST_DEPTH), isDrawn ? 1 : 0);
      },
      feature: integers("feature"),
      threshold: numbers("threshold"),
      left: integers("left"),
      missingLeft: new Uint8Array(buffer, at.missingLeft, 2 * n),
    });
  });
}

/** Fine codes of the usable columns row by row, in blocks of rows, which stay at hand while the columns pass. */
function tileRows({ n, fine, usable }: RankedColumns, rowCodes: number, out: Uint16Array): void {
  out.fill(0);
  for (let first = 0; first < n; first += ROWS_AT_HAND) {
    const last = Math.min(n, first + ROWS_AT_HAND);
    for (const [k, feature] of usable.entries()) {
      const column = feature * n;
      for (let i = first; i < last; i++) out[i * rowCodes + k] = fine[column + i] as number; // i < n
    }
  }
}
