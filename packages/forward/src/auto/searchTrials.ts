import type { RunContext, Targets } from "@materiome/core";
import type { TrainingSet } from "../learner/checkTraining.ts";
import type { InnerFolds } from "../learner/heldOutByFolds.ts";
import type { AutoCriterion, FamilyOptions } from "./families.ts";
import { type LeftOut, noCandidate, planTrials, type TrialSettings } from "./planTrials.ts";
import { proposeTrials } from "./proposeTrials.ts";
import { estimateTrials, type Trial } from "./trial.ts";
import { withoutEndless } from "./withoutEndless.ts";

export interface SearchSettings extends TrialSettings {
  /** What trials are compared by. */
  readonly criterion: AutoCriterion;
}

/** Errors over all inner folds. */
interface InnerErrors {
  readonly rmse: number;
  readonly mae: number;
  /** Mean of what the criterion says. */
  readonly cost: number;
}

export type ScoredTrial = Trial & InnerErrors;

/** Settings of a learner that are proposed together. */
const ROUND = 4;

/** Times the least error; half as much again of the absolute one is more than twice the squared one. */
const FAR_BEHIND: Readonly<Record<AutoCriterion, number>> = { squared: 2, absolute: 1.5 };

/** Trials over all inner folds, best first, and what was not tried or not tried to the end. */
export async function searchTrials(
  rows: TrainingSet,
  y: Targets,
  folds: InnerFolds,
  run: RunContext,
  settings: SearchSettings,
  options: FamilyOptions,
): Promise<{ readonly library: readonly ScoredTrial[]; readonly left: readonly LeftOut[] }> {
  const plan = planTrials(rows, settings, options, run.random.fork("settings"));
  const { defaults, drawn, proposals, left: never, inner, isLong } = plan;
  const left: LeftOut[] = [...never];
  const all = Array.from({ length: folds.nFolds }, (_, k) => k);
  const [first, rest] = [all.slice(0, 2), all.slice(2)];
  const data = { x: rows.x, y };
  const started = [...defaults, ...drawn];
  run.onProgress?.({ stage: "candidates", done: 0, total: 1 });
  const able = withoutFailed(started, await estimateTrials(started, folds, first, inner, data, run), left);
  const taken = new Set(started.map(({ label }) => label));
  // Rounds of fixed size, each over all learners: what is proposed does not depend on which fit ends first.
  const most = Math.max(0, ...proposals.map(({ count }) => count));
  for (let from = 0; from < most; from += ROUND) {
    const round: Trial[] = [];
    for (const { family, sets, count } of proposals.filter((one) => one.count > from)) {
      const seen = able.filter((trial) => trial.family === family);
      const next = await proposeTrials(
        { family, sets },
        {
          by: settings.laterSettings === "uniform" ? "uniform" : "proposed",
          count: Math.min(ROUND, count - from),
          seen: seen.map((trial) => ({ trial, cost: errorsOf(trial, rows, settings.criterion).cost })),
          taken,
          trialOf: plan.trialOf,
          random: run.random.fork("proposals").fork(family.name).fork(from),
        },
      );
      round.push(...next);
      for (const { label } of next) taken.add(label);
    }
    able.push(...withoutFailed(round, await estimateTrials(round, folds, first, inner, data, run), left));
    run.onProgress?.({ stage: "candidates", done: (0.3 * Math.min(most, from + ROUND)) / most, total: 1 });
  }
  const looked = able.filter((trial) => !defaults.includes(trial));
  const better = betterHalf(looked, rows, settings.criterion);
  for (const { label, isProposed } of looked.filter((trial) => !better.includes(trial))) {
    left.push({ name: label, reason: "in the worse half on two inner folds", isProposed });
  }
  const going = able.filter((trial) => !looked.includes(trial) || better.includes(trial));
  const near = isLong ? withoutFarBehind(going, rows, settings.criterion, left) : going;
  run.onProgress?.({ stage: "candidates", done: 0.4, total: 1 });
  const survivors =
    rest.length === 0 ? near : withoutFailed(near, await estimateTrials(near, folds, rest, inner, data, run), left);
  run.onProgress?.({ stage: "candidates", done: 0.8, total: 1 });
  const finite = withoutEndless(survivors, left);
  if (finite.length === 0) throw noCandidate(left);
  const library = finite
    .map((trial) => ({ ...trial, ...errorsOf(trial, rows, settings.criterion) }))
    .sort((a, b) => a.cost - b.cost);
  return { library, left };
}

/** The trials whose learner took the rows; the others are left out for what it said. */
function withoutFailed(trials: readonly Trial[], failed: ReadonlyMap<Trial, string>, left: LeftOut[]): Trial[] {
  for (const [{ label, isProposed }, reason] of failed) left.push({ name: label, reason, isProposed });
  return trials.filter((trial) => !failed.has(trial));
}

/** What falls so far behind on two folds is neither chosen nor of use in an average. */
function withoutFarBehind(
  trials: readonly Trial[],
  rows: TrainingSet,
  criterion: AutoCriterion,
  left: LeftOut[],
): readonly Trial[] {
  const costs = trials.map((trial) => errorsOf(trial, rows, criterion).cost);
  const most = FAR_BEHIND[criterion] * Math.min(...costs);
  return trials.filter(({ label }, k) => {
    const isNear = (costs[k] as number) <= most; // one per trial
    if (!isNear) {
      const reason = `more than ${FAR_BEHIND[criterion]} times the least ${criterion} error on two inner folds`;
      left.push({ name: label, reason });
    }
    return isNear;
  });
}

function betterHalf(trials: readonly Trial[], rows: TrainingSet, criterion: AutoCriterion): Trial[] {
  return trials
    .map((trial) => ({ trial, ...errorsOf(trial, rows, criterion) }))
    .sort((a, b) => a.cost - b.cost)
    .slice(0, Math.ceil(trials.length / 2))
    .map(({ trial }) => trial);
}

/** Errors over the rows that the trial has estimates of. */
function errorsOf({ estimates }: Trial, rows: TrainingSet, criterion: AutoCriterion): InnerErrors {
  let squares = 0;
  let absolute = 0;
  let total = 0;
  for (const [i, y] of rows.y.entries()) {
    const error = y - (estimates.mean[i] as number); // one per row
    if (Number.isNaN(error)) continue;
    const weight = rows.weights?.[i] ?? 1;
    squares += weight * error * error;
    absolute += weight * Math.abs(error);
    total += weight;
  }
  const [rmse, mae] = [Math.sqrt(squares / total), absolute / total];
  return { rmse, mae, cost: criterion === "squared" ? squares / total : mae };
}
