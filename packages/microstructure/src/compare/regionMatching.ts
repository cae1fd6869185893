import { DataError, DomainError, type LabelMap } from "@materiome/core";
import { contingency } from "./contingency.ts";
import { requireSameSize } from "./sameSize.ts";

export interface PanopticQuality {
  /** Mean IoU of matched regions × F1 of matching = Σ IoU / (TP + ½FP + ½FN). */
  readonly quality: number;
  /** Mean IoU of the matched regions; null where none match. */
  readonly segmentation: number | null;
  /** TP / (TP + ½FP + ½FN). */
  readonly recognition: number;
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
}

/**
 * Panoptic quality of two sets of regions: pairs with IoU above ½ match, which makes every match unique.
 *
 * @param predicted - regions 1 … n; 0 is no region
 * @param truth - likewise, same size
 * @throws ShapeError for maps of different size; DataError where neither holds a region
 * @see A. Kirillov et al., CVPR 2019, doi:10.1109/CVPR.2019.00963
 * @example
 * const { quality, falseNegatives } = panopticQuality(predicted, truth);
 */
export function panopticQuality(predicted: LabelMap, truth: LabelMap): PanopticQuality {
  const { ious, nPredicted, nTrue } = matches("panopticQuality", predicted, truth);
  const truePositives = ious.length;
  const sum = ious.reduce((a, b) => a + b, 0);
  const weight = (nPredicted + nTrue) / 2; // = TP + ½FP + ½FN
  return {
    quality: sum / weight,
    segmentation: truePositives === 0 ? null : sum / truePositives,
    recognition: truePositives / weight,
    truePositives,
    falsePositives: nPredicted - truePositives,
    falseNegatives: nTrue - truePositives,
  };
}

export interface AveragePrecision {
  /** Mean over the thresholds. */
  readonly mean: number;
  /** TP / (TP + FP + FN) where regions match at an IoU above the threshold. */
  readonly byThreshold: readonly { readonly iou: number; readonly precision: number }[];
}

export interface AveragePrecisionOptions {
  /** IoU above which regions match, each in ½ … 1. @defaultValue 0.5, 0.55, … 0.95 */
  readonly thresholds?: readonly number[] | undefined;
}

/**
 * Average precision of two sets of regions, TP / (TP + FP + FN), at one or more IoU thresholds.
 *
 * This is the figure that cell and grain segmenters report; it ranks no confidences, unlike the area under a
 * precision–recall curve that detection benchmarks call by the same name.
 *
 * @throws ShapeError for maps of different size; DataError where neither holds a region; DomainError for a threshold outside ½ … 1
 * @see J. C. Caicedo et al., Nature Methods 16, 1247 (2019), doi:10.1038/s41592-019-0612-7
 * @example
 * const { mean } = averagePrecision(predicted, truth);
 */
export function averagePrecision(
  predicted: LabelMap,
  truth: LabelMap,
  options: AveragePrecisionOptions = {},
): AveragePrecision {
  const thresholds = options.thresholds ?? Array.from({ length: 10 }, (_, k) => (50 + 5 * k) / 100);
  if (thresholds.length === 0 || !thresholds.every((iou) => iou >= 0.5 && iou <= 1)) {
    throw new DomainError(
      `averagePrecision: thresholds must lie in 0.5 … 1 (below, a region could match two), at least one, got [${thresholds.join(", ")}]`,
    );
  }
  const { ious, nPredicted, nTrue } = matches("averagePrecision", predicted, truth);
  const byThreshold = thresholds.map((iou) => {
    const n = ious.filter((value) => value > iou || value === 1).length;
    return { iou, precision: n / (nPredicted + nTrue - n) };
  });
  return { mean: byThreshold.reduce((sum, { precision }) => sum + precision, 0) / thresholds.length, byThreshold };
}

/** IoU of all pairs of regions above ½. */
function matches(
  name: string,
  predicted: LabelMap,
  truth: LabelMap,
): { readonly ious: readonly number[]; readonly nPredicted: number; readonly nTrue: number } {
  requireSameSize(name, predicted, truth);
  const table = contingency(predicted, truth);
  const nRegions = (areas: ReadonlyMap<number, number>): number => areas.size - (areas.has(0) ? 1 : 0);
  const nPredicted = nRegions(table.firstArea);
  const nTrue = nRegions(table.secondArea);
  if (nPredicted + nTrue === 0) {
    throw new DataError(`${name}: both maps are 0 everywhere; give label maps with regions 1 … n`);
  }
  const ious: number[] = [];
  for (const [k, both] of table.count.entries()) {
    const a = table.first[k]!; // one entry per pair
    const b = table.second[k]!;
    if (a === 0 || b === 0) continue;
    const iou = both / ((table.firstArea.get(a) ?? 0) + (table.secondArea.get(b) ?? 0) - both);
    if (iou > 0.5) ious.push(iou);
  }
  return { ious, nPredicted, nTrue };
}
