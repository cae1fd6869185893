import { createMatrix, type Random } from "@materiome/core";
import { sobol } from "@materiome/core/numerics";
import {
  hypervolume,
  minimisedValues,
  type Objective,
  type Point,
  type SuggestOptions,
  suggest,
} from "@materiome/inverse";
import { unitCube } from "./optimizationProblems.ts";
import { learner } from "./optimizationSurrogate.ts";

/** Reference point of BoTorch's tutorial of qNEHVI, both small (it maximises the negatives), and the standard deviations of its noise. */
const REFERENCE = [18, 6];
const NOISE = [15.19, 0.63];
const OBJECTIVES: readonly Objective[] = ["Branin", "Currin"].map((name) => ({
  name,
  unit: "",
  direction: "minimize",
}));
const START = 6;
const BATCH = 4;
const TOTAL = 86;

export interface FrontRunOptions {
  readonly random: Random;
  /** Measurements scatter as in the tutorial, and the surrogates know by how much. */
  readonly isNoisy: boolean;
  /** `sobol` for even sampling of all points. */
  readonly method: SuggestOptions["method"] | "sobol";
}

/** Hypervolume of the noise-free values after each of 86 evaluations: 6 Sobol points, then 20 batches of 4. */
export async function braninCurrinRun({ random, isNoisy, method }: FrontRunOptions): Promise<number[]> {
  const cube = sobol(method === "sobol" ? TOTAL : START, 2, random.fork("start"));
  const points: Point[] = Array.from({ length: cube.rows }, (_, i) => cube.data.slice(2 * i, 2 * i + 2));
  const truth = points.map(braninCurrin);
  const scatter = random.fork("noise");
  const measure = (values: readonly number[]): number[] =>
    values.map((value, j) => value + (isNoisy ? (NOISE[j] as number) * scatter.normal() : 0));
  const measured = truth.map(measure);
  while (method !== "sobol" && points.length < TOTAL) {
    const n = points.length;
    const { suggestions } = await suggest({
      space: unitCube(2),
      observations: {
        points,
        values: createMatrix(n, 2, Float64Array.from(measured.flat())),
        outcomes: ["Branin", "Currin"],
        noiseVariance: isNoisy
          ? createMatrix(n, 2, Float64Array.from(points.flatMap(() => NOISE.map((deviation) => deviation ** 2))))
          : undefined,
        pending: [],
      },
      objectives: OBJECTIVES,
      referencePoint: REFERENCE,
      learner: learner(isNoisy ? 0 : 1e-6),
      batch: BATCH,
      method,
      nInitial: START,
      threads: 1,
      random: random.fork(n),
    });
    for (const { point } of suggestions) {
      points.push(point);
      const values = braninCurrin(point);
      truth.push(values);
      measured.push(measure(values));
    }
  }
  return truth.map((_, i) => {
    const values = createMatrix(i + 1, 2, Float64Array.from(truth.slice(0, i + 1).flat()));
    return hypervolume(minimisedValues(values, OBJECTIVES), REFERENCE);
  });
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
