import type { SearchBudget, SearchLimits } from "@materiome/forward";
import { counted } from "../terminal/figures.ts";
import type { Session } from "../terminal/session.ts";

/** What `--budget` asks for, and what is said before the training: so that nobody waits for more than was asked for without knowing. */
export function searchBudgetOf(minutes: number | undefined, session: Session): SearchBudget | undefined {
  if (minutes === undefined) return undefined;
  // That clock begins with the process: starting and reading count, too.
  return { minutes, now: () => performance.now(), began: 0, onCounted: (limits) => say(limits, session) };
}

function say({ trials, budgetMinutes, expectedMinutes, leftOut }: SearchLimits, session: Session): void {
  for (const part of leftOut) session.warn(`the ${part} is left out: the budget does not hold it`);
  if ((expectedMinutes ?? 0) > (budgetMinutes ?? 0)) {
    session.warn(
      `the budget of ${budgetMinutes} minutes is too small for one trial in each search, which is expected to take ${expectedMinutes}; sooner done are a single learner (--model extra-trees) or fewer --folds`,
    );
    return;
  }
  session.note(
    `up to ${counted(trials, "trial")} in each search, expected to take ${expectedMinutes} of ${budgetMinutes} minutes; the report has the command that makes the same model again`,
  );
}
