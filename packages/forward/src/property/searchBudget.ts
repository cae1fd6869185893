import { DomainError } from "@materiome/core";
import type { AutoCriterion } from "../auto/families.ts";
import type { CountedTrials } from "../auto/fillTime.ts";
import { type BudgetKeeper, createBudgetKeeper, type SearchCut } from "./budgetKeeper.ts";
import { HEED_CRITERION, type ModelName } from "./learnerByName.ts";

/** A time, and the clock that it is measured by. */
export interface SearchBudget {
  readonly minutes: number;
  /** In milliseconds: `() => performance.now()`. */
  readonly now: () => number;
  /** When the time began, on that clock: earlier than the training where reading the table counts. @defaultValue when the training is called */
  readonly began?: number | undefined;
  /** Called before the training begins: how many trials the time holds, and what they are expected to take, which may be more. */
  readonly onCounted?: ((limits: SearchLimits) => void) | undefined;
}

/** What limited the searches. */
export interface SearchLimits {
  /** Trials of the search for the model; those of a training that is over make the same model again, those counted before it may still be cut. */
  readonly trials: number;
  /** Null where the number was given, as are the two below. */
  readonly budgetMinutes: number | null;
  /** What the training was expected to take when it began. */
  readonly expectedMinutes: number | null;
  /** What it took; null before it is over, too. */
  readonly tookMinutes: number | null;
  /** Searches for scores that had fewer trials than the model's, for want of time. */
  readonly cuts: readonly SearchCut[];
  /** What was left out for want of time: "learning curve". */
  readonly leftOut: readonly string[];
}

/** What a budget is for, and what will be done within it. */
export interface BudgetedWork {
  readonly budget: SearchBudget;
  /** When the training began, on the clock of the budget. */
  readonly began: number;
  /** Searches one after the other, those of one turn side by side, without those of the learning curve. */
  readonly turns: number;
  /** Those of the learning curve; 0: none is asked for. */
  readonly curveTurns: number;
  /** Measures how many trials fill a time. */
  readonly count: (given: { seconds: number; nSearches: number; now: () => number }) => Promise<CountedTrials>;
  readonly threads: number;
}

/** Share of the budget that is planned with: the rest is for what follows, and for work that is slower than what was measured. */
const PLANNED = 0.9;

export const LEARNING_CURVE = "learning curve";

/**
 * Counts what the time holds, says so, and gives what keeps to it. Where not even one trial in each search is within it, the learning curve is
 * left out; where that does not help either, the work goes on with one trial in each.
 *
 * @throws DomainError for a budget that is not above 0
 */
export async function keepBudget(work: BudgetedWork): Promise<{
  readonly keeper: BudgetKeeper;
  readonly limits: SearchLimits;
}> {
  const { budget, began, turns, curveTurns, threads } = work;
  const { minutes, now } = budget;
  if (!(minutes > 0)) throw new DomainError(`the budget must be above 0 minutes, got ${minutes}`);
  const deadline = began + 60_000 * minutes * PLANNED;
  const secondsLeft = (): number => Math.max(1e-3, (deadline - now()) / 1000);
  const asked = turns + curveTurns;
  const counted = await work.count({ seconds: secondsLeft(), nSearches: asked * threads, now });
  const { trials, searchSeconds } = counted;
  const seconds = searchSeconds[trials - 1] as number; // of those counted
  const isTooLong = trials === 1 && seconds * asked > secondsLeft();
  const leftOut = isTooLong && curveTurns > 0 ? [LEARNING_CURVE] : [];
  const planned = leftOut.length > 0 ? turns : asked;
  const limits: SearchLimits = {
    trials,
    budgetMinutes: minutes,
    expectedMinutes: minutesOf((now() - began) / 1000 + seconds * planned),
    tookMinutes: null,
    cuts: [],
    leftOut,
  };
  budget.onCounted?.(limits);
  return { keeper: createBudgetKeeper({ now, deadline, searchSeconds, turns: planned, leftOut }), limits };
}

/** The limits as they were kept. */
export function keptLimits(
  limits: SearchLimits,
  keeper: BudgetKeeper,
  { trials, began, now }: { readonly trials: number; readonly began: number; readonly now: () => number },
): SearchLimits {
  return {
    ...limits,
    trials,
    tookMinutes: minutesOf((now() - began) / 1000),
    cuts: keeper.cuts.filter((cut) => cut.trials !== trials),
    leftOut: [...keeper.leftOut],
  };
}

/** Of a given number of trials. */
export function givenLimits(trials: number): SearchLimits {
  return { trials, budgetMinutes: null, expectedMinutes: null, tookMinutes: null, cuts: [], leftOut: [] };
}

/** Searches that run side by side on so many threads, as turns. */
export function turnsOf(searches: number, threads: number): number {
  return Math.ceil(searches / threads);
}

function minutesOf(seconds: number): number {
  return Number((seconds / 60).toPrecision(3));
}

export interface SearchOptions {
  readonly model?: string | undefined;
  readonly learner?: unknown;
  readonly trials?: number | undefined;
  readonly budget?: SearchBudget | undefined;
  readonly criterion?: AutoCriterion | undefined;
}

/**
 * Whether trials, a budget or a criterion make sense for the learner.
 *
 * @throws DomainError for a limit or a criterion where nothing is searched, or both limits
 */
export function checkSearch(options: SearchOptions): void {
  const { trials, budget, criterion, model = "auto" } = options;
  const isSearch = model === "auto" && options.learner === undefined;
  if (!isSearch && (trials ?? budget) !== undefined) {
    throw new DomainError('trials and budget are of the search of model "auto"; this model searches nothing');
  }
  if (
    !isSearch &&
    criterion !== undefined &&
    !(options.learner === undefined && HEED_CRITERION.has(model as ModelName))
  ) {
    throw new DomainError(
      `criterion is of the search of model "auto" and of what ${[...HEED_CRITERION].join(", ")} learn by; this model heeds none`,
    );
  }
  if (trials !== undefined && budget !== undefined) {
    throw new DomainError("trials and budget are two limits of one search; give one of them");
  }
}
