import { DomainError } from "@materiome/core";

export interface FillTimeOptions {
  /** Time for all searches together, in seconds. */
  readonly seconds: number;
  /** How many searches of this size there will be: one for each outer fold, one for the model itself. */
  readonly nSearches: number;
  readonly threads: number;
  /** A clock in milliseconds. */
  readonly now: () => number;
  readonly onProgress: (doneSeconds: number) => void;
}

export interface CountedTrials {
  /** For `createAuto({ trials })`, `createAutoClassifier({ trials })`; at least 1, also where the time does not hold it. */
  readonly trials: number;
  /** What the searches will take, in seconds, if the machine stays as it was. */
  readonly expectedSeconds: number;
  /** Seconds in one thread that one search of 1, 2, … `trials` trials takes. */
  readonly searchSeconds: readonly number[];
}

/** A trial to measure. */
export interface MeasuredTrial {
  /** Fits it to one inner fold; undefined: what it will be is not known yet, and it takes as long as those drawn before, in the mean. */
  readonly fit: (() => Promise<unknown>) | undefined;
  /** Inner folds that it is fitted to, in the mean. */
  readonly nFolds: number;
  readonly isDrawn: boolean;
  /** Candidates that are fitted together; each counts as a trial. @defaultValue 1 */
  readonly nTrials?: number;
}

/** The chosen learner is fitted once more, with all its trees. */
const FINAL_FITS = 2;
/** What is done beside the fits, as a share of them. */
const BESIDE = 1.2;

/** Milliseconds up to which a fit is made twice: the first also compiles what it runs. */
const SHORT = 1000;

async function measure(fit: () => Promise<unknown>, now: () => number): Promise<number> {
  let took = Number.POSITIVE_INFINITY;
  for (let repeat = 0; repeat < 2; repeat++) {
    const start = now();
    await fit();
    took = Math.min(took, now() - start);
    if (took > SHORT) break;
  }
  return took;
}

/**
 * Measures trials, in the order in which a search takes them, until those measured would fill the time.
 *
 * @param who - in whose name a time is refused
 * @throws DomainError for a time or a number of searches that is not above 0
 */
export async function fillTime(
  who: string,
  trials: readonly MeasuredTrial[],
  options: FillTimeOptions,
): Promise<CountedTrials> {
  const { seconds, nSearches, threads, now, onProgress } = options;
  if (!(seconds > 0 && nSearches > 0)) {
    throw new DomainError(`${who}: expected a time and a number of searches above 0, got ${seconds} s, ${nSearches}`);
  }
  const began = now();
  const searches: number[] = [];
  const drawn = { sum: 0, count: 0 };
  let most = 0;
  let sum = 0;
  let expected = 0;
  for (const { fit, nFolds, isDrawn, nTrials = 1 } of trials) {
    const took = fit === undefined ? drawn.sum / Math.max(1, drawn.count) : await measure(fit, now);
    if (isDrawn && fit !== undefined) {
      drawn.sum += took;
      drawn.count++;
    }
    const search = ((sum + nFolds * took + FINAL_FITS * Math.max(most, took)) * BESIDE) / 1000;
    const next = (search * nSearches) / threads;
    if (searches.length > 0 && next + (now() - began) / 1000 > seconds) break;
    most = Math.max(most, took);
    sum += nFolds * took;
    expected = next;
    // With fewer trials than are fitted together none of them is made: such a search is the one before.
    for (let k = 1; k < nTrials; k++) searches.push(searches.at(-1) ?? search);
    searches.push(search);
    onProgress(Math.min(expected, seconds));
  }
  return { trials: searches.length, expectedSeconds: expected + (now() - began) / 1000, searchSeconds: searches };
}
