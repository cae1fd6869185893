// Fit and prediction time and test R² of gradient boosting for regression against scikit-learn and XGBoost (`hist`) on the same rows,
// in turns; the peers with two threads, ours with one, since one fit runs in one thread.
// Run: node --import ./tools/testing/register-typescript.mjs --conditions=@materiome/source benchmarks/src/boostingRegression.ts
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { closeWorkers, createRandom, type FeatureMatrix } from "@materiome/core";
import { createGradientBoosting } from "@materiome/forward";
import { median } from "./averages.ts";
import { hasOption, numberOptions, runAsCommand } from "./commandLine.ts";
import { listNumbers } from "./listNumbers.ts";
import { type Provenance, provenance, provenanceLine } from "./provenance.ts";
import { pythonPeer } from "./pythonPeer.ts";

export interface BoostingRegressionOptions {
  /** @defaultValue 10 000 */
  readonly rows?: number;
  /** @defaultValue 100 */
  readonly features?: number;
  /** @defaultValue 300 */
  readonly rounds?: number;
  /** @defaultValue 3 */
  readonly repeats?: number;
  /** @defaultValue 1 */
  readonly seed?: number;
  /** Leaves the peers out. @defaultValue false */
  readonly isAlone?: boolean;
}

interface Timing {
  readonly fit: number;
  readonly predict: number;
  readonly r2: number;
}

interface Peers {
  readonly sklearn: Timing;
  readonly xgboost: Timing | null;
  readonly versions: Readonly<Record<string, string>>;
}

interface Summary {
  readonly name: string;
  readonly threads: number;
  readonly fit: readonly number[];
  readonly predict: readonly number[];
  readonly r2: number;
}

export interface BoostingRegressionBenchmark extends Provenance {
  readonly suite: "speed";
  readonly case: "boosting-regression";
  readonly metric: "fit seconds";
  readonly value: number;
  readonly ours: Summary;
  readonly peers: readonly Summary[];
  readonly baseline: readonly { readonly name: string; readonly value: number }[];
  /** Median of ours over the median of each peer, in the order of `peers`, and the most that is aimed at. */
  readonly ratios: readonly {
    readonly name: string;
    readonly fit: number;
    readonly predict: number;
    readonly aim: number;
  }[];
  readonly size: { readonly rows: number; readonly features: number; readonly rounds: number; readonly leaves: 31 };
  readonly seed: number;
}

const TEST_ROWS = 5000;
const PEER_THREADS = 2;
const AIMS = { sklearn: 1.0, xgboost: 2.0 } as const;
const NAMES = { sklearn: "scikit-learn HistGradientBoostingRegressor", xgboost: "XGBoost hist" } as const;

export async function benchmarkBoostingRegression(
  options: BoostingRegressionOptions = {},
): Promise<BoostingRegressionBenchmark> {
  const { rows = 10_000, features = 100, rounds = 300, repeats = 3, seed = 1, isAlone = false } = options;
  const { x, y } = makeRows(rows + TEST_ROWS, features, seed);
  const folder = mkdtempSync(join(tmpdir(), "materiome-boosting-"));
  const file = join(folder, "rows.f64");
  const joined = new Float64Array((rows + TEST_ROWS) * (features + 1));
  for (let i = 0; i < rows + TEST_ROWS; i++) {
    joined.set(x.data.subarray(i * features, (i + 1) * features), i * (features + 1));
    joined[i * (features + 1) + features] = y[i] as number; // one a row
  }
  writeFileSync(file, new Uint8Array(joined.buffer));
  const train: FeatureMatrix = { ...x, rows, data: x.data.slice(0, rows * features) };
  const values = { rows, columns: 1, data: y.slice(0, rows) };
  const boosting = createGradientBoosting({ nRounds: rounds, minSamplesLeaf: 20, folds: 0 });
  const own: Timing[] = [];
  const peers: Peers[] = [];
  try {
    for (let k = 0; k < repeats; k++) {
      const started = performance.now();
      const random = createRandom(seed).fork(k);
      const model = await boosting.fit(train, { kind: "regression", values, units: [""] }, { random, threads: 1 });
      const fitted = performance.now();
      const { mean } = model.predictSync(x);
      const done = performance.now();
      const r2 = rSquared(y.subarray(rows), mean.data.subarray(rows));
      own.push({ fit: (fitted - started) / 1000, predict: (done - fitted) / 1000, r2 });
      const args = [file, rows, TEST_ROWS, features, rounds, PEER_THREADS];
      const peer = isAlone ? undefined : pythonPeer<Peers>("./boostingRegression_peer.py", args);
      if (peer !== undefined) peers.push(peer);
    }
  } finally {
    rmSync(folder, { recursive: true });
    await closeWorkers();
  }
  const ours = summaryOf("ours", 1, own);
  const others = (["sklearn", "xgboost"] as const).flatMap((key) => {
    const timings = peers.flatMap((peer) => peer[key] ?? []);
    return timings.length === 0 ? [] : [{ key, summary: summaryOf(NAMES[key], PEER_THREADS, timings) }];
  });
  return {
    suite: "speed",
    case: "boosting-regression",
    metric: "fit seconds",
    value: median(ours.fit),
    ours,
    peers: others.map(({ summary }) => summary),
    baseline: others.map(({ summary: { name, fit } }) => ({ name, value: median(fit) })),
    ratios: others.map(({ key, summary: { name, fit, predict } }) => ({
      name,
      fit: median(ours.fit) / median(fit),
      predict: median(ours.predict) / median(predict),
      aim: AIMS[key],
    })),
    size: { rows, features, rounds, leaves: 31 },
    seed,
    ...provenance(peers[0]?.versions ?? {}),
  };
}

function summaryOf(name: string, threads: number, timings: readonly Timing[]): Summary {
  return {
    name,
    threads,
    fit: timings.map(({ fit }) => fit),
    predict: timings.map(({ predict }) => predict),
    r2: timings[0]?.r2 ?? Number.NaN,
  };
}

/** Correlated features, of which six decide about the target, with noise of a fifth of its variance. */
function makeRows(n: number, d: number, seed: number): { readonly x: FeatureMatrix; readonly y: Float64Array } {
  const random = createRandom(seed).fork("rows");
  const data = new Float64Array(n * d);
  const y = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const common = random.normal();
    for (let f = 0; f < d; f++) data[i * d + f] = (f % 3 === 0 ? common : 0) + random.normal();
    const at = (f: number): number => data[i * d + (f % d)] as number; // f % d < d
    const score = at(0) + Math.sin(2 * at(1)) * at(2) + (at(3) > 0.6 ? 1 : 0) - Math.abs(at(4)) + 0.5 * at(5);
    y[i] = score + 0.8 * random.normal();
  }
  const features = Array.from({ length: d }, (_, f) => ({ name: `x${f}`, unit: "", source: [`x${f}`] }));
  return { x: { data, rows: n, columns: d, features }, y };
}

function rSquared(actual: Float64Array, predicted: Float64Array): number {
  const mean = actual.reduce((sum, v) => sum + v, 0) / actual.length;
  let [residual, total] = [0, 0];
  for (const [i, v] of actual.entries()) {
    residual += (v - (predicted[i] as number)) ** 2; // same length
    total += (v - mean) ** 2;
  }
  return 1 - residual / total;
}

function print({ size, ours, peers, ratios, ...rest }: BoostingRegressionBenchmark): void {
  console.log(
    `gradient boosting for regression, ${size.rows} × ${size.features}, ${size.rounds} rounds, ${size.leaves} leaves`,
  );
  for (const { name, threads, fit, predict, r2 } of [ours, ...peers]) {
    const times = `fit ${listNumbers(fit, 2)} s, predict ${listNumbers(predict, 2)} s`;
    console.log(`  ${name} (${threads} thread${threads > 1 ? "s" : ""}): ${times}, test R² ${r2.toFixed(4)}`);
  }
  if (peers.length === 0) console.log("  peers absent or left out: no ratio");
  for (const { name, fit, predict, aim } of ratios) {
    console.log(`  ratio to ${name} ${fit.toFixed(3)} fit (aim ≤ ${aim.toFixed(1)}), ${predict.toFixed(3)} predict`);
  }
  console.log(`  ${provenanceLine(rest)}`);
}

await runAsCommand(
  import.meta.url,
  () =>
    benchmarkBoostingRegression({
      ...numberOptions(["rows", "features", "rounds", "repeats", "seed"]),
      isAlone: hasOption("alone"),
    }),
  print,
);
