import { FormatError, type Json, type Matrix } from "@materiome/core";
import type { Estimates, Predictor } from "../learner/predictor.ts";
import { type Term, withTerms } from "./terms.ts";

/** A predictor of the features with the terms behind them. */
export function quotientPredictor(terms: readonly Term[], member: Predictor): Predictor {
  return {
    kind: "quotients",
    allowsMissing: member.allowsMissing,
    estimate: (x: Matrix): Estimates => member.estimate(withTerms(terms, x, member.allowsMissing)),
    encode: (): { [key: string]: Json } => ({
      kind: "quotients",
      terms: terms.map(({ name, over, under }) => ({ name, over: [...over], under: [...under] })),
      member: member.encode(),
    }),
  };
}

/** @throws FormatError if the stored terms are damaged */
export function decodeQuotients(
  data: { readonly [key: string]: unknown },
  nFeatures: number,
  read: (member: unknown, nFeatures: number) => Predictor,
): Predictor {
  const terms = decodeTerms(data, nFeatures);
  return quotientPredictor(terms, read(data["member"], nFeatures + terms.length));
}

/** @throws FormatError if the stored terms are damaged */
export function decodeTerms(data: { readonly [key: string]: unknown }, nFeatures: number): Term[] {
  const isColumns = (columns: unknown): columns is number[] =>
    Array.isArray(columns) && columns.every((f) => Number.isInteger(f) && f >= 0 && f < nFeatures);
  const isTerm = (term: unknown): term is Term => {
    const { name, over, under } = (term ?? {}) as Partial<Record<keyof Term, unknown>>;
    return typeof name === "string" && isColumns(over) && over.length > 0 && isColumns(under);
  };
  const terms: unknown = data["terms"];
  if (!Array.isArray(terms) || !terms.every(isTerm)) {
    throw new FormatError("quotients: the stored terms are damaged; train again");
  }
  return terms;
}
