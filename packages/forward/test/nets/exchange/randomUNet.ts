import { type BatchTarget, createRandom, createRaster, type Raster } from "@materiome/core";
import { createSegmenter, type UNetSegmenter } from "../../../src/nets/unet/unetSegmenter.ts";
import { initialParameters, outputsOf } from "../../../src/nets/unet/unetSpec.ts";

export const phases: BatchTarget = { name: "phase", kind: "classes", labels: ["matrix", "gamma prime", "carbide"] };
export const mixed: readonly BatchTarget[] = [
  phases,
  { name: "edge", kind: "presence", labels: ["edge"] },
  { name: "depth", kind: "values", labels: ["depth"] },
];

/** An untrained U-Net with random weights and statistics, all different from where training begins. */
export function randomUNet(
  options: { channels?: number; filters?: readonly number[]; targets?: readonly BatchTarget[] } = {},
): UNetSegmenter {
  const { channels = 1, filters = [4, 8, 8], targets = [phases] } = options;
  const spec = { channels, filters, outputs: outputsOf(targets) };
  const random = createRandom(3);
  const parameters = Object.fromEntries(
    Object.entries(initialParameters(spec, random)).map(([name, values]) => {
      if (name.endsWith(".filter")) return [name, values];
      return [name, values.map((v) => (v === 0 ? random.normal() / 2 : v * (0.5 + random.next())))];
    }),
  );
  return createSegmenter({
    spec,
    targets,
    normalisation: {
      mean: Array.from({ length: channels }, (_, c) => 30_000.0009 + c),
      deviation: Array.from({ length: channels }, (_, c) => 1.25 + c),
    },
    parameters,
    bestEpoch: 3,
    curve: [{ epoch: 1, trainingLoss: 1.5, validationLoss: 1.25, learningRate: 0.001 }],
    backend: "wasm",
  });
}

/** Noise around the mean of such a network, exact in single precision. */
export function noise(width: number, height: number, channels = 1): Raster<Float32Array> {
  const random = createRandom(`${width} ${height}`);
  const data = Float32Array.from({ length: width * height * channels }, () => 30_000 + 1.5 * random.normal());
  return createRaster(data, width, height, { channels, pixelSizeUm: 0.5 });
}

/** Largest |a − b|; infinite for other lengths or numbers that are none. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let most = a.length === b.length ? 0 : Number.POSITIVE_INFINITY;
  for (let i = 0; i < b.length; i++) {
    const difference = Math.abs(a[i]! - b[i]!);
    most = difference <= most ? most : Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
  }
  return most;
}
