// Functions with known minima beside even sampling and scikit-learn's process; two objectives by hypervolume, beside even sampling; a mixture; thirty
// variables; and the time of one ask on one thread.
// Run: node --import ./tools/testing/register-typescript.mjs --conditions=@materiome/source benchmarks/src/optimizationSynthetic.ts
// --only NAME,NAME (all: branin, hartmann6, mixture10, levy30, ackley30, braninCurrin, braninCurrinNoisy, ask), --repeats N (20), --strategy NAME,NAME
// (materiome,even,process), --method NAME (of two objectives; auto), --keep FOLDER: each finished run is kept there and not made again, so that parts
// (--only, --first K) can run at different times; --collect makes none and prints together what is kept.
import { createMatrix, createRandom } from "@materiome/core";
import { sobol } from "@materiome/core/numerics";
import { createGaussianProcess } from "@materiome/forward";
import { type Point, type SuggestOptions, sampleSpace, suggest } from "@materiome/inverse";
import { mean, median } from "./averages.ts";
import { braninCurrinRun } from "./braninCurrin.ts";
import { hasOption, numberOptions, runAsCommand, textOption } from "./commandLine.ts";
import { keptBefore, keptRun } from "./keptRun.ts";
import { PROBLEMS, unitCube } from "./optimizationProblems.ts";
import { askNext, RUNS } from "./optimizationRuns.ts";
import { type Provenance, provenance, provenanceLine } from "./provenance.ts";
import { measureCost } from "./stage.ts";

export interface SyntheticOptions {
  /** @defaultValue all parts */
  readonly only?: readonly string[] | undefined;
  /** @defaultValue 20 */
  readonly repeats?: number | undefined;
  /** First repeat. @defaultValue 0 */
  readonly first?: number | undefined;
  /** @defaultValue materiome, even, and process where it is compared */
  readonly strategies?: readonly string[] | undefined;
  /** Of two objectives. @defaultValue auto */
  readonly method?: SuggestOptions["method"] | undefined;
  /** @defaultValue 1 */
  readonly seed?: number | undefined;
  readonly keep?: string | undefined;
  /** Makes no run: what is kept is put together, each part with the runs that there are. @defaultValue false */
  readonly isCollected?: boolean | undefined;
}

/** One run: the best value (of two objectives the hypervolume) after each evaluation. */
interface Kept {
  readonly progress: readonly number[];
  readonly processorSeconds: number;
}

export interface StrategyResult {
  readonly strategy: string;
  /** Of every repeat, after all evaluations. */
  readonly final: readonly number[];
  readonly median: number;
  readonly worst: number;
  /** Evaluations of every repeat until the aim was reached; null where it was not. */
  readonly toAim: readonly (number | null)[];
  /** Mean distance from the optimum. */
  readonly distance: number;
  /** Of a run; null for a strategy that runs in another process. */
  readonly processorSeconds: number | null;
}

export interface PartResult {
  readonly part: string;
  readonly evaluations: number;
  readonly optimum: number;
  /** What the median run should reach, or how many times nearer the optimum than even sampling it should come. */
  readonly aim: number | null;
  readonly aimGain: number | null;
  /** Mean distance of even sampling from the optimum, over ours. */
  readonly gain: number | null;
  readonly strategies: readonly StrategyResult[];
}

export interface AskTime {
  readonly objectives: number;
  readonly aimSeconds: number;
  readonly seconds: number;
  readonly processorSeconds: number;
}

export interface SyntheticBenchmark extends Provenance {
  readonly suite: "optimization";
  readonly case: "synthetic";
  readonly parts: readonly PartResult[];
  /** 200 told points, ten variables, batch of four, one thread. */
  readonly ask: readonly AskTime[];
  readonly seed: number;
}

interface Part {
  readonly name: string;
  readonly evaluations: number;
  readonly optimum: number;
  readonly direction: "smaller" | "larger";
  readonly aim?: number | undefined;
  readonly aimGain?: number | undefined;
  readonly strategies: readonly string[];
  run(strategy: string, key: string): Promise<readonly number[]>;
}

/** Of the largest hypervolume of Branin–Currin with the reference [18, 6], as BoTorch's test function states it. */
const LARGEST_VOLUME = 59.36011874867746;
/** BoTorch's tutorial prints 57.8 for qNEHVI, one run with noise. */
const AIM_VOLUME = 57.5;

function partsOf(method: SuggestOptions["method"]): readonly Part[] {
  const single = PROBLEMS.map(
    (problem): Part => ({
      name: problem.name,
      evaluations: problem.evaluations,
      optimum: problem.least,
      direction: "smaller",
      aim: problem.aim,
      aimGain: problem.aimGain,
      strategies: problem.aim === undefined ? ["materiome", "even"] : ["materiome", "even", "process"],
      run: async (strategy, key) => {
        const run = RUNS[strategy];
        if (run === undefined) throw new Error(`no strategy "${strategy}"; there are ${Object.keys(RUNS).join(", ")}`);
        return run(problem, createRandom(key));
      },
    }),
  );
  const fronts = [false, true].map(
    (isNoisy): Part => ({
      name: isNoisy ? "braninCurrinNoisy" : "braninCurrin",
      evaluations: 86,
      optimum: LARGEST_VOLUME,
      direction: "larger",
      aim: AIM_VOLUME,
      strategies: ["materiome", "even"],
      run: (strategy, key) =>
        braninCurrinRun({ random: createRandom(key), isNoisy, method: strategy === "even" ? "sobol" : method }),
    }),
  );
  return [...single, ...fronts];
}

export async function benchmarkSynthetic(options: SyntheticOptions = {}): Promise<SyntheticBenchmark> {
  const { only, seed = 1, method = "auto" } = options;
  const isAsked = (name: string): boolean => only?.includes(name) ?? true;
  const parts: PartResult[] = [];
  for (const part of partsOf(method)) if (isAsked(part.name)) parts.push(await partResult(part, options));
  const ask = isAsked("ask") ? ((await kept(options, `ask.${seed}`, () => timeAsk(seed))) ?? []) : [];
  return { suite: "optimization", case: "synthetic", parts, ask, seed, ...provenance() };
}

async function partResult(part: Part, options: SyntheticOptions): Promise<PartResult> {
  const { repeats = 20, first = 0, seed = 1, method = "auto" } = options;
  const { name, evaluations, optimum, direction, aim, aimGain } = part;
  const isReached = (value: number): boolean =>
    aim !== undefined && (direction === "smaller" ? value <= aim : value >= aim);
  const strategies: StrategyResult[] = [];
  for (const strategy of part.strategies.filter((one) => options.strategies?.includes(one) ?? true)) {
    const runs: Kept[] = [];
    for (let k = first; k < first + repeats; k++) {
      const file = [name, strategy, ...(method === "auto" ? [] : [method]), seed, k].join(".");
      const run = await kept(options, file, async () => {
        const cost = measureCost();
        const values = await part.run(strategy, createRandom(seed).fork(name).fork(k).key);
        let best = direction === "smaller" ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
        const progress = values.map((value) => {
          best = direction === "smaller" ? Math.min(best, value) : Math.max(best, value);
          return best;
        });
        console.error(`${file}: ${best}`);
        return { progress, processorSeconds: cost().processorSeconds };
      });
      if (run !== undefined) runs.push(run);
    }
    if (runs.length === 0) continue;
    const final = runs.map(({ progress }) => progress.at(-1) ?? Number.NaN);
    strategies.push({
      strategy,
      final,
      median: median(final),
      worst: direction === "smaller" ? Math.max(...final) : Math.min(...final),
      toAim: runs.map(({ progress }) => {
        const at = progress.findIndex(isReached);
        return at < 0 ? null : at + 1;
      }),
      distance: mean(final.map((value) => Math.abs(value - optimum))),
      // scikit-learn's runs in a process of its own.
      processorSeconds: strategy === "process" ? null : mean(runs.map((run) => run.processorSeconds)),
    });
  }
  const distanceOf = (strategy: string): number | undefined =>
    strategies.find((one) => one.strategy === strategy)?.distance;
  const [ours, even] = [distanceOf("materiome"), distanceOf("even")];
  const gain = ours === undefined || even === undefined ? null : even / ours;
  return { part: name, evaluations, optimum, aim: aim ?? null, aimGain: aimGain ?? null, gain, strategies };
}

/** What was made before, from the folder where it is kept; undefined where nothing is to be made. */
async function kept<Result>(
  { keep, isCollected = false }: SyntheticOptions,
  name: string,
  make: () => Promise<Result>,
): Promise<Result | undefined> {
  return isCollected ? keptBefore(keep, name) : keptRun(keep, name, make);
}

async function timeAsk(seed: number): Promise<AskTime[]> {
  const space = unitCube(10);
  const points = sampleSpace(space, 200, createRandom(seed));
  const wave = (point: Point): number => point.reduce((sum, v, j) => sum + Math.sin((9 * v) / (1 + j)) + v * v, 0);
  const one = measureCost();
  await askNext(space, points, points.map(wave), { batch: 4, nInitial: 10, key: String(seed) });
  const times = [{ objectives: 1, aimSeconds: 5, ...timeOf(one) }];
  const three = measureCost();
  await askThree(seed);
  times.push({ objectives: 3, aimSeconds: 15, ...timeOf(three) });
  return times;
}

function timeOf(cost: ReturnType<typeof measureCost>): Pick<AskTime, "seconds" | "processorSeconds"> {
  const { seconds, processorSeconds } = cost();
  return { seconds, processorSeconds };
}

/** A batch of four for three objectives: DTLZ2 with scatter. */
async function askThree(seed: number): Promise<void> {
  const random = createRandom(seed);
  const [n, d, m] = [200, 10, 3];
  const cube = sobol(n, d, random);
  const points: Point[] = Array.from({ length: n }, (_, i) => cube.data.slice(d * i, d * (i + 1)));
  const values = createMatrix(n, m);
  points.forEach((x, i) => {
    const g = x.subarray(m - 1).reduce((sum, v) => sum + (v - 0.5) ** 2, 0);
    const [p, q] = [((x[0] as number) * Math.PI) / 2, ((x[1] as number) * Math.PI) / 2];
    [Math.cos(p) * Math.cos(q), Math.cos(p) * Math.sin(q), Math.sin(p)].forEach((value, j) => {
      values.data[i * m + j] = (1 + g) * value + 0.02 * random.normal();
    });
  });
  const outcomes = ["f1", "f2", "f3"];
  await suggest({
    space: unitCube(d),
    observations: { points, values, outcomes, pending: [] },
    objectives: outcomes.map((name) => ({ name, unit: "", direction: "minimize" })),
    learner: createGaussianProcess({ covariance: { kind: "matern52" } }),
    batch: 4,
    random,
    threads: 1,
  });
}

function print({ parts, ask, ...rest }: SyntheticBenchmark): void {
  for (const { part, evaluations, aim, gain, aimGain, strategies } of parts) {
    console.log(`${part}, ${evaluations} evaluations${aim === null ? "" : `, aim ${aim}`}`);
    for (const { strategy, final, median: middle, worst, toAim, processorSeconds } of strategies) {
      const reached = toAim.filter((n) => n !== null);
      const at = aim === null ? "" : `; aim reached in ${reached.length}, median after ${median(reached)}`;
      const time = processorSeconds === null ? "" : `; ${processorSeconds.toFixed(1)} s a run`;
      console.log(
        `  ${strategy.padEnd(10)} median of ${final.length} ${middle.toFixed(4)}, worst ${worst.toFixed(4)}${at}${time}`,
      );
    }
    if (gain !== null) {
      const aimed = aimGain === null ? "" : ` (aim ${aimGain})`;
      console.log(`  ${gain.toFixed(1)} × nearer the optimum than even sampling${aimed}`);
    }
  }
  for (const { objectives, seconds, processorSeconds, aimSeconds } of ask) {
    console.log(
      `ask, ${objectives} objective(s): ${seconds.toFixed(1)} s, ${processorSeconds.toFixed(1)} s of processor, aim ${aimSeconds}`,
    );
  }
  console.log(`  ${provenanceLine(rest)}`);
}

await runAsCommand(
  import.meta.url,
  () =>
    benchmarkSynthetic({
      only: textOption("only")?.split(","),
      strategies: textOption("strategy")?.split(","),
      method: textOption("method") as SuggestOptions["method"],
      keep: textOption("keep"),
      isCollected: hasOption("collect"),
      ...numberOptions(["repeats", "first", "seed"]),
    }),
  print,
);
