import { type Point, settingsOf } from "../space/points.ts";
import { nearestOf } from "./explain.ts";
import type { SuggestOptions } from "./options.ts";
import type { Suggestion } from "./suggestion.ts";

/** A suggestion of which no surrogate says anything yet. */
export function plainSuggestion({ space, observations }: SuggestOptions, point: Point, method: string): Suggestion {
  return {
    point,
    settings: settingsOf(space, point),
    expected: [],
    method,
    feasibleProbability: 1,
    nearest: nearestOf(space, point, observations.points),
    variables: [],
  };
}
