import { DataError, type Matrix, ShapeError } from "@materiome/core";

/** Features of a co-occurrence matrix p(i, j), normalised to the sum 1. */
export interface HaralickFeatures {
  /** Σ p (i − j)² */
  readonly contrast: number;
  /** Σ p |i − j| */
  readonly dissimilarity: number;
  /** Σ p / (1 + (i − j)²) */
  readonly homogeneity: number;
  /** Angular second moment, Σ p² */
  readonly angularSecondMoment: number;
  /** √ of the angular second moment */
  readonly energy: number;
  /** −Σ p log₂ p, bits */
  readonly entropy: number;
  /** Σ p (i − μᵢ)(j − μⱼ) / (σᵢ σⱼ); 1 where a single grey level occurs */
  readonly correlation: number;
}

/**
 * Haralick's texture features of a grey-level co-occurrence matrix.
 *
 * @param matrix - square, counts or probabilities
 * @throws ShapeError if it is not square; DataError if it is empty or has a negative entry
 * @see R. M. Haralick, K. Shanmugam, I. Dinstein, doi:10.1109/TSMC.1973.4309314, appendix I
 * @example
 * const features = greyCooccurrence(image).map(({ matrix }) => haralickFeatures(matrix));
 */
export function haralickFeatures({ data, rows, columns }: Matrix): HaralickFeatures {
  if (rows !== columns) throw new ShapeError(`haralickFeatures: matrix must be square, got ${rows} × ${columns}`);
  const total = data.reduce((a, b) => a + b, 0);
  if (!(total > 0) || data.some((count) => count < 0)) {
    throw new DataError(`haralickFeatures: matrix must hold counts, none negative and not all 0; its sum is ${total}`);
  }
  let [contrast, dissimilarity, homogeneity, angularSecondMoment, entropy] = [0, 0, 0, 0, 0];
  let [meanI, meanJ] = [0, 0];
  const each = (visit: (p: number, i: number, j: number) => void): void => {
    for (const [at, count] of data.entries())
      if (count > 0) visit(count / total, Math.floor(at / columns), at % columns);
  };
  each((p, i, j) => {
    contrast += p * (i - j) ** 2;
    dissimilarity += p * Math.abs(i - j);
    homogeneity += p / (1 + (i - j) ** 2);
    angularSecondMoment += p * p;
    entropy -= p * Math.log2(p);
    meanI += p * i;
    meanJ += p * j;
  });
  let [covariance, varianceI, varianceJ] = [0, 0, 0];
  each((p, i, j) => {
    covariance += p * (i - meanI) * (j - meanJ);
    varianceI += p * (i - meanI) ** 2;
    varianceJ += p * (j - meanJ) ** 2;
  });
  const spread = Math.sqrt(varianceI * varianceJ);
  return {
    contrast,
    dissimilarity,
    homogeneity,
    angularSecondMoment,
    energy: Math.sqrt(angularSecondMoment),
    entropy: entropy + 0,
    correlation: spread < 1e-15 ? 1 : covariance / spread,
  };
}
