import { createRandom, shuffle } from "@materiome/core";

/** Shuffled orders tried for each target. */
const TRIED = 256;

/**
 * Orders in which the quantile nodes 0 … n − 1 of several independent targets are paired: row c is a permutation for
 * target c. The first is the identity; each further one is, of 256 shuffled orders (always the same ones), that which is
 * least correlated with all before it. The middle node ⌊n/2⌋ stays in the middle, so that one node holds the medians of
 * all targets.
 *
 * @param n - at least 7 where there are several targets: fewer nodes leave no uncorrelated order
 */
export function nodeOrders(nTargets: number, n: number): readonly Int32Array[] {
  const orders: Int32Array[] = [Int32Array.from({ length: n }, (_, k) => k)];
  const random = createRandom("materiome/chain/nodes").fork(n);
  for (let c = 1; c < nTargets; c++) {
    let best: Int32Array = orders[0] as Int32Array; // the identity
    let least = Number.POSITIVE_INFINITY;
    for (let k = 0; k < TRIED; k++) {
      const order = keepMiddle(shuffle(n, random.fork(c).fork(k)));
      const worst = Math.max(...orders.map((other) => Math.abs(correlation(order, other))));
      if (worst < least) [best, least] = [order, worst];
    }
    orders.push(best);
  }
  return orders.slice(0, nTargets);
}

/** Exchanges two places so that the middle node stands in the middle. */
function keepMiddle(order: Int32Array): Int32Array {
  const middle = Math.floor(order.length / 2);
  order[order.indexOf(middle)] = order[middle] as number; // a permutation holds it
  order[middle] = middle;
  return order;
}

/** Of two permutations of 0 … n − 1. */
function correlation(a: Int32Array, b: Int32Array): number {
  const n = a.length;
  const mean = (n - 1) / 2;
  let sum = 0;
  for (const [k, value] of a.entries()) sum += (value - mean) * ((b[k] as number) - mean); // same length
  return sum / ((n * (n * n - 1)) / 12);
}
