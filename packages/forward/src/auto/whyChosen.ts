import type { AutoCriterion } from "./families.ts";

/**
 * In words for the report.
 *
 * @param where on which rows the errors are, with the preposition
 */
export function whyChosen(isAverage: boolean, equalShare: number, criterion: AutoCriterion, where: string): string {
  const least = `least ${criterion} error ${where}`;
  if (!isAverage) return least;
  if (equalShare === 0) return `${least}, by more than a standard error below the best single one`;
  const near = `the best of each learner within a fifth of the least error ${where}`;
  return equalShare === 1
    ? `equal weights for ${near}: better there than selected ones, each fold by those of the others`
    : `selected weights drawn by ${100 * equalShare} % to equal ones for ${near}: best there, each fold by those of the others`;
}
