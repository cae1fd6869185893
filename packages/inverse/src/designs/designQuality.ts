import { DataError, type Matrix } from "@materiome/core";
import {
  cholesky,
  choleskyInverse,
  choleskyLogDeterminant,
  fisherQuantile,
  multiplyMatrices,
} from "@materiome/core/numerics";
import { type DesignFactor, modelMatrix } from "./modelMatrix.ts";
import type { ModelTerm } from "./modelTerms.ts";
import { noncentralFisherCdf } from "./noncentralFisher.ts";
import { predictionExtremes } from "./predictionExtremes.ts";
import { regionMoments } from "./regionMoments.ts";

export interface DesignQualityOptions {
  /** @defaultValue numbers */
  readonly factors?: readonly DesignFactor[] | undefined;
  /** Where predictions are wanted: all of −1 … 1, or all mixtures. @defaultValue "cube" */
  readonly region?: "cube" | "simplex" | undefined;
  /** Size of the effect whose power is asked for, as a coefficient in units of σ. @defaultValue 1 */
  readonly effect?: number | undefined;
  /** Probability of taking noise for an effect. @defaultValue 0.05 */
  readonly significance?: number | undefined;
}

/** How well a design teaches a linear model, before any run is made. Runs are taken as independent. */
export interface DesignQuality {
  readonly nRuns: number;
  readonly nCoefficients: number;
  /** 100 |XᵀX|^(1/p) / n: percent of what orthogonal columns of ±1 would give. */
  readonly dEfficiency: number;
  /** 100 p / (n tr (XᵀX)⁻¹). */
  readonly aEfficiency: number;
  /** 100 p / (n max d(x)), d(x) = f(x)ᵀ (XᵀX)⁻¹ f(x) the variance of a prediction in units of σ². */
  readonly gEfficiency: number;
  /** 100 p / (n mean d(x)); above 100 is possible, as the mean over a region is less than at the runs. */
  readonly iEfficiency: number;
  /** Largest and mean d(x) over the region; the largest over a grid of corners, middles and the runs. */
  readonly maxVariance: number;
  readonly meanVariance: number;
  /** Of each column but the constant, 1/(1 − R²) on the others; 1 where columns are orthogonal. NaN for the constant. */
  readonly varianceInflation: Float64Array;
  /** Standard error of each coefficient, in units of σ. */
  readonly standardErrors: Float64Array;
  /** Probability that the F (two-sided t) test finds a coefficient of the asked size; NaN without degrees of freedom for error. */
  readonly power: Float64Array;
  /** Leverage of each run. */
  readonly leverages: Float64Array;
}

/**
 * Efficiencies, variance inflation, standard errors and power of a design for a model.
 *
 * Power of coefficient j: 1 − F(F_(1−α; 1, n − p); 1, n − p, λ = (β/σ)² / (XᵀX)⁻¹_jj) with the noncentral F.
 *
 * @param runs [n, k] in coded units
 * @throws DataError if the coefficients cannot all be estimated
 * @throws ShapeError if terms or factors do not fit
 * @see Atkinson, Donev & Tobias, Optimum Experimental Designs (2007), chapter 10; Montgomery (2017), section 10.6; G-efficiency
 * after Box & Draper (1971)
 * @example
 * designQuality(fullFactorial([2, 2, 2]).runs, modelTerms(3, "interactions")).dEfficiency; // 100
 */
export function designQuality(
  runs: Matrix,
  terms: readonly ModelTerm[],
  options: DesignQualityOptions = {},
): DesignQuality {
  const { region = "cube", effect = 1, significance = 0.05 } = options;
  const factors = options.factors ?? Array.from({ length: runs.columns }, (): DesignFactor => ({ kind: "number" }));
  const x = modelMatrix(runs, terms, factors);
  const { rows: n, columns: p } = x;
  const information = multiplyMatrices(x, x, { isTransposedA: true });
  const { inverse, logDeterminant } = inverted(information, n, p);
  const diagonal = Float64Array.from({ length: p }, (_, j) => inverse.data[j * p + j] as number);
  const variances = varianceOf(inverse, x);
  const moments = regionMoments(factors, terms, region);
  const meanVariance = inverse.data.reduce((sum, value, i) => sum + value * (moments.data[i] as number), 0);
  const maxVariance = Math.max(
    ...variances,
    predictionExtremes(factors, region, (rows) => varianceOf(inverse, modelMatrix(rows, terms, factors))),
  );
  const df = n - p;
  const critical = df > 0 ? fisherQuantile(1 - significance, 1, df) : Number.NaN;
  return {
    nRuns: n,
    nCoefficients: p,
    dEfficiency: (100 * Math.exp(logDeterminant / p)) / n,
    aEfficiency: (100 * p) / (n * diagonal.reduce((a, b) => a + b, 0)),
    gEfficiency: (100 * p) / (n * maxVariance),
    iEfficiency: (100 * p) / (n * meanVariance),
    maxVariance,
    meanVariance,
    varianceInflation: Float64Array.from({ length: p }, (_, j) => inflation(x, j, diagonal[j] as number)),
    standardErrors: diagonal.map(Math.sqrt),
    power: diagonal.map((v) => (df > 0 ? 1 - noncentralFisherCdf(critical, 1, df, effect ** 2 / v) : Number.NaN)),
    leverages: variances,
  };
}

/**
 * Alias matrix A = (X₁ᵀX₁)⁻¹ X₁ᵀX₂: what each coefficient of the fitted model also carries of effects that were left out,
 * E b₁ = β₁ + A β₂.
 *
 * @returns [p₁, p₂]
 * @throws DataError if the coefficients of the fitted model cannot all be estimated
 * @see Box & Wilson, J. R. Stat. Soc. B 13, 1 (1951)
 * @example
 * const { runs } = plackettBurman(3, 12);
 * aliasMatrix(runs, modelTerms(3, "linear"), [[1, 1, 0]]).data[3]; // ±1/3, on the third factor
 */
export function aliasMatrix(
  runs: Matrix,
  fitted: readonly ModelTerm[],
  omitted: readonly ModelTerm[],
  factors?: readonly DesignFactor[],
): Matrix {
  const x = modelMatrix(runs, fitted, factors);
  const z = modelMatrix(runs, omitted, factors);
  const { inverse } = inverted(multiplyMatrices(x, x, { isTransposedA: true }), x.rows, x.columns);
  return multiplyMatrices(inverse, multiplyMatrices(x, z, { isTransposedA: true }));
}

function inverted(
  information: Matrix,
  n: number,
  p: number,
): { readonly inverse: Matrix; readonly logDeterminant: number } {
  if (n < p) throw new DataError(`design: ${p} coefficients cannot be learned from ${n} runs`);
  try {
    const factor = cholesky(information);
    const inverse = choleskyInverse(factor);
    // A pivot that is rounding error alone passes the factorisation.
    const worst = inverse.data.reduce((most, value, i) => Math.max(most, i % (p + 1) === 0 ? value : 0), 0);
    if (worst * Math.max(...information.data) > 1e13) throw new DataError("singular");
    return { inverse, logDeterminant: choleskyLogDeterminant(factor) };
  } catch (cause) {
    throw new DataError(
      "design: the coefficients cannot all be estimated, some terms have the same column or depend on others; leave out terms or add runs",
      { cause },
    );
  }
}

/** f(x)ᵀ D f(x) of each row. */
function varianceOf(inverse: Matrix, x: Matrix): Float64Array {
  const half = multiplyMatrices(x, inverse);
  const p = x.columns;
  return Float64Array.from({ length: x.rows }, (_, i) => {
    let sum = 0;
    for (let j = i * p; j < (i + 1) * p; j++) sum += (half.data[j] as number) * (x.data[j] as number);
    return sum;
  });
}

/** (XᵀX)⁻¹_jj times the column's sum of squares about its mean. */
function inflation(x: Matrix, j: number, diagonal: number): number {
  const column = Float64Array.from({ length: x.rows }, (_, i) => x.data[i * x.columns + j] as number);
  const mean = column.reduce((a, b) => a + b, 0) / x.rows;
  const squares = column.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return squares < 1e-12 * x.rows ? Number.NaN : diagonal * squares;
}
