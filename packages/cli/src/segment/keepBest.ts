import type { SegmenterLearner } from "@materiome/core";
import {
  DivergenceError,
  type TrainingCheckpoint,
  type UNetOptions,
  type UNetSegmenter,
} from "@materiome/forward/nets";

/** What a learner is told beside what it is told anyway. */
type Changes = Pick<UNetOptions, "epochs" | "resume">;

/**
 * A learner that, where the loss stops being a number, gives the net of the best epoch up to then instead of an error; without a whole epoch there is
 * none, and the error stands.
 *
 * @param onDivergence - told what happened, and the state that was kept
 */
export function keepBest(
  create: (changes: Changes) => SegmenterLearner<UNetSegmenter>,
  onDivergence: (error: DivergenceError, kept: TrainingCheckpoint) => void,
): SegmenterLearner<UNetSegmenter> {
  return {
    async fit(train, validation, run) {
      try {
        return await create({}).fit(train, validation, run);
      } catch (error) {
        if (!(error instanceof DivergenceError) || error.checkpoint === undefined) throw error;
        const kept = error.checkpoint;
        onDivergence(error, kept);
        // No epoch is left to train: what comes back are the best weights.
        return create({ resume: kept, epochs: kept.curve.length }).fit(train, validation, run);
      }
    },
  };
}
