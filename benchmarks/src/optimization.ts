// Pool-based optimisation after Liang et al. (npj Comput. Mater. 7, 188 (2021), doi:10.1038/s41524-021-00656-9): two random starts, one
// evaluation at a time, until 80 % of the best 5 % and the best of all are found; beside random choice and scikit-learn's Gaussian
// process (expected improvement) and forest (confidence bound) from the same starts.
// Run: node --import ./tools/testing/register-typescript.mjs --conditions=@materiome/source benchmarks/src/optimization.ts
// --set NAME (all), --repeats N (50), --strategy NAME,NAME (materiome,process,forest,random), --keep FOLDER: each finished run is kept
// there and not made again, so that parts (--first K) can run at different times or side by side.
import { createRandom } from "@materiome/core";
import { numberOptions, runAsCommand, textOption } from "./commandLine.ts";
import { keptRun } from "./keptRun.ts";
import { POOLS, type Pool, readPool } from "./optimizationPools.ts";
import {
  neededOf,
  type PoolRun,
  ratioToBetter,
  type StrategyScore,
  scoreRun,
  scoreStrategy,
} from "./optimizationScores.ts";
import { STRATEGIES } from "./optimizationStrategies.ts";
import { type Provenance, provenance, provenanceLine } from "./provenance.ts";

export interface OptimizationOptions {
  /** @defaultValue all single-objective pools */
  readonly sets?: readonly string[] | undefined;
  /** @defaultValue 50 */
  readonly repeats?: number | undefined;
  /** First repeat. @defaultValue 0 */
  readonly first?: number | undefined;
  /** The first is compared with the others. @defaultValue materiome, process, forest, random */
  readonly strategies?: readonly string[] | undefined;
  /** @defaultValue 1 */
  readonly seed?: number | undefined;
  readonly keep?: string | undefined;
}

export interface PoolResult {
  readonly set: string;
  readonly size: number;
  readonly top: number;
  readonly strategies: readonly StrategyScore[];
  /** Mean evaluations to 80 % of the top, ours over the better of scikit-learn's two; null where they were left out. */
  readonly ratio: number | null;
  readonly ratioCi: readonly [number, number] | null;
  /** Every repeat of every strategy: evaluations to 80 % of the top, and to the best. */
  readonly runs: { readonly [strategy: string]: readonly (readonly [number, number])[] };
}

export interface OptimizationBenchmark extends Provenance {
  readonly suite: "optimization";
  readonly case: "pools";
  readonly metric: "evaluations to 80 % of the top 5 %, ratio to the better baseline, geometric mean over pools";
  readonly value: number | null;
  readonly ratio: number | null;
  readonly ratioCi: readonly [number, number] | null;
  readonly pools: readonly PoolResult[];
  readonly repeats: number;
  readonly seconds: number;
  readonly seed: number;
}

const BASELINES: readonly string[] = ["process", "forest"];

export async function benchmarkOptimization(options: OptimizationOptions = {}): Promise<OptimizationBenchmark> {
  const { sets = POOLS, repeats = 50, first = 0, seed = 1, keep } = options;
  const strategies = options.strategies ?? ["materiome", ...BASELINES, "random"];
  const started = performance.now();
  const results: PoolResult[] = [];
  const draws: (readonly number[])[] = [];
  for (const set of sets) {
    const pool = readPool(set);
    const runs: Record<string, PoolRun[]> = {};
    for (const name of strategies) {
      runs[name] = [];
      for (let k = first; k < first + repeats; k++) {
        const order = await keptOrder(pool, name, k, seed, keep);
        runs[name]?.push(scoreRun(order, pool.top, neededOf(pool.top.length)));
      }
    }
    const toTop = (name: string): number[] => (runs[name] ?? []).map((run) => run.toTop);
    const baselines = BASELINES.filter((name) => strategies.includes(name));
    const compared =
      baselines.length === 0 ? undefined : ratioToBetter(toTop(strategies[0] ?? ""), baselines.map(toTop), seed);
    if (compared !== undefined) draws.push(compared.draws);
    results.push({
      set,
      size: pool.points.length,
      top: pool.top.length,
      strategies: strategies.map((name) =>
        scoreStrategy(name, runs[name] ?? [], { size: pool.points.length, nTop: pool.top.length }),
      ),
      ratio: compared?.ratio ?? null,
      ratioCi: compared?.ci ?? null,
      runs: Object.fromEntries(
        Object.entries(runs).map(([name, list]) => [name, list.map((r) => [r.toTop, r.toBest] as const)]),
      ),
    });
  }
  const ratios = results.flatMap(({ ratio }) => (ratio === null ? [] : [ratio]));
  const value = ratios.length === 0 ? null : geometricMean(ratios);
  const means = draws[0]?.map((_, b) => geometricMean(draws.map((list) => list[b] as number))).sort((a, b) => a - b);
  return {
    suite: "optimization",
    case: "pools",
    metric: "evaluations to 80 % of the top 5 %, ratio to the better baseline, geometric mean over pools",
    value,
    ratio: value,
    ratioCi: means === undefined ? null : [means[49] as number, means[1949] as number],
    pools: results,
    repeats,
    seconds: (performance.now() - started) / 1000,
    seed,
    ...provenance(),
  };
}

/** The order of one run, from the folder where it has been made before. */
async function keptOrder(
  pool: Pool,
  strategy: string,
  repeat: number,
  seed: number,
  keep: string | undefined,
): Promise<readonly number[]> {
  const run = STRATEGIES[strategy];
  if (run === undefined) throw new Error(`no strategy "${strategy}"; there are ${Object.keys(STRATEGIES).join(", ")}`);
  return keptRun(keep, `${pool.name}.${strategy}.${seed}.${repeat}`, () => {
    const random = createRandom(seed).fork(pool.name).fork(repeat);
    const a = random.int(pool.points.length);
    const b = (a + 1 + random.int(pool.points.length - 1)) % pool.points.length;
    return run(pool, [a, b], random.int(2 ** 31));
  });
}

function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, v) => sum + Math.log(v), 0) / values.length);
}

function print(result: OptimizationBenchmark): void {
  for (const { set, size, top, strategies, ratio, ratioCi } of result.pools) {
    console.log(`${set}: ${size} candidates, ${top} in the top; evaluations, ${result.repeats} repeats`);
    for (const s of strategies) {
      console.log(
        `  ${s.name.padEnd(12)} to 80 % of the top mean ${s.meanToTop.toFixed(1)} median ${s.medianToTop}, to the best median ${s.medianToBest}, enhancement ${s.enhancement.toFixed(1)}, acceleration ${s.acceleration.toFixed(2)}`,
      );
    }
    if (ratio !== null && ratioCi !== null) {
      console.log(
        `  ratio to the better baseline ${ratio.toFixed(3)} [${ratioCi.map((v) => v.toFixed(3)).join(", ")}]`,
      );
    }
  }
  if (result.value !== null)
    console.log(`geometric mean ${result.value.toFixed(3)} [${result.ratioCi?.map((v) => v.toFixed(3)).join(", ")}]`);
  console.log(`  ${result.seconds.toFixed(0)} s; ${provenanceLine(result)}`);
}

await runAsCommand(
  import.meta.url,
  () =>
    benchmarkOptimization({
      sets: textOption("set")?.split(","),
      strategies: textOption("strategy")?.split(","),
      keep: textOption("keep"),
      ...numberOptions(["repeats", "first", "seed"]),
    }),
  print,
);
