import { DomainError, type FeatureMatrix, type RunContext, takeRows } from "@materiome/core";
import { countTrials } from "../auto/countTrials.ts";
import type { AutoCriterion } from "../auto/families.ts";
import { HEED_CRITERION, type ModelName } from "./learnerByName.ts";
import type { TargetRows } from "./scoreTarget.ts";

/** A time, and the clock that it is measured by. */
export interface SearchBudget {
  readonly minutes: number;
  /** In milliseconds: `() => performance.now()`. */
  readonly now: () => number;
  /** Called before the training begins: how many trials the time holds, and what they are expected to take, which may be more. */
  readonly onCounted?: ((limits: SearchLimits) => void) | undefined;
}

/** What limited the searches. */
export interface SearchLimits {
  /** Trials of each search; giving them makes the same model again. */
  readonly trials: number;
  /** Null where the number was given. */
  readonly budgetMinutes: number | null;
  /** What the searches were expected to take when they began. */
  readonly expectedMinutes: number | null;
}

/** Outer folds of the learning curve, in searches of full size: eighth, quarter and half of four folds. */
const LEARNING_CURVE = 3.5;

export interface SearchOptions {
  readonly model?: ModelName | undefined;
  readonly learner?: unknown;
  readonly trials?: number | undefined;
  readonly budget?: SearchBudget | undefined;
  readonly criterion?: AutoCriterion | undefined;
  readonly folds?: number | undefined;
  readonly repeats?: number | undefined;
  readonly learningCurve?: boolean | undefined;
}

/**
 * The number of trials that was given, or that the time holds: of the target with most rows, counted for the searches of all.
 *
 * @throws DomainError for a limit or a criterion where nothing is searched, both limits, or a time not above 0
 */
export async function searchOf(
  options: SearchOptions,
  aims: readonly { readonly rows: TargetRows }[],
  x: FeatureMatrix,
  isGrouped: boolean,
  run: RunContext,
): Promise<SearchLimits | null> {
  const { trials, budget, criterion, model = "auto" } = options;
  const isSearch = model === "auto" && options.learner === undefined;
  if (!isSearch && (trials ?? budget) !== undefined) {
    throw new DomainError('trials and budget are of the search of model "auto"; this model searches nothing');
  }
  if (!isSearch && criterion !== undefined && !(options.learner === undefined && HEED_CRITERION.has(model))) {
    throw new DomainError(
      `criterion is of the search of model "auto" and of what ${[...HEED_CRITERION].join(", ")} learn by; this model heeds none`,
    );
  }
  if (trials === undefined && budget === undefined) return null;
  if (trials !== undefined && budget !== undefined) {
    throw new DomainError("trials and budget are two limits of one search; give one of them");
  }
  if (budget === undefined) return { trials: trials as number, budgetMinutes: null, expectedMinutes: null }; // one is given
  if (!(budget.minutes > 0)) throw new DomainError(`the budget must be above 0 minutes, got ${budget.minutes}`);
  const searches = ({ targets, rows }: TargetRows): number => {
    const folds = options.folds ?? Math.min(10, new Set(targets.groups ?? rows).size);
    const scored = folds * (options.repeats ?? 1) * (isGrouped ? 2 : 1);
    return scored + 1 + (options.learningCurve === true ? LEARNING_CURVE : 0);
  };
  const [largest] = aims.map(({ rows }) => rows).sort((a, b) => b.rows.length - a.rows.length) as [TargetRows]; // a target
  const counted = await countTrials(
    takeRows(x, largest.rows),
    largest.targets,
    { criterion },
    {
      seconds: 60 * budget.minutes,
      nSearches: aims.reduce((sum, { rows }) => sum + searches(rows), 0),
      now: budget.now,
      run: { ...run, random: run.random.fork("budget") },
    },
  );
  const limits = {
    trials: counted.trials,
    budgetMinutes: budget.minutes,
    expectedMinutes: Number((counted.expectedSeconds / 60).toPrecision(3)),
  };
  budget.onCounted?.(limits);
  return limits;
}
