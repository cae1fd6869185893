import { decodeArray, encodeArray, FormatError, type Json, type Matrix, takeRows } from "@materiome/core";
import { coupleProbabilities } from "../kernels/index.ts";
import { dot } from "../linear/linearPredictor.ts";
import { decodeStandardiser, encodeStandardiser, type Standardiser, standardise } from "../linear/standardiser.ts";
import { type CodedClassifier, checkPlanes, missingError } from "../tree/codedClassifier.ts";
import { COVARIANCES, type CovarianceName, covarianceOf, distancesFor } from "./covariance.ts";

/** Decision functions of all pairs of classes over the same training rows. */
export interface SupportVectorMachines {
  readonly standardiser: Standardiser;
  /** Training rows, standardised. */
  readonly points: Matrix;
  readonly covariance: CovarianceName;
  readonly lengthScale: number;
  /** Weights of the rows, [nPairs, nRows]; above 0 for the first class of the pair. */
  readonly beta: Float64Array;
  /** One a pair. */
  readonly offsets: Float64Array;
}

export interface SupportVectorClassification {
  readonly nFeatures: number;
  readonly nClasses: number;
  /** Classes that had training rows, ascending; pairs are (0, 1), (0, 2) … of them. */
  readonly present: Int32Array;
  readonly machines: SupportVectorMachines;
  /** Slope and offset of the sigmoid of each pair, [nPairs, 2]. */
  readonly sigmoids: Float64Array;
}

/** Rows whose covariances with the support vectors are held at once. */
const BLOCK = 512;
/** No pair is surer than this: at 0 coupling would leave no way back. */
const LEAST = 1e-7;

export function countPairs(nPresent: number): number {
  return (nPresent * (nPresent - 1)) / 2;
}

/** Decision values of rows, [nSamples, nPairs]: above 0 speaks for the first class of the pair. */
export function decisionValues(machines: SupportVectorMachines, x: Matrix): Float64Array {
  const { standardiser, points, covariance, lengthScale, beta, offsets } = machines;
  const z = standardise(standardiser, x);
  const k = covarianceOf(covariance, distancesFor(covariance, z, points), lengthScale);
  const nPairs = offsets.length;
  const out = new Float64Array(x.rows * nPairs);
  for (let i = 0; i < x.rows; i++) {
    const row = k.data.subarray(i * points.rows, (i + 1) * points.rows);
    for (let q = 0; q < nPairs; q++) {
      out[i * nPairs + q] = (offsets[q] as number) + dot(row, beta, q * points.rows); // q < nPairs
    }
  }
  return out;
}

/** Probabilities of the present classes, [n, nPresent], from decision values and sigmoids. */
export function probabilitiesOfPairs(decisions: Float64Array, sigmoids: Float64Array, nPresent: number): Float64Array {
  const nPairs = countPairs(nPresent);
  const n = decisions.length / nPairs;
  const out = new Float64Array(n * nPresent);
  const r = new Float64Array(nPresent * nPresent);
  const system = new Float64Array((nPresent + 1) * (nPresent + 2));
  for (let i = 0; i < n; i++) {
    let q = 0;
    for (let a = 0; a < nPresent; a++) {
      for (let b = a + 1; b < nPresent; b++) {
        const [slope, offset] = [sigmoids[2 * q] as number, sigmoids[2 * q + 1] as number]; // two a pair
        const p = 1 / (1 + Math.exp(slope * (decisions[i * nPairs + q] as number) + offset));
        const bounded = Math.min(1 - LEAST, Math.max(LEAST, p));
        r[a * nPresent + b] = bounded;
        r[b * nPresent + a] = 1 - bounded;
        q++;
      }
    }
    if (nPresent > 2) coupleProbabilities(nPresent, r, system, i * nPresent, out);
    else out.set([r[1] as number, r[2] as number], i * 2); // two classes
  }
  return out;
}

/** Keeps the rows that carry weight in some pair; one, of no weight, where none does. */
export function supportVectorClassifier(given: SupportVectorClassification): CodedClassifier {
  const { nFeatures, nClasses, present, sigmoids } = given;
  const machines = dropIdleRows(given.machines);
  const nPresent = present.length;
  const score = (x: Matrix, first: number, out: Float32Array | Float64Array): void => {
    const missing = x.data.findIndex(Number.isNaN);
    if (missing >= 0) throw missingError(missing % nFeatures, 1, first + Math.floor(missing / nFeatures), 1);
    const p = probabilitiesOfPairs(decisionValues(machines, x), sigmoids, nPresent);
    for (let i = 0; i < x.rows; i++) {
      const to = (first + i) * nClasses;
      out.fill(0, to, to + nClasses);
      for (const [v, c] of present.entries()) out[to + c] = p[i * nPresent + v] as number; // v < nPresent
    }
  };
  const inBlocks = (n: number, use: (first: number, size: number) => void): void => {
    for (let first = 0; first < n; first += BLOCK) use(first, Math.min(BLOCK, n - first));
  };
  return {
    nFeatures,
    nClasses,
    predictRows(x, out) {
      inBlocks(x.rows, (first, rows) => {
        const data = x.data.subarray(first * nFeatures, (first + rows) * nFeatures);
        score({ rows, columns: nFeatures, data }, first, out);
      });
    },
    predictPlanes(planes, n, out) {
      checkPlanes(planes, n, nFeatures, nClasses, out);
      inBlocks(n, (first, rows) => {
        const data = new Float64Array(rows * nFeatures);
        for (const [f, plane] of planes.entries()) {
          for (let i = 0; i < rows; i++) data[i * nFeatures + f] = plane[first + i] as number; // checked above
        }
        score({ rows, columns: nFeatures, data }, first, out);
      });
    },
    encode(): { readonly [key: string]: Json } {
      const { standardiser, points, covariance, lengthScale, beta, offsets } = machines;
      return {
        supportVectors: {
          covariance,
          lengthScale,
          standardiser: encodeStandardiser(standardiser),
          present: encodeArray(present),
          points: encodeArray(points.data),
          beta: encodeArray(beta),
          offsets: encodeArray(offsets),
          sigmoids: encodeArray(sigmoids),
        },
      };
    },
  };
}

function dropIdleRows(machines: SupportVectorMachines): SupportVectorMachines {
  const { points, beta, offsets } = machines;
  const n = points.rows;
  const weighty = Int32Array.from({ length: n }, (_, i) => i).filter((i) =>
    offsets.some((_, q) => beta[q * n + i] !== 0),
  );
  const kept = weighty.length > 0 ? weighty : Int32Array.of(0);
  const m = kept.length;
  return {
    ...machines,
    points: takeRows(points, kept),
    beta: Float64Array.from(
      { length: offsets.length * m },
      (_, at) => beta[Math.floor(at / m) * n + (kept[at % m] as number)] as number, // rows of each pair
    ),
  };
}

/** @throws FormatError for a damaged file */
export function decodeSupportVectorClassifier(data: unknown, nFeatures: number, nClasses: number): CodedClassifier {
  const stored = (data ?? {}) as { readonly [key: string]: unknown };
  const { covariance, lengthScale } = stored;
  const standardiser = decodeStandardiser(stored["standardiser"], nFeatures);
  const present = decodeArray(stored["present"], "i32");
  const [points, beta] = [decodeArray(stored["points"], "f64"), decodeArray(stored["beta"], "f64")];
  const [offsets, sigmoids] = [decodeArray(stored["offsets"], "f64"), decodeArray(stored["sigmoids"], "f64")];
  const columns = standardiser.used.length;
  const nPairs = countPairs(present.length);
  const rows = beta.length / nPairs;
  const isWhole =
    COVARIANCES.includes(covariance as CovarianceName) &&
    typeof lengthScale === "number" &&
    lengthScale > 0 &&
    present.length >= 2 &&
    present.every((c, v) => c < nClasses && c > (v === 0 ? -1 : (present[v - 1] as number))) && // v ≥ 1
    offsets.length === nPairs &&
    sigmoids.length === 2 * nPairs &&
    Number.isInteger(rows) &&
    rows > 0 &&
    points.length === rows * columns;
  if (!isWhole) throw new FormatError("support vectors: the stored rows are inconsistent; the file is damaged");
  const machines = {
    standardiser,
    points: { rows, columns, data: points },
    covariance: covariance as CovarianceName,
    lengthScale,
    beta,
    offsets,
  };
  return supportVectorClassifier({ nFeatures, nClasses, present, machines, sigmoids });
}
