import {
  type AbortLike,
  DataError,
  DomainError,
  IncompatibleError,
  InfeasibleError,
  nearestNames,
  type Progress,
  type Random,
  type Table,
  type TableModel,
} from "@materiome/core";
import { createEvaluator, type Evaluated } from "../search/evaluator.ts";
import { searchCandidates } from "../search/searchCandidates.ts";
import { byProbability, selectDiverse } from "../search/selectDiverse.ts";
import { createSpace } from "../space/createSpace.ts";
import type { SearchSpace } from "../space/searchSpace.ts";
import { seedPoints } from "../space/seedPoints.ts";
import { checkAssumedUnit } from "../spec/checkAssumedUnit.ts";
import { type Limits, limitsOf } from "../spec/limits.ts";
import type { Spec } from "../spec/spec.ts";
import { candidatesAt } from "./candidatesAt.ts";
import { notesOf } from "./notesOf.ts";
import { outsideText } from "./outsideTraining.ts";
import { refuse } from "./refuse.ts";
import type { InversionResult } from "./result.ts";
import { sensitivitiesAt } from "./sensitivities.ts";

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
   * Least distance between two suggestions, every knob scaled to its bounds (1 is the whole range of one knob).
   * @defaultValue 0.05
   */
  readonly minDistance?: number | undefined;
  /** Most settings that are predicted. @defaultValue 6000 */
  readonly maxEvaluations?: number | undefined;
  readonly threads?: number | undefined;
  readonly signal?: AbortLike | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** Suggestions are drawn from settings at least this share as probable as the best, where there are enough of them. */
const REACH = 0.9;

/**
 * Settings that reach a wanted property, or a refusal that says why there are none.
 *
 * Maximises the probability that a new measurement meets every spec, P = Π_targets (F(high) − F(low)) with F the
 * predictive distribution of the model (targets taken as independent given the settings). Only settings inside the
 * bounds, on the grid and inside the model's domain are returned, each checked again before it is returned.
 * Suggestions are those most probable *and* far from each other ({@link selectDiverse}) among settings at least 0.9
 * times as probable as the best; where these are too few, among all of at least `minProbability`.
 *
 * The best of thousands of predictions is optimistic: errors of the model that happen to point upwards are selected.
 * Expect the suggestions to fall somewhat short on average, and treat them as experiments to run, not as results.
 *
 * @returns `candidates`, most probable first; `refused` instead, if the best probability is below `minProbability`.
 * Results depend on the seed, not on the number of threads.
 * @throws DataError if no spec is given or one names no target
 * @throws InfeasibleError if two specs exclude each other whatever the settings, or no setting keeps the sums
 * @throws IncompatibleError if the space lacks inputs of the model, or the model gives no distribution or domain
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
  const space = createSpace(options.space);
  checkOptions({ n, level, minProbability, minDistance, maxEvaluations });
  checkInputs(model, space);
  const limits = limitsOf(
    checkSpecs(model, specs),
    model.targets.map((target) => target.name),
  );
  const scales = limits.map((limit) => spread(model, limit));
  const context = { threads, signal };
  const predictPoints = createEvaluator(model, space, limits, scales, context);
  const evaluate: typeof predictPoints = (points) => {
    signal?.throwIfAborted();
    return predictPoints(points);
  };

  const seeds = seedPoints(space, model.training);
  const outcome = await searchCandidates(space, evaluate, { random, seeds, maxEvaluations, onProgress });
  if (outcome.evaluated.length === 0) throw noAllowedSetting(space, model.training);
  const inside = outcome.evaluated.filter((e) => e.inDomain).sort(byProbability);
  const best = inside[0];
  const ranked = [...outcome.evaluated].sort(byProbability);
  const describeAt = (chosen: readonly Evaluated[]): ReturnType<typeof candidatesAt> =>
    candidatesAt(model, space, limits, level, chosen, context);

  const reachable = best !== undefined && best.probability >= minProbability;
  const refused = reachable
    ? undefined
    : await refuse({ model, space, specs, limits, scales, minProbability, best, ranked, describeAt, context });
  const pool = inside.filter((e) => e.probability >= Math.max(minProbability, REACH * (best?.probability ?? 0)));
  let chosen = reachable ? selectDiverse(space, pool, { n, minDistance }) : [];
  if (reachable && chosen.length < n) {
    const wider = inside.filter((e) => e.probability >= minProbability);
    chosen = selectDiverse(space, wider, { n, minDistance });
  }
  const candidates = await describeAt(chosen);
  const sensitivities = best === undefined ? [] : await sensitivitiesAt(model, space, limits, evaluate, best.point);
  const diagnostics = {
    nEvaluated: outcome.evaluated.length,
    nInDomain: inside.length,
    isExhaustive: outcome.isExhaustive,
    bestProbability: best?.probability ?? 0,
    sensitivities,
    notes: notesOf({
      n,
      nChosen: candidates.length,
      minDistance,
      isRefused: !reachable,
      specs,
      limits,
      sensitivities,
      space,
    }),
  };
  return { specs, fixed: space.fixed, level, minProbability, candidates, refused, diagnostics };
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
  const { n = 0, level = 0, minProbability = 0, minDistance = 0, maxEvaluations = 0 } = options;
  if (!(Number.isInteger(n) && n >= 1)) throw new DomainError(`invert: n must be a whole number from 1, got ${n}`);
  if (!(level > 0 && level < 1)) throw new DomainError(`invert: level must lie between 0 and 1, got ${level}`);
  if (!(minProbability >= 0 && minProbability <= 1)) {
    throw new DomainError(`invert: minProbability must lie in 0 … 1, got ${minProbability}`);
  }
  if (!(minDistance >= 0)) throw new DomainError(`invert: minDistance must be at least 0, got ${minDistance}`);
  if (!(Number.isInteger(maxEvaluations) && maxEvaluations >= 1)) {
    throw new DomainError(`invert: maxEvaluations must be a whole number from 1, got ${maxEvaluations}`);
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
