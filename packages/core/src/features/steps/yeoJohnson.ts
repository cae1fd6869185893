/**
 * Yeo–Johnson power transform of x: ((x + 1)^λ − 1)/λ for x ≥ 0 (ln(x + 1) at λ = 0), −((1 − x)^(2 − λ) − 1)/(2 − λ) for
 * x < 0 (−ln(1 − x) at λ = 2).
 *
 * @see Yeo & Johnson, Biometrika 87, 954 (2000), doi:10.1093/biomet/87.4.954
 */
export function yeoJohnson(x: number, lambda: number): number {
  if (x >= 0) return lambda === 0 ? Math.log1p(x) : Math.expm1(lambda * Math.log1p(x)) / lambda;
  return lambda === 2 ? -Math.log1p(-x) : -Math.expm1((2 - lambda) * Math.log1p(-x)) / (2 - lambda);
}

/** Its derivative by x. */
export function yeoJohnsonSlope(x: number, lambda: number): number {
  return x >= 0 ? (x + 1) ** (lambda - 1) : (1 - x) ** (1 - lambda);
}

/**
 * λ of the greatest normal likelihood, −n/2 ln σ²(λ) + (λ − 1) Σ sign(x) ln(|x| + 1): the best of a grid over −5 … 7,
 * refined by golden section to 1e-9.
 */
export function fitYeoJohnson(values: Float64Array): number {
  let jacobian = 0;
  for (const x of values) jacobian += Math.sign(x) * Math.log1p(Math.abs(x));
  const transformed = new Float64Array(values.length);
  const likelihood = (lambda: number): number => {
    let mean = 0;
    for (const [i, x] of values.entries()) {
      transformed[i] = yeoJohnson(x, lambda);
      mean += transformed[i] as number;
    }
    mean /= values.length;
    let square = 0;
    for (const y of transformed) square += (y - mean) ** 2;
    const score = (-values.length / 2) * Math.log(square / values.length) + (lambda - 1) * jacobian;
    return Number.isNaN(score) ? Number.NEGATIVE_INFINITY : score;
  };
  let best = 1;
  for (let lambda = LEAST; lambda <= MOST; lambda += STEP) {
    if (likelihood(lambda) > likelihood(best)) best = lambda;
  }
  return goldenSection(likelihood, best - STEP, best + STEP);
}

const LEAST = -5;
const MOST = 7;
const STEP = 0.25;
const GOLDEN = (Math.sqrt(5) - 1) / 2;

function goldenSection(f: (x: number) => number, from: number, to: number): number {
  let [a, b] = [from, to];
  let [c, d] = [b - GOLDEN * (b - a), a + GOLDEN * (b - a)];
  let [fc, fd] = [f(c), f(d)];
  while (b - a > 1e-9) {
    if (fc >= fd) {
      [b, d, fd] = [d, c, fc];
      c = b - GOLDEN * (b - a);
      fc = f(c);
    } else {
      [a, c, fc] = [c, d, fd];
      d = a + GOLDEN * (b - a);
      fd = f(d);
    }
  }
  return (a + b) / 2;
}
