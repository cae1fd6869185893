import { ConvergenceError, DataError, DomainError } from "@materiome/core";

export interface LargestExtremeOptions {
  /** How many times the area of one field the part at risk has: T = A_ref / A_0. @defaultValue 1000 */
  readonly returnPeriod?: number | undefined;
}

export interface LargestExtreme {
  readonly nFields: number;
  /** Gumbel location λ and scale δ, in the unit of the values. */
  readonly location: number;
  readonly scale: number;
  /** L_max, the largest expected in the reference area, with its standard error and 95 % interval L_max ± 2 SE. */
  readonly largest: number;
  readonly standardError: number;
  readonly ciLow: number;
  readonly ciHigh: number;
}

/**
 * Largest inclusion, pore or grain to expect in an area T times that of one field, from the largest of each field: Gumbel
 * distribution F(x) = exp(−exp(−(x − λ)/δ)) by maximum likelihood, L_max = λ + δ y, y = −ln(−ln((T − 1)/T)), standard error
 * δ √((1.109 + 0.514 y + 0.608 y²)/n).
 *
 * @param largestPerField - one value per field of equal area, not all equal; 24 in the standard
 * @throws DataError for fewer than three fields, equal values, or one that is not finite
 * @throws DomainError for a return period not above 1
 * @throws ConvergenceError if the likelihood equation is not solved
 * @see ASTM E2283-08: maximum likelihood, return period, largest inclusion and its standard error
 * @example
 * const { largest } = largestExtreme([12.1, 15.3, 9.8, 14.2, 11.7, 18.0], { returnPeriod: 1000 });
 */
export function largestExtreme(
  largestPerField: readonly number[],
  options: LargestExtremeOptions = {},
): LargestExtreme {
  const returnPeriod = options.returnPeriod ?? 1000;
  const n = largestPerField.length;
  if (!(returnPeriod > 1 && Number.isFinite(returnPeriod))) {
    throw new DomainError(`largestExtreme: returnPeriod must be above 1, got ${returnPeriod}`);
  }
  const mean = largestPerField.reduce((a, b) => a + b, 0) / n;
  const variance = largestPerField.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (n - 1);
  if (n < 3 || !(variance > 0 && Number.isFinite(variance))) {
    throw new DataError(
      `largestExtreme: needs at least three fields whose largest values differ and are finite, got ${n} with variance ${variance}`,
    );
  }
  const scale = gumbelScale(largestPerField, mean, Math.sqrt(6 * variance) / Math.PI);
  const location = -scale * Math.log(largestPerField.reduce((s, x) => s + Math.exp(-(x - mean) / scale), 0) / n) + mean;
  const y = -Math.log(-Math.log1p(-1 / returnPeriod));
  const largest = location + scale * y;
  const standardError = scale * Math.sqrt((1.109 + 0.514 * y + 0.608 * y * y) / n);
  return {
    nFields: n,
    location,
    scale,
    largest,
    standardError,
    ciLow: largest - 2 * standardError,
    ciHigh: largest + 2 * standardError,
  };
}

/** Root of δ = x̄ − Σ x e^(−x/δ) / Σ e^(−x/δ), by Newton's method from the moment estimate. */
function gumbelScale(values: readonly number[], mean: number, start: number): number {
  let scale = start;
  for (let step = 0; step < 100; step++) {
    let [s0, s1, s2] = [0, 0, 0];
    for (const x of values) {
      const weight = Math.exp(-(x - mean) / scale);
      s0 += weight;
      s1 += weight * (x - mean);
      s2 += weight * (x - mean) ** 2;
    }
    const shifted = s1 / s0;
    const value = scale + shifted;
    const slope = 1 + (s2 / s0 - shifted * shifted) / (scale * scale);
    const next = Math.max(scale / 3, scale - value / slope);
    if (Math.abs(next - scale) <= 1e-12 * scale) return next;
    scale = next;
  }
  throw new ConvergenceError(`largestExtreme: the Gumbel scale of ${values.length} values did not settle`, 100, scale);
}
