import { DataError, DomainError, type ImageBatch } from "@materiome/core";
import type { Normalisation } from "../training/normalisation.ts";

/**
 * Weight of each class: `balanced` by 1 / √(share of the class), mean 1 over the training images. Of values all 1.
 *
 * @param labelled - training images of each class
 * @throws DataError for a class without images; DomainError for weights below 0
 */
export function labelWeightsOf(
  who: string,
  kind: "classes" | "values",
  labels: readonly string[],
  labelled: Float64Array,
  classWeights: "balanced" | "none" | Readonly<Record<string, number>>,
): number[] {
  if (kind === "values") return labels.map(() => 1);
  const absent = labels.filter((_, c) => !(labelled[c]! > 0)); // one per label
  if (absent.length > 0) {
    throw new DataError(
      `${who}: no training image is of class ${absent.map((label) => `"${label}"`).join(", ")}; add some, or leave the class out`,
    );
  }
  if (labels.length < 2) {
    throw new DataError(`${who}: only the class "${labels.join()}" is given; there is nothing to tell apart`);
  }
  if (classWeights === "none") return labels.map(() => 1);
  if (classWeights === "balanced") {
    const total = labelled.reduce((a, b) => a + b, 0);
    const roots = Array.from(labelled, (n) => Math.sqrt(total / n));
    const mean = roots.reduce((sum, root, c) => sum + (root * labelled[c]!) / total, 0); // one per label
    return roots.map((root) => root / mean);
  }
  const unknown = Object.keys(classWeights).find((label) => !labels.includes(label));
  if (unknown !== undefined) {
    throw new DomainError(
      `${who}: classWeights names "${unknown}", which is no class; classes are ${labels.join(", ")}`,
    );
  }
  return labels.map((label) => {
    const weight = classWeights[label] ?? 1;
    if (weight >= 0 && Number.isFinite(weight)) return weight;
    throw new DomainError(`${who}: classWeights.${label} must be a number of at least 0, got ${weight}`);
  });
}

/** Collects mean and deviation of each value over the images where it is known; 0 and 1 of classes. */
export function valueScale(
  k: number,
  kind: "classes" | "values",
): {
  readonly add: (batch: ImageBatch) => void;
  readonly result: (who: string, labels: readonly string[]) => Normalisation;
} {
  const values = Array.from({ length: k }, (): number[] => []);
  return {
    add({ y, weights, known }) {
      if (kind === "classes") return;
      for (let i = 0; i < y.length; i++) {
        if (known?.[i] !== 0 && weights[Math.floor(i / k)]! > 0) values[i % k]!.push(y[i]!); // k values an image
      }
    },
    result(who, labels) {
      if (kind === "classes") return { mean: new Array<number>(k).fill(0), deviation: new Array<number>(k).fill(1) };
      const mean = values.map((known) => known.reduce((sum, value) => sum + value, 0) / known.length);
      const deviation = values.map((known, c) =>
        Math.sqrt(known.reduce((sum, value) => sum + (value - mean[c]!) ** 2, 0) / known.length),
      ); // one mean each
      for (const [c, label] of labels.entries()) {
        const found = values[c]!; // one per label
        if (found.length === 0) throw new DataError(`${who}: "${label}" is known of no training image`);
        if (!Number.isFinite(mean[c])) {
          throw new DataError(`${who}: "${label}" of a training image is not a finite number; mark it as unknown`);
        }
        if (!(deviation[c]! > 1e-12 * Math.abs(mean[c]!))) {
          throw new DataError(`${who}: "${label}" is ${mean[c]} in every training image; there is nothing to learn`);
        }
      }
      return { mean, deviation };
    },
  };
}
