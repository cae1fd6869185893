import { DomainError } from "../errors/errors.ts";
import type { Random } from "./random.ts";

/**
 * `k` different indices out of 0 … n − 1 in random order, every selection as likely (the first k steps of Fisher–Yates; only
 * what was moved is held, so n may be large).
 *
 * @param n - whole, at least 0
 * @param k - whole, 0 … n
 * @throws DomainError outside those ranges
 * @example
 * chooseIndices(1e9, 3, createRandom(1)).length; // 3
 */
export function chooseIndices(n: number, k: number, random: Random): Float64Array {
  if (!(Number.isSafeInteger(n) && Number.isSafeInteger(k) && k >= 0 && k <= n)) {
    throw new DomainError(`chooseIndices: needs whole numbers with 0 ≤ k ≤ n, got k = ${k} of n = ${n}`);
  }
  const moved = new Map<number, number>();
  const out = new Float64Array(k);
  for (let i = 0; i < k; i++) {
    const at = i + random.int(n - i);
    out[i] = moved.get(at) ?? at;
    moved.set(at, moved.get(i) ?? i);
  }
  return out;
}

/** Draws an index with the weights it was made for. */
export type WeightedChoice = (random: Random) => number;

/**
 * Weighted choice among 0 … n − 1, with replacement, in constant time a draw: Walker's alias table, built as by
 * M. D. Vose, IEEE Trans. Softw. Eng. 17, 972 (1991), doi:10.1109/32.92917.
 *
 * @param weights - at least 0 and finite, need not sum to 1, at least one above 0
 * @throws DomainError otherwise
 * @example
 * const pick = createWeightedChoice([1, 0, 3]);
 * pick(createRandom(1)); // 0 or, three times as often, 2
 */
export function createWeightedChoice(weights: ArrayLike<number>): WeightedChoice {
  const n = weights.length;
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const weight = weights[i] as number; // i < n
    if (!(weight >= 0 && weight < Number.POSITIVE_INFINITY)) {
      throw new DomainError(`createWeightedChoice: weights must be at least 0 and finite, weights[${i}] is ${weight}`);
    }
    sum += weight;
  }
  if (!(sum > 0 && sum < Number.POSITIVE_INFINITY)) {
    throw new DomainError(`createWeightedChoice: needs weights with a finite sum above 0, got ${n} with sum ${sum}`);
  }
  const chance = Float64Array.from(weights, (weight) => (weight / sum) * n);
  const alias = Int32Array.from({ length: n }, (_, i) => i);
  const small: number[] = [];
  const large: number[] = [];
  for (const [i, value] of chance.entries()) (value < 1 ? small : large).push(i);
  while (small.length > 0 && large.length > 0) {
    const low = small.pop() as number; // not empty
    const high = large.at(-1) as number;
    alias[low] = high;
    const rest = (chance[high] as number) - (1 - (chance[low] as number));
    chance[high] = rest;
    if (rest < 1) {
      large.pop();
      small.push(high);
    }
  }
  // What is left differs from 1 by rounding only; a weight of 0 always has its alias by now, unless rounding ate the last large.
  const heaviest = chance.length === 0 ? 0 : indexOfLargest(weights);
  for (const i of large) chance[i] = 1;
  for (const i of small) {
    if (weights[i] === 0) alias[i] = heaviest;
    else chance[i] = 1;
  }
  return (random) => {
    const i = random.int(n);
    return random.next() < (chance[i] as number) ? i : (alias[i] as number); // i < n
  };
}

function indexOfLargest(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if ((values[i] as number) > (values[best] as number)) best = i;
  return best;
}
