import type { FeatureMatrix } from "@materiome/core";
import { amountGroups } from "./amountGroups.ts";
import { nameOf, type Term, termAt } from "./terms.ts";

/** Columns above and below the line. */
const MOST_OVER = 2;
const MOST_UNDER = 3;
/** Candidates that are looked at again once the first is chosen: those that explain most one by one. */
const SHORT_LIST = 300;
/** |Spearman's ρ| from which a quotient says what one that is chosen says already. */
const SAME = 0.97;
/** Part of a column outside the span of others below which it counts as inside. */
const NOTHING_LEFT = 1e-6;

/**
 * The quotients of amounts that explain most of the target beside the features: orthogonal matching pursuit on ranks. From the ranks of
 * the target, what the ranks of the features (of the first third as many as there are rows) explain linearly is taken off; then the quotient whose ranks go along most with the rest is
 * chosen, what it explains is taken off too, and so on. Ranks, as trees and ranked processes see no more, and as an outlier then counts no
 * more than another row. Quotients without a value in some row, whose amounts add up to 0 there, are candidates only for a learner that takes gaps, and
 * where most rows have one; such a row says nothing. Deterministic.
 *
 * @param y - target [nSamples]
 * @see Pati, Rezaiifar & Krishnaprasad, Asilomar (1993), doi:10.1109/ACSSC.1993.342465 (orthogonal matching pursuit)
 */
export function chooseQuotients(x: FeatureMatrix, y: Float64Array, count: number, allowsMissing: boolean): Term[] {
  const basis: Float64Array[] = [];
  const rest = centredRanks(y);
  for (let f = 0; f < x.columns && basis.length < x.rows / 3; f++) {
    const column = Float64Array.from({ length: x.rows }, (_, i) => x.data[i * x.columns + f] as number); // i < rows
    if (column.every(Number.isFinite)) takeOff(rest, centredRanks(column), basis);
  }
  const list: { readonly term: Term; readonly ranks: Float64Array; readonly fit: number }[] = [];
  for (const term of candidatesOf(x)) {
    const values = Float64Array.from({ length: x.rows }, (_, i) => termAt(x, i, term));
    const nWithout = values.reduce((sum, value) => (Number.isNaN(value) ? sum + 1 : sum), 0);
    if (nWithout > (allowsMissing ? x.rows / 2 : 0)) continue;
    const ranks = centredRanks(values);
    const fit = Math.abs(dot(ranks, rest));
    if (list.length === SHORT_LIST && fit <= (list.at(-1)?.fit ?? 0)) continue;
    const at = list.findIndex((other) => other.fit < fit);
    list.splice(at < 0 ? list.length : at, 0, { term, ranks, fit });
    if (list.length > SHORT_LIST) list.pop();
  }
  const chosen: (typeof list)[number][] = [];
  while (chosen.length < count) {
    const left = list.filter(({ ranks }) => chosen.every((other) => Math.abs(dot(other.ranks, ranks)) <= SAME));
    const [first, ...others] = left;
    if (first === undefined) break;
    const fitOf = ({ ranks }: (typeof list)[number]): number => Math.abs(dot(ranks, rest));
    const best = others.reduce((a, b) => (fitOf(b) > fitOf(a) ? b : a), first);
    chosen.push(best);
    takeOff(rest, best.ranks, basis);
  }
  return chosen.map(({ term }) => term);
}

/** The sum of every two amounts of a unit. */
export function sumsOfTwo(x: FeatureMatrix): Term[] {
  return amountGroups(x)
    .flatMap((columns) => subsets(columns, 2).filter(({ length }) => length === 2))
    .map((over) => ({ name: nameOf(over, [], x.features), over, under: [] }));
}

/** Quotients without their inverses, which have the same ranks, backwards: those with fewer columns above the line stay. */
function candidatesOf(x: FeatureMatrix): Term[] {
  return amountGroups(x).flatMap((columns) =>
    subsets(columns, MOST_OVER).flatMap((over) =>
      subsets(
        columns.filter((f) => !over.includes(f)),
        MOST_UNDER,
      )
        .filter((under) => over.length < under.length || (over.length === under.length && isBefore(over, under)))
        .map((under) => ({ name: nameOf(over, under, x.features), over, under })),
    ),
  );
}

function isBefore([a = 0]: readonly number[], [b = 0]: readonly number[]): boolean {
  return a < b;
}

/** All subsets of 1 … `most` of them. */
function subsets(columns: readonly number[], most: number): number[][] {
  if (most === 0) return [];
  return columns.flatMap((first, k) => [
    [first],
    ...subsets(columns.slice(k + 1), most - 1).map((others) => [first, ...others]),
  ]);
}

/** Takes off `rest` what the part of `column` outside the basis explains of it, and adds that part to the basis. */
function takeOff(rest: Float64Array, column: Float64Array, basis: Float64Array[]): void {
  const own = column.slice();
  for (const direction of basis) subtract(own, direction, dot(own, direction));
  const length = Math.sqrt(dot(own, own));
  if (!(length > NOTHING_LEFT)) return;
  for (let i = 0; i < own.length; i++) own[i] = (own[i] as number) / length; // i < length
  subtract(rest, own, dot(rest, own));
  basis.push(own);
}

function subtract(from: Float64Array, direction: Float64Array, amount: number): void {
  for (let i = 0; i < from.length; i++) from[i] = (from[i] as number) - amount * (direction[i] as number); // of one length
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number); // of one length
  return sum;
}

/** Mean ranks of ties less their mean, of length 1; 0 everywhere for a constant, and for what is no number. */
function centredRanks(values: Float64Array): Float64Array {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  const n = sorted.length;
  const ranks = new Float64Array(values.length);
  for (const [i, value] of values.entries()) {
    if (Number.isNaN(value)) continue;
    ranks[i] = (below(sorted, value, false) + below(sorted, value, true) - n) / 2;
  }
  const length = Math.sqrt(dot(ranks, ranks));
  return length > 0 ? ranks.map((rank) => rank / length) : ranks;
}

/** How many of the sorted values lie below `value`, or not above it. */
function below(sorted: Float64Array, value: number, isIncluded: boolean): number {
  let from = 0;
  let to = sorted.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    const at = sorted[middle] as number; // middle < length
    if (at < value || (isIncluded && at === value)) from = middle + 1;
    else to = middle;
  }
  return from;
}
