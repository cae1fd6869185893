import { type Random, type RunContext, runTasks } from "@materiome/core";
import { minimiseBounded } from "@materiome/core/numerics";
import { createEvidenceBound } from "./evidenceBound.ts";
import { createLikelihood, type LikelihoodData } from "./likelihood.ts";
import type { ProgramParameter } from "./program.ts";

/** `map` maximises the posterior of the logarithms of the hyper-parameters, `likelihood` the marginal likelihood alone. */
export type Estimate = "map" | "likelihood";

export interface SearchTask {
  readonly data: LikelihoodData;
  readonly parameters: readonly ProgramParameter[];
  readonly estimate: Estimate;
  readonly maxIterations: number;
  /** Logarithms of all hyper-parameters. */
  readonly start: Float64Array;
}

export interface SearchResult {
  readonly theta: Float64Array;
  /** What was maximised: log marginal likelihood (or its bound), with the log prior density (but for a constant) for `map`. */
  readonly value: number;
  readonly evaluations: number;
  readonly converged: boolean;
}

/** n³ × starts below which starting threads costs more than it gains. */
const WORTH_THREADS = 20_000_000;

/**
 * Far below what data can tell of a log likelihood, above its rounding, which is 1e-7 where variance and length-scales run
 * away together: below that, line searches find nothing and cost as much as the whole way there.
 */
const GRADIENT_TOLERANCE = 1e-3;
const VALUE_TOLERANCE = 1e-7;

/** The best of several local searches; ties go to the earlier start, so that threads do not matter. */
export async function searchHyperparameters(
  tasks: readonly SearchTask[],
  run: RunContext,
): Promise<{ readonly best: SearchResult; readonly all: readonly SearchResult[] }> {
  const n = tasks[0]?.data.x.rows ?? 0;
  const all: SearchResult[] = [];
  if (run.threads !== 1 && n ** 3 * tasks.length >= WORTH_THREADS) {
    all.push(
      ...(await runTasks<SearchTask, SearchResult>({ module: import.meta.url, name: "searchFrom" }, tasks, {
        ...run,
        stage: "hyper-parameters",
      })),
    );
  } else {
    for (const task of tasks) {
      all.push(searchFrom(task, run.signal));
      run.onProgress?.({ stage: "hyper-parameters", done: all.length, total: tasks.length });
      await new Promise<void>((resolve) => setImmediate(resolve)); // lets a signal through
      run.signal?.throwIfAborted();
    }
  }
  let best = all[0] as SearchResult; // at least one start
  for (const result of all) if (result.value > best.value) best = result;
  return { best, all };
}

/** Searches from the given start and from draws around it. */
export function searchFromDraws(
  task: Omit<SearchTask, "start">,
  nStarts: number,
  run: RunContext,
): ReturnType<typeof searchHyperparameters> {
  const starts = drawStarts(task.parameters, nStarts, run.random.fork("starts"));
  return searchHyperparameters(
    starts.map((start) => ({ ...task, start })),
    run,
  );
}

/** One local search, as a task of a thread. */
export function searchFrom(task: SearchTask, signal?: RunContext["signal"]): SearchResult {
  const { data, parameters, estimate, start } = task;
  const { inducing } = data;
  const likelihood = inducing === undefined ? createLikelihood(data) : createEvidenceBound(data, inducing);
  const free = parameters.flatMap(({ isFixed }, k) => (isFixed ? [] : [k]));
  const theta = start.slice();
  const gradient = new Float64Array(parameters.length);
  let first: number | undefined;
  const objective = (at: Float64Array, slope: Float64Array): number => {
    for (const [i, k] of free.entries()) theta[k] = at[i] as number; // i < free
    gradient.fill(0);
    let value = likelihood.evaluate(theta, gradient);
    first ??= value;
    for (const [i, k] of free.entries()) {
      const { mean, sd } = parameters[k] as ProgramParameter; // free ones are among them
      const z = ((theta[k] as number) - mean) / sd;
      if (estimate === "map") value -= 0.5 * z * z;
      slope[i] = (estimate === "map" ? z / sd : 0) - (gradient[k] as number);
    }
    return -value;
  };
  if (free.length === 0) {
    return { theta, value: -objective(new Float64Array(0), new Float64Array(0)), evaluations: 1, converged: true };
  }
  const pick = (of: (parameter: ProgramParameter) => number): number[] =>
    free.map((k) => of(parameters[k] as ProgramParameter));
  const search = (): SearchResult => {
    const { x, value, evaluations, converged } = minimiseBounded(
      objective,
      free.map((k) => start[k] as number),
      {
        lower: pick((p) => p.lower),
        upper: pick((p) => p.upper),
        maxIterations: task.maxIterations,
        gradientTolerance: GRADIENT_TOLERANCE,
        valueTolerance: VALUE_TOLERANCE,
        signal,
      },
    );
    for (const [i, k] of free.entries()) theta[k] = x[i] as number;
    return { theta, value: -value, evaluations, converged };
  };
  try {
    return search();
  } catch (error) {
    // No search starts where the covariance is singular; other starts may do, and conditioning says so where none does.
    if (first === undefined || Number.isFinite(first)) throw error;
    return { theta: start.slice(), value: Number.NEGATIVE_INFINITY, evaluations: 1, converged: false };
  }
}

/** The given start, then starts drawn around it from half the width of the priors, within the bounds. */
function drawStarts(parameters: readonly ProgramParameter[], nStarts: number, random: Random): Float64Array[] {
  return Array.from({ length: nStarts }, (_, s) => {
    const stream = random.fork(s);
    return Float64Array.from(parameters, ({ start, sd, lower, upper, isFixed }) => {
      const moved = start + (s === 0 ? 0 : 0.5 * sd * stream.normal());
      return isFixed ? start : Math.min(upper, Math.max(lower, moved));
    });
  });
}
