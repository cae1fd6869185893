import { decodeArray, encodeArray, FormatError, type Json, type Matrix } from "@materiome/core";
import { addParts } from "../explain/meanParts.ts";
import type { Estimates, Predictor } from "../learner/predictor.ts";

/** Members with their weights; what the weights leave of 1 goes to the mean of the training targets. */
export interface StackFit {
  readonly members: readonly Predictor[];
  readonly weights: Float64Array;
  readonly centre: number;
}

export function stackPredictor({ members, weights, centre }: StackFit): Predictor {
  return {
    kind: "stack",
    allowsMissing: members.every((member) => member.allowsMissing),
    estimate: (x: Matrix): Estimates =>
      x.rows === 0 || members.length === 0
        ? { mean: new Float64Array(x.rows).fill(centre), variance: new Float64Array(x.rows) }
        : combine(
            members.map((member) => member.estimate(x)),
            weights,
            centre,
          ),
    meanParts: () => {
      const parts = addParts(
        members.map((member) => member.meanParts?.()),
        weights,
      );
      const rest = 1 - weights.reduce((sum, w) => sum + w, 0);
      return parts === undefined ? undefined : { ...parts, offset: parts.offset + rest * centre };
    },
    encode(): { [key: string]: Json } {
      return { kind: "stack", members: members.map((m) => m.encode()), weights: encodeArray(weights), centre };
    },
  };
}

/** Weighted means; the variance is that within the members plus that among them, weighted likewise. */
export function combine(parts: readonly Estimates[], weights: Float64Array, centre: number): Estimates {
  const n = parts[0]?.mean.length ?? 0;
  const mean = new Float64Array(n);
  const variance = new Float64Array(n);
  const total = weights.reduce((sum, w) => sum + w, 0);
  for (let i = 0; i < n; i++) {
    let sum = centre;
    for (const [m, part] of parts.entries()) sum += (weights[m] as number) * ((part.mean[i] as number) - centre); // < n
    let spread = 0;
    for (const [m, part] of parts.entries()) {
      spread += (weights[m] as number) * ((part.variance[i] as number) + ((part.mean[i] as number) - sum) ** 2);
    }
    mean[i] = sum;
    variance[i] = total > 0 ? spread / total : 0;
  }
  return { mean, variance };
}

/** @throws FormatError for a damaged file */
export function decodeStack(
  data: { readonly [key: string]: unknown },
  read: (member: unknown) => Predictor,
): Predictor {
  const { members, centre } = data;
  const weights = decodeArray(data["weights"], "f64");
  if (!Array.isArray(members) || members.length !== weights.length || typeof centre !== "number") {
    throw new FormatError("stack: the stored members are inconsistent; the file is damaged, train again");
  }
  return stackPredictor({ members: members.map(read), weights, centre });
}
