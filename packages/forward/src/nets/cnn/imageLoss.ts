import { softmax } from "../unet/pixelLoss.ts";

/** What a loss over a batch of images is made of; parts of a batch computed apart add up to it. */
export interface ImageLossSettings {
  readonly kind: "classes" | "values";
  /** Weight of each class. */
  readonly labelWeights: readonly number[];
  /** Per output, Σ over the batch of the weights where it is known; of classes all alike, labels weighted. At least a hair above 0. */
  readonly totals: readonly number[];
}

/** Totals of a batch for `imageLoss`; 1 where nothing is known. */
export function imageLossTotals(
  kind: ImageLossSettings["kind"],
  labelWeights: readonly number[],
  y: Float32Array,
  weights: Float32Array,
): number[] {
  const k = labelWeights.length;
  const sums = new Array<number>(k).fill(0);
  for (let i = 0; i < y.length; i++) {
    const c = i % k;
    sums[c]! += weights[i]! * (kind === "classes" ? labelWeights[c]! * y[i]! : 1); // one per output
  }
  const total = sums.reduce((a, b) => a + b, 0);
  return sums.map((sum) => (kind === "classes" ? total : sum) || 1);
}

/**
 * Loss of some images of a batch and its gradient by the outputs: weighted mean over images of the cross entropy with classes,
 * or mean over outputs of the mean squared error where they are known.
 *
 * @param outputs - [images, k], replaced by probabilities where there are such
 * @param y - [images, k]
 * @param weights - [images, k], 0 where nothing is known; of classes the same for all k
 * @param gradient - [images, k], written
 */
export function imageLoss(
  { kind, labelWeights, totals }: ImageLossSettings,
  outputs: Float32Array,
  y: Float32Array,
  weights: Float32Array,
  gradient: Float32Array,
): number {
  const k = totals.length;
  let loss = 0;
  for (let at = 0; at < outputs.length; at += k) {
    if (kind === "values") {
      for (let c = 0; c < k; c++) {
        const share = weights[at + c]! / (k * totals[c]!); // c < k
        const off = outputs[at + c]! - y[at + c]!;
        loss += share * off * off;
        gradient[at + c] = 2 * share * off;
      }
      continue;
    }
    softmax(k, outputs, at);
    let sum = 0;
    for (let c = 0; c < k; c++) {
      const label = labelWeights[c]! * y[at + c]! * (weights[at + c]! / totals[c]!); // c < k
      sum += label;
      if (label > 0) loss -= label * Math.log(Math.max(outputs[at + c]!, 1e-12));
      gradient[at + c] = -label;
    }
    for (let c = 0; c < k; c++) gradient[at + c]! += sum * outputs[at + c]!;
  }
  return loss;
}
