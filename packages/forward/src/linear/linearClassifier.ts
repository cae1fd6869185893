import { decodeArray, encodeArray, FormatError, type Json, type Matrix } from "@materiome/core";
import type { ClassScores } from "../explain/classScores.ts";
import { softmaxLogits } from "../kernels/index.ts";
import { type CodedClassifier, checkPlanes, missingError } from "../tree/codedClassifier.ts";
import { basisOf } from "./linearPredictor.ts";
import { decodeStandardiser, encodeStandardiser, type Standardiser } from "./standardiser.ts";

/** A fitted linear softmax: logit of class `present[v]` = zᵀ w_v + b_v. */
export interface LinearClassification {
  readonly nFeatures: number;
  readonly nClasses: number;
  readonly standardiser: Standardiser;
  /** Classes that had training rows, ascending; the others have the probability 0. */
  readonly present: Int32Array;
  /** [present.length, nUsed + 1], intercepts last; of two classes only the vector of the first, the other's logit is 0. */
  readonly vectors: Float64Array;
}

/** Probabilities by a linear softmax, from rows and from planes by the same sums. */
export function linearClassifier(fit: LinearClassification): CodedClassifier {
  const { nFeatures, nClasses, standardiser, present, vectors } = fit;
  const { used, centre, scale } = standardiser;
  const p = used.length;
  const nVectors = vectors.length / (p + 1);
  const nPresent = present.length;
  const eachLogits = (
    n: number,
    valueAt: (i: number, f: number) => number,
    use: (i: number, logits: Float64Array) => void,
  ): void => {
    const z = new Float64Array(p);
    const logits = new Float64Array(nPresent);
    for (let i = 0; i < n; i++) {
      for (let k = 0; k < p; k++) {
        const value = valueAt(i, used[k] as number); // k < p
        if (Number.isNaN(value)) throw missingError(used[k] as number, 1, i, 1);
        z[k] = (value - (centre[k] as number)) / (scale[k] as number);
      }
      softmaxLogits(p, nPresent, nVectors, z, 0, vectors, logits);
      use(i, logits);
    }
  };
  const score = (n: number, valueAt: (i: number, f: number) => number, out: Float32Array | Float64Array): void => {
    eachLogits(n, valueAt, (i, logits) => {
      const most = Math.max(...logits);
      let sum = 0;
      for (let c = 0; c < logits.length; c++) {
        logits[c] = Math.exp((logits[c] as number) - most);
        sum += logits[c] as number;
      }
      out.fill(0, i * nClasses, (i + 1) * nClasses);
      for (let c = 0; c < logits.length; c++) out[i * nClasses + (present[c] as number)] = (logits[c] as number) / sum;
    });
  };
  return {
    nFeatures,
    nClasses,
    predictRows: (x: Matrix, out) => score(x.rows, (i, f) => x.data[i * nFeatures + f] as number, out),
    predictPlanes(planes, n, out) {
      checkPlanes(planes, n, nFeatures, nClasses, out);
      for (const [f, plane] of planes.entries()) {
        for (let i = 0; i < n; i++) if (Number.isNaN(plane[i] as number)) throw missingError(f, 1, i, 1);
      }
      score(n, (i, f) => (planes[f] as Float32Array)[i] as number, out);
    },
    classScores: (): ClassScores => ({
      kind: "logit",
      present,
      scoreRows(x) {
        const out = new Float64Array(x.rows * nPresent);
        const valueAt = (i: number, f: number): number => x.data[i * nFeatures + f] as number; // f < nFeatures
        eachLogits(x.rows, valueAt, (i, logits) => out.set(logits, i * nPresent));
        return out;
      },
      parts: () =>
        Array.from(present, (_, v) => {
          if (v >= nVectors) return { offset: 0, parts: [] };
          const coefficients = vectors.slice(v * (p + 1), v * (p + 1) + p);
          const basis = basisOf(standardiser, nFeatures);
          return {
            offset: vectors[v * (p + 1) + p] as number, // p + 1 a vector
            parts: [{ kind: "polynomial", basis, coefficients, scale: 1 }],
          };
        }),
    }),
    encode(): { readonly [key: string]: Json } {
      return {
        linear: {
          standardiser: encodeStandardiser(standardiser),
          present: encodeArray(present),
          vectors: encodeArray(vectors),
        },
      };
    },
  };
}

/** @throws FormatError for a damaged file */
export function decodeLinearClassifier(data: unknown, nFeatures: number, nClasses: number): CodedClassifier {
  const stored = (data ?? {}) as { readonly [key: string]: unknown };
  const standardiser = decodeStandardiser(stored["standardiser"], nFeatures);
  const present = decodeArray(stored["present"], "i32");
  const vectors = decodeArray(stored["vectors"], "f64");
  const nVectors = present.length === 2 ? 1 : present.length;
  const isWhole =
    present.length >= 1 &&
    present.every((c) => c >= 0 && c < nClasses) &&
    vectors.length === nVectors * (standardiser.used.length + 1);
  if (!isWhole)
    throw new FormatError("logistic: the stored classes are inconsistent; the file is damaged, train again");
  return linearClassifier({ nFeatures, nClasses, standardiser, present, vectors });
}
