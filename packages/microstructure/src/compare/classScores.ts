import { DomainError, type LabelMap } from "@materiome/core";
import { contingency } from "./contingency.ts";
import { requireSameSize } from "./sameSize.ts";

export interface ClassScore {
  readonly name: string;
  /** Pixels of the class in the truth. */
  readonly nTrue: number;
  readonly nPredicted: number;
  /** Intersection over union (Jaccard); null where neither map holds the class. */
  readonly iou: number | null;
  /** 2·intersection / (predicted + true); null likewise. */
  readonly dice: number | null;
  /** Null where the class is never predicted. */
  readonly precision: number | null;
  /** Null where the truth lacks the class. */
  readonly recall: number | null;
}

export interface ClassScores {
  readonly byClass: readonly ClassScore[];
  /** Sum of intersections over sum of unions of all classes, background among them. */
  readonly microIou: number;
  /** Mean of the IoU of the classes that occur in either map. */
  readonly meanIou: number;
  /** Share of pixels whose class is right. */
  readonly accuracy: number;
  /** `confusion[t][p]`: pixels of true class t that were predicted as p. */
  readonly confusion: readonly (readonly number[])[];
}

/**
 * Agreement of two maps of class numbers, pixel by pixel.
 *
 * IoU_k = |P_k ∩ T_k| / |P_k ∪ T_k|, Dice_k = 2|P_k ∩ T_k| / (|P_k| + |T_k|); micro IoU = Σ_k |P_k ∩ T_k| / Σ_k |P_k ∪ T_k|
 * over one-hot classes, so that with accuracy a it equals a / (2 − a).
 *
 * @param predicted - class numbers 0 … n − 1, not numbered regions
 * @param truth - likewise, same size
 * @param names - one per class, in the order of their numbers
 * @throws ShapeError for maps of different size; DomainError for a number that has no name
 * @see P. Jaccard, Bull. Soc. Vaudoise Sci. Nat. 37, 547 (1901); L. R. Dice, Ecology 26, 297 (1945), doi:10.2307/1932409
 * @example
 * const { microIou, byClass } = classScores(predicted, truth, ["matrix", "secondary", "tertiary"]);
 */
export function classScores(predicted: LabelMap, truth: LabelMap, names: readonly string[]): ClassScores {
  requireSameSize("classScores", predicted, truth);
  const table = contingency(predicted, truth);
  const confusion = names.map(() => new Array<number>(names.length).fill(0));
  for (const [k, count] of table.count.entries()) {
    const row = confusion[table.second[k]!]; // one entry per pair, here and below
    const column = table.first[k]!;
    if (row?.[column] === undefined) {
      throw new DomainError(
        `classScores: the maps hold class ${Math.max(column, table.second[k]!)}, but ${names.length} names were given (classes 0 … ${names.length - 1}); name every class`,
      );
    }
    row[column] = count;
  }
  const at = (t: number, p: number): number => confusion[t]?.[p] ?? 0;
  const byClass = names.map((name, k): ClassScore => {
    const both = at(k, k);
    const nTrue = table.secondArea.get(k) ?? 0;
    const nPredicted = table.firstArea.get(k) ?? 0;
    const union = nTrue + nPredicted - both;
    return {
      name,
      nTrue,
      nPredicted,
      iou: union === 0 ? null : both / union,
      dice: union === 0 ? null : (2 * both) / (nTrue + nPredicted),
      precision: nPredicted === 0 ? null : both / nPredicted,
      recall: nTrue === 0 ? null : both / nTrue,
    };
  });
  const right = names.reduce((sum, _, k) => sum + at(k, k), 0);
  const present = byClass.flatMap(({ iou }) => (iou === null ? [] : [iou]));
  return {
    byClass,
    microIou: right / (2 * table.nPixels - right),
    meanIou: present.reduce((a, b) => a + b, 0) / present.length,
    accuracy: right / table.nPixels,
    confusion,
  };
}
