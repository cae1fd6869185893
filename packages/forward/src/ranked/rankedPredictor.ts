import { decodeArray, encodeArray, FormatError, type Json, type Matrix } from "@materiome/core";
import type { Estimates, Predictor } from "../learner/predictor.ts";

/** Knots of the empirical distribution of each feature, one after the other. */
export interface Ranks {
  /** Feature f has the knots `start[f]` … `start[f + 1] − 1`. */
  readonly start: Int32Array;
  /** Distinct training values, ascending, and the mean rank of the rows that have them, 0 … 1. */
  readonly values: Float64Array;
  readonly ranks: Float64Array;
}

/** Learns the ranks: ties share their mean rank, and a constant feature has ½. */
export function fitRanks(x: Matrix): Ranks {
  const start = [0];
  const values: number[] = [];
  const ranks: number[] = [];
  for (let f = 0; f < x.columns; f++) {
    const sorted = Float64Array.from({ length: x.rows }, (_, i) => x.data[i * x.columns + f] as number).sort(); // i < rows
    for (let from = 0; from < sorted.length; ) {
      let to = from + 1;
      while (to < sorted.length && sorted[to] === sorted[from]) to++;
      values.push(sorted[from] as number);
      ranks.push(sorted.length === 1 ? 0.5 : (from + to - 1) / 2 / (sorted.length - 1));
      from = to;
    }
    start.push(values.length);
  }
  return { start: Int32Array.from(start), values: Float64Array.from(values), ranks: Float64Array.from(ranks) };
}

/** Features as ranks: linear between knots; beyond the least and greatest training value, that of the end. */
export function rankFeatures({ start, values, ranks }: Ranks, x: Matrix): Matrix {
  const { rows, columns: d } = x;
  const data = new Float64Array(rows * d);
  for (let f = 0; f < d; f++) {
    const first = start[f] as number; // f < d
    const last = (start[f + 1] as number) - 1;
    for (let i = 0; i < rows; i++) {
      const value = x.data[i * d + f] as number;
      let low = first;
      let high = last;
      while (high - low > 1) {
        const middle = (low + high) >> 1;
        if ((values[middle] as number) <= value) low = middle;
        else high = middle;
      }
      const [from, to] = [values[low] as number, values[high] as number];
      const share = to > from ? Math.min(1, Math.max(0, (value - from) / (to - from))) : 0;
      data[i * d + f] = (1 - share) * (ranks[low] as number) + share * (ranks[high] as number);
    }
  }
  return { rows, columns: d, data };
}

export function rankedPredictor(ranks: Ranks, member: Predictor): Predictor {
  return {
    kind: "ranked",
    allowsMissing: false,
    estimate: (x: Matrix): Estimates => member.estimate(rankFeatures(ranks, x)),
    encode(): { [key: string]: Json } {
      const { start, values } = ranks;
      return {
        kind: "ranked",
        start: encodeArray(start),
        values: encodeArray(values),
        ranks: encodeArray(ranks.ranks),
        member: member.encode(),
      };
    },
  };
}

/** @throws FormatError if the stored knots are damaged */
export function decodeRanked(
  data: { readonly [key: string]: unknown },
  nFeatures: number,
  read: (member: unknown) => Predictor,
): Predictor {
  return rankedPredictor(decodeRanks(data, nFeatures), read(data["member"]));
}

/** @throws FormatError if the stored knots are damaged */
export function decodeRanks(data: { readonly [key: string]: unknown }, nFeatures: number): Ranks {
  const start = decodeArray(data["start"], "i32");
  const values = decodeArray(data["values"], "f64");
  const ranks = decodeArray(data["ranks"], "f64");
  const isWhole =
    start.length === nFeatures + 1 &&
    start[0] === 0 &&
    start.at(-1) === values.length &&
    ranks.length === values.length &&
    start.every((at, f) => f === 0 || at > (start[f - 1] as number)); // f ≥ 1
  if (!isWhole) throw new FormatError("ranked: the stored ranks are damaged; train again");
  return { start, values, ranks };
}
