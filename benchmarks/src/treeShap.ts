// Seconds of exact Shapley values of a forest, both methods, and whether they add up to the predictions.
// Run: node --import ./tools/testing/register-typescript.mjs --conditions=@materiome/source benchmarks/src/treeShap.ts
import { closeWorkers, createMatrix, createRandom, type FeatureMatrix, takeRows } from "@materiome/core";
import { createRandomForest, type ShapleyValues, type TreeShapMethod, treeShap } from "@materiome/forward";
import { median } from "./averages.ts";
import { numberOptions, runAsCommand } from "./commandLine.ts";
import { listNumbers } from "./listNumbers.ts";
import { type Provenance, provenance, provenanceLine } from "./provenance.ts";

export interface TreeShapBenchmarkOptions {
  /** Rows the forest is trained on. @defaultValue 4000 */
  readonly rows?: number;
  /** @defaultValue 132 */
  readonly features?: number;
  /** @defaultValue 100 */
  readonly trees?: number;
  /** Rows explained. @defaultValue 1000 */
  readonly explained?: number;
  /** Background rows of the interventional method. @defaultValue 100 */
  readonly background?: number;
  /** @defaultValue 2 */
  readonly threads?: number;
  /** @defaultValue 3 */
  readonly repeats?: number;
  /** @defaultValue 1 */
  readonly seed?: number;
}

export interface TreeShapBenchmark extends Provenance {
  readonly suite: "speed";
  readonly case: "treeShap";
  readonly metric: "seconds, path-dependent";
  readonly value: number;
  readonly seconds: { readonly pathDependent: readonly number[]; readonly interventional: readonly number[] };
  /** Largest difference of base plus contributions from the prediction. */
  readonly largestError: number;
  readonly size: {
    readonly rows: number;
    readonly features: number;
    readonly trees: number;
    readonly explained: number;
    readonly background: number;
  };
  readonly threads: number;
  readonly seed: number;
}

export async function benchmarkTreeShap(options: TreeShapBenchmarkOptions = {}): Promise<TreeShapBenchmark> {
  const { rows = 4000, features = 132, trees = 100, explained = 1000, background = 100 } = options;
  const { threads = 2, repeats = 3, seed = 1 } = options;
  const random = createRandom(seed).fork("rows");
  const data = Float64Array.from({ length: (rows + explained) * features }, () => random.next());
  const at = (i: number, f: number): number => data[i * features + (f % features)] as number; // f % features < features
  const y = Float64Array.from({ length: rows }, (_, i) => {
    return 10 * Math.sin(Math.PI * at(i, 0) * at(i, 1)) + 20 * (at(i, 2) - 0.5) ** 2 + 10 * at(i, 3) + random.normal();
  });
  const named = Array.from({ length: features }, (_, f) => ({ name: `x${f}`, unit: "", source: [`x${f}`] }));
  const all: FeatureMatrix = { data, rows: rows + explained, columns: features, features: named };
  const train: FeatureMatrix = { ...all, rows, data: data.slice(0, rows * features) };
  const test: FeatureMatrix = { ...all, rows: explained, data: data.slice(rows * features) };
  const targets = { kind: "regression", values: createMatrix(rows, 1, y), units: [""] } as const;
  const seconds: Record<TreeShapMethod, number[]> = { "path-dependent": [], interventional: [] };
  let largestError = 0;
  try {
    const model = await createRandomForest({ nTrees: trees }).fit(train, targets, {
      random: createRandom(seed),
      threads,
    });
    const predicted = model.predictSync(test).mean.data;
    const sample = takeRows(
      train,
      Int32Array.from({ length: background }, (_, k) => k),
    );
    for (let k = 0; k < repeats; k++) {
      for (const method of ["path-dependent", "interventional"] as const) {
        const started = performance.now();
        const found = await treeShap(model, test, method === "interventional" ? sample : train, { method, threads });
        seconds[method].push((performance.now() - started) / 1000);
        largestError = Math.max(largestError, largestDifference(found, predicted));
      }
    }
  } finally {
    await closeWorkers();
  }
  return {
    suite: "speed",
    case: "treeShap",
    metric: "seconds, path-dependent",
    value: median(seconds["path-dependent"]),
    seconds: { pathDependent: seconds["path-dependent"], interventional: seconds.interventional },
    largestError,
    size: { rows, features, trees, explained, background },
    threads,
    seed,
    ...provenance({}),
  };
}

function largestDifference({ base, values }: ShapleyValues, predicted: Float64Array): number {
  let largest = 0;
  for (const [i, value] of predicted.entries()) {
    const row = values.data.subarray(i * values.columns, (i + 1) * values.columns);
    largest = Math.max(largest, Math.abs(row.reduce((sum, v) => sum + v, base) - value));
  }
  return largest;
}

function print({ size, threads, seconds, largestError, ...rest }: TreeShapBenchmark): void {
  console.log(
    `Shapley values of ${size.explained} rows, forest of ${size.trees} trees on ${size.rows} × ${size.features}, ${threads} threads`,
  );
  console.log(`  path-dependent                            ${listNumbers(seconds.pathDependent, 2)} s`);
  console.log(
    `  interventional, ${String(size.background).padStart(5)} background rows      ${listNumbers(seconds.interventional, 2)} s`,
  );
  console.log(`  largest |base + contributions − prediction|  ${largestError.toExponential(1)}`);
  console.log(`  ${provenanceLine(rest)}`);
}

await runAsCommand(
  import.meta.url,
  () =>
    benchmarkTreeShap(
      numberOptions(["rows", "features", "trees", "explained", "background", "threads", "repeats", "seed"]),
    ),
  print,
);
