import { DomainError, type Raster } from "@materiome/core";

export interface UncertaintyMapOptions {
  /**
   * "entropy": −Σ p log p over log nClasses; "margin": 1 − (p₁ − p₂) of the two most probable classes. Both 0 … 1.
   * @defaultValue "entropy"
   */
  readonly measure?: "entropy" | "margin" | undefined;
}

/**
 * How undecided a classifier is about every pixel: 0 certain, 1 all classes alike (margin: two classes alike).
 *
 * @param probabilities - one channel per class, at least two
 * @throws DomainError for one channel
 * @example
 * const doubt = uncertaintyMap(probabilities, { measure: "margin" });
 */
export function uncertaintyMap(
  probabilities: Raster<Float32Array>,
  options: UncertaintyMapOptions = {},
): Raster<Float32Array> {
  const { measure = "entropy" } = options;
  const { width, height, channels, data, pixelSizeUm } = probabilities;
  if (channels < 2) throw new DomainError("uncertaintyMap: expected at least two classes, got one channel");
  const out = new Float32Array(width * height);
  for (let i = 0, k = 0; i < out.length; i++, k += channels) {
    let first = 0;
    let second = 0;
    let entropy = 0;
    for (let c = 0; c < channels; c++) {
      const p = data[k + c]!; // channels values a pixel
      if (p > first) {
        second = first;
        first = p;
      } else if (p > second) second = p;
      if (p > 0) entropy -= p * Math.log(p);
    }
    out[i] = measure === "margin" ? 1 - (first - second) : entropy / Math.log(channels);
  }
  return { data: out, width, height, channels: 1, pixelSizeUm };
}
