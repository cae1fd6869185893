// Functions with known minima: the best value after a number of evaluations, beside even sampling of the same space; and the time of one
// `ask` with 200 told points in ten dimensions, batch of four, on one thread.
// Run: node --import ./tools/testing/register-typescript.mjs --conditions=@materiome/source benchmarks/src/optimizationSynthetic.ts
// --problem NAME,NAME (all), --repeats N (each problem's own), --no-time
import { createMatrix, createRandom } from "@materiome/core";
import { createGaussianProcess, type GaussianProcessModel } from "@materiome/forward";
import { type Point, type SurrogateLearner, sampleSpace, suggest } from "@materiome/inverse";
import { mean, median } from "./averages.ts";
import { hasOption, numberOptions, runAsCommand, textOption } from "./commandLine.ts";
import { PROBLEMS, type Problem } from "./optimizationProblems.ts";
import { type Provenance, provenance, provenanceLine } from "./provenance.ts";
import { measureCost } from "./stage.ts";

export interface SyntheticOptions {
  readonly problems?: readonly string[] | undefined;
  readonly repeats?: number | undefined;
  /** @defaultValue 1 */
  readonly seed?: number | undefined;
  readonly isTimed?: boolean | undefined;
}

export interface ProblemResult {
  readonly problem: string;
  readonly evaluations: number;
  /** Best value of every repeat, and of even sampling with the same number of evaluations. */
  readonly best: readonly number[];
  readonly sampled: readonly number[];
  readonly median: number;
  readonly aim: number | null;
  /** Mean distance of even sampling from the minimum, over ours. */
  readonly gain: number;
}

export interface SyntheticBenchmark extends Provenance {
  readonly suite: "optimization";
  readonly case: "synthetic";
  readonly metric: "seconds of one ask: 200 points, 10 dimensions, batch of 4, one thread";
  readonly value: number | null;
  readonly processorSeconds: number | null;
  readonly problems: readonly ProblemResult[];
  readonly seconds: number;
  readonly seed: number;
}

/** A smooth and a rougher process, told that these functions are exact; of the two that of greater evidence is taken at each ask. */
const CANDIDATES = (["matern52", "rbf"] as const).map((kind) =>
  createGaussianProcess({ covariance: { kind }, noise: 1e-6, starts: 2, maxIterations: 100 }),
);
const learner: SurrogateLearner = {
  ...(CANDIDATES[0] as (typeof CANDIDATES)[number]),
  async fit(x, y, run) {
    const models = await Promise.all(CANDIDATES.map((candidate) => candidate.fit(x, y, run)));
    const evidence = (model: GaussianProcessModel): number =>
      (model.report as { readonly logMarginalLikelihood: number }).logMarginalLikelihood;
    return models.reduce((a, b) => (evidence(b) > evidence(a) ? b : a));
  },
};

export async function benchmarkSynthetic(options: SyntheticOptions = {}): Promise<SyntheticBenchmark> {
  const { seed = 1, isTimed = true } = options;
  const started = performance.now();
  const problems: ProblemResult[] = [];
  for (const problem of PROBLEMS.filter(({ name }) => options.problems?.includes(name) ?? true)) {
    const best: number[] = [];
    const sampled: number[] = [];
    for (let k = 0; k < (options.repeats ?? problem.repeats); k++) {
      const random = createRandom(seed).fork(problem.name).fork(k);
      best.push(Math.min(...(await minimise(problem, random.fork("ask").key))));
      const even = sampleSpace(problem.space, problem.evaluations, random.fork("even"));
      sampled.push(Math.min(...even.map(problem.f)));
    }
    const far = (values: readonly number[]): number => mean(values.map((v) => v - problem.least));
    const { name, evaluations, aim = null } = problem;
    problems.push({
      problem: name,
      evaluations,
      best,
      sampled,
      median: median(best),
      aim,
      gain: far(sampled) / far(best),
    });
  }
  const time = isTimed ? await timeAsk(seed) : undefined;
  return {
    suite: "optimization",
    case: "synthetic",
    metric: "seconds of one ask: 200 points, 10 dimensions, batch of 4, one thread",
    value: time?.seconds ?? null,
    processorSeconds: time?.processorSeconds ?? null,
    problems,
    seconds: (performance.now() - started) / 1000,
    seed,
    ...provenance(),
  };
}

/** All values of one run. */
async function minimise({ space, f, evaluations, batch, nInitial }: Problem, key: string): Promise<number[]> {
  const points: Point[] = [];
  const values: number[] = [];
  while (points.length < evaluations) {
    const { suggestions } = await ask(space, points, values, { batch, nInitial, key: `${key}/${points.length}` });
    for (const { point } of suggestions) {
      points.push(point);
      values.push(f(point));
    }
  }
  return values.slice(0, evaluations);
}

function ask(
  space: Problem["space"],
  points: readonly Point[],
  values: readonly number[],
  { batch, nInitial, key }: { readonly batch: number; readonly nInitial: number; readonly key: string },
): ReturnType<typeof suggest> {
  return suggest({
    space,
    observations: {
      points,
      values: createMatrix(points.length, 1, Float64Array.from(values)),
      outcomes: ["f"],
      pending: [],
    },
    objectives: [{ name: "f", unit: "", direction: "minimize" }],
    learner,
    batch,
    nInitial,
    threads: 1,
    random: createRandom(key),
  });
}

async function timeAsk(seed: number): Promise<{ readonly seconds: number; readonly processorSeconds: number }> {
  const { space } = PROBLEMS.find(({ name }) => name === "ackley30") as Problem;
  const ten = { ...space, variables: space.variables.slice(0, 10) };
  const points = sampleSpace(ten, 200, createRandom(seed));
  const f = (point: Point): number => point.reduce((sum, v, j) => sum + Math.sin(v / (1 + j)) + 0.01 * v * v, 0);
  const cost = measureCost();
  await ask(ten, points, points.map(f), { batch: 4, nInitial: 10, key: String(seed) });
  return cost();
}

function print({ problems, value, processorSeconds, ...rest }: SyntheticBenchmark): void {
  for (const { problem, evaluations, best, median: middle, aim, gain } of problems) {
    const reached = aim === null ? "" : `, aim ${aim}: ${middle <= aim ? "reached" : "missed"}`;
    console.log(
      `${problem}: median of ${best.length} after ${evaluations} evaluations ${middle.toFixed(4)}${reached}; ${gain.toFixed(1)} × nearer the minimum than even sampling`,
    );
  }
  if (value !== null) console.log(`ask: ${value.toFixed(1)} s (${processorSeconds?.toFixed(1)} s of processor)`);
  console.log(`  ${provenanceLine(rest)}`);
}

await runAsCommand(
  import.meta.url,
  () =>
    benchmarkSynthetic({
      problems: textOption("problem")?.split(","),
      isTimed: !hasOption("no-time"),
      ...numberOptions(["repeats", "seed"]),
    }),
  print,
);
