import type { TrainingCheckpoint } from "@materiome/forward/nets";
import type { Session } from "../terminal/session.ts";

/** Between lines: epochs of small nets take moments, and there may be hundreds. */
const EVERY_MS = 10_000;

/**
 * Tells of epochs as they end, in a log too, where no bar is drawn: a training may take hours.
 *
 * @param what - put before, such as the fold
 */
export function epochLines(
  session: Pick<Session, "note">,
  epochs: number,
  { what = "", now = () => performance.now() }: { readonly what?: string; readonly now?: () => number } = {},
): (checkpoint: Pick<TrainingCheckpoint, "curve" | "bestEpoch">) => void {
  let told = now();
  return ({ curve, bestEpoch }) => {
    const last = curve.at(-1);
    if (last === undefined || now() - told < EVERY_MS) return;
    told = now();
    const [learned, validated] = [last.trainingLoss, last.validationLoss].map((loss) => loss.toPrecision(3));
    session.note(
      `${what}epoch ${last.epoch} of ${epochs}: loss ${learned}, validation ${validated}, best in epoch ${bestEpoch}`,
    );
  };
}
