/** Code of a missing value in the fine columns; in the coarse columns it is {@link COARSE_MISSING}. */
export const FINE_MISSING = 65535;
export const COARSE_MISSING = 255;

/** Training inputs as coarse codes, column-major: what class trees are split by (part of `RankedColumns` in core). */
export interface CoarseColumns {
  readonly n: number;
  readonly coarse: Uint8Array;
  /** Smallest value behind each code, [d, 256]. */
  readonly coarseLow: Float64Array;
  /** Columns with more than one value. */
  readonly usable: Int32Array;
}

/** Buffers of one growing class tree, reused from tree to tree. */
export interface TreeWorkspace {
  /** Rows in the bag, contiguous for each node; beside them weight and class. */
  readonly rows: Int32Array;
  readonly w: Float64Array;
  readonly classes: Int32Array;
  readonly rowsRight: Int32Array;
  readonly wRight: Float64Array;
  readonly classesRight: Int32Array;
  readonly keys: Int32Array;
  /** A weight per coarse code and class. */
  readonly bins: Float64Array;
  readonly occupied: Int32Array;
  readonly order: Int32Array;
  readonly stack: Int32Array;
  readonly split: Float64Array;
  /** A weight per class. */
  readonly classTotals: Float64Array;
  readonly classLeft: Float64Array;
}

/** A grown class tree; node 0 is the root, the right child follows the left one, `feature` −1 marks a leaf. */
export interface GrownNodes {
  readonly feature: Int32Array;
  /** Largest coarse code that goes left. */
  readonly code: Int32Array;
  /** Left child; of a leaf its number among the leaves. */
  readonly left: Int32Array;
  /** Share of each class in each leaf, [nLeaves, nClasses]. */
  readonly shares: Float64Array;
}

/** A split must beat the best so far by this factor: less is rounding. */
export const TIE: number = 1 + 1e-9;

// Layout of `split`: the best split found so far.
export const SPLIT_SCORE = 0;
export const SPLIT_FEATURE = 1;
/** Largest code that goes left. */
export const SPLIT_CODE = 2;
export const SPLIT_SIZE = 3;
