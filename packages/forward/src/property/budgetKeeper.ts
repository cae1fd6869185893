/** Searches that had fewer trials than the first count allowed, since the work before them took longer than measured. */
export interface SearchCut {
  /** What they were for: "folds", "random folds", "learning curve". */
  readonly stage: string;
  readonly trials: number;
  /** Searches of the stage that had so many. */
  readonly searches: number;
}

export interface BudgetKeeperOptions {
  /** A clock in milliseconds. */
  readonly now: () => number;
  /** On that clock, when all is to be done. */
  readonly deadline: number;
  /** Seconds that one search of 1, 2, … trials takes in one thread. */
  readonly searchSeconds: readonly number[];
  /** Searches to come, one after the other: those that run side by side count as one. */
  readonly turns: number;
  /** Parts that are left out before the work begins; their turns are not among `turns`. */
  readonly leftOut: readonly string[];
}

export interface KeptPart {
  readonly turns: number;
  readonly searches: number;
}

/** Keeps a training within its time by giving later searches fewer trials, at least one. */
export interface BudgetKeeper {
  /** Trials counted before the training began. */
  readonly trials: number;
  /** Does part of the work with as many trials as the time left allows, and learns from how long it took. */
  spend<T>(stage: string, part: KeptPart, work: (trials: number) => Promise<T>): Promise<T>;
  /** Leaves out part of the work where not even one trial in each search to come is within the time; true if it did. */
  skip(stage: string, turns: number): boolean;
  readonly cuts: readonly SearchCut[];
  /** Parts that were left out. */
  readonly leftOut: readonly string[];
}

/**
 * The rate at which work goes is that measured before it began until the first part is done, then the ratio of what all parts took to what
 * they were expected to take.
 */
export function createBudgetKeeper(options: BudgetKeeperOptions): BudgetKeeper {
  const { now, deadline, searchSeconds } = options;
  let left = options.turns;
  let [took, expected] = [0, 0];
  const cuts: SearchCut[] = [];
  const leftOut: string[] = [...options.leftOut];
  const secondsOf = (trials: number): number => searchSeconds[trials - 1] as number; // 1 … the number counted
  const isWithin = (trials: number): boolean => {
    const rate = expected === 0 ? 1 : took / expected;
    return rate * secondsOf(trials) * left <= (deadline - now()) / 1000;
  };
  const affordable = (): number => {
    let trials = searchSeconds.length;
    while (trials > 1 && !isWithin(trials)) trials--;
    return trials;
  };
  return {
    trials: searchSeconds.length,
    cuts,
    leftOut,
    async spend(stage, { turns, searches }, work) {
      const trials = affordable();
      if (trials < searchSeconds.length) addCut(cuts, { stage, trials, searches });
      const start = now();
      const result = await work(trials);
      took += (now() - start) / 1000;
      expected += secondsOf(trials) * turns;
      left = Math.max(0, left - turns);
      return result;
    },
    skip(stage, turns) {
      if (leftOut.includes(stage)) return true;
      if (isWithin(1)) return false;
      left = Math.max(0, left - turns);
      leftOut.push(stage);
      return true;
    },
  };
}

/** Searches of one stage with equal numbers of trials are one entry. */
function addCut(cuts: SearchCut[], cut: SearchCut): void {
  const last = cuts.at(-1);
  if (last?.stage === cut.stage && last.trials === cut.trials) {
    cuts[cuts.length - 1] = { ...last, searches: last.searches + cut.searches };
  } else cuts.push(cut);
}
