import type { LeftOut } from "./planTrials.ts";
import type { Trial } from "./trial.ts";

/** Trials whose held-out predictions are all finite; the others are left out by name, since an average with them would be nothing. */
export function withoutEndless<One extends Pick<Trial, "label" | "isProposed" | "estimates">>(
  trials: readonly One[],
  left: LeftOut[],
): One[] {
  return trials.filter(({ label, isProposed, estimates }) => {
    const isTaken = estimates.mean.every(Number.isFinite);
    if (!isTaken)
      left.push({ name: label, reason: "predicts no finite value for a row of the inner folds", isProposed });
    return isTaken;
  });
}
