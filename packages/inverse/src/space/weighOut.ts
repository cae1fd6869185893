import { DomainError } from "@materiome/core";

/** Amounts of one mixture, each weighed out with an error. */
export interface WeighedOut {
  /** What they come out as. */
  readonly amounts: Float64Array;
  /** wᵢ, what is on the balance. */
  readonly weights: Float64Array;
  /** S and W of {@link weighOut}. */
  readonly asked: number;
  readonly weighed: number;
}

/**
 * Amounts of a mixture as they come out when each is weighed out with an error of its own: a balance misses the weight of each, and what is on it
 * then makes up the whole. With wᵢ = max(0, aᵢ + δᵢ), S = g + Σ aᵢ and W = g + Σ wᵢ (g: what is given, and weighed without an error),
 *
 *     aᵢ′ = S wᵢ / W,
 *
 * so that Σ aᵢ′ + g S / W = S: the mixture stays one. An amount of 0 is not weighed and stays 0.
 *
 * @param amounts - a, [q], at least 0
 * @param errors - δ, [q], in the unit of the amounts
 * @param given - g, amounts of the mixture that are given
 * @throws DomainError where errors larger than the whole leave nothing on the balance
 * @example
 * weighOut([60, 40], [1, 0], 0).amounts; // [61 / 1.01, 40 / 1.01]
 */
export function weighOut(amounts: ArrayLike<number>, errors: ArrayLike<number>, given: number): WeighedOut {
  const weights = Float64Array.from(amounts, (amount, i) =>
    amount === 0 ? 0 : Math.max(0, amount + (errors[i] ?? 0)),
  );
  const asked = given + sum(amounts);
  const weighed = given + sum(weights);
  if (!(weighed > 0) && asked > 0) {
    throw new DomainError(
      `scatter: amounts of a mixture are missed by more than its whole, ${asked}, so that nothing of it is left; take smaller deviations`,
    );
  }
  const factor = asked > 0 ? asked / weighed : 0;
  return { amounts: weights.map((w) => factor * w), weights, asked, weighed };
}

/**
 * Derivatives by the amounts as asked for, Σᵢ gᵢ ∂aᵢ′/∂aₖ = (S/W) mₖ gₖ + (1/W − S mₖ/W²) Σᵢ gᵢ wᵢ with mₖ = ∂wₖ/∂aₖ, 0 where the weight is cut
 * off at 0.
 *
 * @param slopes - ∂(aₖ + δₖ)/∂aₖ, [q]: 1 where the error does not depend on the amount
 * @param gradient - g, [q], by the amounts as they come out
 */
export function weighOutGradient(
  { weights, asked, weighed }: WeighedOut,
  slopes: ArrayLike<number>,
  gradient: ArrayLike<number>,
): Float64Array {
  const along = weights.reduce((total, w, i) => total + w * (gradient[i] as number), 0);
  return weights.map((w, k) => {
    const moves = w > 0 ? (slopes[k] as number) : 0;
    return (asked / weighed) * moves * (gradient[k] as number) + along * (1 / weighed - (asked * moves) / weighed ** 2);
  });
}

function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i] as number;
  return total;
}
