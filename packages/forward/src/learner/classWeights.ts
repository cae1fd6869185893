import { DataError, DomainError } from "@materiome/core";
import type { ClassTraining } from "./checkClasses.ts";

/** `balanced`: each class has the same total weight; or a factor for each class, in the order of the labels. */
export type ClassWeights = "balanced" | readonly number[];

export function areClassWeights(given: unknown): given is ClassWeights {
  return (
    given === "balanced" ||
    (Array.isArray(given) && given.every((w) => Number.isFinite(w) && w >= 0) && given.some((w) => w > 0))
  );
}

/**
 * Weights of the rows times those of their classes. Balanced ones keep the total weight of the rows.
 *
 * @throws DataError for another number of factors than classes
 * @throws DomainError if no row has a weight
 */
export function weightRows(
  caller: string,
  classWeights: ClassWeights | undefined,
  rows: ClassTraining,
): Float64Array | undefined {
  const { weights, codes, labels } = rows;
  if (classWeights === undefined) return weights;
  if (classWeights !== "balanced" && classWeights.length !== labels.length) {
    throw new DataError(
      `${caller}: ${classWeights.length} class weights for ${labels.length} classes (${labels.join(", ")})`,
    );
  }
  const weightOf = (i: number): number => (weights === undefined ? 1 : (weights[i] as number)); // same length
  const totals = new Float64Array(labels.length);
  for (const [i, code] of codes.entries()) totals[code] = (totals[code] as number) + weightOf(i); // code < length
  const total = totals.reduce((sum, w) => sum + w, 0);
  const nWeighted = totals.filter((w) => w > 0).length;
  const factors = classWeights === "balanced" ? totals.map((w) => (w > 0 ? total / (nWeighted * w) : 0)) : classWeights;
  const weighted = Float64Array.from(codes, (code, i) => weightOf(i) * (factors[code] as number));
  if (!weighted.some((w) => w > 0)) throw new DomainError(`${caller}: every training row weighs 0`);
  return weighted;
}
