import { createMatrix, type Random } from "@materiome/core";
import { sobol } from "@materiome/core/numerics";
import type { Family } from "./families.ts";
import type { FeatureSet } from "./featureSets.ts";
import { proposePoints } from "./proposePoints.ts";
import { pointOf, settingsAt } from "./settingSpace.ts";
import type { Trial } from "./trial.ts";

/** A family whose settings are proposed from what was seen of it, and on which sets of features. */
export interface Proposals {
  readonly family: Family;
  readonly sets: readonly FeatureSet[];
  /** Trials to propose, all rounds together. */
  readonly count: number;
}

/** How settings of the later half are chosen. */
export type LaterSettings = "proposed" | "uniform" | "grid";

export interface ProposeTrialsOptions {
  /** `uniform`: points that fill the ranges evenly, whatever was seen. */
  readonly by: Exclude<LaterSettings, "grid">;
  readonly count: number;
  /** Trials of the family with their cost so far. */
  readonly seen: readonly { readonly trial: Trial; readonly cost: number }[];
  /** Labels that are not to be made again. */
  readonly taken: ReadonlySet<string>;
  readonly trialOf: (family: Family, set: FeatureSet, settings: Trial["settings"]) => Trial;
  readonly random: Random;
}

/** Points that fill the cube, and so many around each of the best. */
const SPREAD = 256;
const NEAR = 32;
const NEAR_BEST = 3;
const NEAR_STEP = 0.1;

/** The next settings of a family; fewer than asked for where its ranges hold no others. */
export async function proposeTrials(
  { family, sets }: Omit<Proposals, "count">,
  options: ProposeTrialsOptions,
): Promise<Trial[]> {
  const { space = [], standing = {} } = family;
  const { by, count, seen, taken, trialOf, random } = options;
  const d = space.length + (sets.length > 1 ? 1 : 0);
  const placeOf = ({ settings, set }: Trial): number[] => {
    const place = pointOf(space, { ...standing, ...settings });
    return sets.length > 1 ? [...place, sets.indexOf(set) / (sets.length - 1)] : place;
  };
  const best = seen.toSorted((a, b) => a.cost - b.cost).slice(0, by === "proposed" ? NEAR_BEST : 0);
  const fill = sobol(SPREAD, d, random.fork("spread"), { scramble: "owen" }).data;
  const near = random.fork("near");
  const points = [
    ...Array.from({ length: SPREAD }, (_, k) => Array.from(fill.subarray(k * d, (k + 1) * d))),
    ...best.flatMap(({ trial }) =>
      Array.from({ length: NEAR }, () => placeOf(trial).map((at) => within(at + NEAR_STEP * near.normal()))),
    ),
  ];
  const found = new Map<string, Trial>();
  for (const point of points) {
    const set = sets[Math.min(sets.length - 1, Math.floor((point[space.length] ?? 0) * sets.length))] as FeatureSet; // below its length
    const trial = trialOf(family, set, settingsAt(space, point));
    if (!taken.has(trial.label) && !found.has(trial.label)) found.set(trial.label, trial);
  }
  const trials = [...found.values()];
  const wanted = Math.min(count, trials.length);
  if (by === "uniform") return trials.slice(0, wanted);
  const candidates = createMatrix(trials.length, d, Float64Array.from(trials.flatMap(placeOf)));
  const known = seen.map(({ trial, cost }) => ({ point: placeOf(trial), cost }));
  const rows = await proposePoints(known, candidates, wanted, random.fork("process"));
  return rows.map((row) => ({ ...(trials[row] as Trial), isProposed: true })); // rows of the candidates
}

function within(share: number): number {
  return Math.min(1, Math.max(0, share));
}
