import { readFileSync } from "node:fs";
import { createMatrix, createRandom, type FeatureMatrix, type Targets } from "@materiome/core";

export function features(rows: number, columns: number, data: ArrayLike<number>): FeatureMatrix {
  return {
    ...createMatrix(rows, columns, Float64Array.from(data)),
    features: Array.from({ length: columns }, (_, f) => ({ name: `x${f}`, unit: "", source: [`x${f}`] })),
  };
}

export function targets(values: ArrayLike<number>, more: Partial<Targets> = {}): Targets {
  const data = Float64Array.from(values);
  return { kind: "regression", values: createMatrix(data.length, 1, data), units: ["MPa"], ...more };
}

/** Smooth function of three of d features, with noise of standard deviation `noise`. */
export function smooth(n: number, d: number, seed: number, noise = 0.3): { x: FeatureMatrix; y: Targets } {
  const random = createRandom(seed);
  const data = Float64Array.from({ length: n * d }, () => random.next());
  const y = Float64Array.from({ length: n }, (_, i) => {
    const [a, b, c] = [data[i * d], data[i * d + 1], data[i * d + 2]];
    return 4 * a + 6 * (b - 0.5) ** 2 + 2 * a * c + noise * random.normal();
  });
  return { x: features(n, d, data), y: targets(y) };
}

export function rSquared(actual: ArrayLike<number>, predicted: ArrayLike<number>): number {
  const y = Array.from(actual);
  const mean = y.reduce((sum, v) => sum + v, 0) / y.length;
  const residual = y.reduce((sum, v, i) => sum + (v - predicted[i]) ** 2, 0);
  return 1 - residual / y.reduce((sum, v) => sum + (v - mean) ** 2, 0);
}

export interface Goldens {
  readonly source: string;
  readonly friedman: { readonly x: number[]; readonly y: number[]; readonly xTest: number[]; readonly yTest: number[] };
  readonly forests: Record<"forest" | "extraTrees", { readonly r2: number; readonly spread: number }>;
  readonly ridge: {
    readonly alpha: number;
    readonly x: number[];
    readonly y: number[];
    readonly groups: number[];
    readonly new: number[];
    readonly expected: Record<"1" | "2", { predicted: number[]; leaveOneOut: number[]; leaveGroupOut: number[] }>;
    readonly tolerance: number;
  };
}

export function goldens(): Goldens {
  return JSON.parse(readFileSync(new URL("./fixtures/sklearn_goldens.json", import.meta.url), "utf8")) as Goldens;
}
