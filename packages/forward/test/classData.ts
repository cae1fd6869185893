import { type Classes, createRandom, type FeatureMatrix, type RunContext } from "@materiome/core";
import { type ClassificationModel, reader } from "@materiome/forward";
import { features } from "./data.ts";

export const LABELS = ["matrix", "precipitate", "pore"];

export const run = (seed = 1, threads = 1): RunContext => ({ random: createRandom(seed), threads });

export function classes(codes: ArrayLike<number>, more: Partial<Classes> = {}): Classes {
  const all = Int32Array.from(codes);
  return { kind: "classification", codes: all, labels: LABELS.slice(0, Math.max(...all) + 1), ...more };
}

/** Classes by two of four noisy features, values exact in single precision. */
export function blobs(n: number, seed: number, nClasses = 3): { x: FeatureMatrix; y: Classes } {
  const random = createRandom(seed);
  const codes = Array.from({ length: n }, () => random.int(nClasses));
  const data = codes.flatMap((c) => [c + random.normal(), -c + random.normal(), random.normal(), random.normal()]);
  return { x: features(n, 4, Float32Array.from(data)), y: classes(codes) };
}

export function planesOf(x: FeatureMatrix): Float32Array[] {
  return Array.from({ length: x.columns }, (_, f) =>
    Float32Array.from({ length: x.rows }, (_, i) => x.data[i * x.columns + f]),
  );
}

export interface StoredClassifier {
  readonly version: number;
  readonly params: { readonly labels: string[] };
  readonly state: Record<string, Record<string, unknown>>;
}

export const storedOf = (model: ClassificationModel): StoredClassifier =>
  JSON.parse(JSON.stringify(model)) as StoredClassifier;

/** The model read back after `change` was made to its file. */
export function readChanged(
  model: ClassificationModel,
  change: (stored: StoredClassifier) => unknown,
): Promise<unknown> {
  const stored = storedOf(model);
  change(stored);
  return reader.read(stored, reader);
}
