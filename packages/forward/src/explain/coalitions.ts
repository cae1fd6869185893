import { createMatrix, type Matrix, type Random } from "@materiome/core";
import { chooseIndices } from "@materiome/core/numerics";

/** Coalitions to ask for: neither empty nor complete, with their weights in the regression. */
export interface Coalitions {
  /** 1 for a member, [nCoalitions, nPlayers]. */
  readonly members: Matrix;
  readonly weights: Float64Array;
  /** From here on they are drawn, each followed by its complement. */
  readonly firstDrawn: number;
}

/**
 * Sizes s and n − s together have the weight 2 (n − 1) / (s (n − s)) in the regression. From the smallest on they are taken in full
 * while that asks for no more than their share of `budget` (size 1 always); the rest of the weight is spread over pairs drawn.
 */
export function chooseCoalitions(nPlayers: number, budget: number, random: Random): Coalitions {
  const mass = (s: number): number => {
    const one = (nPlayers - 1) / (s * (nPlayers - s));
    return 2 * s === nPlayers ? one : 2 * one;
  };
  const half = Math.floor(nPlayers / 2);
  const chosen: (readonly number[])[] = [];
  const weights: number[] = [];
  let left = budget;
  let size = 1;
  for (; size <= half; size++) {
    let rest = 0;
    for (let s = size; s <= half; s++) rest += mass(s);
    const isMiddle = 2 * size === nPlayers;
    const count = (isMiddle ? 1 : 2) * binomial(nPlayers, size);
    if (size > 1 && count > (left * mass(size)) / rest) break;
    for (const subset of subsets(nPlayers, size)) {
      chosen.push(subset);
      if (!isMiddle) chosen.push(complement(nPlayers, subset));
    }
    while (weights.length < chosen.length) weights.push(mass(size) / count);
    left -= count;
  }
  const firstDrawn = chosen.length;
  const sizes = Array.from({ length: Math.max(0, half - size + 1) }, (_, k) => size + k);
  const nPairs = sizes.length === 0 ? 0 : Math.floor(left / 2);
  const rest = sizes.reduce((sum, s) => sum + mass(s), 0);
  for (let k = 0; k < nPairs; k++) {
    let at = random.next() * rest;
    let drawn = sizes.at(-1) as number; // nPairs > 0
    for (const s of sizes) {
      at -= mass(s);
      if (at < 0) {
        drawn = s;
        break;
      }
    }
    const subset = Array.from(chooseIndices(nPlayers, drawn, random));
    chosen.push(subset, complement(nPlayers, subset));
    weights.push(rest / (2 * nPairs), rest / (2 * nPairs));
  }
  const members = createMatrix(chosen.length, nPlayers);
  for (const [k, subset] of chosen.entries()) for (const p of subset) members.data[k * nPlayers + p] = 1;
  return { members, weights: Float64Array.from(weights), firstDrawn };
}

function binomial(n: number, k: number): number {
  let value = 1;
  for (let j = 1; j <= k; j++) value *= (n - k + j) / j;
  return Math.round(value);
}

function* subsets(n: number, size: number, first = 0): Generator<number[]> {
  if (size === 0) {
    yield [];
    return;
  }
  for (let p = first; p <= n - size; p++) for (const rest of subsets(n, size - 1, p + 1)) yield [p, ...rest];
}

function complement(n: number, subset: readonly number[]): number[] {
  const members = new Set(subset);
  return Array.from({ length: n }, (_, p) => p).filter((p) => !members.has(p));
}
