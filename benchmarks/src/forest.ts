// Fit time and test accuracy of the random forest, or extra trees, against scikit-learn on the same rows, in turns.
// Run: node --import ./tools/testing/register-typescript.mjs --conditions=@materiome/source benchmarks/src/forest.ts
// Options: --splitter best|random (extra trees), --rows, --features, --trees, --threads, --repeats, --seed N, --alone, --json
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { closeWorkers, createMatrix, createRandom, type FeatureMatrix } from "@materiome/core";
import { createRandomForest } from "@materiome/forward";
import { median } from "./averages.ts";
import { hasOption, numberOptions, runAsCommand, textOption } from "./commandLine.ts";
import { listNumbers } from "./listNumbers.ts";
import { type Provenance, provenance, provenanceLine } from "./provenance.ts";
import { pythonPeer } from "./pythonPeer.ts";

export interface ForestBenchmarkOptions {
  /** @defaultValue 4000 */
  readonly rows?: number;
  /** @defaultValue 132 */
  readonly features?: number;
  /** @defaultValue 100 */
  readonly trees?: number;
  /** @defaultValue 2 */
  readonly threads?: number;
  /** @defaultValue 3 */
  readonly repeats?: number;
  /** @defaultValue 1 */
  readonly seed?: number;
  /** `random`: extra trees, each on all rows as scikit-learn grows them. @defaultValue "best" */
  readonly splitter?: "best" | "random";
  /** Leaves scikit-learn out. @defaultValue false */
  readonly isAlone?: boolean;
}

export interface ForestBenchmark extends Provenance {
  readonly suite: "speed";
  readonly case: "forest" | "extra-trees";
  readonly metric: "fit seconds";
  readonly value: number;
  readonly seconds: { readonly ours: readonly number[]; readonly peer: readonly number[] };
  readonly baseline: readonly { readonly name: string; readonly value: number }[];
  /** Median of ours over median of scikit-learn's; null where that is not installed. */
  readonly ratio: number | null;
  readonly testR2: { readonly ours: number; readonly peer: number | null };
  readonly size: { readonly rows: number; readonly features: number; readonly trees: number };
  readonly threads: number;
  readonly seed: number;
}

const TEST_ROWS = 1000;

interface Peer {
  readonly seconds: number;
  readonly r2: number;
  readonly sklearn: string;
  readonly numpy: string;
}

export async function benchmarkForest(options: ForestBenchmarkOptions = {}): Promise<ForestBenchmark> {
  const { rows = 4000, features = 132, trees = 100, threads = 2, repeats = 3, seed = 1 } = options;
  const { splitter = "best", isAlone = false } = options;
  const { x, y } = makeRows(rows + TEST_ROWS, features, seed);
  const folder = mkdtempSync(join(tmpdir(), "materiome-forest-"));
  const file = join(folder, "rows.f64");
  const joined = new Float64Array((rows + TEST_ROWS) * (features + 1));
  for (let i = 0; i < rows + TEST_ROWS; i++) {
    joined.set(x.data.subarray(i * features, (i + 1) * features), i * (features + 1));
    joined[i * (features + 1) + features] = y[i] as number;
  }
  writeFileSync(file, new Uint8Array(joined.buffer));
  const train: FeatureMatrix = { ...x, rows, data: x.data.slice(0, rows * features) };
  const test: FeatureMatrix = { ...x, rows: TEST_ROWS, data: x.data.slice(rows * features) };
  const targets = { kind: "regression", values: createMatrix(rows, 1, y.slice(0, rows)), units: [""] } as const;
  const isRandom = splitter === "random";
  const forest = createRandomForest({ nTrees: trees, splitter, ...(isRandom ? { sampling: "all" } : {}) });
  const ours: number[] = [];
  const peers: Peer[] = [];
  let r2 = Number.NaN;
  try {
    for (let k = 0; k < repeats; k++) {
      const started = performance.now();
      const model = await forest.fit(train, targets, { random: createRandom(seed).fork(k), threads });
      ours.push((performance.now() - started) / 1000);
      r2 = rSquared(y.subarray(rows), (await model.predict(test)).mean.data);
      if (!isAlone) {
        const peer = pythonPeer<Peer>("./forest_peer.py", [file, rows, TEST_ROWS, features, trees, threads, splitter]);
        if (peer !== undefined) peers.push(peer);
      }
    }
  } finally {
    rmSync(folder, { recursive: true });
    await closeWorkers();
  }
  const [peer] = peers;
  const value = median(ours);
  const peerValue = median(peers.map((p) => p.seconds));
  return {
    suite: "speed",
    case: isRandom ? "extra-trees" : "forest",
    metric: "fit seconds",
    value,
    seconds: { ours, peer: peers.map((p) => p.seconds) },
    baseline:
      peer === undefined
        ? []
        : [{ name: `scikit-learn ${isRandom ? "ExtraTrees" : "RandomForest"}Regressor`, value: peerValue }],
    ratio: peer === undefined ? null : value / peerValue,
    testR2: { ours: r2, peer: peer?.r2 ?? null },
    size: { rows, features, trees },
    threads,
    seed,
    ...provenance(peer === undefined ? {} : { "scikit-learn": peer.sklearn, numpy: peer.numpy }),
  };
}

/** Correlated features, of which ten carry the target (Friedman's first function and a step), with noise. */
function makeRows(n: number, d: number, seed: number): { readonly x: FeatureMatrix; readonly y: Float64Array } {
  const random = createRandom(seed).fork("rows");
  const data = new Float64Array(n * d);
  const y = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const common = random.next();
    for (let f = 0; f < d; f++) data[i * d + f] = f % 3 === 0 ? 0.5 * common + 0.5 * random.next() : random.next();
    const at = (f: number): number => data[i * d + (f % d)] as number; // f % d < d
    y[i] =
      10 * Math.sin(Math.PI * at(0) * at(1)) +
      20 * (at(2) - 0.5) ** 2 +
      10 * at(3) +
      5 * at(4) +
      (at(5) > 0.6 ? 3 : 0) +
      random.normal();
  }
  const features = Array.from({ length: d }, (_, f) => ({ name: `x${f}`, unit: "", source: [`x${f}`] }));
  return { x: { data, rows: n, columns: d, features }, y };
}

function rSquared(actual: Float64Array, predicted: Float64Array): number {
  const mean = actual.reduce((sum, v) => sum + v, 0) / actual.length;
  let residual = 0;
  let total = 0;
  for (const [i, value] of actual.entries()) {
    residual += (value - (predicted[i] ?? Number.NaN)) ** 2;
    total += (value - mean) ** 2;
  }
  return 1 - residual / total;
}

function print({ size, threads, seconds, testR2, ratio, ...rest }: ForestBenchmark): void {
  console.log(`${rest.case}, ${size.rows} × ${size.features}, ${size.trees} trees, ${threads} threads`);
  console.log(`  ours          ${listNumbers(seconds.ours, 2)} s, test R² ${testR2.ours.toFixed(4)}`);
  console.log(
    testR2.peer === null
      ? "  scikit-learn  absent or left out: no ratio"
      : `  scikit-learn  ${listNumbers(seconds.peer, 2)} s, test R² ${testR2.peer.toFixed(4)}`,
  );
  if (ratio !== null) console.log(`  ratio of medians ${ratio.toFixed(3)}`);
  console.log(`  ${provenanceLine(rest)}`);
}

await runAsCommand(
  import.meta.url,
  () =>
    benchmarkForest({
      ...numberOptions(["rows", "features", "trees", "threads", "repeats", "seed"]),
      splitter: textOption("splitter") === "random" ? "random" : "best",
      isAlone: hasOption("alone"),
    }),
  print,
);
