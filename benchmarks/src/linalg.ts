// Dense linear algebra against NumPy and SciPy (OpenBLAS) on one and on two threads, in turns on the same matrices.
// Run: node --import ./tools/testing/register-typescript.mjs --conditions=@materiome/source benchmarks/src/linalg.ts
import { createMatrix, createRandom, type Matrix } from "@materiome/core";
import { cholesky, choleskyInverse, gramMatrix, multiplyMatrices, solveTriangular } from "@materiome/core/numerics";
import { median } from "./averages.ts";
import { runAsCommand } from "./commandLine.ts";
import { type Provenance, provenance, provenanceLine } from "./provenance.ts";
import { pythonPeer } from "./pythonPeer.ts";
import { bestOf } from "./timing.ts";

export interface LinalgCase {
  readonly name: string;
  readonly flops: number;
  /** Medians of the rounds' best times. */
  readonly seconds: { readonly ours: number; readonly oneThread: number | null; readonly twoThreads: number | null };
  /** Ours over the peer's; null where it is not installed. */
  readonly ratio: { readonly oneThread: number | null; readonly twoThreads: number | null };
}

export interface LinalgBenchmark extends Provenance {
  readonly suite: "speed";
  readonly case: "linalg";
  readonly metric: "seconds, one thread";
  readonly cases: readonly LinalgCase[];
  /** |A − L Lᵀ|max / |A|max for n = 2000. */
  readonly choleskyResidual: number;
  readonly rounds: number;
}

interface Peer {
  readonly seconds: { readonly [name: string]: number };
  readonly numpy: string;
  readonly scipy: string;
}

interface Job {
  readonly name: string;
  readonly flops: number;
  run(): unknown;
}

/** Times each job in rounds: ours, NumPy on one thread, NumPy on two, and again. */
export function benchmarkLinalg(rounds = 3): LinalgBenchmark {
  const spd = new Map([500, 1000, 2000].map((n) => [n, positive(n)]));
  const a = normal(1000, 1000, 1);
  const b = normal(1000, 1000, 2);
  const lower = cholesky(spd.get(2000) as Matrix).lower;
  const right = normal(2000, 500, 3);
  const jobs: readonly Job[] = [
    ...[...spd].map(([n, matrix]) => ({ name: `cholesky ${n}`, flops: n ** 3 / 3, run: () => cholesky(matrix) })),
    { name: "gemm 1000", flops: 2e9, run: () => multiplyMatrices(a, b) },
    { name: "syrk 1000", flops: 1e9, run: () => gramMatrix(a) },
    { name: "trsm 2000 x 500", flops: 2e9, run: () => solveTriangular(lower, right) },
    {
      name: "inverse 1000",
      flops: 1e9,
      run: () => choleskyInverse(cholesky(spd.get(1000) as Matrix)),
    },
  ];
  const ours = new Map<string, number[]>(jobs.map(({ name }) => [name, []]));
  const peers: { one: Peer[]; two: Peer[] } = { one: [], two: [] };
  for (let round = 0; round < rounds; round++) {
    for (const { name, run } of jobs) ours.get(name)?.push(bestOf(3, run));
    for (const [kind, threads] of [
      ["one", 1],
      ["two", 2],
    ] as const) {
      const peer = pythonPeer<Peer>("./linalg_peer.py", [threads]);
      if (peer !== undefined) peers[kind].push(peer);
    }
  }
  const residual = choleskyResidual(spd.get(2000) as Matrix);
  const cases = jobs.map(({ name, flops }): LinalgCase => {
    const value = median(ours.get(name) ?? []);
    const peerValue = (of: readonly Peer[]): number | null =>
      of.length === 0 ? null : median(of.map(({ seconds }) => seconds[name] ?? Number.NaN));
    const [oneThread, twoThreads] = [peerValue(peers.one), peerValue(peers.two)];
    const over = (peer: number | null): number | null => (peer === null ? null : value / peer);
    return {
      name,
      flops,
      seconds: { ours: value, oneThread, twoThreads },
      ratio: { oneThread: over(oneThread), twoThreads: over(twoThreads) },
    };
  });
  const [peer] = peers.one;
  return {
    suite: "speed",
    case: "linalg",
    metric: "seconds, one thread",
    cases,
    choleskyResidual: residual,
    rounds,
    ...provenance(peer === undefined ? {} : { numpy: peer.numpy, scipy: peer.scipy }),
  };
}

function normal(rows: number, columns: number, seed: number): Matrix {
  const random = createRandom(seed);
  return createMatrix(
    rows,
    columns,
    Float64Array.from({ length: rows * columns }, () => random.normal()),
  );
}

function positive(n: number): Matrix {
  const a = gramMatrix(normal(n, n, n), { ofRows: true });
  for (let i = 0; i < n; i++) a.data[i * n + i] = (a.data[i * n + i] as number) + n / 10; // i < n
  return a;
}

function choleskyResidual(a: Matrix): number {
  const { lower } = cholesky(a);
  const product = multiplyMatrices(lower, lower, { isTransposedB: true });
  let difference = 0;
  let size = 0;
  for (const [i, value] of a.data.entries()) {
    difference = Math.max(difference, Math.abs((product.data[i] as number) - value)); // same length
    size = Math.max(size, Math.abs(value));
  }
  return difference / size;
}

function print(result: LinalgBenchmark): void {
  const ms = (seconds: number | null): string => (seconds === null ? "-" : (seconds * 1000).toFixed(1)).padStart(8);
  const times = (ratio: number | null): string => (ratio === null ? "-" : ratio.toFixed(2)).padStart(6);
  console.log("                     ours ms GFLOP/s  NumPy 1  ratio  NumPy 2  ratio");
  for (const { name, flops, seconds, ratio } of result.cases) {
    const speed = (flops / seconds.ours / 1e9).toFixed(1).padStart(7);
    const peers = `${ms(seconds.oneThread)} ${times(ratio.oneThread)} ${ms(seconds.twoThreads)} ${times(ratio.twoThreads)}`;
    console.log(`  ${name.padEnd(17)} ${ms(seconds.ours)} ${speed} ${peers}`);
  }
  console.log(`  residual of the Cholesky factor, n = 2000: ${result.choleskyResidual.toExponential(2)}`);
  console.log(`  ${provenanceLine(result)}`);
}

await runAsCommand(import.meta.url, benchmarkLinalg, print);
