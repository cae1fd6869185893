import { counted } from "../terminal/figures.ts";

/** Prediction sets as `predict` tells them; a set is undefined where the row is not predicted. */
export type PredictionSets = readonly (readonly string[] | undefined)[];

/** What stands for a set that holds no class: an empty cell would look like one that was not predicted. */
const NO_CLASS = "{}";

/** `oil | water`, and `{}` for a set that holds no class. */
export function setText(set: PredictionSets[number]): string | undefined {
  if (set === undefined) return undefined;
  return set.length === 0 ? NO_CLASS : set.join(" | ");
}

export function countEmptySets(sets: PredictionSets): number {
  return sets.filter((set) => set?.length === 0).length;
}

/**
 * What sets without a class mean, a line; none where there are none. Sets miss the class of a row in a share of 1 − level, and where classes are
 * told apart well a set that misses it is empty: such sets are no sign of an odd row until there are more.
 */
export function emptySetLines(sets: PredictionSets, level: number): string[] {
  const empty = countEmptySets(sets);
  if (empty === 0) return [];
  const predicted = sets.filter((set) => set !== undefined).length;
  const share = percentOf(level);
  return [
    `${empty} of ${counted(predicted, "row")} ${empty === 1 ? "has" : "have"} an empty prediction set (${NO_CLASS}): at ${share} each class is ruled out, since ${share} of the held-out rows of each were called it more surely. Of rows like the training rows up to ${percentOf(1 - level)} may have none; others are unlike the training rows of every class, or lie between classes (see the domain and the probabilities). A higher --level keeps more of them`,
  ];
}

const percentOf = (share: number): string => `${Number((100 * share).toFixed(2))} %`;
