import type { Regressor, RunContext } from "@materiome/core";
import { type FoldResult, type FoldRows, fitFolds } from "../validation/fitFold.ts";
import type { BudgetKeeper } from "./budgetKeeper.ts";

/** A learner that searches within a time. */
export interface KeptSearch {
  readonly keeper: BudgetKeeper;
  /** What the folds are for, as it is named where they got fewer trials. */
  readonly stage: string;
  learnerOf(trials: number): Regressor;
}

/** Fits the folds, as many side by side as there are threads, each turn with the trials that the time left allows. */
export async function fitInTurns(
  { keeper, stage, learnerOf }: KeptSearch,
  folds: readonly FoldRows[],
  run: RunContext,
): Promise<FoldResult[]> {
  const size = Math.max(1, run.threads ?? 1);
  const results: FoldResult[] = [];
  for (let from = 0; from < folds.length; from += size) {
    const own = folds.slice(from, from + size);
    const onProgress: RunContext["onProgress"] = (p) =>
      run.onProgress?.({
        stage: p.stage,
        done: from + (own.length * p.done) / Math.max(1, p.total),
        total: folds.length,
      });
    const part = { turns: 1, searches: own.length };
    results.push(
      ...(await keeper.spend(stage, part, (trials) => fitFolds(learnerOf(trials), own, { ...run, onProgress }))),
    );
  }
  return results;
}
