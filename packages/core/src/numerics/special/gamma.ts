import { DomainError } from "../../errors/errors.ts";

/** (ζ(k) − 1) / k for k = 2, 3, …: the series of ln Γ about 2 (DLMF 5.7.3 with Γ(2 + z) = (1 + z) Γ(1 + z)). */
const ABOUT_TWO: Float64Array = Float64Array.of(
  0.3224670334241132,
  0.06735230105319809,
  0.020580808427784546,
  0.007385551028673986,
  0.0028905103307415234,
  0.001192753911703261,
  0.0005096695247430425,
  0.00022315475845357939,
  9.945751278180853e-5,
  4.492623673813314e-5,
  2.050721277567069e-5,
  9.439488275268397e-6,
  4.374866789907488e-6,
  2.039215753801366e-6,
  9.55141213040742e-7,
  4.492469198764566e-7,
  2.1207184805554667e-7,
  1.00432248239681e-7,
  4.7698101693639804e-8,
  2.2711094608943164e-8,
  1.0838659214896955e-8,
  5.183475041970047e-9,
  2.4836745438024785e-9,
  1.1921401405860912e-9,
  5.731367241678862e-10,
  2.7595228851242334e-10,
  1.330476437424449e-10,
);
const EULER = 0.5772156649015329;

/**
 * Logarithm of the gamma function, ln Γ(x), relative error below 2e-15 or so, also near its zeros at 1 and 2.
 *
 * Series about 2 for 1.5 ≤ x ≤ 2.5 (DLMF 5.7.3), recurrence to it below 10, Stirling's series above (DLMF 5.11.1).
 *
 * @param x - above 0
 * @throws DomainError unless x > 0
 * @example
 * logGamma(0.5); // 0.5723649429247001 = ln √π
 */
export function logGamma(x: number): number {
  if (!(x > 0)) throw new DomainError(`logGamma: x must be above 0, got ${x}`);
  if (x >= 10) return (x - 0.5) * (Math.log(x) - 1) - 0.5 + 0.5 * Math.log(2 * Math.PI) + stirlingTail(x);
  if (x < 0.5) return aboutTwo(x) - Math.log1p(x) - Math.log(x);
  if (x < 1.5) return logGammaOnePlus(x - 1);
  let y = x;
  let product = 1;
  while (y > 2.5) {
    y -= 1;
    product *= y;
  }
  return aboutTwo(y - 2) + Math.log(product);
}

/** ln Γ(1 + z), |z| ≤ ½, with the relative accuracy of z. */
export function logGammaOnePlus(z: number): number {
  return aboutTwo(z) - Math.log1p(z);
}

/** ln Γ(2 + z), |z| ≤ ½. */
function aboutTwo(z: number): number {
  let sum = 0;
  for (let k = ABOUT_TWO.length - 1; k >= 0; k--) sum = (ABOUT_TWO[k] as number) - z * sum; // k < length
  return z * (1 - EULER + z * sum);
}

/** ln Γ(x) − [(x − ½) ln x − x + ½ ln 2π] for x ≥ 10: Stirling's series. */
export function stirlingTail(x: number): number {
  const r = 1 / (x * x);
  return (1 / 12 - r * (1 / 360 - r * (1 / 1260 - r * (1 / 1680 - r * (1 / 1188 - r * (691 / 360360 - r / 156)))))) / x;
}

/**
 * Digamma function ψ(x) = d ln Γ(x) / dx, error below 1e-15 + 1e-15 |ψ| (near its zero at 1.4616 that is absolute).
 *
 * Recurrence up to x ≥ 10, then DLMF 5.11.2.
 *
 * @param x - above 0
 * @throws DomainError unless x > 0
 * @example
 * digamma(1); // -0.577215664901533…
 */
export function digamma(x: number): number {
  if (!(x > 0)) throw new DomainError(`digamma: x must be above 0, got ${x}`);
  let y = x;
  let shift = 0;
  while (y < 10) {
    shift += 1 / y;
    y += 1;
  }
  const r = 1 / (y * y);
  const series =
    r *
    (1 / 12 -
      r *
        (1 / 120 -
          r * (1 / 252 - r * (1 / 240 - r * (1 / 132 - r * (691 / 32760 - r * (1 / 12 - (r * 3617) / 8160)))))));
  return Math.log(y) - 0.5 / y - series - shift;
}

/**
 * Trigamma function ψ′(x), relative error below 1e-14. Recurrence up to x ≥ 10, then the derivative of DLMF 5.11.2.
 *
 * @param x - above 0
 * @throws DomainError unless x > 0
 * @example
 * trigamma(1); // 1.6449340668482264 = π²/6
 */
export function trigamma(x: number): number {
  if (!(x > 0)) throw new DomainError(`trigamma: x must be above 0, got ${x}`);
  let y = x;
  let shift = 0;
  while (y < 10) {
    shift += 1 / (y * y);
    y += 1;
  }
  const r = 1 / (y * y);
  const series =
    r *
    (1 / 6 -
      r * (1 / 30 - r * (1 / 42 - r * (1 / 30 - r * (5 / 66 - r * (691 / 2730 - r * (7 / 6 - (r * 3617) / 510)))))));
  return shift + (1 + 0.5 / y + series) / y;
}
