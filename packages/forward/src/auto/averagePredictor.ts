import { FormatError, type Json, type Matrix } from "@materiome/core";
import { averageParts } from "../explain/meanParts.ts";
import type { Estimates, Predictor } from "../learner/predictor.ts";

/** Plain average of several predictors; the variance is that within the members plus that among them. */
export function averagePredictor(members: readonly Predictor[]): Predictor {
  return {
    kind: "average",
    allowsMissing: members.every((member) => member.allowsMissing),
    estimate: (x: Matrix): Estimates => averageEstimates(members.map((member) => member.estimate(x))),
    meanParts: () => averageParts(members.map((member) => member.meanParts?.())),
    encode(): { [key: string]: Json } {
      return { kind: "average", members: members.map((member) => member.encode()) };
    },
  };
}

export function averageEstimates(parts: readonly Estimates[]): Estimates {
  const n = parts[0]?.mean.length ?? 0;
  const mean = new Float64Array(n);
  const variance = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let sum = 0;
    let within = 0;
    for (const part of parts) {
      sum += part.mean[i] as number; // i < n
      within += part.variance[i] as number;
    }
    const centre = sum / parts.length;
    let among = 0;
    for (const part of parts) among += ((part.mean[i] as number) - centre) ** 2;
    mean[i] = centre;
    variance[i] = (within + among) / parts.length;
  }
  return { mean, variance };
}

export function decodeAverage(
  data: { readonly [key: string]: unknown },
  read: (member: unknown) => Predictor,
): Predictor {
  const { members } = data;
  if (!Array.isArray(members) || members.length === 0) {
    throw new FormatError("average: the stored model has no members; the file is damaged, train again");
  }
  return averagePredictor(members.map(read));
}
