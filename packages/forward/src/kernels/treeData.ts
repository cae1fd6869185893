/** Code of a missing value in the fine columns; in the coarse columns it is {@link COARSE_MISSING}. */
export const FINE_MISSING = 65535;
export const COARSE_MISSING = 255;

/**
 * Training inputs as ordered codes, column-major: code of row i in column f is `codes[f * n + i]`.
 * Fine codes are dense ranks of the distinct values (exact up to 65 535 of them), coarse codes are at most 255 quantile
 * bins. `…Low` and `…High` hold the smallest and largest value behind a code; the fine ones of column f start at
 * `fineOffset[f]`, the coarse ones at `256 * f`.
 */
export interface TreeData {
  readonly n: number;
  readonly d: number;
  readonly coarse: Uint8Array;
  readonly coarseLow: Float64Array;
  readonly coarseHigh: Float64Array;
  readonly fine: Uint16Array;
  readonly fineOffset: Int32Array;
  readonly fineLow: Float64Array;
  readonly fineHigh: Float64Array;
  /** Columns with more than one value. */
  readonly usable: Int32Array;
}

/**
 * Buffers of one growing tree, reused from tree to tree. For classification `wy` holds class codes, `bins` a weight per coarse
 * code and class, and the two class buffers a weight per class.
 */
export interface TreeWorkspace {
  /** Rows in the bag, contiguous for each node; beside them weight and weighted target. */
  readonly rows: Int32Array;
  readonly w: Float64Array;
  readonly wy: Float64Array;
  readonly rowsRight: Int32Array;
  readonly wRight: Float64Array;
  readonly wyRight: Float64Array;
  readonly keys: Int32Array;
  readonly bins: Float64Array;
  readonly occupied: Int32Array;
  readonly order: Int32Array;
  readonly stack: Int32Array;
  /** Histograms of large nodes, kept for sibling subtraction; grown on demand. */
  readonly histograms: Float64Array[];
  readonly freeHistograms: number[];
  readonly split: Float64Array;
  readonly classTotals: Float64Array;
  readonly classLeft: Float64Array;
}

/**
 * A grown tree; node 0 is the root, the right child follows the left one, `feature` −1 marks a leaf. Of a classification tree
 * the threshold is the largest coarse code that goes left, and `left` of a leaf counts the leaves.
 */
export interface TreeNodes {
  readonly feature: Int32Array;
  /** Rows with value ≤ threshold go left; in a leaf, its predicted value. */
  readonly threshold: Float64Array;
  readonly left: Int32Array;
  readonly missingLeft: Uint8Array;
}

export interface GrownNodes extends TreeNodes {
  /** Share of each class in each leaf, [nLeaves, nClasses]; empty for regression. */
  readonly shares: Float64Array;
}

/** A split must beat the best so far by this factor: less is rounding. */
export const TIE: number = 1 + 1e-9;

// Layout of `split`: the best split found so far.
export const SPLIT_SCORE = 0;
export const SPLIT_FEATURE = 1;
export const SPLIT_THRESHOLD = 2;
/** Largest code that goes left. */
export const SPLIT_CODE = 3;
export const SPLIT_IS_FINE = 4;
export const SPLIT_MISSING_LEFT = 5;
export const SPLIT_SIZE = 6;
