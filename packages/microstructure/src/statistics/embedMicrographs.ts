import {
  ConvergenceError,
  createMatrix,
  createNumberColumn,
  DataError,
  DomainError,
  type Matrix,
  ShapeError,
  Table,
} from "@materiome/core";
import { symmetricEigen } from "@materiome/core/kernels";
import { gramMatrix, multiplyMatrices } from "@materiome/core/numerics";

export interface EmbedMicrographsOptions {
  /** Number of components. @defaultValue as many as exist: rank of the centred descriptors */
  readonly nComponents?: number | undefined;
  /** Divides each descriptor by its standard deviation first: for descriptors of different units, not for the values of one map. @defaultValue false */
  readonly standardise?: boolean | undefined;
}

/** What is learned from a set of micrographs; plain data. */
export interface MicrographEmbedding {
  readonly mean: Float64Array;
  /** Divisor of each descriptor, 1 without `standardise`. */
  readonly scale: Float64Array;
  /** Orthonormal rows, shape [nComponents, nDescriptors]; in each the loading of largest absolute value is positive. */
  readonly components: Matrix;
  /** Variance of the scores (divided by n − 1), falling, and its share of the whole variance. */
  readonly explainedVariance: Float64Array;
  readonly explainedVarianceRatio: Float64Array;
  /** Scores of the micrographs it was made from, shape [nMicrographs, nComponents]. */
  readonly scores: Matrix;
}

/**
 * Principal components of a set of micrographs, each described by one row of numbers: the values of its two-point correlation up to
 * some shift, or any table of descriptors. Eigenvectors of the covariance, by the smaller of the two Gram matrices, so that maps
 * of many thousand values are no obstacle.
 *
 * @param descriptors - shape [nMicrographs, nDescriptors]
 * @throws DataError for fewer than two rows, NaN, or rows that are all the same; DomainError for more components than exist;
 * ConvergenceError if the eigenvalues do not converge
 * @see S. R. Niezgoda, Y. C. Yabansu, S. R. Kalidindi, Acta Mater. 59, 6387 (2011), doi:10.1016/j.actamat.2011.06.051
 * @example
 * const rows = phases.map((phase) => twoPointCorrelation(phase, { maxShiftPx: 64 }).map.data);
 * const embedding = embedMicrographs(createMatrix(rows.length, 129 ** 2, Float64Array.from(rows.flatMap((row) => [...row]))));
 */
export function embedMicrographs(descriptors: Matrix, options: EmbedMicrographsOptions = {}): MicrographEmbedding {
  const who = "embedMicrographs";
  const { rows: n, columns: m } = descriptors;
  if (n < 2 || m < 1)
    throw new DataError(`${who}: needs two micrographs and one descriptor at least, got ${n} and ${m}`);
  requireNumbers(who, descriptors);
  const { mean, scale } = moments(descriptors, options.standardise ?? false);
  const centred = centre(descriptors, mean, scale);
  const byRows = n <= m;
  const gram = gramMatrix(centred, { ofRows: byRows });
  const size = gram.rows;
  const vectors = gram.data;
  const values = new Float64Array(size);
  const failed = symmetricEigen(size, vectors, values, new Float64Array(size));
  if (failed !== 0)
    throw new ConvergenceError(`${who}: eigenvalue ${failed} of ${size} did not converge`, 60, Number.NaN);
  const total = values.reduce((sum, value) => sum + Math.max(0, value), 0);
  const magnitude = descriptors.data.reduce((sum, value) => sum + value * value, 0);
  if (!(total > 1e-26 * magnitude)) throw new DataError(`${who}: all rows are the same; there is nothing to embed`);
  const rank = values.filter((value) => value > 1e-12 * total).length;
  const count = options.nComponents ?? rank;
  if (!(Number.isInteger(count) && count >= 1 && count <= rank)) {
    throw new DomainError(
      `${who}: nComponents must be a whole number 1 … ${rank} (the rank of the descriptors), got ${count}`,
    );
  }
  const top = vectors.slice((size - count) * size);
  const leading = createMatrix(count, size, top); // ascending
  const components = orient(byRows ? multiplyMatrices(leading, centred) : leading);
  const explainedVariance = Float64Array.from({ length: count }, (_, c) => values[size - 1 - c]! / (n - 1)); // count ≤ size
  return {
    mean,
    scale,
    components,
    explainedVariance,
    explainedVarianceRatio: explainedVariance.map((variance) => (variance * (n - 1)) / total),
    scores: multiplyMatrices(centred, components, { isTransposedB: true }),
  };
}

/**
 * Scores of further micrographs on the components of an embedding; the embedding stays as it is.
 *
 * @param descriptors - shape [nMicrographs, nDescriptors], the same descriptors in the same order
 * @returns shape [nMicrographs, nComponents]
 * @throws ShapeError for another number of descriptors; DataError for NaN
 * @example
 * const scores = projectMicrographs(embedding, newDescriptors);
 */
export function projectMicrographs(embedding: MicrographEmbedding, descriptors: Matrix): Matrix {
  const { mean, scale, components } = embedding;
  if (descriptors.columns !== mean.length) {
    throw new ShapeError(
      `projectMicrographs: the embedding was made from ${mean.length} descriptors, got ${descriptors.columns}`,
    );
  }
  requireNumbers("projectMicrographs", descriptors);
  return multiplyMatrices(centre(descriptors, mean, scale), components, { isTransposedB: true });
}

/**
 * Scores as table columns `PC1`, `PC2`, … of role `structure`, one row for each micrograph.
 *
 * @example
 * const table = scoreTable(embedding.scores);
 */
export function scoreTable(scores: Matrix, prefix = "PC"): Table {
  return new Table(
    Array.from({ length: scores.columns }, (_, c) => {
      const values = Float64Array.from({ length: scores.rows }, (__, r) => scores.data[r * scores.columns + c]!); // inside
      return createNumberColumn(`${prefix}${c + 1}`, values, { role: "structure" });
    }),
  );
}

function moments(x: Matrix, standardise: boolean): { readonly mean: Float64Array; readonly scale: Float64Array } {
  const { rows, columns, data } = x;
  const mean = new Float64Array(columns);
  const scale = new Float64Array(columns).fill(1);
  for (let at = 0; at < data.length; at++) mean[at % columns]! += data[at]! / rows; // inside
  if (!standardise) return { mean, scale };
  const squares = new Float64Array(columns);
  for (let at = 0; at < data.length; at++) squares[at % columns]! += (data[at]! - mean[at % columns]!) ** 2;
  for (const [k, sum] of squares.entries()) {
    const deviation = Math.sqrt(sum / (rows - 1));
    if (deviation > 1e-13 * Math.abs(mean[k]!)) scale[k] = deviation;
  }
  return { mean, scale };
}

function centre(x: Matrix, mean: Float64Array, scale: Float64Array): Matrix {
  const data = x.data.map((value, at) => (value - mean[at % x.columns]!) / scale[at % x.columns]!); // one for each column
  return createMatrix(x.rows, x.columns, data);
}

/** Unit rows in falling order of variance, their largest loading positive; the input stands in rising order. */
function orient({ data, rows, columns }: Matrix): Matrix {
  const out = new Float64Array(data.length);
  for (let c = 0; c < rows; c++) {
    const row = data.subarray((rows - 1 - c) * columns, (rows - c) * columns);
    let length = 0;
    let largest = 0;
    for (const loading of row) {
      length += loading * loading;
      if (Math.abs(loading) > Math.abs(largest) * (1 + 1e-9)) largest = loading; // the first of equals, whatever the rounding
    }
    const factor = Math.sign(largest) / Math.sqrt(length);
    for (const [k, loading] of row.entries()) out[c * columns + k] = factor * loading;
  }
  return createMatrix(rows, columns, out);
}

function requireNumbers(who: string, { data, columns }: Matrix): void {
  const at = data.findIndex((value) => !Number.isFinite(value));
  if (at >= 0) {
    throw new DataError(
      `${who}: descriptor ${at % columns} of micrograph ${Math.floor(at / columns)} (counted from 0) is ${data[at]}; fill or drop it`,
    );
  }
}
