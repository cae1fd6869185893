import {
  type AbortLike,
  DataError,
  DomainError,
  IncompatibleError,
  InfeasibleError,
  type Matrix,
  nearestNames,
  type Progress,
  type Random,
  supportsHeldOut,
  type Table,
  type TableModel,
} from "@materiome/core";
import { createEvaluator, type Evaluated } from "../search/evaluator.ts";
import { searchCandidates } from "../search/searchCandidates.ts";
import { byProbability } from "../search/selectDiverse.ts";
import { createSpace } from "../space/createSpace.ts";
import { requireLimits } from "../space/requireLimits.ts";
import type { SearchSpace } from "../space/searchSpace.ts";
import { seedPoints } from "../space/seedPoints.ts";
import { checkAssumedUnit } from "../spec/checkAssumedUnit.ts";
import { type Limits, limitsOf } from "../spec/limits.ts";
import type { Spec } from "../spec/spec.ts";
import { candidatesAt, type DescribeAt } from "./candidatesAt.ts";
import { chooseCandidates } from "./chooseCandidates.ts";
import { createCost } from "./cost/createCost.ts";
import type { FootprintOptions } from "./cost/footprint.ts";
import { acceptableSettings, asSet, describeRoutes, withTolerance } from "./explore.ts";
import { notesOf } from "./notesOf.ts";
import { correctionOf } from "./optimism/correctionOf.ts";
import { optimismBasis } from "./optimism/optimismOf.ts";
import { residualCorrelation } from "./optimism/residualCorrelation.ts";
import { residualsOf } from "./optimism/residualsOf.ts";
import { outsideText } from "./outsideTraining.ts";
import { refuse } from "./refuse.ts";
import type { Criterion, InversionResult } from "./result.ts";
import { sensitivitiesAt } from "./sensitivities.ts";
import { missedSettings, type SettingScatter } from "./tolerance/missedSettings.ts";

export interface InvertOptions {
  /** What is wanted ({@link parseSpec}); all of it at once. */
  readonly specs: readonly Spec[];
  /** What may be turned and what is given ({@link spaceFromTable}). */
  readonly space: SearchSpace;
  readonly random: Random;
  /** Number of suggestions. @defaultValue 5 */
  readonly n?: number | undefined;
  /** Probability of the intervals. @defaultValue 0.9 */
  readonly level?: number | undefined;
  /**
   * Least probability of meeting the specs that is worth a suggestion; below it the answer is a refusal.
   * @defaultValue 0.5, more likely than not
   */
  readonly minProbability?: number | undefined;
  /**
   * Which probability is searched, ranked and compared with `minProbability`: `corrected` for optimism as far as held-out rows tell
   * ({@link Candidate.correctedProbability}; where they tell nothing it is that of the model, and a note says so), or as `predicted`.
   * @defaultValue "corrected"
   */
  readonly criterion?: Criterion | undefined;
  /**
   * Least distance between two suggestions, every knob scaled to its bounds (1 is the whole range of one knob).
   * @defaultValue 0.05
   */
  readonly minDistance?: number | undefined;
  /** Most settings that are predicted in the search for candidates. @defaultValue 6000 */
  readonly maxEvaluations?: number | undefined;
  /** Whether routes, process window and tolerances are worked out, which predicts more settings. @defaultValue true */
  readonly explore?: boolean | undefined;
  /**
   * Most settings that are predicted for routes and window, where the space was not searched completely; with `scatter` a third of them, each predicted
   * nine times. @defaultValue 8000
   */
  readonly maxWindowEvaluations?: number | undefined;
  /**
   * What a setting costs, as an expression over the inputs of the model: candidates are then the cheapest that are probable
   * enough. @defaultValue no cost
   */
  readonly cost?: string | undefined;
  /** How settings make a process and what its energy and CO₂ are estimated from. @defaultValue not estimated */
  readonly footprint?: FootprintOptions | undefined;
  /**
   * How settings scatter in practice, by name, in their unit: the probability of each candidate under it, and a process window of set values, judged by
   * what they become. Of an amount of a mixture it is the error of weighing it out. @defaultValue not considered
   */
  readonly scatter?: Readonly<Record<string, SettingScatter>> | undefined;
  /**
   * Predictions of the training rows by models that had not seen them, [training.nRows, targets.length]; NaN where there is none. For
   * optimism and the correlation of errors. @defaultValue what the model keeps of them
   */
  readonly heldOut?: Matrix | undefined;
  readonly threads?: number | undefined;
  readonly signal?: AbortLike | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** Most settings of one prediction: between two of them a call can be stopped. */
const BATCH = 256;

/**
 * Settings that reach a wanted property, or a refusal that says why there are none.
 *
 * Maximises the probability that a new measurement meets every spec, P = Π_targets (F(high) − F(low)) with F the
 * predictive distribution of the model; several targets together by the correlation of their held-out errors where the model
 * keeps them ({@link residualCorrelation}), else as independent given the settings. Only settings inside the
 * bounds, on the grid and inside the model's domain are returned, each checked again before it is returned.
 * Suggestions are those most probable *and* far from each other ({@link selectDiverse}) among settings at least 0.9
 * times as probable as the best; where these are too few, among all of at least `minProbability`.
 *
 * Then, unless `explore` is off, settings are drawn in proportion to their probability ({@link sampleSettings}): their credible
 * intervals are the process window, their clusters the routes ({@link findRoutes}), and each candidate is told how far each setting
 * may drift ({@link driftAt}).
 *
 * The best of thousands of predictions is optimistic: errors of the model that happen to point upwards are selected. As far as
 * held-out rows tell, `correctedProbability` takes that back ({@link optimismBasis}), and it is what is searched, ranked and refused by
 * unless `criterion` says otherwise. Treat suggestions as experiments to run, not as results.
 *
 * @returns `candidates`, most probable first by the criterion; `refused` instead, if the best such probability is below `minProbability`.
 * Results depend on the seed, not on the number of threads.
 * @throws DataError if no spec is given or one names no target
 * @throws InfeasibleError if two specs exclude each other whatever the settings, or no setting keeps the sums
 * @throws IncompatibleError if the space lacks inputs of the model, or the model gives no distribution or domain; for scatter without `explore`
 * @throws UnitError if a unit that cannot be checked looks like a slip
 * @throws DomainError for options out of range
 * @example
 * const space = spaceFromTable(model.training, { inputs: model.inputs, context: 170 });
 * const specs = [parseSpec("Fatigue Strength (10E7 Cycles)>=600 MPa", model.targets)];
 * const { candidates, refused } = await invert(model, { specs, space, random: createRandom(1) });
 */
export async function invert(model: TableModel, options: InvertOptions): Promise<InversionResult> {
  const { specs, random, threads, signal, onProgress } = options;
  const { n = 5, level = 0.9, minProbability = 0.5, minDistance = 0.05, maxEvaluations = 6000 } = options;
  const { explore = true, maxWindowEvaluations = 8000, scatter } = options;
  const space = createSpace(options.space);
  requireLimits(space);
  checkOptions({ n, level, minProbability, minDistance, maxEvaluations, maxWindowEvaluations });
  checkInputs(model, space);
  if (scatter !== undefined) {
    if (!explore) {
      throw new IncompatibleError(
        "invert: what scatter does to candidates is worked out with the window and drift; leave explore on, or scatter out",
      );
    }
    missedSettings(space, scatter); // names and widths are refused before the search
  }
  const limits = limitsOf(
    checkSpecs(model, specs),
    model.targets.map((target) => target.name),
  );
  const scales = limits.map((limit) => spread(model, limit));
  const heldOut = options.heldOut ?? (supportsHeldOut(model) ? model.heldOut : undefined);
  const residuals = heldOut === undefined ? undefined : residualsOf(model, heldOut, limits);
  const correlation = residuals === undefined || limits.length < 2 ? undefined : residualCorrelation(residuals);
  const basis = optimismBasis(model, heldOut, limits);
  const known = correctionOf(basis, random.fork("optimism"));
  const correction = options.criterion === "predicted" ? undefined : known;
  const criterion: Criterion = correction === undefined ? "predicted" : "corrected";
  const cost = options.cost === undefined ? undefined : createCost(space, options.cost);
  const context = { threads, signal, correlation, correction };
  const predictPoints = createEvaluator(model, space, limits, scales, context);
  const evaluate: typeof predictPoints = async (points) => {
    const results: Evaluated[] = [];
    for (let start = 0; start < points.length; start += BATCH) {
      signal?.throwIfAborted();
      results.push(...(await predictPoints(points.slice(start, start + BATCH))));
    }
    return results;
  };

  const seeds = seedPoints(space, model.training);
  const outcome = await searchCandidates(space, evaluate, { random, seeds, maxEvaluations, onProgress });
  if (outcome.evaluated.length === 0) throw noAllowedSetting(space, model.training);
  const inside = outcome.evaluated.filter((e) => e.inDomain).sort(byProbability);
  const best = inside[0];
  const describeAt: DescribeAt = (chosen) =>
    candidatesAt(model, space, limits, level, chosen, {
      ...context,
      known,
      cost,
      footprint: options.footprint,
    });

  const isReachable = best !== undefined && best.probability >= minProbability;
  const ranked = [...outcome.evaluated].sort(byProbability);
  const refused = isReachable
    ? undefined
    : await refuse({ model, space, specs, limits, scales, minProbability, best, ranked, describeAt, context });
  const acceptable =
    isReachable && explore
      ? await acceptableSettings(space, evaluate, outcome, {
          random: random.fork("window"),
          level,
          maxEvaluations: maxWindowEvaluations,
          scatter,
          onProgress,
        })
      : undefined;
  const window = acceptable?.window ?? null;
  // Only a cost sends candidates beyond what the search found: settings drawn for the window reach farther from the best.
  const pool =
    cost === undefined ? inside : merged(inside, await asSet(evaluate, acceptable?.sample.points ?? [], scatter));
  const chosen = await chooseCandidates(space, evaluate, pool, { n, minDistance, minProbability, cost });
  const bearing = { minProbability, scatter, random: random.fork("tolerance") };
  const described = await describeAt(chosen);
  const candidates = explore
    ? await withTolerance(
        space,
        evaluate,
        described,
        chosen.map((e) => e.point),
        bearing,
      )
    : described.map((candidate) => ({ ...candidate, drift: [], scatter: null }));
  const { routes, silhouette } =
    acceptable === undefined
      ? { routes: [], silhouette: 0 }
      : await describeRoutes(space, evaluate, acceptable.sample, describeAt, bearing);
  const sensitivities = best === undefined ? [] : await sensitivitiesAt(model, space, limits, evaluate, best.point);
  const [top] = best === undefined ? [] : await describeAt([best]);
  const corrected = top?.correctedProbability ?? null;
  const diagnostics = {
    nEvaluated: outcome.evaluated.length,
    nInDomain: inside.length,
    isExhaustive: outcome.isExhaustive,
    bestProbability: best?.probability ?? 0,
    sensitivities,
    optimism:
      "missing" in basis || top === undefined || corrected === null
        ? null
        : { slopes: basis.slopes, predicted: top.probability, corrected },
    correlation: correlation === undefined ? null : rowsOf(correlation),
    routeSilhouette: silhouette,
    notes: notesOf({
      n,
      nChosen: candidates.length,
      minDistance,
      isRefused: !isReachable,
      specs,
      limits,
      sensitivities,
      space,
      training: model.training,
      isCorrelated: correlation !== undefined,
      basis,
      criterion,
      window,
      isExplored: explore,
    }),
  };
  return {
    specs,
    fixed: space.fixed,
    level,
    minProbability,
    criterion,
    candidates,
    routes,
    window,
    refused,
    diagnostics,
  };
}

/** Settings of both lists once each, most probable first. */
function merged(a: readonly Evaluated[], b: readonly Evaluated[]): readonly Evaluated[] {
  const all = new Map([...a, ...b].map((e) => [e.point.join("|"), e]));
  return [...all.values()].sort(byProbability);
}

function rowsOf({ rows, columns, data }: Matrix): readonly (readonly number[])[] {
  return Array.from({ length: rows }, (_, i) => Array.from(data.subarray(i * columns, (i + 1) * columns)));
}

/** Bounds, grid and sums can leave nothing to try, or nothing that the search could find. */
function noAllowedSetting(space: SearchSpace, training: Table): InfeasibleError {
  const { sums } = space;
  const outside = outsideText(space, training);
  if (outside !== undefined) {
    return new InfeasibleError(`invert: ${outside.text}; with it no setting keeps the sums of the training rows`);
  }
  const kept = sums.map((sum) => `${sum.columns.join(" + ")} at ${sum.total}`).join(" and ");
  return new InfeasibleError(
    `invert: no setting within the bounds and on the grid was found that keeps ${kept}; widen bounds, free a fixed amount or take a finer step`,
  );
}

function checkOptions(options: Readonly<Record<string, number>>): void {
  const {
    n = 0,
    level = 0,
    minProbability = 0,
    minDistance = 0,
    maxEvaluations = 0,
    maxWindowEvaluations = 0,
  } = options;
  if (!(Number.isInteger(n) && n >= 1)) throw new DomainError(`invert: n must be a whole number from 1, got ${n}`);
  if (!(level > 0 && level < 1)) throw new DomainError(`invert: level must lie between 0 and 1, got ${level}`);
  if (!(minProbability >= 0 && minProbability <= 1)) {
    throw new DomainError(`invert: minProbability must lie in 0 … 1, got ${minProbability}`);
  }
  if (!(minDistance >= 0)) throw new DomainError(`invert: minDistance must be at least 0, got ${minDistance}`);
  for (const [name, value] of Object.entries({ maxEvaluations, maxWindowEvaluations })) {
    if (Number.isInteger(value) && value >= 1) continue;
    throw new DomainError(`invert: ${name} must be a whole number from 1, got ${value}`);
  }
}

function checkInputs(model: TableModel, space: SearchSpace): void {
  const given = new Set([...space.variables, ...space.fixed].map((input) => input.name));
  const missing = model.inputs.filter((input) => !given.has(input.name)).map((input) => `"${input.name}"`);
  if (missing.length > 0) {
    throw new IncompatibleError(`invert: the space says nothing of these inputs of the model: ${missing.join(", ")}`);
  }
  const known = new Set(model.inputs.map((input) => input.name));
  const unknown = [...given].filter((name) => !known.has(name));
  if (unknown.length > 0) {
    throw new IncompatibleError(`invert: the model has no input ${unknown.map((name) => `"${name}"`).join(", ")}`);
  }
}

function checkSpecs(model: TableModel, specs: readonly Spec[]): readonly Spec[] {
  if (specs.length === 0) throw new DataError("invert: at least one spec is needed");
  const names = model.targets.map((target) => target.name);
  for (const { target, unit } of specs) {
    const info = model.targets.find((candidate) => candidate.name === target);
    if (info === undefined) {
      const near = nearestNames(target, names);
      const hint = near.length > 0 ? `did you mean "${near[0]}"?` : `targets are: ${names.join(", ")}`;
      throw new DataError(`invert: the model does not predict "${target}"; ${hint}`);
    }
    if (info.unit !== unit) {
      throw new DataError(
        `invert: the spec of "${target}" is in "${unit}", the model's unit is "${info.unit}"; use parseSpec`,
      );
    }
  }
  for (const spec of specs) checkAssumedUnit(spec, model.training);
  return specs;
}

/** Standard deviation of the measured target, to compare margins of different targets. */
function spread(model: TableModel, limit: Limits): number {
  const values = [...model.training.number(limit.target).values].filter(Number.isFinite);
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return variance > 0 ? Math.sqrt(variance) : 1;
}
