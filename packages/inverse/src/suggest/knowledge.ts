import { DomainError, type Random, type RunContext } from "@materiome/core";
import { encodePoints } from "../space/encodePoints.ts";
import { liesWithin } from "../space/liesWithin.ts";
import type { Point } from "../space/points.ts";
import type { Disturber } from "../surrogate/disturber.ts";
import { moments } from "../surrogate/moments.ts";
import { averagedModel } from "../surrogate/robustModel.ts";
import type { SurrogateModel } from "../surrogate/surrogate.ts";
import { disturberOf } from "./disturberOf.ts";
import { feasibleUnderScatter } from "./feasibleUnderScatter.ts";
import type { FittedOutcome } from "./fitOutcome.ts";
import { createFrontSearch, type FrontSearch } from "./frontSearch.ts";
import type { SuggestOptions } from "./options.ts";
import { feasibleRows, fitOutcomes, type Outcomes } from "./outcomes.ts";
import { drawPoints, type Region } from "./region.ts";

/** Points of the region that are looked at where none was tried. */
const INSIDE = 256;

/** What the told results say before a batch is chosen. */
export interface Knowledge {
  /** `feasible` is that at the least feasible of the disturbed settings. */
  readonly outcomes: Outcomes;
  /** The first objective. */
  readonly objective: FittedOutcome;
  /** Of the first objective; of its mean under disturbance, where that counts. */
  readonly model: SurrogateModel;
  /** The model of what counts of an outcome: of its mean under disturbance, where that does; else itself. */
  readonly meanOf: (model: SurrogateModel) => SurrogateModel;
  /** What settings become, where the worst case counts. */
  readonly worstOf: Disturber | undefined;
  /**
   * Largest posterior mean among the tried points that are probably feasible; undefined where none is. Where all of them were tried outside the
   * space, the largest that is expected inside.
   */
  readonly best: number | undefined;
  /** Rows of `objective.x` that count, the probably feasible ones first, those of largest mean first. */
  readonly order: readonly number[];
  /** Tried points that count, largest mean first whether feasible or not. */
  readonly ranked: readonly Point[];
  /** Tried points worth a closer look around them, best first. */
  readonly seeds: readonly Point[];
  /** With several objectives. */
  readonly front: FrontSearch | undefined;
  /** What the reader should know. */
  readonly notes: readonly string[];
}

/**
 * Learns a surrogate for each outcome, and ranks what was tried.
 *
 * @param from - first row that counts: what was told before belongs to a trust region that was given up
 */
export async function learnFrom(options: SuggestOptions, region: Region, from: number): Promise<Knowledge> {
  const { space, observations, objectives, constraints = [], learner, random } = options;
  const { points } = observations;
  const notes: string[] = [];
  const run: RunContext = { ...options, random: random.fork("surrogate") };
  const encoded = encodePoints(space, points);
  const fitted = await fitOutcomes(objectives, constraints, encoded, observations, learner, run);
  const [objective] = fitted.objectives;
  if (objective === undefined) throw new DomainError("suggest: no objective was learned");
  const { outcomes, meanOf, worstOf } = underDisturbance(options, fitted);
  const model = meanOf(objective.model);
  const { mean } = moments(model, objective.x);
  const isFeasible = feasibleRows(outcomes, objective.x);
  const rowOf = (k: number): number => objective.rows[k] as number; // k < rows
  const isGiven = givenRows(options, region);
  const isWithin = (row: number): boolean => liesWithin(space, points[row] as Point);
  const hasGiven = [...mean.keys()].some((k) => isGiven(rowOf(k)));
  const hasWithin = [...mean.keys()].some((k) => (!hasGiven || isGiven(rowOf(k))) && isWithin(rowOf(k)));
  if (!hasGiven) notes.push("Nothing was tried yet under what is given: the best so far is that of other conditions.");
  else if (!hasWithin) {
    const instead =
      objectives.length === 1
        ? "the best so far is the largest mean expected there"
        : "the front is that of other settings";
    notes.push(`Nothing was tried yet inside the space: ${instead}.`);
  }
  const counts = (row: number): boolean => (!hasGiven || isGiven(row)) && (!hasWithin || isWithin(row));
  const ranked = [...mean.keys()]
    .filter((k) => rowOf(k) >= from && counts(rowOf(k)))
    .sort((a, b) => (mean[b] as number) - (mean[a] as number));
  const order = [...ranked.filter((k) => isFeasible[k] === true), ...ranked.filter((k) => isFeasible[k] !== true)];
  const front =
    objectives.length > 1 ? createFrontSearch(options, outcomes, { encoded, run, counts, meanOf, worstOf }) : undefined;
  notes.push(...(front?.notes ?? []));
  const best = front?.hasFront === false ? undefined : ranked.find((k) => isFeasible[k] === true);
  if (best === undefined) notes.push("No tried point probably meets all constraints: the search is for one that does.");
  const reached =
    best === undefined ? undefined : hasWithin ? (mean[best] as number) : expectedInside(region, model, random);
  const pointOf = (row: number): Point => points[row] as Point;
  return {
    outcomes,
    objective,
    model,
    meanOf,
    worstOf,
    best: reached,
    order,
    ranked: ranked.map((k) => pointOf(rowOf(k))),
    seeds: (front?.order ?? order.map(rowOf)).map(pointOf),
    front,
    notes,
  };
}

/** Largest mean among points all over the region, where what was tried lies elsewhere: nobody can go back to that. */
function expectedInside(region: Region, model: SurrogateModel, random: Random): number {
  const points = drawPoints(region, INSIDE, random.fork("inside"));
  return moments(model, encodePoints(region.space, points)).mean.reduce(
    (a, b) => Math.max(a, b),
    Number.NEGATIVE_INFINITY,
  );
}

/** What counts where settings are not met exactly. */
function underDisturbance(
  { space, disturbance, random }: SuggestOptions,
  outcomes: Outcomes,
): Pick<Knowledge, "outcomes" | "meanOf" | "worstOf"> {
  if (disturbance === undefined) return { outcomes, meanOf: (model) => model, worstOf: undefined };
  const { counts = "mean" } = disturbance;
  const disturber = disturberOf(space, disturbance, random.fork("disturbance"));
  const { feasible } = outcomes;
  return {
    outcomes: { ...outcomes, feasible: feasible && feasibleUnderScatter(feasible, disturber) },
    meanOf: (model) => (counts === "worst" ? model : averagedModel(model, disturber)),
    worstOf: counts === "worst" ? disturber : undefined,
  };
}

/** Whether a row of the observations was tried under what is given now. */
function givenRows({ context = [], observations, space }: SuggestOptions, { held }: Region): (row: number) => boolean {
  const given = [...held].filter(([j]) => context.includes(space.variables[j]?.name ?? ""));
  return (row) => given.every(([j, value]) => observations.points[row]?.[j] === value);
}
