import { DataError, type Random } from "@materiome/core";
import { groupKFold, stratifiedGroupKFold } from "@materiome/forward";
import type { ImageSamples } from "./imageSamples.ts";

export type ImageRole = "train" | "validation" | "test";

export interface SampleSplit {
  readonly roles: readonly ImageRole[];
  readonly nGroups: number;
  readonly warnings: readonly string[];
  /** With folds: roles in each, every image scored in one of them; nothing is held out of `roles` to be scored then. */
  readonly folds?: readonly (readonly ImageRole[])[] | undefined;
}

/** Of the groups: a fifth is scored, an eighth of the rest chooses epoch and calibration, as in the benchmark, or a quarter of few. */
const TEST_FOLDS = 5;
const VALIDATION_FOLDS = { few: 4, many: 8 };
/** Groups below which an eighth is too few to choose by. */
const MANY = 80;
/** To learn from, to choose by, to score. */
const LEAST = 3;
const LEAST_VALUES = 10;

/**
 * Which images are learned from, choose the epoch, and are scored: classes (of one number its quantiles) in like shares, images of one group and exact
 * copies together.
 *
 * @param contents - equal for copies
 * @param nFolds - in each of so many another part is scored
 * @throws DataError for a class of fewer than three groups, or fewer than ten groups of values
 */
export function splitSamples(
  found: ImageSamples,
  contents: readonly string[],
  random: Random,
  nFolds?: number,
): SampleSplit {
  const { kind, samples, classes } = found;
  const { groups, warnings } = groupCopies(found, contents);
  const nGroups = new Set(groups).size;
  const codes = samples.map(({ label, values }) =>
    kind === "classes" ? classes.indexOf(label ?? "") : (values[0] ?? 0),
  );
  if (kind === "classes") refuseRare(found, groups, codes);
  else if (nGroups < LEAST_VALUES) {
    throw new DataError(
      `${samples.length} images of ${nGroups} groups; at least ${LEAST_VALUES} are needed to learn from, to choose the epoch by and to score`,
    );
  }
  const isStratified = kind === "classes" || codes.every((value) => !Number.isNaN(value));
  const assign = (rows: readonly number[], nFolds: number, name: string): Int32Array => {
    const own = Int32Array.from(rows, (i) => groups[i] as number); // rows of the samples, here and below
    const folds = Math.min(nFolds, new Set(own).size);
    const stream = random.fork(name);
    if (!isStratified) return groupKFold(folds).assign(rows.length, own, stream);
    const by = kind === "classes" ? "classes" : "quantiles";
    return stratifiedGroupKFold(folds, { by }).assign(
      rows.length,
      own,
      stream,
      Float64Array.from(rows, (i) => codes[i] as number),
    );
  };
  const all = [...samples.keys()];
  /** Roles where some images are held out to be scored; of the others some choose the epoch. */
  const rolesWith = (isTest: (i: number) => boolean, name: string): ImageRole[] => {
    const roles = all.map((i): ImageRole => (isTest(i) ? "test" : "train"));
    const rest = all.filter((i) => roles[i] === "train");
    const validation = assign(rest, VALIDATION_FOLDS[nGroups < MANY ? "few" : "many"], name);
    for (const [k, i] of rest.entries()) if (validation[k] === 0) roles[i] = "validation";
    const lost = classes.filter((_, c) => !roles.some((role, i) => role === "train" && codes[i] === c));
    if (lost.length === 0) return roles;
    throw new DataError(
      `of ${lost.join(", ")} nothing is left to learn from when whole groups are held out; add images of other groups, or leave the class out`,
    );
  };
  if (nFolds === undefined) {
    const test = assign(all, TEST_FOLDS, "test");
    return { roles: rolesWith((i) => test[i] === 0, "validation"), nGroups, warnings };
  }
  if (nFolds > nGroups) {
    throw new DataError(
      `${nFolds} folds of ${nGroups} groups: each fold needs one at least; ask for fewer, or add images of other groups`,
    );
  }
  const folds = assign(all, nFolds, "folds");
  return {
    roles: rolesWith(() => false, "validation"),
    nGroups,
    warnings,
    folds: Array.from({ length: nFolds }, (_, fold) => rolesWith((i) => folds[i] === fold, `validation ${fold}`)),
  };
}

function groupCopies(
  { samples }: ImageSamples,
  contents: readonly string[],
): { readonly groups: Int32Array; readonly warnings: string[] } {
  // Sets of samples that share a group or their pixels, by their first member.
  const first = Int32Array.from(samples.keys());
  const rootOf = (i: number): number => {
    let at = i;
    while (first[at] !== at) at = first[at] as number; // an index of samples
    return at;
  };
  const seen = new Map<string, number>();
  let nCopies = 0;
  const conflicts: string[] = [];
  for (const [i, { group, file, label }] of samples.entries()) {
    for (const key of [`content ${contents[i]}`, ...(group === undefined ? [] : [`group ${group}`])]) {
      const other = seen.get(key);
      if (other === undefined) seen.set(key, i);
      else {
        first[rootOf(i)] = rootOf(other);
        if (!key.startsWith("content")) continue;
        nCopies++;
        const twin = samples[other];
        if (twin !== undefined && twin.label !== label)
          conflicts.push(`${file} (${label}) and ${twin.file} (${twin.label})`);
      }
    }
  }
  const warnings: string[] = [];
  if (nCopies > 0)
    warnings.push(
      `${nCopies} ${nCopies === 1 ? "image is an exact copy" : "images are exact copies"} of others; they stay on one side of the split`,
    );
  if (conflicts.length > 0) {
    warnings.push(
      `the same picture has two classes: ${conflicts.slice(0, 3).join("; ")}${conflicts.length > 3 ? ` and ${conflicts.length - 3} more` : ""}`,
    );
  }
  return { groups: Int32Array.from(samples.keys(), rootOf), warnings };
}

function refuseRare({ classes, samples }: ImageSamples, groups: Int32Array, codes: readonly number[]): void {
  if (classes.length < 2) {
    throw new DataError(`all images show ${classes.join()}; at least two classes are needed to tell them apart`);
  }
  const rare = classes.flatMap((name, c) => {
    const own = new Set([...samples.keys()].filter((i) => codes[i] === c).map((i) => groups[i]));
    return own.size < LEAST ? [`${name} (${own.size})`] : [];
  });
  if (rare.length === 0) return;
  throw new DataError(
    `too few images of ${rare.join(", ")}: of each class at least ${LEAST} that are no copies and of different groups are needed, to learn from, to choose the epoch by and to score; add some, or leave the class out`,
  );
}
