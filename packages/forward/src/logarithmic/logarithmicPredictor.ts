import { FormatError, type Json, type Matrix } from "@materiome/core";
import type { Estimates, Predictor } from "../learner/predictor.ts";

/** What predicts the logarithm of a target, and what is made of it. */
export interface LogarithmicFit {
  readonly member: Predictor;
  /** Of exp(predicted logarithm): 1 for the median. */
  readonly factor: number;
  /** Variance of the logarithm that the spread of the member leaves out. */
  readonly floor: number;
}

/** factor · exp(μ), with a standard deviation in proportion to it. */
export function logarithmicPredictor(fit: LogarithmicFit): Predictor {
  const { member, factor, floor } = fit;
  return {
    kind: "logarithmic",
    allowsMissing: member.allowsMissing,
    estimate: (x: Matrix): Estimates => fromLogarithm(member.estimate(x), fit),
    encode(): { [key: string]: Json } {
      return { kind: "logarithmic", factor, floor, member: member.encode() };
    },
  };
}

/** Estimates of the target from those of its logarithm. */
export function fromLogarithm(
  { mean, variance }: Estimates,
  { factor, floor }: Omit<LogarithmicFit, "member">,
): Estimates {
  const values = mean.map((log) => factor * Math.exp(log));
  return { mean: values, variance: variance.map((v, i) => (values[i] as number) ** 2 * (v + floor)) }; // one each
}

/** @throws FormatError if the stored factor is damaged */
export function decodeLogarithmic(
  data: { readonly [key: string]: unknown },
  read: (member: unknown) => Predictor,
): Predictor {
  const { factor, floor } = data;
  if (typeof factor !== "number" || !(factor > 0) || typeof floor !== "number" || !(floor >= 0)) {
    throw new FormatError("logarithmic: the stored factor or floor is damaged; train again");
  }
  return logarithmicPredictor({ factor, floor, member: read(data["member"]) });
}
