// Fit time, marginal likelihood and test accuracy of the Gaussian process against scikit-learn on the same rows, in turns: a
// length-scale for each feature, learned variance and noise, the same number of local searches, no priors.
// Run: node --import ./tools/testing/register-typescript.mjs --conditions=@materiome/source benchmarks/src/gaussianProcess.ts
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { closeWorkers, createMatrix, createRandom, type FeatureMatrix } from "@materiome/core";
import { createGaussianProcess } from "@materiome/forward";
import { median } from "./averages.ts";
import { hasOption, numberOptions, runAsCommand } from "./commandLine.ts";
import { listNumbers } from "./listNumbers.ts";
import { type Provenance, provenance, provenanceLine } from "./provenance.ts";
import { pythonPeer } from "./pythonPeer.ts";

export interface GaussianProcessBenchmarkOptions {
  /** @defaultValue 500 */
  readonly rows?: number;
  /** @defaultValue 10 */
  readonly features?: number;
  /** Searches beyond the first. @defaultValue 3 */
  readonly restarts?: number;
  /** Of ours, and of the peer's linear algebra. @defaultValue 2 */
  readonly threads?: number;
  /** @defaultValue 3 */
  readonly repeats?: number;
  /** @defaultValue 1 */
  readonly seed?: number;
  /** Squared exponential in place of Matérn 5/2. @defaultValue false */
  readonly isRbf?: boolean;
  /** Leaves scikit-learn out. @defaultValue false */
  readonly isAlone?: boolean;
}

interface Fit {
  readonly seconds: number;
  readonly logLikelihood: number;
  readonly r2: number;
}

interface Peer extends Fit {
  readonly sklearn: string;
  readonly numpy: string;
}

export interface GaussianProcessBenchmark extends Provenance {
  readonly suite: "speed";
  readonly case: "gaussianProcess";
  readonly metric: "fit seconds";
  readonly value: number;
  readonly ours: readonly Fit[];
  readonly peer: readonly Fit[];
  readonly baseline: readonly { readonly name: string; readonly value: number }[];
  /** Median of ours over median of scikit-learn's; null where that is not installed. */
  readonly ratio: number | null;
  readonly covariance: "rbf" | "matern52";
  readonly size: { readonly rows: number; readonly features: number; readonly searches: number };
  readonly threads: number;
  readonly seed: number;
}

const TEST_ROWS = 1000;

export async function benchmarkGaussianProcess(
  options: GaussianProcessBenchmarkOptions = {},
): Promise<GaussianProcessBenchmark> {
  const { rows = 500, features = 10, restarts = 3, threads = 2, repeats = 3, seed = 1 } = options;
  const covariance = options.isRbf === true ? "rbf" : "matern52";
  const { x, joined } = makeRows(rows + TEST_ROWS, features, seed);
  const folder = mkdtempSync(join(tmpdir(), "materiome-process-"));
  const file = join(folder, "rows.f64");
  writeFileSync(file, new Uint8Array(joined.buffer));
  const train: FeatureMatrix = { ...x, rows, data: x.data.slice(0, rows * features) };
  const test: FeatureMatrix = { ...x, rows: TEST_ROWS, data: x.data.slice(rows * features) };
  const y = Float64Array.from({ length: rows + TEST_ROWS }, (_, i) => joined[i * (features + 1) + features] as number);
  const targets = { kind: "regression", values: createMatrix(rows, 1, y.slice(0, rows)), units: [""] } as const;
  const learner = createGaussianProcess({
    covariance: { kind: covariance, variance: 1, lengthScale: 1 },
    estimate: "likelihood",
    starts: restarts + 1,
    maxIterations: 15_000,
  });
  const ours: Fit[] = [];
  const peers: Peer[] = [];
  try {
    for (let k = 0; k < repeats; k++) {
      const started = performance.now();
      const model = await learner.fit(train, targets, { random: createRandom(seed).fork(k), threads });
      const seconds = (performance.now() - started) / 1000;
      const { logMarginalLikelihood } = model.report as { readonly logMarginalLikelihood: number };
      const r2 = rSquared(y.subarray(rows), (await model.predict(test)).mean.data);
      ours.push({ seconds, logLikelihood: logMarginalLikelihood, r2 });
      if (options.isAlone !== true) {
        const args = [file, rows, TEST_ROWS, features, restarts, threads, covariance];
        const peer = pythonPeer<Peer>("./gaussianProcess_peer.py", args);
        if (peer !== undefined) peers.push(peer);
      }
    }
  } finally {
    rmSync(folder, { recursive: true });
    await closeWorkers();
  }
  const [peer] = peers;
  const value = median(ours.map((fit) => fit.seconds));
  const peerValue = median(peers.map((fit) => fit.seconds));
  return {
    suite: "speed",
    case: "gaussianProcess",
    metric: "fit seconds",
    value,
    ours,
    peer: peers.map(({ seconds, logLikelihood, r2 }) => ({ seconds, logLikelihood, r2 })),
    baseline: peer === undefined ? [] : [{ name: "scikit-learn GaussianProcessRegressor", value: peerValue }],
    ratio: peer === undefined ? null : value / peerValue,
    covariance,
    size: { rows, features, searches: restarts + 1 },
    threads,
    seed,
    ...provenance(peer === undefined ? {} : { "scikit-learn": peer.sklearn, numpy: peer.numpy }),
  };
}

/** Friedman's first function of five features, the others without effect, noise of standard deviation 1. */
function makeRows(n: number, d: number, seed: number): { readonly x: FeatureMatrix; readonly joined: Float64Array } {
  const random = createRandom(seed).fork("rows");
  const data = Float64Array.from({ length: n * d }, () => random.next());
  const joined = new Float64Array(n * (d + 1));
  for (let i = 0; i < n; i++) {
    const at = (f: number): number => data[i * d + (f % d)] as number; // f % d < d
    joined.set(data.subarray(i * d, (i + 1) * d), i * (d + 1));
    joined[i * (d + 1) + d] =
      10 * Math.sin(Math.PI * at(0) * at(1)) + 20 * (at(2) - 0.5) ** 2 + 10 * at(3) + 5 * at(4) + random.normal();
  }
  const features = Array.from({ length: d }, (_, f) => ({ name: `x${f}`, unit: "", source: [`x${f}`] }));
  return { x: { data, rows: n, columns: d, features }, joined };
}

function rSquared(actual: Float64Array, predicted: Float64Array): number {
  const mean = actual.reduce((sum, v) => sum + v, 0) / actual.length;
  const residual = actual.reduce((sum, v, i) => sum + (v - (predicted[i] as number)) ** 2, 0); // same length
  return 1 - residual / actual.reduce((sum, v) => sum + (v - mean) ** 2, 0);
}

function print({ size, covariance, threads, ours, peer, ratio, ...rest }: GaussianProcessBenchmark): void {
  const line = (name: string, fits: readonly Fit[]): void =>
    console.log(
      `  ${name.padEnd(13)} ${listNumbers(
        fits.map((f) => f.seconds),
        2,
      )} s, log likelihood ${listNumbers(
        fits.map((f) => f.logLikelihood),
        3,
      )}, test R² ${listNumbers(
        fits.map((f) => f.r2),
        4,
      )}`,
    );
  console.log(
    `Gaussian process, ${covariance}, ${size.rows} × ${size.features}, ${size.searches} searches, ${threads} threads`,
  );
  line("ours", ours);
  if (peer.length > 0) line("scikit-learn", peer);
  else console.log("  scikit-learn  absent or left out: no ratio");
  if (ratio !== null) console.log(`  ratio of medians ${ratio.toFixed(3)}`);
  console.log(`  ${provenanceLine(rest)}`);
}

await runAsCommand(
  import.meta.url,
  () =>
    benchmarkGaussianProcess({
      ...numberOptions(["rows", "features", "restarts", "threads", "repeats", "seed"]),
      isRbf: hasOption("rbf"),
      isAlone: hasOption("alone"),
    }),
  print,
);
