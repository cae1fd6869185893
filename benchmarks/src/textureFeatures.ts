import { createMatrix, type FeatureMatrix, type Raster } from "@materiome/core";
import { greyCooccurrence, haralickFeatures, localBinaryPatterns } from "@materiome/microstructure/statistics";

/** Classical texture of grey images: quantiles of grey, co-occurrence at four distances and directions, local binary patterns at three radii. */
export function textureFeatures(images: readonly Raster<Float32Array>[]): FeatureMatrix {
  const rows = images.map((image) => Object.entries(featuresOf(image)));
  const names = rows[0]?.map(([name]) => name) ?? [];
  const data = Float64Array.from(rows.flatMap((row) => row.map(([, value]) => value)));
  return {
    ...createMatrix(images.length, names.length, data),
    features: names.map((name) => ({ name, unit: "", source: ["image"] })),
  };
}

function featuresOf(image: Raster<Float32Array>): Record<string, number> {
  const sorted = image.data.slice().sort();
  const n = sorted.length;
  const mean = sorted.reduce((a, b) => a + b, 0) / n;
  const features: Record<string, number> = {
    mean,
    deviation: Math.sqrt(sorted.reduce((sum, v) => sum + (v - mean) ** 2, 0) / n),
  };
  for (const q of [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99]) {
    features[`quantile ${q}`] = sorted[Math.floor(q * (n - 1))] ?? Number.NaN;
  }
  for (const { distancePx, angleDeg, matrix } of greyCooccurrence(image, { distancesPx: [1, 2, 4, 8] })) {
    for (const [name, value] of Object.entries(haralickFeatures(matrix))) {
      features[`${name} ${distancePx} px ${angleDeg}°`] = value;
    }
  }
  for (const [radiusPx, nPoints] of [
    [1, 8],
    [2, 12],
    [4, 16],
  ] as const) {
    const { histogram } = localBinaryPatterns(image, { radiusPx, nPoints });
    for (const [code, share] of histogram.entries()) features[`pattern ${code} at ${radiusPx} px`] = share;
  }
  return features;
}
