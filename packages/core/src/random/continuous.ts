import { DomainError } from "../errors/errors.ts";
import type { Random } from "./random.ts";

/**
 * Exponential deviate of the given mean, −mean ln U.
 *
 * @param mean - above 0. Default: 1
 * @throws DomainError unless the mean is above 0 and finite
 * @example
 * sampleExponential(createRandom(1), 3); // waiting time, 3 on average
 */
export function sampleExponential(random: Random, mean = 1): number {
  positive("sampleExponential", "mean", mean);
  return -mean * Math.log(1 - random.next());
}

/**
 * Gamma deviate: density ∝ x^(shape − 1) exp(−x / scale), mean shape · scale.
 *
 * Method: Marsaglia & Tsang, ACM Trans. Math. Softw. 26, 363 (2000), doi:10.1145/358407.358414, with
 * G(a) = G(a + 1) U^(1/a) below shape 1.
 *
 * @param shape - above 0
 * @param scale - above 0. Default: 1
 * @throws DomainError unless both are above 0 and finite
 * @example
 * sampleGamma(createRandom(1), 2.5, 10); // 25 on average
 */
export function sampleGamma(random: Random, shape: number, scale = 1): number {
  positive("sampleGamma", "shape", shape);
  positive("sampleGamma", "scale", scale);
  if (shape < 1) return scale * Math.exp(logSmallGamma(random, shape));
  return scale * marsagliaTsang(random, shape);
}

/**
 * χ² deviate of `df` degrees of freedom: a gamma deviate of shape df/2 and scale 2.
 *
 * @throws DomainError unless df is above 0 and finite
 * @example
 * sampleChiSquare(createRandom(1), 6); // 6 on average
 */
export function sampleChiSquare(random: Random, df: number): number {
  positive("sampleChiSquare", "df", df);
  return sampleGamma(random, df / 2, 2);
}

/**
 * Student's t deviate of `df` degrees of freedom: a normal one over √(χ²/df).
 *
 * @throws DomainError unless df is above 0 and finite
 * @example
 * sampleStudent(createRandom(1), 4);
 */
export function sampleStudent(random: Random, df: number): number {
  positive("sampleStudent", "df", df);
  return random.normal() / Math.sqrt(sampleChiSquare(random, df) / df);
}

/**
 * Beta deviate in [0, 1], mean a / (a + b): X / (X + Y) of two gamma deviates, taken in logarithms so that parameters far
 * below 1 do not end in 0/0.
 *
 * @throws DomainError unless a and b are above 0 and finite
 * @example
 * sampleBeta(createRandom(1), 2, 5); // 2/7 on average
 */
export function sampleBeta(random: Random, a: number, b: number): number {
  positive("sampleBeta", "a", a);
  positive("sampleBeta", "b", b);
  const x = logGammaDeviate(random, a);
  const y = logGammaDeviate(random, b);
  return 1 / (1 + Math.exp(y - x));
}

/**
 * Dirichlet deviate: fractions that sum to 1, of mean alpha / Σ alpha; for `alpha` all 1 uniform over the simplex of
 * compositions. Gamma deviates over their sum, taken in logarithms.
 *
 * @param alpha - each above 0, at least one
 * @throws DomainError unless each is above 0 and finite
 * @example
 * sampleDirichlet(createRandom(1), [1, 1, 1]); // three fractions
 */
export function sampleDirichlet(random: Random, alpha: ArrayLike<number>): Float64Array {
  if (alpha.length === 0) throw new DomainError("sampleDirichlet: needs at least one alpha, got none");
  const out = Float64Array.from(alpha, (a, i) => {
    positive("sampleDirichlet", `alpha[${i}]`, a);
    return logGammaDeviate(random, a);
  });
  const largest = out.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  let sum = 0;
  for (const value of out) sum += Math.exp(value - largest);
  return out.map((value) => Math.exp(value - largest) / sum);
}

/** ln of a gamma deviate; finite for any shape above 1e-300. */
function logGammaDeviate(random: Random, shape: number): number {
  return shape < 1 ? logSmallGamma(random, shape) : Math.log(marsagliaTsang(random, shape));
}

function logSmallGamma(random: Random, shape: number): number {
  return Math.log(marsagliaTsang(random, shape + 1)) + Math.log(1 - random.next()) / shape;
}

function marsagliaTsang(random: Random, shape: number): number {
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = random.normal();
    const t = 1 + c * x;
    if (t <= 0) continue;
    const v = t * t * t;
    const u = 1 - random.next();
    const square = x * x;
    if (u < 1 - 0.0331 * square * square) return d * v;
    if (Math.log(u) < 0.5 * square + d * (1 - v + Math.log(v))) return d * v;
  }
}

function positive(name: string, what: string, value: number): void {
  if (!(value > 0 && value < Number.POSITIVE_INFINITY)) {
    throw new DomainError(`${name}: ${what} must be above 0 and finite, got ${value}`);
  }
}
