import { type BatchTarget, type ImageBatch, ShapeError } from "@materiome/core";
import { oneHot } from "../kernels/index.ts";
import type { Patch } from "./patch.ts";

/** The first target of every batch: the classes. */
export function classTarget(classes: readonly string[]): BatchTarget {
  return { name: "class", kind: "classes", labels: classes };
}

/** Puts patches of one size into a batch: one-hot classes, then the further values. */
export function patchBatch(patches: readonly Patch[], classWeights: Float64Array): ImageBatch {
  const [first] = patches;
  if (first === undefined) throw new ShapeError("patchBatch: a batch needs at least one patch");
  const { width, height, channels } = first.image;
  const nClasses = classWeights.length;
  const nValues = first.values?.channels ?? 0;
  const stride = nClasses + nValues;
  const size = width * height;
  const x = new Float32Array(patches.length * size * channels);
  const y = new Float32Array(patches.length * size * stride);
  const weights = new Float32Array(patches.length * size);
  for (const [k, { image, codes, values }] of patches.entries()) {
    x.set(image.data, k * size * channels);
    const targets = y.subarray(k * size * stride, (k + 1) * size * stride);
    const weight = weights.subarray(k * size, (k + 1) * size);
    oneHot(size, nClasses, stride, codes.data, classWeights, targets, weight);
    if (values === undefined) continue;
    for (let i = 0; i < size; i++) {
      if (codes.data[i]! >= nClasses) continue; // size pixels, nValues values each, here and below
      for (let c = 0; c < nValues; c++) targets[i * stride + nClasses + c] = values.data[i * nValues + c]!;
    }
  }
  const shape = [patches.length, height, width, channels] as const;
  return { shape, x, yShape: [patches.length, height, width, stride], y, weights };
}
