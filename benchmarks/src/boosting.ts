// Fit and prediction time and test log loss of gradient boosting against scikit-learn on the same rows, in turns, one thread each.
// Run: node --import ./tools/testing/register-typescript.mjs --conditions=@materiome/source benchmarks/src/boosting.ts
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { closeWorkers, createRandom, type FeatureMatrix } from "@materiome/core";
import { createGradientBoostingClassifier } from "@materiome/forward";
import { median } from "./averages.ts";
import { hasOption, numberOptions, runAsCommand } from "./commandLine.ts";
import { listNumbers } from "./listNumbers.ts";
import { type Provenance, provenance, provenanceLine } from "./provenance.ts";
import { pythonPeer } from "./pythonPeer.ts";

export interface BoostingBenchmarkOptions {
  /** @defaultValue 128 000 */
  readonly rows?: number;
  /** @defaultValue 100 */
  readonly features?: number;
  /** @defaultValue 100 */
  readonly rounds?: number;
  /** @defaultValue 3 */
  readonly repeats?: number;
  /** @defaultValue 1 */
  readonly seed?: number;
  /** Leaves scikit-learn out. @defaultValue false */
  readonly isAlone?: boolean;
}

interface Times {
  readonly fit: readonly number[];
  readonly predict: readonly number[];
}

export interface BoostingBenchmark extends Provenance {
  readonly suite: "speed";
  readonly case: "boosting";
  readonly metric: "fit seconds";
  readonly value: number;
  readonly seconds: { readonly ours: Times; readonly peer: Times };
  readonly baseline: readonly { readonly name: string; readonly value: number }[];
  /** Medians of ours over medians of scikit-learn's; null where that is not installed. */
  readonly ratio: { readonly fit: number; readonly predict: number } | null;
  readonly testLogLoss: { readonly ours: number; readonly peer: number | null };
  readonly size: { readonly rows: number; readonly features: number; readonly rounds: number };
  readonly threads: 1;
  readonly seed: number;
}

const TEST_ROWS = 20_000;

interface Peer {
  readonly fit: number;
  readonly predict: number;
  readonly logLoss: number;
  readonly sklearn: string;
  readonly numpy: string;
}

export async function benchmarkBoosting(options: BoostingBenchmarkOptions = {}): Promise<BoostingBenchmark> {
  const { rows = 128_000, features = 100, rounds = 100, repeats = 3, seed = 1, isAlone = false } = options;
  const { x, codes } = makeRows(rows + TEST_ROWS, features, seed);
  const folder = mkdtempSync(join(tmpdir(), "materiome-boosting-"));
  const file = join(folder, "rows.f64");
  const joined = new Float64Array((rows + TEST_ROWS) * (features + 1));
  for (let i = 0; i < rows + TEST_ROWS; i++) {
    joined.set(x.data.subarray(i * features, (i + 1) * features), i * (features + 1));
    joined[i * (features + 1) + features] = codes[i] as number;
  }
  writeFileSync(file, new Uint8Array(joined.buffer));
  const train: FeatureMatrix = { ...x, rows, data: x.data.slice(0, rows * features) };
  const classes = { kind: "classification", codes: codes.slice(0, rows), labels: ["matrix", "boundary"] } as const;
  const boosting = createGradientBoostingClassifier({ nRounds: rounds, learningRate: 0.06, minSamplesLeaf: 40, l2: 1 });
  const ours = { fit: [] as number[], predict: [] as number[] };
  const peers: Peer[] = [];
  let logLoss = Number.NaN;
  try {
    for (let k = 0; k < repeats; k++) {
      const started = performance.now();
      const model = await boosting.fit(train, classes, { random: createRandom(seed).fork(k), threads: 1 });
      const fitted = performance.now();
      const { probabilities } = model.predictSync(x);
      ours.fit.push((fitted - started) / 1000);
      ours.predict.push((performance.now() - fitted) / 1000);
      logLoss = meanLogLoss(codes, probabilities.data, rows);
      if (!isAlone) {
        const peer = pythonPeer<Peer>("./boosting_peer.py", [file, rows, TEST_ROWS, features, rounds, 1]);
        if (peer !== undefined) peers.push(peer);
      }
    }
  } finally {
    rmSync(folder, { recursive: true });
    await closeWorkers();
  }
  const [peer] = peers;
  const theirs = { fit: peers.map((p) => p.fit), predict: peers.map((p) => p.predict) };
  return {
    suite: "speed",
    case: "boosting",
    metric: "fit seconds",
    value: median(ours.fit),
    seconds: { ours, peer: theirs },
    baseline:
      peer === undefined ? [] : [{ name: "scikit-learn HistGradientBoostingClassifier", value: median(theirs.fit) }],
    ratio:
      peer === undefined
        ? null
        : {
            fit: median(ours.fit) / median(theirs.fit),
            predict: median(ours.predict) / median(theirs.predict),
          },
    testLogLoss: { ours: logLoss, peer: peer?.logLoss ?? null },
    size: { rows, features, rounds },
    threads: 1,
    seed,
    ...provenance(peer === undefined ? {} : { "scikit-learn": peer.sklearn, numpy: peer.numpy }),
  };
}

/** Correlated features as single numbers, of which six decide between two classes, with noise. */
function makeRows(n: number, d: number, seed: number): { readonly x: FeatureMatrix; readonly codes: Int32Array } {
  const random = createRandom(seed).fork("rows");
  const data = new Float64Array(n * d);
  const codes = new Int32Array(n);
  for (let i = 0; i < n; i++) {
    const common = random.normal();
    for (let f = 0; f < d; f++) data[i * d + f] = Math.fround((f % 3 === 0 ? common : 0) + random.normal());
    const at = (f: number): number => data[i * d + (f % d)] as number; // f % d < d
    const score = at(0) + Math.sin(2 * at(1)) * at(2) + (at(3) > 0.6 ? 1 : 0) - Math.abs(at(4)) + 0.5 * at(5);
    codes[i] = score + random.normal() > 0 ? 1 : 0;
  }
  const features = Array.from({ length: d }, (_, f) => ({ name: `x${f}`, unit: "", source: [`x${f}`] }));
  return { x: { data, rows: n, columns: d, features }, codes };
}

/** Over the rows from `first` on. */
function meanLogLoss(codes: Int32Array, probabilities: Float64Array, first: number): number {
  let sum = 0;
  for (let i = first; i < codes.length; i++) {
    sum -= Math.log(probabilities[2 * i + (codes[i] as number)] as number); // two classes
  }
  return sum / (codes.length - first);
}

function print({ size, seconds, testLogLoss, ratio, ...rest }: BoostingBenchmark): void {
  const line = (name: string, { fit, predict }: Times, loss: number): void =>
    console.log(
      `  ${name} fit ${listNumbers(fit, 2)} s, predict ${listNumbers(predict, 2)} s, test log loss ${loss.toFixed(4)}`,
    );
  console.log(`gradient boosting, ${size.rows} × ${size.features}, two classes, ${size.rounds} rounds, one thread`);
  line("ours         ", seconds.ours, testLogLoss.ours);
  if (testLogLoss.peer === null) console.log("  scikit-learn  absent or left out: no ratio");
  else line("scikit-learn ", seconds.peer, testLogLoss.peer);
  if (ratio !== null)
    console.log(`  ratio of medians ${ratio.fit.toFixed(3)} fit, ${ratio.predict.toFixed(3)} predict`);
  console.log(`  ${provenanceLine(rest)}`);
}

await runAsCommand(
  import.meta.url,
  () =>
    benchmarkBoosting({
      ...numberOptions(["rows", "features", "rounds", "repeats", "seed"]),
      isAlone: hasOption("alone"),
    }),
  print,
);
