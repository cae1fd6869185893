import { DataError, type Random } from "@materiome/core";
import type { TrainingSet } from "../learner/checkTraining.ts";
import type { AutoCandidate, DrawnSettings, Family, FamilyOptions } from "./families.ts";
import { type FeatureSet, featureSets } from "./featureSets.ts";
import type { LaterSettings, Proposals } from "./proposeTrials.ts";
import { familyOf, type Trial, takeFeatures } from "./trial.ts";

/** What decides which trials a search makes. */
export interface TrialSettings {
  readonly candidates: readonly AutoCandidate[];
  readonly draws: number | undefined;
  /** Undefined: all defaults, and as many draws as the size of the rows allows. */
  readonly trials: number | undefined;
  readonly nTrees: number;
  /** @defaultValue "proposed" */
  readonly laterSettings?: LaterSettings | undefined;
}

/** What was not tried, or not to the end, and why. */
export interface LeftOut {
  readonly name: string;
  readonly reason: string;
  readonly isProposed?: boolean | undefined;
}

export interface TrialPlan {
  /** Learners with their own settings, tried on all inner folds. */
  readonly defaults: readonly Trial[];
  /** Drawn settings: the better half goes on after two inner folds. */
  readonly drawn: readonly Trial[];
  /** What is chosen after these were seen on two inner folds. */
  readonly proposals: readonly Proposals[];
  readonly trialOf: (family: Family, set: FeatureSet, settings: DrawnSettings) => Trial;
  readonly left: readonly LeftOut[];
  readonly inner: FamilyOptions;
  /** The rows hold so much that trials far behind are not worth their time. */
  readonly isLong: boolean;
}

const MOST_DRAWS = 4;
/** Values (rows times features) up to which all draws are made; each doubling halves them. */
const MANY_VALUES = 100_000;
/** Settings of a learner beside its defaults from which the later half of them is proposed by what the first half gave. */
const FEWEST_TO_PROPOSE = 8;
/** Draws that repeat an earlier one are drawn again, so many times for each that is wanted. */
const MOST_REPEATS = 20;

/**
 * The trials of a search, in the order in which a budget of `trials` takes them: every learner on all features, then on fewer
 * features, then drawn settings. Depends on the rows, the settings and the seed alone.
 *
 * @throws DataError if no candidate can take the rows
 */
export function planTrials(
  rows: TrainingSet,
  settings: TrialSettings,
  options: FamilyOptions,
  random: Random,
): TrialPlan {
  const { x } = rows;
  const { trials } = settings;
  const left: LeftOut[] = [];
  const eligible: { readonly family: Family; readonly set: FeatureSet }[] = [];
  const sets = featureSets(x.features);
  const seen = sets.map((set) => ({ set, rows: { ...rows, x: takeFeatures(x, set) } }));
  for (const family of settings.candidates.map(familyOf)) {
    for (const { set, rows: own } of seen) {
      const reason = family.why(own);
      if (reason === undefined) eligible.push({ family, set });
      else left.push({ name: labelOf(family, set, {}), reason });
    }
  }
  if (eligible.length === 0) throw noCandidate(left);
  const trialOf = (family: Family, set: FeatureSet, drawn: DrawnSettings): Trial => ({
    label: labelOf(family, set, drawn),
    family,
    settings: drawn,
    set,
    estimates: { mean: new Float64Array(x.rows).fill(Number.NaN), variance: new Float64Array(x.rows) },
  });
  const inOrder =
    trials === undefined ? eligible : eligible.toSorted((a, b) => sets.indexOf(a.set) - sets.indexOf(b.set));
  const all = inOrder.map(({ family, set }) => trialOf(family, set, {}));
  const defaults = all.slice(0, trials ?? all.length);
  for (const { label } of all.slice(defaults.length)) {
    left.push({ name: label, reason: `beyond the budget of ${trials} ${trials === 1 ? "trial" : "trials"}` });
  }
  const tunable = eligible.filter(({ family }) => family.draw !== undefined);
  const wanted =
    tunable.length === 0
      ? 0
      : trials === undefined
        ? (settings.draws ?? defaultDraws(x.rows * x.columns))
        : trials - defaults.length;
  const families = [...new Set(tunable.map(({ family }) => family))];
  const isProposed = settings.laterSettings !== "grid" && wanted >= FEWEST_TO_PROPOSE * families.length;
  const nDraws = isProposed ? Math.ceil(wanted / 2) : wanted;
  const drawn = new Map<string, Trial>();
  // With `draws`, a repeat counts: it is the same trial.
  const most = trials === undefined ? nDraws : MOST_REPEATS * nDraws;
  for (let k = 0; drawn.size < nDraws && k < most; k++) {
    const { family, set } = tunable[k % tunable.length] as (typeof tunable)[number]; // k % length
    const trial = trialOf(family, set, family.draw?.(random) ?? {});
    drawn.set(trial.label, trial);
  }
  const proposals = families.map((family, f) => ({
    family,
    sets: tunable.filter((one) => one.family === family).map(({ set }) => set),
    count: isProposed ? Math.floor((wanted - drawn.size + families.length - 1 - f) / families.length) : 0,
  }));
  const isLong = x.rows * x.columns > MANY_VALUES;
  const nTrees = isLong ? Math.ceil(settings.nTrees / 3) : settings.nTrees;
  const plan = { defaults, drawn: [...drawn.values()], proposals, trialOf, left };
  return { ...plan, inner: { ...options, nTrees }, isLong };
}

/** The error where nothing is left to try. */
export function noCandidate(left: readonly LeftOut[]): DataError {
  return new DataError(
    `auto: no candidate takes these rows: ${left.map(({ name, reason }) => `${name}: ${reason}`).join("; ")}`,
  );
}

function defaultDraws(nValues: number): number {
  return Math.floor(MOST_DRAWS / 2 ** Math.max(0, Math.ceil(Math.log2(nValues / MANY_VALUES))));
}

function labelOf(family: Family, set: FeatureSet, settings: DrawnSettings): string {
  const parts = [
    ...(set.name === "all" ? [] : [set.name]),
    ...Object.entries(settings).map(([name, value]) => `${name} ${value}`),
  ];
  return parts.length === 0 ? family.name : `${family.name} (${parts.join(", ")})`;
}
