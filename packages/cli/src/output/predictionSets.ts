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

/** What sets without a class mean, a line; none where there are none. */
export function emptySetLines(sets: PredictionSets, level: number): string[] {
  const empty = countEmptySets(sets);
  if (empty === 0) return [];
  const predicted = sets.filter((set) => set !== undefined).length;
  const share = `${Number((100 * level).toFixed(2))} %`;
  return [
    `${empty} of ${counted(predicted, "row")} ${empty === 1 ? "has" : "have"} an empty prediction set (${NO_CLASS}): no class is plausible at ${share}, since ${share} of the held-out rows of each were called it more surely; such a row is unlike the training rows of every class, or lies between classes. A higher --level keeps more of them`,
  ];
}
