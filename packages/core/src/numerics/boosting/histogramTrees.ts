import { boostingWasm } from "../wasm/boosting.wasm.ts";
import { createWasmEngine, type WasmEngine, type WasmExports } from "../wasm/wasmEngine.ts";

/** Functions of assembly/boosting.ts; arrays are addresses. */
interface BoostingExports extends WasmExports {
  quantise(
    n: number,
    gradients: number,
    hessians: number,
    gradientScale: number,
    hessianScale: number,
    pairs: number,
  ): void;
  buildHistogram(
    nTiles: number,
    nBins: number,
    codes: number,
    rows: number,
    start: number,
    end: number,
    pairs: number,
    gathered: number,
    histogram: number,
    parent: number,
  ): void;
  findSplit(
    nFeatures: number,
    features: number,
    nTry: number,
    nBins: number,
    kinds: number,
    histogram: number,
    gradientUnit: number,
    hessianUnit: number,
    l2: number,
    minLeaf: number,
    minHessian: number,
    tie: number,
    isBounded: number,
    lower: number,
    upper: number,
    sides: number,
    split: number,
    codes: number,
    stride: number,
    rows: number,
    start: number,
    end: number,
    pairs: number,
  ): void;
  partition(
    codes: number,
    stride: number,
    sides: number,
    rows: number,
    start: number,
    end: number,
    spare: number,
  ): number;
}

const engine: WasmEngine<BoostingExports> = createWasmEngine<BoostingExports>(boostingWasm);

/** Features in a tile of codes. */
const TILE = 8;
const ROWS_AT_HAND = 1024;
/** Words of gathered codes for each tile, as assembly/boosting/memory.ts has it. */
const GATHERED = 4096 + 8;
/** Bytes of a histogram for each feature. */
const FEATURE_BYTES = 256 * 16;
/** Most samples: a sum counts them in 24 bits. */
export const MOST_SAMPLES: number = 2 ** 24 - 1;

/** What a feature is, as bits that may be joined; 0 is a plain one. */
export const FEATURE_KIND = {
  /** Code 255 stands for missing values, which go to the side that fits better. */
  missing: 1,
  /** Codes have no order: every set of them may go left. */
  categorical: 2,
  /** What a split's right side is worth is never below (above) its left side; only where a node is given bounds. */
  increasing: 4,
  decreasing: 8,
} as const;

/** Samples whose features are coded as whole numbers 0 … 254, and 255 where missing. */
export interface TiledCodes {
  readonly n: number;
  /** [n, 8 ⌈nFeatures / 8⌉]: a row a sample, filled up to whole tiles of eight features. */
  readonly codes: Uint8Array;
  /** Number of codes of each feature, without that of missing values. */
  readonly nBins: Int32Array;
  /** {@link FEATURE_KIND} of each feature. Default: all plain */
  readonly kinds?: Int32Array | undefined;
}

/** Least and largest value that a node of {@link HistogramTrees} and its sides may be worth, −G / (H + l2) being clamped. */
export interface ValueBounds {
  readonly lower: number;
  readonly upper: number;
}

/** Samples start … end − 1 of `rows`. */
export interface SampleRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Growing trees on sums of gradients and hessians in bins. Arrays live in memory of the module and are gone when the job ends.
 * A node is a range of `rows`; a histogram stands in a slot.
 */
export interface HistogramTrees {
  /** [n], filled by the caller with the samples 0 … n − 1 in any order. */
  readonly rows: Int32Array;
  /** [n] */
  readonly gradients: Float64Array;
  /** [n], at least 0. */
  readonly hessians: Float64Array;
  /** Features in the order in which `findSplit` tries them; ascending at first. */
  readonly features: Int32Array;
  /** What `findSplit` found, as {@link SPLIT} says. */
  readonly split: Float64Array;
  /** [256], of a categorical split that was found: 0 for codes that go left, 1 for those that go right, 2 for absent ones. */
  readonly sides: Uint8Array;
  /** Takes over gradients and hessians, given the sums of their absolute values (or larger numbers). */
  quantise(sumGradients: number, sumHessians: number): void;
  /** Fills a slot from samples start … end − 1 of `rows`; a `parent` slot given becomes the histogram of the sibling. */
  build(start: number, end: number, slot: number, parent?: number): void;
  /**
   * Best cut of the node in a slot, or of given samples without a histogram (better for few of them), by the increase of Σ G² / (H + l2), with `minLeaf` samples and `minHessian` on both sides,
   * among the first `nTry` features that are not constant in the node. With `bounds`, features keep the order they ask for.
   * A split takes the place of one found before if it is better by the factor `tie` (default 1).
   */
  findSplit(
    node: number | SampleRange,
    nTry: number,
    l2: number,
    minLeaf: number,
    minHessian: number,
    tie?: number,
    bounds?: ValueBounds,
  ): void;
  /**
   * Moves samples with a code of at most `code`, or whose code has a 0 in the 256 numbers given for it, before the others,
   * keeping their order; returns where these start. Code 255 goes right unless `missingLeft`, or as the numbers say.
   */
  partition(start: number, end: number, feature: number, code: number | Uint8Array, missingLeft?: boolean): number;
}

const NO_SAMPLES: SampleRange = { start: 0, end: 0 };

/** Places in {@link HistogramTrees.split}; a gain of 0 says that no split was found. */
export const SPLIT = {
  gain: 0,
  feature: 1,
  code: 2,
  leftGradient: 3,
  leftHessian: 4,
  leftCount: 5,
  gradient: 6,
  hessian: 7,
  /** 1 where missing values go left, 0 where right, −1 where the node has none. */
  missingLeft: 8,
  /** Smallest code above `code` that a sample of the node has; −1 where there is none, or the split is categorical. */
  nextCode: 9,
} as const;

/**
 * Codes by sample from codes by feature.
 *
 * @param columns - feature f of sample i at `columns[f * n + i]`
 * @param features - those to take over, in this order
 * @param out - [n, 8 ⌈features.length / 8⌉], all 0
 * @example
 * tileCodes(n, columns, Int32Array.of(0, 1, 2), new Uint8Array(8 * n));
 */
export function tileCodes(n: number, columns: Uint8Array, features: Int32Array, out: Uint8Array): void {
  const stride = TILE * Math.ceil(features.length / TILE);
  // In blocks of samples, whose rows then stay at hand while the features pass.
  for (let first = 0; first < n; first += ROWS_AT_HAND) {
    const last = Math.min(n, first + ROWS_AT_HAND);
    for (const [k, feature] of features.entries()) {
      const column = feature * n;
      for (let i = first; i < last; i++) out[i * stride + k] = columns[column + i] as number; // i < n
    }
  }
}

/**
 * Lets `job` grow trees on coded samples, which are copied into the WebAssembly module once.
 *
 * Sums are kept in fixed point: gradients to 2⁻⁵² and hessians to 2⁻³⁹ of the sum over all samples. So they are exact in any
 * order, and a histogram less that of one child is that of the other. Trusts its arguments: features, rows and slots out of
 * range are not looked for.
 *
 * @param nSlots - histograms held at once; 0 where all splits are found from samples
 * @throws DomainError if more than 4 GiB would be needed
 * @example
 * useHistogramTrees({ n, codes, nBins }, 32, (trees) => {
 *   trees.gradients.set(gradients);
 *   trees.hessians.fill(1);
 *   trees.rows.forEach((_, i, rows) => { rows[i] = i; });
 *   trees.quantise(sumOfMagnitudes, n);
 *   trees.build(0, n, 0);
 *   trees.findSplit(0, nBins.length, 1, 20, 1e-3);
 * });
 */
export function useHistogramTrees<Result>(
  { n, codes, nBins, kinds }: TiledCodes,
  nSlots: number,
  job: (trees: HistogramTrees) => Result,
): Result {
  const d = nBins.length;
  const nTiles = Math.ceil(d / TILE);
  const slotBytes = nTiles * TILE * FEATURE_BYTES;
  const lengths = [
    codes.length / 8,
    4 * nTiles, // a number of bins for each feature of whole tiles
    Math.ceil(d / 2),
    Math.ceil(n / 2),
    Math.ceil(n / 2) + 1, // one word beyond the samples is written
    n,
    n,
    2 * n,
    GATHERED * nTiles,
    10,
    Math.ceil(d / 2),
    32,
    32,
    (nSlots * slotBytes) / 8,
  ];
  return engine.use("useHistogramTrees", lengths, (wasm, addresses, view) => {
    const [atCodes = 0, atBins = 0, atFeatures = 0, atRows = 0, atSpare = 0, atG = 0, atH = 0, atPairs = 0] = addresses;
    const [atGathered = 0, atSplit = 0, atKinds = 0, atSides = 0, atTold = 0, atSlots = 0] = addresses.slice(8);
    const { buffer } = view(atCodes, 0);
    new Uint8Array(buffer, atCodes, codes.length).set(codes);
    const bins = new Int32Array(buffer, atBins, TILE * nTiles).fill(1); // all samples have code 0 of what fills a tile
    bins.set(nBins);
    if (kinds !== undefined) new Int32Array(buffer, atKinds, d).set(kinds);
    const told = new Uint8Array(buffer, atTold, 256);
    const features = new Int32Array(buffer, atFeatures, d);
    for (let f = 0; f < d; f++) features[f] = f;
    const gradients = view(atG, n);
    const hessians = view(atH, n);
    let gradientScale = 1;
    let hessianScale = 1;
    return job({
      rows: new Int32Array(buffer, atRows, n),
      gradients,
      hessians,
      features,
      split: view(atSplit, 10),
      sides: new Uint8Array(buffer, atSides, 256),
      quantise(sumGradients, sumHessians): void {
        gradientScale = powerBelow(2 ** 52 / sumGradients);
        hessianScale = powerBelow(2 ** 39 / sumHessians);
        wasm.quantise(n, atG, atH, gradientScale, hessianScale, atPairs);
      },
      build(start, end, slot, parent): void {
        const from = parent === undefined ? 0 : atSlots + parent * slotBytes;
        const to = atSlots + slot * slotBytes;
        wasm.buildHistogram(nTiles, atBins, atCodes, atRows, start, end, atPairs, atGathered, to, from);
      },
      findSplit(node, nTry, l2, minLeaf, minHessian, tie = 1, bounds = undefined): void {
        const at = typeof node === "number" ? atSlots + node * slotBytes : 0;
        const { start, end } = typeof node === "number" ? NO_SAMPLES : node;
        const units = [1 / gradientScale, 1 / hessianScale] as const;
        const { lower, upper } = bounds ?? { lower: Number.NEGATIVE_INFINITY, upper: Number.POSITIVE_INFINITY };
        const limits = [minLeaf, minHessian, tie, bounds === undefined ? 0 : 1, lower, upper] as const;
        const atKind = kinds === undefined ? 0 : atKinds;
        const samples = [atCodes, TILE * nTiles, atRows, start, end, atPairs] as const;
        wasm.findSplit(d, atFeatures, nTry, atBins, atKind, at, ...units, l2, ...limits, atSides, atSplit, ...samples);
      },
      partition(start, end, feature, code, missingLeft = false): number {
        if (typeof code === "number") {
          told.fill(0, 0, code + 1).fill(1, code + 1);
          told[255] = missingLeft ? 0 : 1;
        } else {
          told.set(code);
        }
        return wasm.partition(atCodes + feature, TILE * nTiles, atTold, atRows, start, end, atSpare);
      },
    });
  });
}

/** Largest power of two that is at most x; 1 for what is no positive number. */
function powerBelow(x: number): number {
  return x > 0 && Number.isFinite(x) ? 2 ** Math.floor(Math.log2(x)) : 1;
}
