/** Probability 1 / (1 + exp(slope · f + offset)) of a decision value f. */
export interface Sigmoid {
  readonly slope: number;
  readonly offset: number;
}

const MOST_ITERATIONS = 100;
const GRADIENT = 1e-10;
const ROUNDING = 1e-14;

/**
 * Platt's sigmoid of the least log loss on decision values: targets are not 1 and 0 but (n₊ + 1) / (n₊ + 2) and 1 / (n₋ + 2), so that
 * few or separable rows give no certainty. By Newton steps with backtracking.
 *
 * @param decisions - of rows that the decision function was not fitted to
 * @param isFirst - 1 for rows of the class that decision values above 0 speak for
 * @param weights - one per row
 * @see Lin, Lin & Weng, Mach. Learn. 68, 267 (2007), doi:10.1007/s10994-007-5018-6
 */
export function fitSigmoid(decisions: Float64Array, isFirst: Uint8Array, weights: Float64Array): Sigmoid {
  let [first, second] = [0, 0];
  for (const [i, weight] of weights.entries()) {
    if (isFirst[i] === 1) first += weight;
    else second += weight;
  }
  const [high, low] = [(first + 1) / (first + 2), 1 / (second + 2)];
  const targets = Float64Array.from(isFirst, (own) => (own === 1 ? high : low));
  const lossOf = (slope: number, offset: number): number => {
    let sum = 0;
    for (const [i, f] of decisions.entries()) {
      const z = slope * f + offset;
      // −t ln p − (1 − t) ln(1 − p), written so that no exponential overflows.
      const loss = (targets[i] as number) * z + Math.log1p(Math.exp(-Math.abs(z))) + Math.max(0, -z);
      sum += (weights[i] as number) * loss; // one per row
    }
    return sum;
  };
  let slope = 0;
  let offset = Math.log((second + 1) / (first + 1));
  let loss = lossOf(slope, offset);
  for (let iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
    let [g0, g1, h00, h01, h11] = [0, 0, 1e-12, 0, 1e-12];
    for (const [i, f] of decisions.entries()) {
      const z = slope * f + offset;
      const e = Math.exp(-Math.abs(z));
      const p = z >= 0 ? e / (1 + e) : 1 / (1 + e);
      const weight = weights[i] as number; // one per row, as the target
      const away = weight * ((targets[i] as number) - p);
      const curvature = weight * p * (1 - p);
      g0 += f * away;
      g1 += away;
      h00 += f * f * curvature;
      h01 += f * curvature;
      h11 += curvature;
    }
    if (Math.max(Math.abs(g0), Math.abs(g1)) < GRADIENT) break;
    const determinant = h00 * h11 - h01 * h01;
    const step0 = -(h11 * g0 - h01 * g1) / determinant;
    const step1 = -(h00 * g1 - h01 * g0) / determinant;
    const descent = g0 * step0 + g1 * step1;
    let share = 1;
    let next = lossOf(slope + step0, offset + step1);
    // What rounding leaves of the loss must not stop the last steps.
    while (!(next <= loss + 1e-4 * share * descent + ROUNDING * loss) && share > 1e-10) {
      share /= 2;
      next = lossOf(slope + share * step0, offset + share * step1);
    }
    if (share <= 1e-10) break;
    slope += share * step0;
    offset += share * step1;
    loss = next;
  }
  return { slope, offset };
}
