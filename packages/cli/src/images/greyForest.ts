import { createMatrix, type FeatureMatrix, type Matrix, type Random, type Raster } from "@materiome/core";
import { createRandomForest, createRandomForestClassifier } from "@materiome/forward";

const QUANTILES = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99];

/** Brightness, contrast and how rough an image is, per channel: what a network must know more than. */
export function greyFeatures(images: readonly Raster<Float32Array>[]): FeatureMatrix {
  const rows = images.map((image) => {
    const features: Record<string, number> = {};
    for (let c = 0; c < image.channels; c++) {
      const plane = image.channels === 1 ? image.data : image.data.filter((_, k) => k % image.channels === c);
      for (const [name, value] of Object.entries(planeFeatures(plane, image.width))) features[`${name} ${c}`] = value;
    }
    return features;
  });
  const names = Object.keys(rows[0] ?? {});
  const data = Float64Array.from(rows.flatMap((row) => names.map((name) => row[name] ?? Number.NaN)));
  return {
    ...createMatrix(images.length, names.length, data),
    features: names.map((name) => ({ name, unit: "", source: ["image"] })),
  };
}

function planeFeatures(plane: Float32Array, width: number): Record<string, number> {
  const sorted = plane.slice().sort();
  const mean = sorted.reduce((a, b) => a + b, 0) / sorted.length;
  let [across, down] = [0, 0];
  for (let i = 0; i < plane.length; i++) {
    if (i % width > 0) across += Math.abs((plane[i] as number) - (plane[i - 1] as number)); // inside, here and below
    if (i >= width) down += Math.abs((plane[i] as number) - (plane[i - width] as number));
  }
  return {
    mean,
    deviation: Math.sqrt(sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0) / sorted.length),
    across: across / plane.length,
    down: down / plane.length,
    ...Object.fromEntries(
      QUANTILES.map((q) => [`quantile ${q}`, sorted[Math.floor(q * (sorted.length - 1))] as number]),
    ),
  };
}

interface Split {
  readonly known: readonly number[];
  readonly asked: readonly number[];
}

const N_TREES = 200;

/** As scores call it. */
export const GREY_FOREST = "forest on brightness and contrast";

/** Class probabilities of the images asked for, by a forest of those features. */
export async function forestProbabilities(
  x: FeatureMatrix,
  codes: readonly number[],
  labels: readonly string[],
  { known, asked }: Split,
  random: Random,
): Promise<Matrix> {
  const y = { kind: "classification", codes: Int32Array.from(known, (i) => codes[i] as number), labels } as const; // rows of x
  const forest = await createRandomForestClassifier({ nTrees: N_TREES }).fit(rowsOf(x, known), y, { random });
  return (await forest.predict(rowsOf(x, asked))).probabilities;
}

/** Values of the images asked for, by a forest of those features. */
export async function forestValues(
  x: FeatureMatrix,
  values: readonly number[],
  { known, asked }: Split,
  random: Random,
): Promise<Float64Array> {
  const numbers = createMatrix(
    known.length,
    1,
    Float64Array.from(known, (i) => values[i] as number),
  ); // rows of x
  const forest = await createRandomForest({ nTrees: N_TREES }).fit(
    rowsOf(x, known),
    { kind: "regression", values: numbers, units: [""] },
    { random },
  );
  return Float64Array.from((await forest.predict(rowsOf(x, asked))).mean.data);
}

function rowsOf(x: FeatureMatrix, rows: readonly number[]): FeatureMatrix {
  const data = Float64Array.from(rows.flatMap((i) => [...x.data.subarray(i * x.columns, (i + 1) * x.columns)]));
  return { ...createMatrix(rows.length, x.columns, data), features: x.features };
}
