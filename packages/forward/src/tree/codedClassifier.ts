import { DomainError, type Json, type Matrix, ShapeError } from "@materiome/core";
import type { ClassScores } from "../explain/classScores.ts";
import { codePlane } from "../kernels/index.ts";

/** Samples coded and walked together: many, so that a tree once fetched serves them all, their codes still being at hand. */
export const BLOCK = 4096;

/** Class probabilities by trees over coded features, row-major over classes; sums to 1 for each sample. */
export interface CodedClassifier {
  readonly nFeatures: number;
  readonly nClasses: number;
  predictRows(x: Matrix, out: Float64Array): void;
  predictPlanes(planes: readonly Float32Array[], n: number, out: Float32Array): void;
  /** Scores that can be explained exactly; absent where there are none. */
  classScores?(): ClassScores;
  encode(): { readonly [key: string]: Json };
}

/** Codes samples first … first + size − 1, [size, nFeatures]. */
export type FillCodes = (first: number, size: number, codes: Uint8Array) => void;

/** Writes the probabilities of n samples, asking for their codes block by block. */
export type ScoreBlocks = (n: number, fill: FillCodes, out: Float32Array | Float64Array) => void;

/** Predicts from rows and from planes by the same scores. */
export function createCodedClassifier(
  edges: Float64Array,
  nFeatures: number,
  nClasses: number,
  score: ScoreBlocks,
): Omit<CodedClassifier, "encode" | "classScores"> {
  const fillFrom =
    (step: number, values: (feature: number) => Float32Array | Float64Array, isInterleaved: boolean): FillCodes =>
    (first, size, codes) => {
      for (let f = 0; f < nFeatures; f++) {
        const missing = codePlane(first, size, step, values(f), isInterleaved ? f : 0, f, edges, nFeatures, codes);
        if (missing > 0) throw missingError(f, missing, first, size);
      }
    };
  return {
    nFeatures,
    nClasses,
    predictRows(x: Matrix, out: Float64Array): void {
      score(
        x.rows,
        fillFrom(nFeatures, () => x.data, true),
        out,
      );
    },
    predictPlanes(planes: readonly Float32Array[], n: number, out: Float32Array): void {
      checkPlanes(planes, n, nFeatures, nClasses, out);
      score(
        n,
        fillFrom(1, (f) => planes[f] as Float32Array, false), // f < nFeatures, checked above
        out,
      );
    },
  };
}

/** @throws ShapeError for other planes than there are features, or too short ones, or a short output */
export function checkPlanes(
  planes: readonly Float32Array[],
  n: number,
  nFeatures: number,
  nClasses: number,
  out: Float32Array,
): void {
  if (planes.length !== nFeatures) {
    throw new ShapeError(`predictPlanes: the model takes ${nFeatures} planes, got ${planes.length}`);
  }
  for (const [f, plane] of planes.entries()) {
    if (plane.length < n) throw new ShapeError(`predictPlanes: plane ${f} holds ${plane.length} of ${n} samples`);
  }
  if (out.length < n * nClasses) {
    throw new ShapeError(`predictPlanes: out needs ${n} × ${nClasses} numbers, got ${out.length}`);
  }
}

export function missingError(feature: number, missing: number, first: number, size: number): DomainError {
  return new DomainError(
    `predict: feature ${feature} is NaN in ${missing} of samples ${first} … ${first + size - 1}; the classifier takes no missing values`,
  );
}
