import { createRandom, type FeatureMatrix, type Random, type Targets } from "@materiome/core";
import {
  createSymbolicLaw,
  type ForwardModel,
  type SymbolicLaw,
  type SymbolicLawOptions,
  symbolicLawOf,
} from "@materiome/forward";
import { expect } from "vitest";

export interface LawData {
  readonly x: FeatureMatrix;
  readonly y: Targets;
}

/** Rows of drawn features with units, and a target of them with noise. */
export function lawData(
  n: number,
  columns: Readonly<Record<string, readonly [unit: string, low: number, high: number]>>,
  target: (row: readonly number[]) => number,
  options: { readonly noise: number; readonly unit: string; readonly seed?: number },
): LawData {
  const random: Random = createRandom(options.seed ?? 1);
  const list = Object.entries(columns);
  const rows = Array.from({ length: n }, () => list.map(([, [, low, high]]) => low + (high - low) * random.next()));
  const values = rows.map((row) => target(row) + options.noise * random.normal());
  return {
    x: {
      rows: n,
      columns: list.length,
      data: Float64Array.from(rows.flat()),
      features: list.map(([name, [unit]]) => ({ name, unit, source: [name] })),
    },
    y: {
      kind: "regression",
      values: { rows: n, columns: 1, data: Float64Array.from(values) },
      units: [options.unit],
    },
  };
}

export async function lawOf(
  { x, y }: LawData,
  options: SymbolicLawOptions = {},
): Promise<{ readonly model: ForwardModel; readonly law: SymbolicLaw }> {
  const model = await createSymbolicLaw({ resamples: 0, mostLevel: 1, mostTerms: 2, folds: 4, ...options }).fit(x, y, {
    random: createRandom(7),
    threads: 1,
  });
  const law = symbolicLawOf(model.report);
  if (law === undefined) throw new Error("the report holds no law");
  return { model, law };
}

/** The true value lies within three standard errors. */
export function expectNear(law: SymbolicLaw, constant: number, truth: number): void {
  const { value, standardError } = law.constants[constant]!; // the law has it
  expect(standardError).toBeGreaterThan(0);
  expect(Math.abs(value - truth)).toBeLessThan(3 * standardError);
}
