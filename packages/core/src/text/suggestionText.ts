import { nearestNames } from "./nearestNames.ts";

/** "did you mean Fe or F?" where known names are near to `name`; else `introduction` and all of them. */
export function suggestionText(name: string, known: readonly string[], introduction: string): string {
  const near = nearestNames(name, known);
  return near.length > 0 ? `did you mean ${near.join(" or ")}?` : `${introduction} ${known.join(", ")}`;
}
