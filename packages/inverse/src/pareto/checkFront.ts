import { DataError, type Matrix, ShapeError } from "@materiome/core";
import { checkOutcomes } from "./checkOutcomes.ts";

/**
 * Refuses a front that surrogates cannot be weighed against by exact boxes.
 *
 * @param nModels - one for each objective
 * @param remedy - what to do with more objectives than four
 * @throws DataError for fewer than two or more than four models
 * @throws ShapeError, DomainError for a front or reference that do not fit
 */
export function checkFront(
  who: string,
  nModels: number,
  front: Matrix,
  reference: ArrayLike<number>,
  remedy: string,
): void {
  if (nModels < 2 || nModels > 4) {
    throw new DataError(`${who}: takes two to four objectives, got ${nModels}; ${remedy}`);
  }
  if (front.columns !== nModels)
    throw new ShapeError(`${who}: ${nModels} models for a front of ${front.columns} columns`);
  checkOutcomes(who, front, reference);
}
