// Distances, neighbours, k-means, L-BFGS-B and random deviates against NumPy, SciPy and scikit-learn, in turns.
// Run: node --import ./tools/testing/register-typescript.mjs --conditions=@materiome/source benchmarks/src/numerics.ts [--json]
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createMatrix, createRandom } from "@materiome/core";
import {
  createNeighbourSearch,
  distanceMatrix,
  kMeans,
  minimiseBounded,
  type Objective,
  sampleGamma,
} from "@materiome/core/numerics";
import { median } from "./averages.ts";
import { runAsCommand } from "./commandLine.ts";
import { listNumbers } from "./listNumbers.ts";
import { type Provenance, provenance, provenanceLine } from "./provenance.ts";
import { pythonPeer } from "./pythonPeer.ts";
import { bestOf } from "./timing.ts";

export interface NumericsBenchmarkOptions {
  /** @defaultValue 20 000 */
  readonly rows?: number;
  /** @defaultValue 1000 */
  readonly queries?: number;
  /** @defaultValue 1 000 000 */
  readonly draws?: number;
  /** @defaultValue 3 */
  readonly repeats?: number;
}

export interface NumericsCase {
  readonly name: string;
  readonly seconds: { readonly ours: readonly number[]; readonly peer: readonly number[] };
  /** Median of ours over median of the peer's; null where that is not installed. */
  readonly ratio: number | null;
  /** Sum of distances, inertia, minimum, standard deviation or mean: what both should agree on. */
  readonly result: { readonly ours: number; readonly peer: number | null };
}

export interface NumericsBenchmark extends Provenance {
  readonly suite: "speed";
  readonly case: "numerics";
  readonly cases: readonly NumericsCase[];
  readonly size: { readonly rows: number; readonly columns: number; readonly queries: number; readonly draws: number };
}

interface Peer {
  readonly seconds: Readonly<Record<string, number>>;
  readonly results: Readonly<Record<string, number>>;
  readonly versions: Readonly<Record<string, string>>;
}

const COLUMNS = 10;
const CLUSTERS = 20;

/** Both sides on one thread, in turns: the best of three after a warm-up, `repeats` times. */
export function benchmarkNumerics(options: NumericsBenchmarkOptions = {}): NumericsBenchmark {
  const { rows = 20_000, queries = 1000, draws = 1_000_000, repeats = 3 } = options;
  const random = createRandom(1).fork("points");
  const points = createMatrix(
    rows,
    COLUMNS,
    Float64Array.from({ length: rows * COLUMNS }, () => random.normal()),
  );
  const first = createMatrix(queries, COLUMNS, points.data.slice(0, queries * COLUMNS));
  const flat = createMatrix(
    rows,
    3,
    Float64Array.from({ length: rows * 3 }, (_, i) => points.data[Math.floor(i / 3) * COLUMNS + (i % 3)] as number),
  );
  const start = Array.from({ length: 50 }, (_, i) => (i % 2 === 0 ? -1.2 : 1));
  const work: Readonly<Record<string, () => number>> = {
    cdist: () => sum(distanceMatrix(first, points).data),
    "nearest tree 3d": () =>
      sum(createNeighbourSearch(flat)({ ...flat, rows: queries, data: flat.data.slice(0, queries * 3) }, 5).distances),
    "k-means": () => kMeans(points, CLUSTERS, createRandom(0), { nStarts: 3 }).inertia,
    "L-BFGS-B 50": () =>
      minimiseBounded(rosenbrock, start, {
        valueTolerance: 1e-14,
        gradientTolerance: 1e-8,
        maxIterations: 5000,
        maxEvaluations: 50_000,
      }).value,
    normals: () => {
      const stream = createRandom(2);
      let squares = 0;
      for (let i = 0; i < draws; i++) squares += stream.normal() ** 2;
      return Math.sqrt(squares / draws);
    },
    gammas: () => {
      const stream = createRandom(3);
      let total = 0;
      for (let i = 0; i < draws; i++) total += sampleGamma(stream, 2.5);
      return total / draws;
    },
  };
  const folder = mkdtempSync(join(tmpdir(), "materiome-numerics-"));
  const file = join(folder, "points.f64");
  writeFileSync(file, new Uint8Array(points.data.buffer));
  const ours = Object.fromEntries(Object.keys(work).map((name) => [name, [] as number[]]));
  const results: Record<string, number> = {};
  const peers: Peer[] = [];
  try {
    for (let repeat = 0; repeat < repeats; repeat++) {
      for (const [name, run] of Object.entries(work)) {
        results[name] = run();
        ours[name]?.push(bestOf(3, run));
      }
      const peer = pythonPeer<Peer>("./numerics_peer.py", [file, rows, COLUMNS, queries, CLUSTERS, draws]);
      if (peer !== undefined) peers.push(peer);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  const [peer] = peers;
  const cases = Object.keys(work).map((name) => {
    const theirs = peers.map(({ seconds }) => seconds[name] ?? Number.NaN);
    return {
      name,
      seconds: { ours: ours[name] ?? [], peer: theirs },
      ratio: peer === undefined ? null : median(ours[name] ?? []) / median(theirs),
      result: { ours: results[name] ?? Number.NaN, peer: peer?.results[name] ?? null },
    };
  });
  return {
    suite: "speed",
    case: "numerics",
    cases,
    size: { rows, columns: COLUMNS, queries, draws },
    ...provenance(peer?.versions ?? {}),
  };
}

const rosenbrock: Objective = (x, gradient) => {
  gradient.fill(0);
  let value = 0;
  for (let i = 0; i + 1 < x.length; i++) {
    const [here = 0, next = 0] = [x[i], x[i + 1]];
    const a = next - here * here;
    const b = 1 - here;
    value += 100 * a * a + b * b;
    gradient[i] = (gradient[i] ?? 0) - 400 * here * a - 2 * b;
    gradient[i + 1] = 200 * a;
  }
  return value;
};

function sum(values: Float64Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

function print(result: NumericsBenchmark): void {
  const ms = (seconds: readonly number[]): string =>
    listNumbers(
      seconds.map((s) => 1000 * s),
      0,
    );
  for (const { name, seconds, ratio, result: value } of result.cases) {
    console.log(`${name.padEnd(16)} ours ${ms(seconds.ours)} ms (${value.ours.toPrecision(6)})`);
    if (ratio !== null) {
      console.log(
        `${"".padEnd(16)} peer ${ms(seconds.peer)} ms (${value.peer?.toPrecision(6)}), ratio ${ratio.toFixed(2)}`,
      );
    }
  }
  console.log(provenanceLine(result));
}

await runAsCommand(import.meta.url, benchmarkNumerics, print);
