// Multi-objective optimisation: hypervolume of Branin–Currin after 86 evaluations (6 at random, 20 batches of 4, as in BoTorch's tutorial of
// qNEHVI, which prints 57.8 of 59.36 with measurement noise of standard deviation 15.19 and 0.63), and the time of a suggestion.
// Run: node --import ./tools/testing/register-typescript.mjs --conditions=@materiome/source benchmarks/src/multiObjective.ts
// --repeats N (5), --noise 0|1 (0), --method auto,noisyExpectedImprovement,parego,sobol (auto), --time 1: only the time of a suggestion (200 told points, 10
// variables, 3 objectives, batch of 4).
import { createMatrix, createRandom, type Random } from "@materiome/core";
import { sobol } from "@materiome/core/numerics";
import { createGaussianProcess } from "@materiome/forward";
import { createSpace, hypervolume, minimisedValues, type Objective, type Point, suggest } from "@materiome/inverse";
import { numberOptions, runAsCommand, textOption } from "./commandLine.ts";
import { type Provenance, provenance, provenanceLine } from "./provenance.ts";

/** Reference point of the tutorial, both small (it maximises the negatives). */
const REFERENCE = [18, 6];
const NOISE = [15.19, 0.63];
const OBJECTIVES: readonly Objective[] = ["Branin", "Currin"].map((name) => ({
  name,
  unit: "",
  direction: "minimize",
}));
const START = 6;
const BATCH = 4;
const BATCHES = 20;

export interface MultiObjectiveOptions {
  /** @defaultValue 5 */
  readonly repeats?: number | undefined;
  /** Measurements scatter as in the tutorial. @defaultValue false */
  readonly isNoisy?: boolean | undefined;
  /** @defaultValue auto */
  readonly methods?: readonly string[] | undefined;
  /** @defaultValue 1 */
  readonly seed?: number | undefined;
}

export interface MultiObjectiveResult {
  readonly method: string;
  /** Of the noise-free values, per repeat. */
  readonly hypervolumes: readonly number[];
  readonly median: number;
  readonly worst: number;
  readonly secondsPerBatch: number;
}

export interface MultiObjectiveBenchmark extends Provenance {
  readonly suite: "multi-objective";
  readonly case: "Branin–Currin";
  readonly metric: "hypervolume of the noise-free values after 86 evaluations, reference [18, 6]";
  readonly value: number;
  readonly isNoisy: boolean;
  readonly results: readonly MultiObjectiveResult[];
  readonly seed: number;
}

export async function benchmarkMultiObjective(options: MultiObjectiveOptions = {}): Promise<MultiObjectiveBenchmark> {
  const { repeats = 5, isNoisy = false, methods = ["auto"], seed = 1 } = options;
  const results: MultiObjectiveResult[] = [];
  for (const method of methods) {
    const hypervolumes: number[] = [];
    const started = performance.now();
    for (let k = 0; k < repeats; k++) {
      hypervolumes.push(await volumeAfter(method, createRandom(seed).fork(k), isNoisy));
      console.error(`${method} ${k}: ${hypervolumes.at(-1)?.toFixed(3)}`);
    }
    const sorted = [...hypervolumes].sort((a, b) => a - b);
    results.push({
      method,
      hypervolumes,
      median: sorted[Math.floor((repeats - 1) / 2)] as number,
      worst: sorted[0] as number,
      secondsPerBatch: (performance.now() - started) / 1000 / repeats / BATCHES,
    });
  }
  return {
    ...provenance(),
    suite: "multi-objective",
    case: "Branin–Currin",
    metric: "hypervolume of the noise-free values after 86 evaluations, reference [18, 6]",
    value: results[0]?.median ?? Number.NaN,
    isNoisy,
    results,
    seed,
  };
}

async function volumeAfter(method: string, random: Random, isNoisy: boolean): Promise<number> {
  const space = unitCube(2);
  const total = START + BATCH * BATCHES;
  const cube = sobol(method === "sobol" ? total : START, 2, random.fork("start"));
  const points: Point[] = Array.from({ length: cube.rows }, (_, i) => cube.data.slice(2 * i, 2 * i + 2));
  const truth = points.map(braninCurrin);
  const scatter = random.fork("noise");
  const noisy = (values: readonly number[]): number[] =>
    values.map((value, j) => value + (isNoisy ? (NOISE[j] as number) * scatter.normal() : 0));
  const measured = truth.map(noisy);
  const learner = createGaussianProcess({ covariance: { kind: "matern52" }, ...(isNoisy ? { noise: 0 } : {}) });
  while (points.length < total) {
    const { suggestions } = await suggest({
      space,
      observations: {
        points,
        values: createMatrix(points.length, 2, Float64Array.from(measured.flat())),
        outcomes: ["Branin", "Currin"],
        // The tutorial's surrogates know the noise too.
        noiseVariance: isNoisy
          ? createMatrix(points.length, 2, Float64Array.from(variances(points.length)))
          : undefined,
        pending: [],
      },
      objectives: OBJECTIVES,
      referencePoint: REFERENCE,
      learner,
      batch: BATCH,
      method: method as "auto",
      nInitial: START,
      random: random.fork(points.length),
    });
    for (const { point } of suggestions) {
      points.push(point);
      const values = braninCurrin(point);
      truth.push(values);
      measured.push(noisy(values));
    }
  }
  const values = createMatrix(points.length, 2, Float64Array.from(truth.flat()));
  return hypervolume(minimisedValues(values, OBJECTIVES), REFERENCE);
}

function variances(n: number): number[] {
  return Array.from({ length: n }, () => NOISE.map((deviation) => deviation ** 2)).flat();
}

/** Belakaria, Deshwal & Doppa, NeurIPS 2019: Branin rescaled to the unit square, and Currin et al. (1991). */
function braninCurrin([a = 0, b = 0]: Point): number[] {
  const [x, y] = [15 * a - 5, 15 * b];
  const t = y - (5.1 / (4 * Math.PI ** 2)) * x * x + (5 / Math.PI) * x - 6;
  const branin = t * t + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x) + 10;
  const factor = b === 0 ? 1 : 1 - Math.exp(-1 / (2 * b));
  const top = 2300 * a ** 3 + 1900 * a * a + 2092 * a + 60;
  return [branin, (factor * top) / (100 * a ** 3 + 500 * a * a + 4 * a + 20)];
}

function unitCube(d: number) {
  return createSpace({
    variables: Array.from({ length: d }, (_, j) => ({
      kind: "continuous" as const,
      name: `x${j}`,
      role: "process" as const,
      unit: "",
      min: 0,
      max: 1,
      scale: "linear" as const,
    })),
    fixed: [],
    sums: [],
  });
}

/** Seconds of one suggestion: batch of 4, 200 told points, 10 variables, three objectives (DTLZ2 with scatter). */
export async function timeSuggestion(seed = 1): Promise<number> {
  const random = createRandom(seed);
  const [n, d, m] = [200, 10, 3];
  const cube = sobol(n, d, random);
  const points: Point[] = Array.from({ length: n }, (_, i) => cube.data.slice(d * i, d * (i + 1)));
  const values = createMatrix(n, m);
  points.forEach((x, i) => {
    const g = x.subarray(m - 1).reduce((sum, v) => sum + (v - 0.5) ** 2, 0);
    const [p, q] = [((x[0] as number) * Math.PI) / 2, ((x[1] as number) * Math.PI) / 2];
    const f = [Math.cos(p) * Math.cos(q), Math.cos(p) * Math.sin(q), Math.sin(p)];
    f.forEach((value, j) => {
      values.data[i * m + j] = (1 + g) * value + 0.02 * random.normal();
    });
  });
  const objectives = ["f1", "f2", "f3"].map((name) => ({ name, unit: "", direction: "minimize" }) as const);
  const started = performance.now();
  await suggest({
    space: unitCube(d),
    observations: { points, values, outcomes: ["f1", "f2", "f3"], pending: [] },
    objectives,
    learner: createGaussianProcess({ covariance: { kind: "matern52" } }),
    batch: 4,
    random,
    threads: 1,
  });
  return (performance.now() - started) / 1000;
}

async function run(): Promise<MultiObjectiveBenchmark | number> {
  const { time = 0, noise = 0, ...rest } = numberOptions(["repeats", "noise", "seed", "time"]);
  if (time > 0) return timeSuggestion(rest.seed);
  return benchmarkMultiObjective({ ...rest, isNoisy: noise > 0, methods: textOption("method")?.split(",") });
}

function print(result: MultiObjectiveBenchmark | number): void {
  if (typeof result === "number") {
    console.log(
      `4 points, 200 told, 10 variables, 3 objectives: ${result.toFixed(2)} s; ${provenanceLine(provenance())}`,
    );
    return;
  }
  for (const { method, hypervolumes, median, worst, secondsPerBatch } of result.results) {
    console.log(
      `${method}${result.isNoisy ? ", noisy" : ""}: hypervolume median ${median.toFixed(2)}, worst ${worst.toFixed(2)} of ${hypervolumes.length}, ${secondsPerBatch.toFixed(2)} s a batch`,
    );
  }
  console.log(provenanceLine(result));
}

await runAsCommand(import.meta.url, run, print);
