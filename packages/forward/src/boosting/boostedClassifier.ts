import { decodeArray, encodeArray, type Json } from "@materiome/core";
import { type ValuedTrees, walkLeafValues } from "@materiome/core/numerics";
import { type ClassScores, plainTrees } from "../explain/classScores.ts";
import { classProbabilities } from "../kernels/index.ts";
import { countLeaves, damagedTrees, decodeCodedTrees } from "../tree/classTrees.ts";
import {
  BLOCK,
  type CodedClassifier,
  createCodedClassifier,
  type FillCodes,
  type ScoreBlocks,
} from "../tree/codedClassifier.ts";
import { decodeEdges } from "../tree/edges.ts";

export interface BoostedParts {
  readonly trees: ValuedTrees;
  /** Score before the first tree, for each output. */
  readonly intercepts: Float64Array;
  /** Classes that had training rows, ascending: two for a single output (the second is what it speaks of), else one an output. */
  readonly present: Int32Array;
  readonly edges: Float64Array;
}

/** Class probabilities from summed leaf values: logistic for two classes, softmax for more; 0 for classes without rows. */
export function createBoostedClassifier(parts: BoostedParts, nFeatures: number, nClasses: number): CodedClassifier {
  const { trees, intercepts, present, edges } = parts;
  const { nOutputs } = trees;
  /** Scores of one block after another, one array an output. */
  const scoreBlocks = (
    n: number,
    fill: FillCodes,
    use: (first: number, size: number, scores: Float64Array) => void,
  ): void => {
    const room = Math.min(BLOCK, n);
    const scores = new Float64Array(room * nOutputs);
    walkLeafValues(trees, nFeatures, room, ({ codes, sums, walk }) => {
      for (let first = 0; first < n; first += BLOCK) {
        const size = Math.min(BLOCK, n - first);
        fill(first, size, codes);
        walk(size);
        for (const [k, sum] of sums.entries()) {
          const intercept = intercepts[k] as number; // one an output
          for (let i = 0; i < size; i++) scores[k * size + i] = intercept + (sum[i] as number); // i < size
        }
        use(first, size, scores);
      }
    });
  };
  const score: ScoreBlocks = (n, fill, out) => {
    const probabilities = new Float64Array(Math.min(BLOCK, n) * nOutputs);
    scoreBlocks(n, fill, (first, size, scores) => {
      classProbabilities(size, nOutputs, scores, probabilities);
      spread(size, nClasses, present, probabilities, out.subarray(first * nClasses, (first + size) * nClasses));
    });
  };
  const nPresent = present.length;
  /** Of two classes the first has the score 0. */
  const writeScores: ScoreBlocks = (n, fill, out) => {
    scoreBlocks(n, fill, (first, size, scores) => {
      for (let k = 0; k < nOutputs; k++) {
        const to = first * nPresent + nPresent - nOutputs + k;
        for (let i = 0; i < size; i++) out[to + i * nPresent] = scores[k * size + i] as number; // i < size
      }
    });
  };
  return {
    ...createCodedClassifier(edges, nFeatures, nClasses, score),
    classScores: (): ClassScores => ({
      kind: "logit",
      present,
      scoreRows(x) {
        const out = new Float64Array(x.rows * nPresent);
        createCodedClassifier(edges, nFeatures, nPresent, writeScores).predictRows(x, out);
        return out;
      },
      parts: () =>
        Array.from(present, (_, c) => {
          const k = c - (nPresent - nOutputs);
          if (k < 0) return { offset: 0, parts: [] };
          const value = (leaf: number): number => trees.values[leaf] as number; // a leaf
          const own = plainTrees(trees, edges, (t) => t % nOutputs === k, value);
          return { offset: intercepts[k] as number, parts: [{ kind: "trees", trees: own, scale: 1 }] }; // one an output
        }),
    }),
    encode(): { [key: string]: Json } {
      const { treeStart, nodes, values } = trees;
      return {
        boosting: {
          edges: encodeArray(edges),
          treeStart: encodeArray(treeStart),
          nodes: encodeArray(nodes),
          values: encodeArray(values),
          intercepts: encodeArray(intercepts),
          present: encodeArray(present),
        },
      };
    },
  };
}

/** From one array an output to one row a sample, over all classes. */
function spread(
  n: number,
  nClasses: number,
  present: Int32Array,
  probabilities: Float64Array,
  out: Float32Array | Float64Array,
): void {
  if (present.length < nClasses) out.fill(0);
  if (present.length === 2) {
    const [first = 0, second = 1] = present; // two entries
    for (let i = 0; i < n; i++) {
      const p = probabilities[i] as number; // i < n
      out[i * nClasses + first] = 1 - p;
      out[i * nClasses + second] = p;
    }
    return;
  }
  for (const [k, code] of present.entries()) {
    for (let i = 0; i < n; i++) out[i * nClasses + code] = probabilities[k * n + i] as number; // one array an output
  }
}

/** @throws FormatError if the stored trees are damaged, so that no prediction can run astray */
export function decodeBoostedClassifier(data: unknown, nFeatures: number, nClasses: number): CodedClassifier {
  const stored = (data ?? {}) as { readonly [key: string]: unknown };
  const edges = decodeEdges(stored["edges"], nFeatures);
  const coded = decodeCodedTrees(data, nFeatures);
  const values = decodeArray(stored["values"], "f64");
  const intercepts = decodeArray(stored["intercepts"], "f64");
  const present = decodeArray(stored["present"], "i32");
  const nOutputs = present.length === 2 ? 1 : present.length;
  const isWhole =
    present.length >= 2 &&
    present.every((code, k) => code < nClasses && code > (k === 0 ? -1 : (present[k - 1] as number))) && // k ≥ 1
    intercepts.length === nOutputs &&
    (coded.treeStart.length - 1) % nOutputs === 0 &&
    values.length === countLeaves(coded.nodes) &&
    values.every(Number.isFinite) &&
    intercepts.every(Number.isFinite);
  if (!isWhole) throw damagedTrees();
  return createBoostedClassifier(
    { trees: { ...coded, values, nOutputs }, intercepts, present, edges },
    nFeatures,
    nClasses,
  );
}
