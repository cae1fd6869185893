import type { BatchTarget } from "@materiome/core";

/** What a loss over a batch is made of; parts of a batch computed apart add up to it. */
export interface LossSettings {
  readonly targets: readonly BatchTarget[];
  /** Weight of each class or label in the order of channels. */
  readonly labelWeights: readonly number[];
  /** Weight of the Dice loss of classes and presences beside the mean over pixels. */
  readonly diceWeight: number;
  /** Σ over the batch of the weight of pixels, per target (classes weighted). */
  readonly totals: readonly number[];
  /** Images of the batch with any weight. */
  readonly labelledImages: number;
}

/** Σ of pixel weights times label weights per target over a batch. */
export function lossTotals(
  targets: readonly BatchTarget[],
  labelWeights: readonly number[],
  y: Float32Array,
  weights: Float32Array,
): number[] {
  const outputs = labelWeights.length;
  let start = 0;
  return targets.map(({ kind, labels }) => {
    let total = 0;
    for (let p = 0; p < weights.length; p++) {
      const w = weights[p]!; // p < length
      if (w !== 0) total += w * targetWeight(kind, labels.length, labelWeights, start, y, p * outputs);
    }
    start += labels.length;
    return total;
  });
}

function targetWeight(
  kind: BatchTarget["kind"],
  n: number,
  labelWeights: readonly number[],
  start: number,
  y: Float32Array,
  at: number,
): number {
  if (kind !== "classes") return 1;
  let sum = 0;
  for (let c = 0; c < n; c++) sum += labelWeights[start + c]! * y[at + start + c]!; // channels of this target
  return sum;
}

export function labelledImages(images: number, weights: Float32Array): number {
  const size = weights.length / images;
  let count = 0;
  for (let i = 0; i < images; i++) if (weights.subarray(i * size, (i + 1) * size).some((w) => w > 0)) count++;
  return count;
}

/** Added to both sides of a Dice quotient, in pixels: absent classes and their absence agree. */
const SMOOTH = 1;

/**
 * Loss of some images of a batch and its gradient by the outputs: per target the weighted mean over pixels of cross entropy (classes),
 * logistic loss (presence, mean over labels) or squared error (values, mean over channels), plus `diceWeight` times the mean over
 * images and labels of 1 - (2 Σ w p y + 1) / (Σ w p + Σ w y + 1).
 *
 * @param outputs - [images, pixels, k], replaced by probabilities where there are such
 * @param gradient - [images, pixels, k], written
 */
export function pixelLoss(
  settings: LossSettings,
  images: number,
  outputs: Float32Array,
  y: Float32Array,
  weights: Float32Array,
  gradient: Float32Array,
): number {
  const { targets, labelWeights, diceWeight, totals } = settings;
  const k = labelWeights.length;
  const pixels = weights.length / images;
  let loss = 0;
  gradient.fill(0);
  let start = 0;
  for (const [t, { kind, labels }] of targets.entries()) {
    const n = labels.length;
    const total = totals[t]!; // one per target
    for (let p = 0; p < images * pixels; p++) {
      const at = p * k + start;
      if (kind === "classes") softmax(n, outputs, at);
      else if (kind === "presence") logistic(n, outputs, at);
      const w = weights[p]!; // p < images · pixels
      if (w === 0) continue;
      const share = w / total;
      if (kind === "classes") {
        let sum = 0;
        for (let c = 0; c < n; c++) {
          const label = labelWeights[start + c]! * y[at + c]!; // channels of this target
          sum += label;
          if (label > 0) loss -= share * label * Math.log(Math.max(outputs[at + c]!, 1e-12));
        }
        for (let c = 0; c < n; c++) {
          gradient[at + c] = share * (sum * outputs[at + c]! - labelWeights[start + c]! * y[at + c]!);
        }
      } else {
        for (let c = 0; c < n; c++) {
          const value = outputs[at + c]!; // channels of this target
          const wanted = y[at + c]!;
          const factor = (share * labelWeights[start + c]!) / n;
          if (kind === "presence") {
            loss -=
              factor *
              (wanted * Math.log(Math.max(value, 1e-12)) + (1 - wanted) * Math.log(Math.max(1 - value, 1e-12)));
            gradient[at + c] = factor * (value - wanted);
          } else {
            loss += factor * (value - wanted) ** 2;
            gradient[at + c] = 2 * factor * (value - wanted);
          }
        }
      }
    }
    if (diceWeight > 0 && kind !== "values") {
      const parts = settings.labelledImages * n;
      for (let i = 0; i < images; i++) {
        loss +=
          diceWeight * diceOf(kind, n, k, pixels, i * pixels, start, parts, diceWeight, outputs, y, weights, gradient);
      }
    }
    start += n;
  }
  return loss;
}

/** Dice loss of one image over `parts`; adds its gradient. */
function diceOf(
  kind: "classes" | "presence",
  n: number,
  k: number,
  pixels: number,
  firstPixel: number,
  start: number,
  parts: number,
  diceWeight: number,
  probabilities: Float32Array,
  y: Float32Array,
  weights: Float32Array,
  gradient: Float32Array,
): number {
  const both = new Float64Array(n);
  const sum = new Float64Array(n);
  let weight = 0;
  for (let p = firstPixel; p < firstPixel + pixels; p++) {
    const w = weights[p]!; // inside the image
    weight += w;
    if (w === 0) continue;
    for (let c = 0; c < n; c++) {
      const q = p * k + start + c;
      both[c]! += w * probabilities[q]! * y[q]!; // c < n
      sum[c]! += w * (probabilities[q]! + y[q]!);
    }
  }
  if (weight === 0) return 0;
  let loss = 0;
  for (let c = 0; c < n; c++) loss += (1 - (2 * both[c]! + SMOOTH) / (sum[c]! + SMOOTH)) / parts;
  for (let p = firstPixel; p < firstPixel + pixels; p++) {
    const w = weights[p]!; // inside the image
    if (w === 0) continue;
    let mean = 0;
    const at = p * k + start;
    for (let pass = 0; pass < 2; pass++) {
      for (let c = 0; c < n; c++) {
        const q = probabilities[at + c]!; // channels of this target
        const below = sum[c]! + SMOOTH;
        const slope =
          (((-diceWeight * w) / parts) * (2 * y[at + c]! * below - (2 * both[c]! + SMOOTH))) / (below * below);
        if (pass === 0) mean += q * slope;
        else gradient[at + c]! += kind === "classes" ? q * (slope - mean) : slope * q * (1 - q);
      }
    }
  }
  return loss;
}

export function softmax(n: number, values: Float32Array, at: number): void {
  let largest = values[at]!; // n ≥ 1
  for (let c = 1; c < n; c++) largest = Math.max(largest, values[at + c]!);
  let sum = 0;
  for (let c = 0; c < n; c++) sum += values[at + c] = Math.exp(values[at + c]! - largest);
  for (let c = 0; c < n; c++) values[at + c]! /= sum;
}

export function logistic(n: number, values: Float32Array, at: number): void {
  for (let c = 0; c < n; c++) values[at + c] = 1 / (1 + Math.exp(-values[at + c]!)); // channels of this target
}
